"""Asking people to confirm: who may, whom it reaches, and what is refused in words."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in
from tests.notices.conftest import Town, fresh, hand_out, in_days
from torvet.agreement import actions as agreement
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.notices import actions
from torvet.notices.models import AudiencePart, Confirmation, Notice, Roll, RollChange, Wording
from torvet.notices.packing import unpack
from torvet.notices.queries.audience import Audience
from torvet.people.models import Role
from torvet.spaces import actions as spaces


def test_one_row_holds_everybody_who_is_asked(town: Town) -> None:
    notice = actions.send_notice(
        by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(10)
    )
    asked = {member.pk for member in (*town.yard_people, *town.office_people)}
    assert set(unpack(Roll.objects.get(notice=notice).packed)) == asked
    assert notice.roll.number == 15
    assert (RollChange.objects.count(), Confirmation.objects.count(), AudiencePart.objects.count()) == (
        0,
        0,
        2,
    )
    wording = Wording.objects.get(notice=notice)
    assert (wording.version, wording.judged, len(wording.checksum)) == (1, "sent", 64)


@pytest.mark.parametrize(
    ("who", "audience", "may"),
    [
        ("community_manager", "both", True),
        ("administrator", "both", True),
        ("leader", "yard", True),  # leads it
        ("leader", "office", False),
        ("leader", "open", True),  # runs it
        ("leader", "closed", False),
        ("anna", "closed", True),
        ("anna", "yard", False),
        ("outsider", "yard", None),
        ("guest", "yard", None),
    ],
)
def test_who_may_ask_whom(town: Town, who: str, audience: str, may: bool | None) -> None:
    """None: asks nobody at all, so there is nothing to choose from."""
    cast = town.cast
    chosen = {
        "both": town.both,
        "yard": Audience(units=frozenset({town.yard.pk})),
        "office": Audience(units=frozenset({town.office.pk})),
        "open": Audience(spaces=frozenset({cast.open.pk})),
        "closed": Audience(spaces=frozenset({cast.closed.pk})),
    }[audience]
    by = house(cast.people[who])
    if may:
        assert actions.send_notice(by=by, entry=town.entry, audience=chosen, due_on=in_days(3)).pk
        return
    with pytest.raises(Forbidden if may is None else Refused):
        actions.send_notice(by=by, entry=town.entry, audience=chosen, due_on=in_days(3))
    assert not Notice.objects.exists()


def test_somebody_who_leads_asks_single_people_only_of_their_own(town: Town) -> None:
    by = house(town.cast.leader)
    own = Audience(members=frozenset({town.yard_people[0].pk, town.yard_people[1].pk}))
    assert actions.send_notice(by=by, entry=town.entry, audience=own, due_on=in_days(3)).roll.number == 2
    other = Audience(members=frozenset({town.office_people[0].pk}))
    with pytest.raises(Refused, match="your own units"):
        actions.send_notice(by=by, entry=town.entry, audience=other, due_on=in_days(3))


def test_nobody_asks_while_the_agreement_says_off(town: Town) -> None:
    agreement.change_term(
        by=house(town.cast.administrator), key="confirmations", state="off", reason="Not agreed"
    )
    with pytest.raises(Forbidden):
        actions.send_notice(
            by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(3)
        )


def test_those_who_cannot_read_are_said_before_anything_is_sent(town: Town) -> None:
    post = entries.publish_post(by=house(town.cast.anna), space=town.cast.closed, body="Behind a door")
    by = house(town.cast.anna)
    spaces_with_guests = Audience(spaces=frozenset({town.cast.closed.pk, town.cast.guests.pk}))
    with pytest.raises(actions.SomeLeftOut, match="1 of those"):  # the guest
        actions.send_notice(by=by, entry=post, audience=spaces_with_guests, due_on=in_days(3))
    assert not Notice.objects.exists()
    notice = actions.send_notice(
        by=by, entry=post, audience=spaces_with_guests, due_on=in_days(3), leaves_out=True
    )
    assert set(unpack(notice.roll.packed)) == {town.cast.anna.pk, town.cast.bo.pk}


@pytest.mark.parametrize(("days", "words"), [(-1, "has passed"), (900, "two years")])
def test_impossible_dates_are_refused(town: Town, days: int, words: str) -> None:
    with pytest.raises(Refused, match=words):
        actions.send_notice(
            by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(days)
        )


def test_nobody_and_nobody_who_reads_are_different_refusals(town: Town) -> None:
    by = house(town.cast.administrator)
    empty = Audience(roles=frozenset({Role.GUEST}))
    town.cast.guest.is_active = False
    town.cast.guest.save(update_fields=["is_active"])
    with pytest.raises(Refused, match="nobody in what you have chosen"):
        actions.send_notice(by=by, entry=town.entry, audience=empty, due_on=in_days(3))
    town.cast.guest.is_active = True
    town.cast.guest.save(update_fields=["is_active"])
    with pytest.raises(Refused, match="can read this"):
        actions.send_notice(by=by, entry=town.entry, audience=empty, due_on=in_days(3), leaves_out=True)


def test_one_open_must_read_for_each_text(town: Town) -> None:
    by = house(town.cast.community_manager)
    first = actions.send_notice(by=by, entry=town.entry, audience=town.both, due_on=in_days(3))
    with pytest.raises(Refused, match="already"):
        actions.send_notice(by=by, entry=town.entry, audience=town.both, due_on=in_days(3))
    actions.close(by=by, notice=fresh(first))
    assert actions.send_notice(by=by, entry=town.entry, audience=town.both, due_on=in_days(3)).pk


def test_a_comment_or_what_stands_in_an_archived_space_is_not_asked_about(town: Town) -> None:
    by = house(town.cast.community_manager)
    comment = entries.add_comment(by=house(town.cast.bo), on=town.entry, body="Right")
    with pytest.raises(Forbidden):
        actions.send_notice(by=by, entry=comment, audience=town.both, due_on=in_days(3))
    spaces.archive_space(by=house(town.cast.leader), space=town.cast.open)
    with pytest.raises(Forbidden):
        actions.send_notice(by=by, entry=town.entry, audience=town.both, due_on=in_days(3))


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_whom_it_reaches_and_then_sends(town: Town) -> None:
    browser = signed_in(town.cast.community_manager)
    address = f"/e/{town.page.pk}/must-read/"
    assert "Yard" in browser.get(address).text
    sent = {"units": [town.yard.pk], "due_on": in_days(5).isoformat(), "note": "Before the crane comes"}
    answer = browser.post(address, sent | {"look": "1"})
    assert "<b>9</b> people will be asked" in answer.text
    assert "Before the crane comes" in answer.text and not Notice.objects.exists()
    answer = browser.post(address, sent | {"send": "1"}, follow=True)
    assert "Sent: 9 people are asked." in answer.text
    assert browser.get(address).status_code == 302  # one open must-read a text


def test_the_page_names_those_who_cannot_read_as_far_as_one_may_know_them(town: Town) -> None:
    post = entries.publish_post(by=house(town.cast.anna), space=town.cast.closed, body="Behind a door")
    browser = signed_in(town.cast.anna)
    sent = {"spaces": [town.cast.closed.pk, town.cast.guests.pk], "due_on": in_days(5).isoformat()}
    answer = browser.post(f"/e/{post.pk}/must-read/", sent | {"send": "1"})
    assert answer.status_code == 422
    assert "Gertrud Gast" in answer.text and "Leave them out and send" in answer.text
    assert not Notice.objects.exists()
    browser.post(f"/e/{post.pk}/must-read/", sent | {"leave_out": "1"})
    assert Notice.objects.get().roll.number == 2


def test_what_was_typed_is_still_there_after_a_refusal(town: Town) -> None:
    browser = signed_in(town.cast.community_manager)
    sent = {
        "units": [town.yard.pk], "people": "Nobody Of That Name", "due_on": in_days(-2).isoformat(), "note": "My words",
    }  # fmt: skip
    answer = browser.post(f"/e/{town.page.pk}/must-read/", sent | {"send": "1"})
    assert answer.status_code == 422
    for words in ("Nobody here fits “Nobody Of That Name”", "My words", in_days(-2).isoformat()):
        assert words in answer.text
    answer = browser.post(f"/e/{town.page.pk}/must-read/", sent | {"people": "", "send": "1"})
    assert answer.status_code == 422 and "That day has passed" in answer.text


def test_what_is_not_offered_is_not_taken(town: Town) -> None:
    """A leader who sends the unit of another by hand."""
    answer = signed_in(town.cast.leader).post(
        f"/e/{town.page.pk}/must-read/",
        {"units": [town.office.pk], "due_on": in_days(5).isoformat(), "send": "1"},
    )
    assert answer.status_code == 422 and not Notice.objects.exists()


def test_who_asks_nobody_finds_no_page(town: Town, cast: Cast) -> None:
    for who in (cast.outsider, town.yard_people[0], cast.guest):
        assert signed_in(who).get(f"/e/{town.page.pk}/must-read/").status_code in {403, 404}
    hand_out()
