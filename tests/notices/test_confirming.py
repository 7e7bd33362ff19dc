"""Confirming: one tap, bound to the words that were read; in somebody's place; on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, house, signed_in, viewer_of
from tests.notices.conftest import Town, fresh, hand_out, in_days
from torvet.base.rules import Forbidden, Refused
from torvet.notices import actions, queries
from torvet.notices.models import Confirmation, Notice
from torvet.notices.queries.waiting import forget_open, kept
from torvet.notices.wording import canonical, checksum
from torvet.people import away
from torvet.people.models import Member
from torvet.wiki import actions as wiki


@pytest.fixture
def notice(town: Town) -> Notice:
    made = actions.send_notice(
        by=house(town.cast.community_manager), entry=town.entry, audience=town.both, due_on=in_days(10)
    )
    hand_out()
    forget_open()
    return fresh(made)


def edit(town: Town, body: str) -> int:
    town.page.refresh_from_db()
    wiki.edit_page(
        by=house(town.cast.anna), page=town.page, title="How we lift", body=body, version=town.entry.version
    )
    forget_open()
    return town.entry.version


def waiting(member: Member) -> int:
    forget_open()
    return len(queries.to_confirm(viewer_of(member)))


def test_one_tap_confirms_and_a_second_changes_nothing(town: Town, notice: Notice) -> None:
    yrsa = town.yard_people[0]
    assert waiting(yrsa) == 1
    for _tap in range(2):
        actions.confirm(by=house(yrsa), notice=notice, version=1)
    row = Confirmation.objects.get()
    assert (row.member, row.version, row.checksum) == (yrsa, 1, notice.judged_checksum)
    assert waiting(yrsa) == 0 and waiting(town.yard_people[1]) == 1


def test_nobody_confirms_who_is_not_asked(town: Town, notice: Notice) -> None:
    for who in (town.cast.bo, town.cast.guest, town.cast.community_manager):
        with pytest.raises(Forbidden):
            actions.confirm(by=house(who), notice=notice, version=1)


def test_words_that_changed_meanwhile_are_read_first(town: Town, notice: Notice) -> None:
    edit(town, "Look up first. Then look down.")
    with pytest.raises(actions.OtherWords, match="changed since you opened it"):
        actions.confirm(by=house(town.yard_people[0]), notice=notice, version=1)
    assert not Confirmation.objects.exists()
    browser = signed_in(town.yard_people[0])
    answer = browser.post(f"/notices/{notice.pk}/confirmation/", {"version": 1})
    assert answer.status_code == 409 and "Then look down." in answer.text
    part = browser.post(f"/notices/{notice.pk}/confirmation/", {"version": 1}, headers={"hx-request": "true"})
    assert part.status_code == 422 and "Then look down." in part.text and "<html" not in part.text
    assert not Confirmation.objects.exists()
    browser.post(f"/notices/{notice.pk}/confirmation/", {"version": 2})
    assert Confirmation.objects.get().version == 2


def test_a_small_change_leaves_what_was_confirmed(town: Town, notice: Notice) -> None:
    yrsa = town.yard_people[0]
    actions.confirm(by=house(yrsa), notice=notice, version=1)
    version = edit(town, "Look up, first.")
    assert queries.has_changed(fresh(notice))
    assert waiting(yrsa) == 0, "until it is said, earlier confirmations stand"
    actions.call_small(by=house(town.cast.community_manager), notice=fresh(notice), version=version)
    assert not queries.has_changed(fresh(notice)) and waiting(yrsa) == 0


def test_a_significant_change_asks_everybody_again_with_a_week(town: Town, notice: Notice) -> None:
    yrsa = town.yard_people[0]
    actions.confirm(by=house(yrsa), notice=notice, version=1)
    Notice.objects.update(due_on=in_days(1))
    version = edit(town, "Look up twice.")
    again = actions.ask_again(
        by=house(town.cast.anna), notice=fresh(notice), version=version
    )  # she may edit it
    assert (again.counts_from, again.due_on) == (version, in_days(7))
    assert waiting(yrsa) == 1
    actions.confirm(by=house(yrsa), notice=fresh(notice), version=version)
    assert list(Confirmation.objects.filter(member=yrsa).values_list("version", flat=True)) == [1, version]


def test_what_a_change_means_is_said_of_the_words_that_were_looked_at(town: Town, notice: Notice) -> None:
    seen = edit(town, "Look up twice.")
    edit(town, "Look up three times.")
    with pytest.raises(Refused, match="once more"):
        actions.call_small(by=house(town.cast.community_manager), notice=fresh(notice), version=seen)
    with pytest.raises(Forbidden):
        actions.call_small(by=house(town.cast.outsider), notice=fresh(notice), version=seen + 1)


def test_what_changes_no_word_asks_nothing(town: Town, notice: Notice) -> None:
    edit(town, "Look **up** first.")
    assert not queries.has_changed(fresh(notice))


def test_the_checksum_can_be_made_again_from_what_is_kept() -> None:
    assert (
        canonical("How  we lift ", "Look up \r\nfirst.\n\n")
        == "torvet wording 1\nHow we lift\n\nLook up\nfirst.\n"
    )
    assert checksum("A\u030angstro\u0308m", "x") == checksum("Ångström", "x"), "composed or not"
    assert checksum("a", "b") != checksum("", "a\nb") != checksum("a", "b c")


def test_the_checksum_of_an_earlier_version_is_that_of_its_revision(town: Town, notice: Notice) -> None:
    actions.confirm(by=house(town.yard_people[0]), notice=notice, version=1)
    edit(town, "Look up twice.")
    earlier = town.entry.revisions.get(version=1)
    assert checksum(earlier.title, earlier.text) == Confirmation.objects.get().checksum


# --- In the place of somebody who is away -------------------------------------------------------------------------------


def test_a_deputy_confirms_in_the_place_of_who_is_away_and_it_does_not_count_as_theirs(
    town: Town, notice: Notice
) -> None:
    yrsa, deputy = town.yard_people[0], town.cast.bo
    away.set_away(by=house(yrsa), member=yrsa, from_on=in_days(0), until_on=in_days(3), deputy=deputy)
    hand_out()
    lines = queries.to_confirm(viewer_of(deputy)) if not forget_open() else []
    assert [(line.notice.pk, line.absent) for line in lines] == [(notice.pk, yrsa)]
    actions.confirm(by=house(deputy), notice=notice, version=1, in_place_of=yrsa)
    row = Confirmation.objects.get()
    assert (row.member, row.in_place_of) == (deputy, yrsa)
    assert waiting(deputy) == 0 and waiting(yrsa) == 1


def test_only_the_deputy_and_only_while_they_are_away(town: Town, notice: Notice) -> None:
    yrsa = town.yard_people[0]
    with pytest.raises(Forbidden):
        actions.confirm(by=house(town.cast.bo), notice=notice, version=1, in_place_of=yrsa)
    away.set_away(by=house(yrsa), member=yrsa, from_on=in_days(2), until_on=in_days(3), deputy=town.cast.bo)
    with pytest.raises(Forbidden):
        actions.confirm(by=house(town.cast.bo), notice=notice, version=1, in_place_of=yrsa)
    away.set_away(by=house(yrsa), member=yrsa, from_on=in_days(0), until_on=in_days(1), deputy=town.cast.anna)
    with pytest.raises(Forbidden):
        actions.confirm(by=house(town.cast.bo), notice=notice, version=1, in_place_of=yrsa)
    assert actions.confirm(by=house(town.cast.anna), notice=notice, version=1, in_place_of=yrsa).pk


def test_a_deputy_who_cannot_read_it_is_neither_asked_nor_told(town: Town, cast: Cast) -> None:
    from torvet.entries import actions as entries
    from torvet.notices.queries.audience import Audience
    from torvet.notifications.models import Notification

    post = entries.publish_post(by=house(cast.anna), space=cast.closed, body="Behind a door")
    made = actions.send_notice(
        by=house(cast.anna),
        entry=post,
        audience=Audience(spaces=frozenset({cast.closed.pk})),
        due_on=in_days(5),
    )
    away.set_away(
        by=house(cast.bo), member=cast.bo, from_on=in_days(0), until_on=in_days(3), deputy=cast.outsider
    )
    hand_out()
    assert waiting(cast.outsider) == 0
    assert not Notification.objects.filter(member=cast.outsider).exists()
    with pytest.raises(Forbidden):
        actions.confirm(by=house(cast.outsider), notice=made, version=1, in_place_of=cast.bo)


# --- On paper ---------------------------------------------------------------------------------------------------------


def test_who_signed_on_paper_is_written_down_with_who_wrote_it(town: Town, notice: Notice) -> None:
    signed = town.yard_people[:3]
    actions.confirm(by=house(signed[0]), notice=notice, version=1)
    made = actions.record_paper(
        by=house(town.cast.leader), notice=notice, members=signed, version=1, signed_on=in_days(0)
    )
    assert len(made) == 2, "whoever had confirmed stays as they are"
    assert {row.recorded_by for row in made} == {town.cast.leader}
    assert waiting(signed[1]) == 0


@pytest.mark.parametrize(("days", "words"), [(1, "not come yet"), (-1, "before anybody was asked")])
def test_the_day_on_paper_is_neither_to_come_nor_before_it_was_sent(
    town: Town, notice: Notice, days: int, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        actions.record_paper(
            by=house(town.cast.leader),
            notice=notice,
            members=town.yard_people[:1],
            version=1,
            signed_on=in_days(days),
        )


def test_a_sheet_of_an_earlier_text_counts_no_more(town: Town, notice: Notice) -> None:
    version = edit(town, "Look up twice.")
    actions.ask_again(by=house(town.cast.community_manager), notice=notice, version=version)
    with pytest.raises(Refused, match="earlier text"):
        actions.record_paper(
            by=house(town.cast.leader),
            notice=fresh(notice),
            members=town.yard_people[:1],
            version=1,
            signed_on=in_days(0),
        )
    with pytest.raises(Refused, match="no such version"):
        actions.record_paper(
            by=house(town.cast.leader),
            notice=fresh(notice),
            members=town.yard_people[:1],
            version=77,
            signed_on=in_days(0),
        )


def test_whoever_leads_a_unit_writes_down_their_own_and_no_others(town: Town, notice: Notice) -> None:
    with pytest.raises(Forbidden):
        actions.record_paper(
            by=house(town.cast.leader),
            notice=notice,
            members=town.office_people[:1],
            version=1,
            signed_on=in_days(0),
        )
    browser = signed_in(town.cast.leader)
    page = browser.get(f"/notices/{notice.pk}/paper/")
    assert "Yrsa A" in page.text and "Olav A" not in page.text
    answer = browser.post(
        f"/notices/{notice.pk}/paper/",
        {"signed": [town.yard_people[0].pk], "signed_on": in_days(1).isoformat(), "version": 1},
    )
    assert answer.status_code == 422 and "not come yet" in answer.text
    assert f'value="{town.yard_people[0].pk}" checked' in answer.text
    browser.post(
        f"/notices/{notice.pk}/paper/",
        {"signed": [town.yard_people[0].pk], "signed_on": in_days(0).isoformat(), "version": 1},
    )
    assert Confirmation.objects.get().recorded_by == town.cast.leader
    assert browser.get(f"/notices/{notice.pk}/").status_code == 404, "its numbers are not theirs"


def test_the_printed_notice_carries_a_code_and_the_list(town: Town, notice: Notice) -> None:
    text = signed_in(town.cast.community_manager).get(f"/notices/{notice.pk}/print/").text
    assert '<path class="paper-black" d="M' in text and f"/pages/{town.page.pk}/" in text
    assert "Yrsa A" in text and "Olav F" in text and "style=" not in text


# --- What every page costs ----------------------------------------------------------------------------------------------


def test_whom_nobody_asks_costs_no_statement_and_the_others_one(town: Town, notice: Notice) -> None:
    kept()
    for who, most in ((town.cast.outsider, 0), (town.yard_people[0], 1)):
        viewer = viewer_of(who)
        with CaptureQueriesContext(connection) as asked:
            queries.number_to_confirm(viewer)
        assert len(asked) == most, who


@pytest.mark.only_sqlite
def test_what_every_page_asks_reads_no_other_confirmation(town: Town, notice: Notice) -> None:
    """Both halves of the statement go by an index: no reader pays for those who have confirmed before."""
    from torvet.people.models import Absence

    Absence.objects.create(
        member=town.yard_people[1], deputy=town.yard_people[0], from_on=in_days(0), until_on=in_days(1)
    )
    forget_open()
    kept()
    with CaptureQueriesContext(connection) as asked:
        assert queries.number_to_confirm(viewer_of(town.yard_people[0])) == 2
    sql = asked[-1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = [line[3] for line in cursor.fetchall()]
    assert sum("confirmed_once" in line or "confirmed_in_place_once" in line for line in plan) == 2, plan
    assert not [line for line in plan if line.startswith("SCAN c")], plan


def test_a_closed_must_read_asks_nobody(town: Town, notice: Notice) -> None:
    actions.close(by=house(town.cast.community_manager), notice=notice)
    assert waiting(town.yard_people[0]) == 0
    with pytest.raises(Refused, match="Nobody is asked"):
        actions.confirm(by=house(town.yard_people[0]), notice=notice, version=1)


def test_the_tap_on_a_page_and_in_the_list_without_a_script(town: Town, notice: Notice) -> None:
    browser = signed_in(town.yard_people[0])
    page = browser.get(f"/pages/{town.page.pk}/").text
    assert "Please read this, then confirm" in page and "I have read this" in page
    listed = browser.get("/to-confirm/").text
    assert "How we lift" in listed
    answer = browser.post(
        f"/notices/{notice.pk}/confirmation/", {"version": 1, "next": "/to-confirm/"}, follow=True
    )
    assert "Nothing to confirm" in answer.text and "It is noted that you have read it" in answer.text
    assert "You confirmed that you have read this" in browser.get(f"/pages/{town.page.pk}/").text
    part = browser.post(f"/notices/{notice.pk}/confirmation/", {"version": 1}, headers={"hx-request": "true"})
    assert part.status_code == 200 and "<html" not in part.text


def test_nothing_is_kept_of_who_opened_it(town: Town, notice: Notice) -> None:
    """The page, the list and the notice are looked at; no table but those of reading positions has a row more."""
    from django.apps import apps

    def rows() -> dict[str, int]:
        return {
            model._meta.label: model._base_manager.count()
            for model in apps.get_models()
            if model._meta.label not in {"people.Session", "entries.Watch", "entries.Card"}
        }

    browser = signed_in(town.yard_people[0])
    before = rows()
    for address in ("/to-confirm/", f"/pages/{town.page.pk}/"):
        assert browser.get(address).status_code == 200
    assert rows() == before


def test_the_time_is_that_of_the_tap(town: Town, notice: Notice) -> None:
    row = actions.confirm(by=house(town.yard_people[0]), notice=notice, version=1)
    assert timezone.now() - row.confirmed_at < timedelta(seconds=5)
