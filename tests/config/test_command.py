"""The `torvet` command from outside: what it says, what it leaves behind, and how it ends."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugins.servers import ADMIN, COMPANY, PASSWORD, TORVET, Town
from torvet import cli

pytestmark = pytest.mark.slow

FoundTown = Callable[..., Town]


@pytest.fixture(scope="module")
def founded(found_town: FoundTown) -> Town:
    """A company, with no server running."""
    return found_town(founded=True)


def test_help_names_every_command_in_plain_words_without_loading_django() -> None:
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "torvet", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for command in ("init", "serve", "web", "live", "worker", "import", "demo", "token", "check"):
        assert re.search(rf"^  {command} +\w", ran.stdout, re.MULTILINE), command
    assert "django" not in ran.stderr


@pytest.mark.parametrize(
    "command", [command.name for command in cli.COMMANDS if command.name not in {"import", "demo"}]
)
def test_every_command_explains_itself_before_anything_is_set_up(command: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [TORVET, command, "--help", "--data", tmp_path / "none"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith(f"usage: torvet {command}")
    assert "--settings" not in ran.stdout
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "there is no command 'nonsense'"),
        (["--data"], "--data needs a folder"),
        (["token", "somebody@nordhavn.example"], "there is no Torvet in"),
        (["serve", "--port", "99999"], "cannot listen on 127.0.0.1 port 99999"),
        (["serve", "--port", "many"], "invalid int value"),
        (["web", "--data", "/nowhere/at/all"], "there is no Torvet in"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments: list[str], says: str, tmp_path: Path) -> None:
    data = [] if "--data" in arguments else ["--data", str(tmp_path / "data")]
    ran = subprocess.run([TORVET, *arguments, *data], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 2
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("UPLOAD_MB", "many", "TORVET_UPLOAD_MB must be a whole number"),
        ("LANGUAGE", "xx", "TORVET_LANGUAGE is one of en, da, nb, sv, nl"),
        ("TIME_ZONE", "Atlantis/Centre", "Atlantis/Centre"),
        ("DATABASE_URL", "mysql://somewhere", "must begin with postgresql://"),
        ("DATABASE_URL", "postgresql://nobody:x@127.0.0.1:1/none", "the database cannot be used"),
    ],
)
@pytest.mark.once
def test_settings_that_cannot_be_read_are_one_sentence_and_exit_code_2(
    founded: Town, name: str, value: str, says: str
) -> None:
    town = Town(data=founded.data, environment={f"TORVET_{name}": value})
    ran = town.torvet("token", ADMIN, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.once
def test_a_broken_settings_file_is_named(found_town: FoundTown) -> None:
    town = found_town()
    town.data.mkdir()
    (town.data / "torvet.toml").write_text("nonsense = 1\n")
    ran = town.torvet("init", "--no-input", check=False)
    assert ran.returncode == 2
    assert "torvet.toml names settings that do not exist: nonsense" in ran.stderr


def test_init_makes_a_folder_that_nobody_else_can_read(founded: Town) -> None:
    assert stat.S_IMODE(founded.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((founded.data / "secret").stat().st_mode) == 0o600
    for path in founded.data.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    assert len((founded.data / "secret").read_text().strip()) >= 50
    (static,) = (founded.data / "static").iterdir()
    css = static / "torvet/dist/torvet.css"
    assert css.is_file()
    assert css.with_name("torvet.css.gz").is_file()


def test_init_twice_changes_nothing_and_says_so(founded: Town) -> None:
    secret = (founded.data / "secret").read_text()
    again = founded.torvet("init", "--company", "Other", "--admin", "other@other.example", "--no-input")
    assert f"{COMPANY} is already here" in again.stdout
    assert (founded.data / "secret").read_text() == secret
    ran = founded.torvet("init", "--no-input", "--json")
    assert json.loads(ran.stdout) == {
        "data": str(founded.data),
        "made": {"database": False, "static": False, "company": False},
        "company": COMPANY,
    }


@pytest.mark.once
def test_init_without_a_company_leaves_it_to_the_first_visitor(found_town: FoundTown) -> None:
    town = found_town()
    ran = town.torvet("init", "--no-input")
    assert "Company: none yet" in ran.stdout
    assert town.torvet("init", "--company", "Half", "--no-input", check=False).returncode == 2
    no_password = town.torvet("init", "--company", "A", "--admin", "a@b.example", "--no-input", check=False)
    assert no_password.returncode == 2
    assert "TORVET_ADMIN_PASSWORD" in no_password.stderr
    town.environment["TORVET_ADMIN_PASSWORD"] = "short"
    weak = town.torvet("init", "--company", "A", "--admin", "a@b.example", "--no-input", check=False)
    assert weak.returncode == 2
    assert "10 characters" in weak.stderr
    town.environment["TORVET_ADMIN_PASSWORD"] = PASSWORD
    wrong = town.torvet("init", "--company", "A", "--admin", "nobody", "--no-input", check=False)
    assert wrong.returncode == 2
    town.torvet(
        "init", "--company", "Værftet", "--admin", "kari.nordmann@b.example", "--language", "nb", "--no-input"
    )
    assert json.loads(town.torvet("init", "--json").stdout)["company"] == "Værftet"


@pytest.mark.once
def test_a_token_is_printed_and_nothing_else(founded: Town) -> None:
    ran = founded.torvet("token", ADMIN.upper(), "--scopes", "read,write", "--days", "2", "--name", "test")
    assert re.fullmatch(r"torvet_[A-Za-z0-9_-]{43}\n", ran.stdout)
    assert ran.stderr == ""
    for arguments in (["--scopes", "all"], ["--scopes", ""], ["--days", "0"], ["--days", "9999"]):
        wrong = founded.torvet("token", ADMIN, *arguments, check=False)
        assert (wrong.returncode, wrong.stdout) == (2, "")
    stranger = founded.torvet("token", "stranger@nordhavn.example", check=False)
    assert stranger.returncode == 2
    assert "there is no member with the address stranger@nordhavn.example" in stranger.stderr


def test_check_finds_nothing_wrong_with_a_fresh_company(founded: Town) -> None:
    ran = founded.torvet("check", "--json")
    report = json.loads(ran.stdout)
    assert report["ok"] is True
    assert [finding for finding in report["findings"] if finding["level"] == "problem"] == []


@pytest.mark.once
def test_check_names_what_cannot_work_and_what_to_do(founded: Town) -> None:
    town = Town(data=founded.data, environment=dict(founded.environment))
    town.environment |= {
        "TORVET_URL": "http://intranet.nordhavn.example",
        "TORVET_DEBUG": "on",
        "TORVET_MAIL_FROM": "nobody at all",
        "TORVET_MAIL_URL": "http://mail",
        "TORVET_VALKEY_URL": "valkey://127.0.0.1:1/0",
    }
    ran = town.torvet("check", "--json", check=False)
    assert ran.returncode == 2
    report = json.loads(ran.stdout)
    problems = {finding["about"] for finding in report["findings"] if finding["level"] == "problem"}
    assert {
        "TORVET_URL", "TORVET_DEBUG", "TORVET_MAIL_FROM", "TORVET_MAIL_URL", "TORVET_VALKEY_URL",
    } <= problems  # fmt: skip
    assert all(finding["says"] and finding["do"] for finding in report["findings"])
    words = town.torvet("check", check=False)
    assert words.returncode == 2
    assert "PROBLEM  TORVET_URL" in words.stdout


@pytest.mark.once
def test_check_says_what_to_do_before_anything_is_set_up(found_town: FoundTown) -> None:
    ran = found_town().torvet("check", check=False)
    assert ran.returncode == 2
    assert "Run: torvet init" in ran.stdout
    assert "Traceback" not in ran.stderr


def test_work_on_a_database_that_is_not_set_up_is_refused(found_town: FoundTown) -> None:
    town = found_town()
    town.data.mkdir(mode=0o700)
    ran = town.torvet("worker", check=False, timeout=60)
    assert ran.returncode == 2
    assert "Run:  torvet init" in ran.stderr
    assert not (town.data / "torvet.db").exists()
