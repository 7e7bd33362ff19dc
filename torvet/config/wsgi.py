"""The pages and the API, for a WSGI server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "torvet.config.settings")

django = get_wsgi_application()
FILES_AT_ONCE = 10
# A request is at most so many bytes; without this an upload could fill the disk before anybody looks at it.
LARGEST_BODY = FILES_AT_ONCE * settings.UPLOAD_BYTES + 4 * 1024 * 1024


def application(environment: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    announced = environment.get("CONTENT_LENGTH") or "0"
    if not announced.isascii() or not announced.isdigit() or int(announced) > LARGEST_BODY:
        start("413 Content Too Large", [("Content-Type", "text/plain"), ("Connection", "close")])
        return [b"Too large\n"]
    return django(environment, start)
