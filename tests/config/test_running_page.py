"""docs/running.md is what an operator reads at night; what it says must be so."""

from __future__ import annotations

import re

import pytest

from tests.source import ROOT
from torvet import cli
from torvet.config.options import OPTIONS, Option
from torvet.config.wsgi import LARGEST_BODY

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_setting_stands_there_with_its_default_and_its_meaning(option: Option) -> None:
    default = f"`{option.default}`" if option.default else ""
    assert f"| `{option.variable}` | {default} | {option.meaning} |" in PAGE


def test_every_command_stands_there_and_no_other() -> None:
    named = set(re.findall(r"(?:bin/|`|^)torvet ([a-z]+)\b", PAGE, re.MULTILINE))
    not_yet = PAGE.partition("## What is not there yet")[2]
    later = set(re.findall(r"`torvet ([a-z]+)`", not_yet)) - {command.name for command in cli.COMMANDS}
    assert named - later == {command.name for command in cli.COMMANDS}


def test_the_proxy_lets_through_what_torvet_takes() -> None:
    said = re.search(r"client_max_body_size (\d+)m;", PAGE)
    assert said
    assert int(said[1]) << 20 == LARGEST_BODY
