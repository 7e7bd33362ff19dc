"""Who will be told, before it is posted."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in, viewer_of
from tests.notifications.telling import comment, post, tell_all
from torvet.entries import actions as entries
from torvet.notifications.models import Notification
from torvet.notifications.preview import would_be_told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]


def test_those_named_are_shown_and_those_who_cannot_read_too(cast: Cast) -> None:
    body = f"@{cast.bo.handle} @{cast.outsider.handle} @{cast.anna.handle}"
    preview = would_be_told(viewer_of(cast.anna), body=body, space_id=cast.closed.pk)
    assert preview is not None
    assert preview.named == (cast.bo,)
    assert preview.cannot_read == (cast.outsider,)
    page = signed_in(cast.anna).post("/told/who/", {"body": body, "space": cast.closed.pk}).content.decode()
    assert "Bo Dijkstra" in page
    assert "Ulla Udenfor cannot read here and will not be told." in page


def test_the_preview_says_how_many_are_then_told(cast: Cast) -> None:
    thread = post(cast.anna, cast.open)
    comment(cast.bo, thread)
    comment(cast.leader, thread)
    comment(cast.outsider, thread)
    entries.mute(by=house(cast.outsider), entry=thread)
    tell_all()
    Notification.objects.all().delete()
    body = f"Thank you all, @{cast.community_manager.handle} too"
    preview = would_be_told(viewer_of(cast.leader), body=body, on_id=thread.pk)
    assert preview is not None
    comment(cast.leader, thread, body)
    tell_all()
    assert len(preview.named) + preview.number == Notification.objects.count() == 3


def test_who_may_not_write_there_learns_nothing(cast: Cast) -> None:
    thread = post(cast.anna, cast.closed)
    for form in ({"space": cast.closed.pk}, {"on": thread.pk}, {"space": 999999}, {}):
        assert signed_in(cast.outsider).post("/told/who/", {"body": "x", **form}).status_code == 404


def test_a_text_that_is_too_long_tells_nobody(cast: Cast) -> None:
    preview = would_be_told(viewer_of(cast.anna), body="x" * 5_000_000, space_id=cast.open.pk)
    assert preview is not None
    assert preview.is_empty
