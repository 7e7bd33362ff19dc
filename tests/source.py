"""The project's own source as tests look at it: modules as syntax trees, templates, and what git keeps."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "torvet"


@dataclass(frozen=True)
class Module:
    """One Python file of the package; `name` is its path below torvet/, as `entries/actions/comment.py`."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=str(self.path))

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes() if isinstance(node, ast.Call))

    def at(self, node: ast.AST) -> str:
        return f"torvet/{self.name}:{getattr(node, 'lineno', '?')}"


@cache
def modules() -> list[Module]:
    """All modules of the package but migrations, which Django writes."""
    return [Module(path) for path in sorted(PACKAGE.rglob("*.py")) if "migrations" not in path.parts]


@cache
def templates() -> list[Path]:
    return sorted(path for path in PACKAGE.glob("*/templates/**/*") if path.suffix in {".html", ".txt"})


def below(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def kept_files() -> list[Path]:
    """Every file that git keeps, and that is still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
