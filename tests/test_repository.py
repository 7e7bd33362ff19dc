"""The repository itself: what is kept, what is locked, and doors that open."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import torvet
from tests.source import ROOT, below, kept_files, modules
from torvet.config.options import OPTIONS

LOCKS = {"requirements.lock": ["build"], "requirements-dev.lock": ["dev"]}
DOORS = ["setup", "demo", "dev", "test", "check", "lock"]
# Pieces of addresses and folders that belong to some machine. Written in two parts: this file is looked through too.
OF_A_MACHINE = [
    "/" + "work/", "/" + "root/", "/" + "home/", "/" + "Users/", "/" + "opt/pypi", "py" + "pi.org",
    "python" + "hosted.org", "registry." + "npmjs", "registry." + "yarnpkg", "deb." + "debian.org", "arti" + "factory",
]  # fmt: skip
NOT_OURS = ("/vendor/", "/static/torvet/dist/")


def texts_kept() -> list[tuple[Path, str]]:
    found = []
    for path in kept_files():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # pictures and archives
    return found


def test_no_file_names_a_machine_or_a_registry() -> None:
    wrong = []
    for path, text in texts_kept():
        if any(part in f"/{below(path)}" for part in NOT_OURS):
            continue
        wrong += [
            f"{below(path)}: {piece}"
            for piece in OF_A_MACHINE
            if re.search(rf"(?<![\w.]){re.escape(piece)}", text)
        ]
    assert not wrong, "\n".join(wrong)


def test_no_secret_is_kept() -> None:
    pattern = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(AKIA|ghp_|xox[bap]-|sk_live_)[A-Za-z0-9_-]{12,}"
    )
    assert not [below(path) for path, text in texts_kept() if pattern.search(text)]


def test_what_is_made_is_not_kept() -> None:
    assert not [below(path) for path in kept_files() if path.suffix in {".mo", ".pyc", ".db", ".sqlite3"}]


def locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """Package name to its line of the lock file and how many hashes stand below it."""
    found: dict[str, tuple[Requirement, int]] = {}
    for block in re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip()):
        line = block.partition("\\\n")[0].strip()
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            found[canonicalize_name(requirement.name)] = (requirement, block.count("--hash=sha256:"))
    return found


def wanted(groups: list[str]) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"]]
    for extra in ("postgres", "valkey"):
        lines += project["project"]["optional-dependencies"][extra]
    for group in groups:
        for line in project["dependency-groups"][group]:
            lines += project["dependency-groups"][line["include-group"]] if isinstance(line, dict) else [line]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_its_hashes_and_no_address(name: str) -> None:
    packages = locked(name)
    assert len(packages) > 40
    assert not [package for package, (_, hashes) in packages.items() if not hashes]
    assert not re.search(
        r"://|^\s*--?(index|extra-index|find-links|i )", (ROOT / name).read_text("utf-8"), re.MULTILINE
    )


@pytest.mark.parametrize(("name", "groups"), LOCKS.items())
def test_the_lock_fits_the_project(name: str, groups: list[str]) -> None:
    packages = locked(name)
    for requirement in wanted(groups):
        assert canonicalize_name(requirement.name) in packages, (
            f"{requirement.name} is not in {name}: run bin/lock"
        )
        pinned = next(iter(packages[canonicalize_name(requirement.name)][0].specifier)).version
        assert requirement.specifier.contains(pinned), (
            f"{requirement} does not fit {pinned} in {name}: run bin/lock"
        )


def test_both_locks_agree() -> None:
    run, work = locked("requirements.lock"), locked("requirements-dev.lock")
    assert not {name for name in run if name not in work or run[name][0].specifier != work[name][0].specifier}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_from_anywhere_and_explains_itself(door: str, tmp_path: Path) -> None:
    path = ROOT / "bin" / door
    assert os.access(path, os.X_OK)
    said = subprocess.run(
        [path, "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith(f"Usage: bin/{door}")


@pytest.mark.parametrize("door", ["setup", "demo", "dev", "lock"])
def test_a_door_refuses_what_it_does_not_know(door: str) -> None:
    said = subprocess.run(
        [ROOT / "bin" / door, "--sideways"], capture_output=True, text=True, timeout=20, check=False
    )
    assert said.returncode == 2
    assert "--sideways" in said.stderr


@pytest.mark.parametrize("given", ["", "no", "0", "70000"])
def test_the_demo_refuses_a_port_that_is_none(given: str) -> None:
    said = subprocess.run(
        [ROOT / "bin" / "demo", "--port", given], capture_output=True, text=True, timeout=20, check=False
    )
    assert said.returncode == 2
    assert "--port" in said.stderr


def test_the_page_about_running_names_every_setting_and_no_other() -> None:
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    named = set(re.findall(r"TORVET_[A-Z_]+", page))
    # Read by `torvet init` alone, so that no password stands in a command line.
    settings = {option.variable for option in OPTIONS} | {"TORVET_ADMIN_PASSWORD"}
    assert named == settings, f"missing there: {settings - named}; not a setting: {named - settings}"


def test_no_code_reads_a_setting_that_is_not_in_the_table() -> None:
    known = {option.variable for option in OPTIONS} | {
        "TORVET_ADMIN_PASSWORD",
        "TORVET_URL",
        "TORVET_VALKEY_URL",
    }
    used = {
        (name, module.name)
        for module in modules()
        for name in re.findall(r"\bTORVET_[A-Z][A-Z_]*[A-Z]\b", module.text)
    }
    assert not {(name, where) for name, where in used if name not in known}


def test_the_command_and_the_wheel_name_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == torvet.__version__


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("GNU AFFERO GENERAL PUBLIC LICENSE")
    assert "13. Remote Network Interaction" in text
    assert len(text) > 34_000


def test_every_page_that_is_linked_exists() -> None:
    wrong = []
    for path, text in texts_kept():
        if path.suffix == ".md" and not any(part in f"/{below(path)}" for part in NOT_OURS):
            for link in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text):
                if not (path.parent / link).exists():
                    wrong.append(f"{below(path)}: {link}")
    assert not wrong, "\n".join(wrong)
