"""Renders patterns.html (every part of the look with example content) to a file, without the rest of Torvet.

.venv/bin/python frontend/patterns.py OUT_FOLDER [--page plain]
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
from django import forms
from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.urls import path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("patterns.html", "sign_in.html", "parts.html", "404.html", "500.html", "429.html")
NAMES = """theme home company spaces people topics bookmarks search compose told account_logout settings
    administration agreement"""
urlpatterns = [
    path("" if name == "home" else f"{name}/", lambda request: None, name=name) for name in NAMES.split()
]


def prepare() -> None:
    """Settings for templates alone, unless a project's are in force already."""
    if settings.configured:
        return
    sys.path.insert(0, str(ROOT))
    settings.configure(
        INSTALLED_APPS=["torvet.base", "django.forms", "django.contrib.staticfiles"],
        ROOT_URLCONF=__name__,
        STATIC_URL="/static/",
        USE_TZ=True,
        SECRET_KEY="patterns",  # noqa: S106  # signs nothing: this never serves anybody
        FORM_RENDERER="django.forms.renderers.TemplatesSetting",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )
    django.setup()


class ExampleForm(forms.Form):
    name = forms.CharField(label="Name of the space", max_length=80, help_text="Short, as people say it.")
    purpose = forms.CharField(label="Why does it exist?", widget=forms.Textarea, required=False)
    email = forms.EmailField(label="E-mail")
    site = forms.ChoiceField(label="Site", choices=[("1", "Oslo"), ("2", "Aarhus"), ("3", "Utrecht")])
    access = forms.ChoiceField(
        label="Who can read it?",
        widget=forms.RadioSelect,
        choices=[
            ("open", "Open: everyone reads"),
            ("closed", "Closed: members read"),
            ("secret", "Secret: by invitation"),
        ],
    )
    guests = forms.BooleanField(
        label="Guests from outside can be invited", required=False, help_text="They see this space only."
    )


def member(name: str, initials: str, hue: int, title: str) -> SimpleNamespace:
    return SimpleNamespace(
        name=name, initials=initials, hue=hue, title=title, photo_url=None, url="/people/1/"
    )


def picture(number: int, alt: str) -> SimpleNamespace:
    return SimpleNamespace(
        url=f"/pictures/{number}.svg", thumb=f"/pictures/{number}.svg", alt=alt, width=1200, height=800
    )


def example() -> dict[str, Any]:
    """Everything the patterns show."""
    now = datetime.now(UTC)
    mette = member("Mette Dahl", "MD", 17, "HR, Oslo")
    space = [
        SimpleNamespace(name=name, initials=initials, hue=hue, unread=unread, url=f"/spaces/{hue}/")
        for name, initials, hue, unread in [
            ("Drift & IT", "IT", 13, True),
            ("Salg Norden", "SN", 10, False),
            ("Bæredygtighed", "BÆ", 6, True),
            ("Produktudvikling og forretningsforståelse", "PU", 20, False),
            ("Aarhus-kontoret", "AA", 2, False),
            ("Løbeklubben", "LK", 23, False),
        ]
    ]
    alts = [
        "A wind farm at sea, seen from the deck",
        "The team at the quay",
        "The contract, signed",
        "Cake",
        "The harbour at dusk",
        "A helicopter",
        "Two cranes",
    ]
    pictures = [picture(number, alt) for number, alt in enumerate(alts, start=1)]
    bound = ExampleForm({"name": "", "email": "mette", "access": "open", "site": "1"}, auto_id="bad_%s")
    bound.is_valid()
    return {
        "shell": SimpleNamespace(
            company_name="Nordhavn",
            member=mette,
            spaces=space,
            told_count=4,
            live_url="",
            brand_version=1,
            theme="auto",
            is_administrator=True,
            draws_guest_sign=False,
        ),
        "people": [
            mette,
            member("Åse Nygård", "ÅN", 10, "Salgsdirektør, Oslo"),
            member("Jonas Lind", "JL", 1, "Account manager, Malmö"),
            member("Sanne de Vries", "SD", 20, "HR Business Partner, Utrecht"),
            member("Peter Holm", "PH", 13, "IT-arkitekt, Aarhus"),
            member("Signe Krogh", "SK", 15, "Power BI, dataplatform"),
        ],
        "spaces": space,
        "pictures": pictures,
        "two": pictures[:2],
        "three": pictures[:3],
        "four": pictures[:4],
        "five": pictures[:5],
        "one": pictures[:1],
        "now": now,
        "recent": now - timedelta(minutes=24),
        "yesterday": now - timedelta(hours=27),
        "old": now - timedelta(days=90),
        "form": ExampleForm(),
        "bound": bound,
        "files": [SimpleNamespace(name="Rammeavtale 2026.pdf", url="/f/1", size=482_113)],
        "emoji": ["👍", "❤️", "🎉", "👏", "😄", "🤔"],
    }


def render(name: str, **extra: Any) -> str:
    """One page of the patterns as HTML."""
    folder = [str(ROOT / "frontend/patterns")]
    engine = DjangoTemplates({"NAME": "patterns", "DIRS": folder, "APP_DIRS": True, "OPTIONS": {}})
    return engine.get_template(name).render({**example(), "csrf_token": "token", **extra})


def main() -> None:
    prepare()
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (out / name).write_text(render(name), encoding="utf-8")


if __name__ == "__main__":
    main()
