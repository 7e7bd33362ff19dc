"""Accounts of a Slack workspace, as every import keeps them (torvet/moving/accounts.py)."""

from __future__ import annotations

from torvet.moving import accounts
from torvet.moving.imports.slack.shapes import Person

Account = accounts.Account[Person]
Accounts = accounts.Accounts[Person]
