"""Asking a rule before acting."""

import pytest
from django.utils import translation

from torvet.base.rules import Refused, require


def test_an_allowed_action_goes_on():
    require(True, "never said")


def test_a_refused_action_stops_and_says_why():
    with pytest.raises(Refused) as caught:
        require(False, "This space is archived.")
    assert caught.value.reason == str(caught.value) == "This space is archived."


def test_a_refusal_without_a_reason_still_says_something():
    with translation.override("en"), pytest.raises(Refused) as caught:
        require(False)
    assert caught.value.reason
