"""The wheel: built from this source, installed into an empty environment, and started there without Node."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins import postgres
from tests.plugins.servers import ADMIN, COMPANY, PASSWORD, Town
from tests.source import PACKAGE, ROOT

pytestmark = pytest.mark.wheel

# In the wheel without being kept by git: translations compiled while building.
MADE_WHILE_BUILDING = ".mo"
LEFT_OUT = ("__pycache__", ".po")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("torvet-*.whl"))


@pytest.fixture(scope="module")
def shelf(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing in it but the wheel; the libraries are lent by the one that runs the tests."""
    folder = tmp_path_factory.mktemp("shelf") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    # --no-deps and lent libraries: this test is about our wheel, and must not fetch sixty others anew.
    installed = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert installed.returncode == 0, installed.stdout + installed.stderr
    packages = next(folder.glob("lib/python*/site-packages"))
    lent = next(path for path in sys.path if path.endswith("site-packages"))
    # Added after the environment's own folder. A .pth in there is not followed, so this source stays out of sight.
    (packages / "lent.pth").write_text(f"import sys; sys.path.append({lent!r})\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def installed_town(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("wheel-town")
    town = Town(data=folder / "data", port=postgres.free_port(), program=shelf / "bin" / "torvet")
    # A PATH with nothing on it: no Node, no tools of any kind.
    empty = folder / "no-programs"
    empty.mkdir()
    town.environment = {"PATH": str(empty), "PYTHONPATH": ""}
    yield town
    town.stop()


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_all_of_the_package_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in names_in(wheel) if ".dist-info/" not in name}
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "torvet"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    kept = {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}
    assert {name for name in kept if not any(part in name for part in LEFT_OUT)} <= inside
    assert not {name for name in inside - kept if not name.endswith(MADE_WHILE_BUILDING)}


def test_the_wheel_carries_pages_front_end_and_five_languages(wheel: Path) -> None:
    inside = names_in(wheel)
    assert "torvet/base/templates/base.html" in inside
    assert any(name.startswith("torvet/base/static/") and name.endswith(".css") for name in inside)
    assert any(name.startswith("torvet/base/static/") and name.endswith(".js") for name in inside)
    for source in PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po"):
        assert source.with_suffix(".mo").relative_to(ROOT).as_posix() in inside
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in inside)


def test_the_command_explains_itself(installed_town: Town) -> None:
    assert "init" in installed_town.torvet("--help").stdout


def test_torvet_runs_from_the_wheel(installed_town: Town, shelf: Path) -> None:
    where = subprocess.run(
        [shelf / "bin" / "python", "-c", "import torvet; print(torvet.__file__)"],
        capture_output=True, text=True, check=True, cwd=shelf, env={"PATH": ""},
    )  # fmt: skip
    assert str(shelf) in where.stdout, "the source was found instead of the wheel"
    installed_town.init(company=COMPANY, admin=ADMIN, password=PASSWORD)
    installed_town.start()
    # Follows to the sign-in page: nobody is signed in.
    with urllib.request.urlopen(installed_town.url, timeout=20) as page:
        assert page.status == 200
        text = page.read().decode()
    assert 'type="password"' in text
    for address in front_end_of(text):
        with urllib.request.urlopen(f"{installed_town.url}{address}", timeout=20) as answer:
            assert answer.status == 200, address


def front_end_of(page: str) -> list[str]:
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert found, "the page has no style sheet and no script"
    return found
