"""Writes tests/api/openapi.json anew: `python -m tests.api.snapshot`, after a change of the API that is meant."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "torvet.config.settings"
    os.environ["TORVET_DATA"] = tempfile.mkdtemp()
    import django

    django.setup()
    from torvet.config.reference import document

    drawn = json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True)
    Path(__file__).with_name("openapi.json").write_text(drawn + "\n", encoding="utf-8")
