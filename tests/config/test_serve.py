"""Torvet on one port, as it runs in a small company: started, asked, stopped, and nothing left behind."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.plugins.servers import ADMIN, PASSWORD, Town
from tests.realtime.pages import until

pytestmark = pytest.mark.slow

FoundTown = Callable[..., Town]


def ask(
    town: Town, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", town.port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers=named)
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def children_of(process: int) -> list[int]:
    """Whichever of its threads has started them."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [int(number) for found in lists for number in found.read_text().split()]


def workers_of(process: int) -> list[int]:
    """Of its children, the worker; not the nursery of the page processes, which is a fork of the server."""
    return [
        child for child in children_of(process) if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def pages_of(process: int) -> list[int]:
    nurseries = set(children_of(process)) - set(workers_of(process))
    return [page for nursery in nurseries for page in children_of(nursery) if is_alive(page)]


def is_alive(process: int) -> bool:
    """Not a dead one whose end nobody has asked for yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def family_of(process: int) -> list[int]:
    children = children_of(process)
    return [*children, *(one for child in children for one in family_of(child))]


def cookie_of(town: Town) -> str:
    """Sign in as the administrator, as a browser does."""
    _status, headers, page = ask(town, "/sign-in/")
    csrf = re.search(r"csrftoken=([^;]+)", headers["set-cookie"])
    hidden = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert csrf
    assert hidden
    body = f"login={ADMIN.replace('@', '%40')}&password={PASSWORD}&csrfmiddlewaretoken={hidden[1].decode()}"
    status, headers, _page = ask(
        town, "/sign-in/", method="POST", body=body.encode(), Cookie=f"csrftoken={csrf[1]}",
        Content_Type="application/x-www-form-urlencoded", Origin=town.url,
    )  # fmt: skip
    assert status == 302
    session = re.search(r"sessionid=([^;]+)", headers["set-cookie"])
    assert session
    return f"sessionid={session[1]}"


@contextlib.contextmanager
def listening(town: Town, cookie: str) -> Iterator[socket.socket]:
    door = socket.create_connection(("127.0.0.1", town.port), timeout=10)
    door.sendall(
        f"GET /live/?feed=1 HTTP/1.1\r\nHost: 127.0.0.1:{town.port}\r\nCookie: {cookie}\r\n"
        "Sec-Fetch-Site: same-origin\r\n\r\n".encode()
    )
    yield door
    door.close()


def read_until(door: socket.socket, words: bytes) -> bytes:
    found = b""
    while words not in found:
        more = door.recv(4096)
        assert more, found
        found += more
    return found


def test_one_port_answers_pages_files_and_live_updates(town: Town) -> None:
    assert ask(town, "/healthz")[::2] == (200, b"ok\n")
    status, _headers, page = ask(town, "/sign-in/")
    assert (status, b"<form" in page) == (200, True)
    assert ask(town, "/live/?feed=1")[0] == 403
    assert ask(town, "/live/?feed=1", Sec_Fetch_Site="same-origin")[0] == 401
    assert ask(town, "/live/", Sec_Fetch_Site="same-origin", Origin="https://evil.example")[0] == 403
    css = re.search(rb'href="(/static/[^"]+torvet\.css)"', page)
    assert css
    status, headers, packed = ask(town, css[1].decode(), Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert "max-age=31536000" in headers["cache-control"]
    assert len(gzip.decompress(packed)) > 10_000
    assert len(ask(town, css[1].decode())[2]) == len(gzip.decompress(packed))
    assert ask(town, css[1].decode(), method="HEAD")[2] == b""


def test_what_a_page_does_is_heard_live(town: Town) -> None:
    token = town.torvet("token", ADMIN, "--scopes", "read,write").stdout.strip()
    with listening(town, cookie_of(town)) as door:
        read_until(door, b"retry: ")
        status, _headers, answer = ask(
            town, "/api/v1/me", Authorization=f"Bearer {token}",
        )  # fmt: skip
        assert status == 200
        member = json.loads(answer)["id"]
        # From a process of its own, by the socket in the data folder.
        town_says(town, member)
        assert b'data: {"told":1}' in read_until(door, b"told")


def town_says(town: Town, member: int) -> None:
    sent = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    boxes = list((town.data / "run").glob("*.sock"))
    assert len(boxes) == 2  # the server's and the worker's
    for box in boxes:
        sent.sendto(b'{"told":%d}' % member, str(box))
    sent.close()


@pytest.mark.once
def test_a_slow_sender_holds_nobody_up(town: Town) -> None:
    slow = []
    for _ in range(12):
        door = socket.create_connection(("127.0.0.1", town.port), timeout=10)
        door.sendall(
            f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1:{town.port}\r\nContent-Length: 100000\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=".encode()
        )
        slow.append(door)
    began = time.monotonic()
    assert ask(town, "/healthz")[0] == 200
    assert time.monotonic() - began < 5
    for door in slow:
        door.close()


@pytest.mark.once
def test_a_body_without_end_is_refused(town: Town) -> None:
    door = socket.create_connection(("127.0.0.1", town.port), timeout=20)
    door.sendall(
        f"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1:{town.port}\r\nContent-Length: 99999999999\r\n\r\n".encode()
    )
    assert read_until(door, b"\r\n").startswith(b"HTTP/1.1 413 ")
    door.close()


@pytest.mark.once
def test_headers_cannot_be_forged_with_an_underscore(town: Town) -> None:
    """`X_Forwarded_Proto` would reach Django as the proxy's own X-Forwarded-Proto."""
    raw = socket.create_connection(("127.0.0.1", town.port), timeout=10)
    raw.sendall(
        f"GET /api/v1/me HTTP/1.1\r\nHost: 127.0.0.1:{town.port}\r\nAuthorization_: x\r\n"
        "Content_Length: 5\r\nConnection: close\r\n\r\n".encode()
    )
    assert read_until(raw, b"\r\n\r\n").startswith(b"HTTP/1.1 401 ")
    raw.close()


def test_a_worker_that_dies_is_started_anew(found_town: FoundTown) -> None:
    town = found_town(founded=True)
    town.start()
    assert town.process
    process = town.process.pid
    assert until(lambda: len(workers_of(process)) == 1, 10)
    (first,) = workers_of(process)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: workers_of(process) not in ([], [first]), 10)
    assert town.stop() == 0
    assert "started anew" in town.log


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere pages are made in threads")
@pytest.mark.once
def test_a_page_process_that_dies_is_started_anew_and_so_is_its_nursery_done_without(
    found_town: FoundTown,
) -> None:
    town = found_town(founded=True)
    town.command = ("serve", "--pages", "2")
    town.start()
    assert town.process
    process = town.process.pid
    before = pages_of(process)
    assert len(before) == 2
    for one in before:
        os.kill(one, signal.SIGKILL)
    # The death of each is noticed by itself, perhaps only with the second question.
    assert until(
        lambda: ask(town, "/sign-in/")[0] == 200 and len(set(pages_of(process)) - set(before)) == 2, 10
    )
    assert "started anew" in town.log
    for one in family_of(process):
        if one not in workers_of(process):
            os.kill(one, signal.SIGKILL)
    assert until(lambda: ask(town, "/sign-in/")[0] == 200, 10)
    assert "going on in threads" in town.log
    assert town.stop() == 0


