"""The committed front end: made from its sources, small enough, and whole. Needs no Node."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from tests.base.patterns import ROOT, STATIC, frontend
from tests.source import templates
from torvet.base.frame import Outline
from torvet.base.templatetags.words import WORDS

FRONTEND = ROOT / "frontend"
DIST = STATIC / "torvet/dist"
MANIFEST = json.loads((FRONTEND / "manifest.json").read_text(encoding="utf-8"))
SCRIPTS = sorted(path for path in (FRONTEND / "js").rglob("*.js"))
LONGEST_SCRIPT = 150  # lines


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def squeezed(*names: str) -> int:
    """Bytes as a browser fetches them."""
    return sum(len(gzip.compress((DIST / name).read_bytes(), 9)) for name in names)


def drawn(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


@pytest.mark.parametrize("part", ["sources", "built"])
def test_the_committed_files_are_what_the_last_build_recorded(part: str) -> None:
    changed = [name for name, digest in MANIFEST[part].items() if sha256(ROOT / name) != digest]
    assert not changed, f"run `node frontend/build.mjs`: {changed}"


def test_no_source_and_no_built_file_is_missing_from_the_record() -> None:
    recorded = {ROOT / name for part in MANIFEST.values() for name in part}
    there = {*SCRIPTS, *(FRONTEND / "css").glob("*.css"), *DIST.iterdir()}
    assert there <= recorded


def test_the_first_page_is_light() -> None:
    assert squeezed("torvet.css") <= 30_000
    assert squeezed("app.js") <= 35_000
    page = gzip.compress(frontend("patterns").render("patterns.html").encode(), 1)
    assert (
        squeezed("torvet.css", "app.js", "icons.svg") + len(page) <= 75_000
    )  # of 90,000: pictures are extra


def test_versions_are_exact_and_the_editor_has_only_one() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert (
        len(
            {
                found["version"]
                for name, found in lock.items()
                if "/@tiptap/" in name and "y-tiptap" not in name
            }
        )
        == 1
    )
    assert not any("resolved" in found for found in lock.values())


def test_every_vendored_package_is_named_with_its_version_and_licence() -> None:
    said = (STATIC / "torvet/vendor/LICENSES.md").read_text(encoding="utf-8")
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for path, found in lock.items():
        name = path.removeprefix("node_modules/")
        if path and not found.get("dev") and name != "@digdir/designsystemet-types":
            assert re.search(
                rf"^## {re.escape(name)} {re.escape(found['version'])} · ", said, re.MULTILINE
            ), name


def test_icons_that_templates_and_scripts_ask_for_are_in_the_sprite() -> None:
    there = set(re.findall(r'<symbol id="([^"]+)"', (DIST / "icons.svg").read_text(encoding="utf-8")))
    asked: dict[str, str] = {}
    for path in [*templates(), *(FRONTEND / "patterns").glob("*.html")]:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r'{%\s*icon "([^"]+)"|\bicon="([^"]+)"', text):
            asked[name[0] or name[1]] = str(path)
    for path in SCRIPTS:
        for name in re.findall(r'\bicon\("([a-z0-9-]+)"', path.read_text(encoding="utf-8")):
            asked[name] = str(path)
    missing = {name: where for name, where in asked.items() if name not in there}
    assert not missing, f"add them to frontend/icons.mjs: {missing}"


def test_scripts_and_their_words_know_each_other() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    said = set(re.findall(r'word\(\s*"([a-z_]+)"', text))
    assert said <= set(WORDS), said - set(WORDS)
    unused = {key for key in WORDS if not re.search(rf'["\s]{key}["\s:]', text)}
    assert not unused, unused


def test_scripts_stay_short_and_ask_for_no_forbidden_thing() -> None:
    for path in SCRIPTS:
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= LONGEST_SCRIPT, path
        assert not re.search(r"\beval\(|new Function|setAttribute\(\"style\"|innerHTML\s*=", text), path


def test_styles_name_every_hue_and_say_nothing_about_foreign_hosts() -> None:
    css = (DIST / "torvet.css").read_text(encoding="utf-8")
    assert all(f".h{hue}{{--h:" in css for hue in range(24))
    assert not re.search(r"url\(['\"]?(https?:)?//", css)
    assert "@import" not in css


def test_an_avatar_is_a_picture_or_initials_with_a_hue_of_the_wheel() -> None:
    member = SimpleNamespace(name="Åse <Nygård>", initials="Å<", hue=25, photo_url=None)
    assert drawn("{% avatar m 's' %}", m=member) == '<span class="av av-s h1" aria-hidden="true">Å&lt;</span>'
    member.photo_url = '/p?a="b'
    assert 'src="/p?a=&quot;b"' in drawn("{% avatar m %}", m=member)
    assert drawn("{% square m 'l' %}", m=member).startswith('<span class="sq sq-l h1"')


def test_a_time_reads_without_script_in_the_language_of_the_page() -> None:
    moment = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
    with translation.override("da"):
        html = drawn("{% when t %}", t=moment)
    assert "november 2026" in html
    assert 'datetime="2026-11-21T' in html
    assert drawn("{% when t %}", t=None) == ""
    assert 'format-style="narrow"' in drawn("{% when t 'narrow' %}", t=moment + timedelta(hours=1))


class Trial(forms.Form):
    name = forms.CharField(label="Name", help_text="As people say it.")
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    access = forms.ChoiceField(label="Access", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Sure")
    secret = forms.CharField(widget=forms.HiddenInput)


def test_a_form_draws_itself_with_labels_help_errors_and_a_summary() -> None:
    form = Trial({"name": "", "access": "a", "sure": "on", "secret": ""})
    html = str(form)
    assert '<label for="id_name">Name</label>' in html
    assert 'class="ds-input"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert '<a href="#id_name">Name: This field is required.</a>' in html
    assert "<legend>Access</legend>" in html
    assert 'rows="4"' in html
    assert html.count('name="secret"') == 1
    # A hidden field has no place of its own, so its trouble is told in the summary.
    assert "secret" in html.lower()


def test_the_error_page_for_our_own_faults_needs_no_database_and_no_context() -> None:
    html = Template('{% include "500.html" %}').render(Context({}))
    assert "went wrong" in html
    assert "torvet.css" in html


def shell_of(name: str, **more: object) -> SimpleNamespace:
    member = SimpleNamespace(name=name, initials=name[:2], hue=3, photo_url=None, url=f"/people/{name}/")
    space = SimpleNamespace(name="<b>Crane</b>", url="/spaces/3/", initials="CR", hue=2, unread=True)
    shared = {"company_name": "Nord & Havn", "told_count": 0, "spaces": [space], "is_administrator": False}
    return SimpleNamespace(member=member, **{**shared, **more})


def framed(name: str, shell: SimpleNamespace, path: str = "/", **more: object) -> str:
    request = SimpleNamespace(path=path)
    return drawn('{% frame "' + name + '" %}', shell=shell, request=request, csrf_token="tok&en", **more)


def test_the_frame_that_is_kept_holds_nothing_of_the_reader_before() -> None:
    first = framed("_top.html", shell_of("Anna <A>", told_count=7), query='"><script>')
    assert "Anna &lt;A&gt;" in first
    assert "Nord &amp; Havn" in first
    assert ">7</span>" in first
    assert 'value="&quot;&gt;&lt;script&gt;"' in first
    second = framed("_top.html", shell_of("Bo"))
    assert "Anna" not in second
    assert ">7<" not in second
    assert "/people/Bo/" in second
    assert "\x1e" not in first + second


def test_what_a_role_may_open_is_drawn_for_that_role_alone() -> None:
    assert 'href="/manage/"' in framed("_top.html", shell_of("Ada", is_community=True))
    assert 'href="/manage/"' not in framed("_top.html", shell_of("Bo"))
    assert "menu" not in framed("_top.html", SimpleNamespace(company_name="Nordhavn", member=None))


def test_the_outline_knows_everything_that_framed_templates_ask_of_the_shell() -> None:
    folder = ROOT / "torvet/base/templates"
    framed_ones = re.findall(
        r'{% frame "([^"]+)"', "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.html"))
    )
    assert framed_ones
    outline = Outline(shell_of("Bo"))
    for name in [*framed_ones, "_me.html"]:
        text = (folder / name).read_text(encoding="utf-8")
        assert all(hasattr(outline, asked) for asked in re.findall(r"\bshell\.(\w+)", text)), name


def test_the_navigation_knows_where_it_is_and_escapes_what_people_wrote() -> None:
    html = framed("_left.html", shell_of("Bo"), path="/spaces/3/members/")
    assert '<a href="/spaces/" aria-current="page">' in html
    assert '<a href="/spaces/3/" class="unread" aria-current="page">' in html
    assert '<a href="/" >' in html
    assert "&lt;b&gt;Crane&lt;/b&gt;" in html
    with translation.override("da"):
        assert framed("_left.html", shell_of("Bo")).count("<li>") == html.count("<li>")
