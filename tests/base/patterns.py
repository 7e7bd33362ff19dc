"""Serves the patterns of the look (frontend/patterns/) with answers for everything their scripts ask."""

from __future__ import annotations

import http.server
import importlib.util
import json
import queue
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qsl, urlsplit

from django.conf import settings
from django.test import override_settings

from torvet.base.middleware import CONTENT_SECURITY_POLICY

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "torvet/base/static"
HTML, JSON = "text/html; charset=utf-8", "application/json"
PEOPLE = [("member-12", "Mette Dahl", "HR, Oslo"), ("member-13", "Mette Holm", "IT, Aarhus")]
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><rect width="60" height="40" fill="teal"/></svg>'


def frontend(name: str) -> ModuleType:
    """A module of frontend/, which is no package: it ships with nothing."""
    spec = importlib.util.spec_from_file_location(f"frontend_{name}", ROOT / "frontend" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Patterns:
    """A running server; `sent` is what forms posted, `nudge` tells every open page something."""

    url: str
    sent: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    streams: list[queue.Queue[str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    failing: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    brand: str = "#0b7a4b"

    def nudge(self, **what: int) -> None:
        for stream in self.streams:
            stream.put(json.dumps(what))


def form_of(kind: str, body: bytes) -> list[tuple[str, str]]:
    if kind.startswith("application/x-www-form-urlencoded"):
        return parse_qsl(body.decode(), keep_blank_values=True)
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    found = []
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")
        value = part.get_filename() or part.get_payload(decode=True).decode(errors="replace")
        found.append((str(name), value))
    return found


def handler(patterns: Patterns, pages: ModuleType) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(
            self, body: str | bytes, kind: str = "text/html; charset=utf-8", status: int = 200
        ) -> None:
            content = body.encode() if isinstance(body, str) else body
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            patterns.asked.append(self.path)
            if self.path.startswith("/live/"):
                self.stream()
            else:
                self.answer(*self.found(urlsplit(self.path).path))

        def found(self, path: str) -> tuple[str | bytes, str, int]:
            """Body, kind and status of what stands at a path."""
            if path in patterns.failing:
                return "{}", JSON, 503
            if path.startswith(settings.STATIC_URL):
                file = STATIC / path.removeprefix(settings.STATIC_URL)
                return file.read_bytes(), KINDS[file.suffix], 200
            if path.startswith("/theme"):
                return f":root{{--brand:{patterns.brand}}}", "text/css", 200
            if path.startswith("/pictures/"):
                return PICTURE, "image/svg+xml", 200
            if path == "/people/pick/":
                wanted = dict(parse_qsl(urlsplit(self.path).query)).get("q", "").lower()
                items = [
                    {"id": key, "label": label, "detail": detail, "hue": 3, "initials": "MD", "photo": None}
                    for key, label, detail in PEOPLE
                    if wanted in label.lower()
                ]
                return json.dumps({"items": items}), JSON, 200
            if path == "/topics/pick/":
                return json.dumps({"items": [{"name": "havvind", "entries": 12}]}), JSON, 200
            if path == "/" and "before=" in self.path:
                return '<article class="ds-card entry" data-id="1"><p>An older post</p></article>', HTML, 200
            if path == "/e/12/comments/":
                return "".join(patterns.comments), HTML, 200
            if path == "/told/badge/":
                return "7", HTML, 200
            name = path.strip("/") or "patterns"
            if (
                not re.fullmatch(r"[a-z_0-9]+", name)
                or not (ROOT / f"frontend/patterns/{name}.html").is_file()
            ):
                return "<p>nothing</p>", HTML, 404
            shell = pages.example()["shell"]
            shell.live_url = "/live/"
            return pages.render(f"{name}.html", shell=shell), HTML, 200

        def stream(self) -> None:
            inbox: queue.Queue[str] = queue.Queue()
            patterns.streams.append(inbox)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(b": here\n\n")
            while (text := inbox.get()) != "end":
                self.wfile.write(f"data: {text}\n\n".encode())
                self.wfile.flush()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fields = form_of(self.headers["Content-Type"], body)
            path = urlsplit(self.path).path
            if path in patterns.failing:
                problem = json.dumps({"title": "Too big", "detail": "The file is too big for us."})
                self.answer(problem, "application/problem+json", 413 if path == "/files/" else 500)
            elif path.endswith("/seen/"):
                patterns.asked.append(f"POST {path}")
                self.answer("", HTML, 204)
            elif path == "/files/":
                name = dict(fields)["file"]
                patterns.sent.append((path, fields))
                ready = {"key": f"k-{name}", "name": name, "url": "/pictures/1", "thumb": "/pictures/1",
                         "is_picture": name.endswith(".png"), "width": 60, "height": 40}  # fmt: skip
                self.answer(json.dumps(ready), JSON, 201)
            else:
                patterns.sent.append((path, fields))
                self.send_response(303)
                self.send_header("Location", "/patterns/")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    return Handler


@contextmanager
def served() -> Iterator[Patterns]:
    """The patterns on a free port of this machine."""
    patterns, pages = Patterns(""), frontend("patterns")
    # The navigation of the patterns is whole, whatever routes the town has.
    with (
        override_settings(ROOT_URLCONF=pages),
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(patterns, pages)) as server,
    ):
        server.daemon_threads = True
        patterns.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield patterns
        for stream in patterns.streams:
            stream.put("end")
        server.shutdown()
