"""Every import here acts as the administrator of a company, on the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from tests.cast import PASSWORD, house
from torvet.people.actions import found_company
from torvet.people.viewer import Viewer


@pytest.fixture
def admin(db: None) -> Viewer:
    """The administrator, acting in the house."""
    return house(
        found_company(
            name="Nordhavn",
            email="admin@nordhavn.example",
            member_name="Ada",
            password=PASSWORD,
            language="en",
        )
    )


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path) -> Iterator[Path]:
    """Uploads of one test must not be seen by the next."""
    with override_settings(MEDIA_ROOT=tmp_path / "files"):
        yield tmp_path / "files"
