"""Speed and memory of the Slack import: `python -m bench.importing FILE.zip`, into an empty town of its own.

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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
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
            [torvet, "import", "slack", asked.file, "--json"],
            env=town,
            capture_output=True,
            text=True,
            check=True,
        )
        report = json.loads(ran.stdout)
    counts = report["counts"]
    messages = sum(counts[kind]["imported"] for kind in ("entries", "comments"))
    print(json.dumps({
        "messages": messages,
        "seconds": report["seconds"],
        "messages/s": round(messages / report["seconds"]),
        "most memory MB": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
