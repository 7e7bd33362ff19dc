"""Requests per second over HTTP: `python -m bench.serving` on a company made by bench.company. Needs wrk (Debian's).

Starts `torvet web` (two page processes) and then `torvet serve` (one port) on a free port of this machine, asks the
home page as many signed-in members for a few seconds, and stops them. Loopback only; ends by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.pages import cookie  # sets Django up
from torvet.people.models import Member

SECONDS = 10
CONNECTIONS = 16


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wrk(url: str, cookies: list[str]) -> dict[str, object]:
    """Ask as all these members in turn."""
    listed = ",".join(f'"{key}"' for key in cookies)
    script = (
        f"local keys = {{{listed}}}\nlocal at = 0\n"
        "request = function()\n at = at % #keys + 1\n"
        ' return wrk.format("GET", nil, {["Cookie"]="sessionid=" .. keys[at], ["Accept-Encoding"]="gzip"})\nend\n'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        ran = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", file.name, url],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    said = ran.stdout
    return {
        "requests/s": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
        "p50": re.search(r"(?m)^\s+50%\s+(\S+)", said)[1],
        "p99": re.search(r"(?m)^\s+99%\s+(\S+)", said)[1],
        "errors": "Non-2xx" in said,
    }


def serve(command: list[str], cookies: list[str]) -> dict[str, object]:
    port = free_port()
    torvet = Path(sys.executable).with_name("torvet")
    began = time.monotonic()
    process = subprocess.Popen(
        [torvet, *command, "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(400):
            try:
                urllib.request.urlopen(url + "/healthz", timeout=2)
                break
            except OSError:
                time.sleep(0.05)
        ready = time.monotonic() - began
        wrk(url + "/", cookies)  # warm
        return {
            "ready s": round(ready, 2),
            "/healthz": wrk(url + "/healthz", cookies),
            "/": wrk(url + "/", cookies),
        }
    finally:
        process.terminate()
        process.wait(20)


def main() -> None:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    if not shutil.which("wrk"):
        sys.exit("This needs wrk; on Debian: apt-get install wrk")
    os.environ["TORVET_RATE_LIMITS"] = "off"
    people = random.Random(7).sample(list(Member.objects.all()), 200)
    cookies = [cookie(member) for member in people]
    report = {
        "torvet web, 2 workers": serve(["web", "--workers", "2"], cookies),
        "torvet serve": serve(["serve"], cookies),
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
