"""Speed and memory of an import: `python -m bench.importing [--kind wiki] FILE`, into an empty town of its own.

Each run gets a fresh data folder; memory is the most that the importing process ever had.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

LINES = {  # what counts as brought, by kind
    "slack": ("entries", "comments"),
    "wiki": ("pages", "folders"),
    "stackexchange": ("questions", "answers", "comments"),
    "discourse": ("posts",),
    "mattermost": ("posts", "replies"),
    "mbox": ("messages",),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", choices=sorted(LINES), default="slack")
    asked = parser.parse_args()
    torvet = Path(sys.executable).with_name("torvet")
    with tempfile.TemporaryDirectory() as folder:
        town = {**os.environ, "TORVET_DATA": folder, "TORVET_ADMIN_PASSWORD": "a-long-quiet-harbour"}
        subprocess.run(
            [torvet, "init", "--company", "Bench", "--admin", "a@b.example", "--no-input"],
            env=town,
            check=True,
            capture_output=True,
        )
        ran = subprocess.run(
            [
                torvet,
                "import",
                asked.kind,
                asked.file,
                "--json",
                *(["--new-space", "Wiki"] if asked.kind == "wiki" else []),
            ],
            env=town,
            capture_output=True,
            text=True,
            check=True,
        )
        report = json.loads(ran.stdout)
    counts = report["counts"]
    brought = sum(counts[line]["imported"] for line in LINES[asked.kind])
    print(json.dumps({
        "pages" if asked.kind == "wiki" else "messages": brought,
        "seconds": report["seconds"],
        "per second": round(brought / report["seconds"]),
        "CPU seconds of the whole command": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 1),
        "most memory MB": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