@pytest.mark.once
def test_a_large_upload_reaches_the_pages_whole_and_a_part_of_a_file_comes_back(town: Town) -> None:
    cookie = cookie_of(town)
    _status, headers, page = ask(town, "/compose/", Cookie=cookie)
    csrf = re.search(r"csrftoken=([^;]+)", headers.get("set-cookie", "")) or re.search(
        rb'name="csrfmiddlewaretoken" value="([^"]+)"', page
    )
    assert csrf
    token = csrf[1] if isinstance(csrf[1], str) else csrf[1].decode()
    picture = b"x" * 700_000
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="notes.txt"\r\nContent-Type: text/plain\r\n\r\n'
        + picture
        + b"\r\n--b--\r\n"
    )
    status, _headers, said = ask(
        town, "/files/", method="POST", body=body, Cookie=f"{cookie}; csrftoken={token}", X_CSRFToken=token, Origin=town.url,
        Content_Type="multipart/form-data; boundary=b", Accept="application/json",
    )  # fmt: skip
    assert status in {200, 201}, said[:300]
    found = re.search(rb"/files/[^\"'\s<>]+/notes\.txt", said)
    assert found, said[:500]
    address = found[0].decode()
    assert ask(town, address, Cookie=cookie)[2] == picture


@pytest.mark.once
def test_a_polite_stop_finishes_streams_and_requests_and_leaves_no_process(found_town: FoundTown) -> None:
    town = found_town(founded=True)
    town.start()
    assert town.process
    process = town.process
    assert until(lambda: len(list((town.data / "run").glob("*.sock"))) == 2, 15)
    family = family_of(process.pid)
    assert len(family) >= 2
    with listening(town, cookie_of(town)) as door:
        read_until(door, b"retry: ")
        ended: list[bytes] = []
        hearing = threading.Thread(target=lambda: ended.append(read_until(door, b"0\r\n\r\n")))
        hearing.start()
        began = time.monotonic()
        assert town.stop(within=10) == 0
        assert time.monotonic() - began < 6
        hearing.join(5)
    # The stream came to its proper end; it was not torn off.
    assert ended
    assert not [one for one in family if is_running(one)]
    assert not list((town.data / "run").glob("*.sock"))
    assert "Traceback" not in town.log
    assert "Stopped." in town.log


@pytest.mark.once
def test_a_worker_and_page_processes_whose_server_was_killed_end_by_themselves(found_town: FoundTown) -> None:
    town = found_town(founded=True)
    town.start()
    assert town.process
    assert until(lambda: len(list((town.data / "run").glob("*.sock"))) == 2, 15)
    family = family_of(town.process.pid)
    assert len(family) >= 2
    os.kill(town.process.pid, signal.SIGKILL)
    town.process.wait()
    assert until(lambda: not any(is_running(one) for one in family), 10)


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.once
def test_a_port_that_is_taken_is_said_before_anything_begins(town: Town, found_town: FoundTown) -> None:
    other = found_town()
    other.port = town.port
    ran = other.torvet("serve", "--port", str(town.port), check=False)
    assert ran.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {town.port}" in ran.stderr


def test_the_parts_apart_do_the_same(found_town: FoundTown) -> None:
    """`torvet web`, `torvet live` and `torvet worker`, as a large installation runs them."""
    web = found_town(founded=True)
    web.command = ("web", "--workers", "2")
    live = Town(data=web.data, port=web.port + 1, environment=web.environment | {"TORVET_URL": web.url})
    live.command = ("live",)
    web.start()
    try:
        assert ask(web, "/healthz")[0] == 200
        assert ask(web, "/live/", Sec_Fetch_Site="same-origin")[0] == 404
        live.start()
        assert ask(live, "/healthz")[0] == 200
        assert ask(live, "/sign-in/")[0] == 404
        with listening(live, cookie_of(web)) as door:
            read_until(door, b"retry: ")
            assert live.stop() == 0
        assert web.stop() in {0, -signal.SIGTERM}
    finally:
        live.stop()
        web.stop()
