"""Hatchling's build hook: the wheel carries compiled translations, made here from the .po files."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # Loaded by path: hatchling runs this file alone, its folder is not importable.
        path = Path(self.root) / "build_hooks" / "catalogues.py"
        spec = importlib.util.spec_from_file_location("torvet_catalogues", path)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(path)
        catalogues = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = catalogues  # dataclasses look their own module up by name
        spec.loader.exec_module(catalogues)
        catalogues.compile_below(Path(self.root) / "torvet")
