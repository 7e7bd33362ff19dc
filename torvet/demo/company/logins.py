"""The three people a visitor can be."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "godmorgen-torvet"  # noqa: S105  # printed for everybody who tries the demo, and for nothing else
COMPANY = "Nordhavn"


@dataclass(frozen=True)
class Login:
    email: str
    handle: str
    who: str


EMPLOYEE = Login("nadia.jakobsen@nordhavn.example", "nadia.jakobsen", "an employee: warehouse, Copenhagen")
LEADER = Login("eivind.haug@nordhavn.example", "eivind.haug", "a leader: the director")
ADMINISTRATOR = Login("lars.nielsen@nordhavn.example", "lars.nielsen", "the administrator")
LOGINS = (EMPLOYEE, LEADER, ADMINISTRATOR)
