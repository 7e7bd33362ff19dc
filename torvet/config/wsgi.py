"""The pages and the API, for a WSGI server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")

django = get_wsgi_application()
# Read and compiled before anybody waits for them, and for the forks of `torvet serve` once.
BEGUN_WITH = (
    "base.html", "_head.html", "_body.html", "_top.html", "_me.html", "_left.html", "_bottom.html", "_toasts.html",
    "_keys.html", "_pager.html", "_gallery.html", "_files.html", "entries/_post_card.html",
    "entries/_comment_card.html", "feed/home.html", "feed/_list.html", "feed/_more.html", "feed/_write.html",
    "feed/_rail_place.html", "feed/_skeleton_rail.html",
)  # fmt: skip
for name in BEGUN_WITH:
    get_template(name)
FILES_AT_ONCE = 10
# A request is at most so many bytes; without this an upload could fill the disk before anybody looks at it.
LARGEST_BODY = FILES_AT_ONCE * settings.UPLOAD_BYTES + 4 * 1024 * 1024


def application(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    announced = environment.get("CONTENT_LENGTH") or "0"
    if not announced.isascii() or not announced.isdigit() or int(announced) > LARGEST_BODY:
        start("413 Content Too Large", [("Content-Type", "text/plain"), ("Connection", "close")])
        return [b"Too large\n"]
    return django(environment, start)
