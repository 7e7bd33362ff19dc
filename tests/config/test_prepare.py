"""What is made before Django is asked anything, and what `torvet check` reads of the machine."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from torvet.config.checkup import file_system_of
from torvet.config.options import Options
from torvet.config.prepare import CannotPrepare, make_folder, make_secret
from torvet.config.static import KEPT, _forget_old

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /srv/shared nfs4 rw 0 0
/dev/sdb1 /srv/shared/local xfs rw 0 0
server:/odd /srv/odd\\040name cifs rw 0 0
"""


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    assert make_folder(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not make_folder(folder)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(CannotPrepare, match="is a file"):
        make_folder(file)
    with pytest.raises(CannotPrepare, match="cannot be made"):
        make_folder(file / "below")


def secret_of(folder: Path) -> str:
    make_secret(folder)
    return (folder / "secret").read_text()


def test_of_many_who_begin_at_once_one_secret_wins(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as crowd:
        found = set(crowd.map(secret_of, [tmp_path] * 64))
    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/torvet", "ext4"),
        ("/srv/shared/torvet", "nfs4"),
        ("/srv/shared/local/torvet", "xfs"),
        ("/srv/sharedtoo", "ext4"),
        ("/srv/odd name/torvet", "cifs"),
    ],
)
def test_the_file_system_of_a_folder_is_that_of_its_nearest_mount(
    tmp_path: Path, path: str, kind: str
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert file_system_of(Path(path), str(mounts)) == kind


def test_where_the_system_does_not_say_nothing_is_claimed() -> None:
    assert file_system_of(Path("/"), "/nowhere/at/all") == ""


def test_front_end_files_of_the_version_before_stay(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        (tmp_path / f"version{number}").mkdir()

        os.utime(tmp_path / f"version{number}", (number, number))
    (tmp_path / ".draft-left").mkdir()
    _forget_old(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["version3", "version4"]


def test_a_setting_is_given_by_the_environment_or_the_file(tmp_path: Path) -> None:
    (tmp_path / "torvet.toml").write_text('url = "https://a.example"\n')
    there = Options({"TORVET_DATA": str(tmp_path)})
    assert there.is_given("URL")
    assert not there.is_given("HOSTS")
    assert Options({"TORVET_DATA": str(tmp_path / "none"), "TORVET_HOSTS": "b"}).is_given("HOSTS")
