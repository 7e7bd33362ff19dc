"""Approved words and working words: readers read the approved ones, by whatever way they come."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from torvet.activity import outbox
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.actions import EditConflict
from torvet.entries.models import Entry
from torvet.notifications import queries as notifications
from torvet.notifications.models import Notification, Told
from torvet.people import actions as people
from torvet.people.models import AccessToken, Member
from torvet.spaces import actions as spaces
from torvet.spaces.models import Space
from torvet.spaces.queries import membership_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.models import Page, PageLink, Verdict, WorkingText

pytestmark = pytest.mark.django_db

CANARY = "cnrywork"


def approved_page(cast: Cast, space: Space | None = None, title: str = "Masks") -> Page:
    """Bo's page with approved words."""
    page = actions.write_page(
        by=house(cast.bo), space=space or cast.open, title=title, body="Wear the grey one"
    )
    return actions.want_approval(by=house(cast.bo), page=page)


def again(page: Page) -> Page:
    return Page.objects.select_related("entry__space", "owner", "deputy").get(pk=page.pk)


def edit(by: Member, page: Page, body: str, title: str = "Masks") -> Page:
    page = again(page)
    return actions.edit_page(
        by=house(by), page=page, title=title, body=body, version=queries.words_to_edit(page).version
    )


def version(page: Page) -> int:
    found = again(page).working_version
    assert found is not None
    return found


def read_by(client: Client, page: Page) -> dict[str, str]:
    """Everything that a reader could read of a page, by address."""
    addresses = (
        page.url, f"{page.url}history/", f"{page.url}linked/", f"/e/{page.pk}/", f"/e/{page.pk}/menu/",
        f"/e/{page.pk}/history/", f"/e/{page.pk}/reactions/", "/", "/company/", "/feed/rail/", f"/spaces/{page.space_id}/",
        f"/spaces/{page.space_id}/pages/", f"/spaces/{page.space_id}/files/", f"/search/?q={CANARY}", "/search/?q=masks",
        f"/api/v1/entries/{page.pk}", "/api/v1/feed", f"/api/v1/spaces/{page.space_id}/entries", "/topics/",
        f"/api/v1/search?q={CANARY}", "/told/", "/pages/to-confirm/", f"/topics/{CANARY}/", "/bookmarks/", "/people/",
        f"/people/{page.owner_id}/posts/", f"/api/v1/members/{page.owner_id}/entries", f"{page.url}working/",
        f"{page.url}edit/", f"{page.url}approval/setting/",
    )  # fmt: skip
    return {address: client.get(address, follow=True).content.decode() for address in addresses}


def drain() -> None:
    while outbox.drain():
        pass


def test_what_editors_save_reaches_no_reader_before_it_is_approved(cast: Cast) -> None:
    page = approved_page(cast)
    reader = signed_in(cast.outsider)
    entries.bookmark(by=house(cast.outsider), entry=page.entry)
    edit(
        cast.anna, page, f"# {CANARY}\n\nMasks #{CANARY} {CANARY} @{cast.outsider.handle} [x](/pages/{page.pk}/)",
        title=f"Title {CANARY}",
    )  # fmt: skip
    drain()
    found = read_by(reader, page)
    leaking = [
        address
        for address, text in found.items()
        if CANARY
        in text.replace(f"?q={CANARY}", "").replace(f"/{CANARY}/", "").replace(f'value="{CANARY}"', "")
        and not address.endswith(CANARY)
        and f"/topics/{CANARY}/" != address
    ]
    assert not leaking, leaking
    assert "Wear the grey one" in found[page.url]
    assert "working text" not in found[page.url].lower()
    assert not Entry.objects.filter(body__contains=CANARY).exists()
    assert not Notification.objects.filter(member=cast.outsider).exists()
    # The same addresses do show it once it is approved: the search above can see.
    actions.approve_page(by=house(cast.bo), page=page, version=version(page))
    drain()
    shown = read_by(reader, page)
    assert (
        CANARY in shown[page.url]
        and CANARY in shown[f"/api/v1/entries/{page.pk}"]
        and CANARY in shown["/search/?q=masks"]
    )
    assert "mentioned you" in shown["/told/"]


def test_a_search_for_working_words_finds_nothing(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.anna, page, f"Words {CANARY}")
    drain()
    for member in (cast.outsider, cast.anna):
        assert page.url not in signed_in(member).get(f"/search/?q={CANARY}").content.decode()


def test_a_reader_with_a_key_reads_the_approved_words(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.anna, page, CANARY)
    _row, key = people.make_token(by=house(cast.bo), name="read", scopes=frozenset({"read"}))
    answer = Client().get(f"/api/v1/entries/{page.pk}", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200 and CANARY not in answer.content.decode()
    assert AccessToken.objects.count() == 1


EDITORS = {
    "open": {"anna", "bo", "administrator", "community_manager", "leader"},
    "closed": {"anna", "bo"},
    "secret": {"anna", "bo"},
    "guests": {"anna", "bo", "guest"},
}


@pytest.mark.parametrize("place", EDITORS)
def test_who_sees_a_working_text(cast: Cast, place: str) -> None:
    """The rule, the set behind it and the address, for everybody."""
    page = approved_page(cast, cast.spaces[place])
    edit(cast.anna, page, CANARY)
    page = again(page)
    for name, member in cast.people.items():
        viewer = viewer_of(member)
        allowed = name in EDITORS[place]
        assert rules.can_see_working(viewer, page, membership_of(viewer, page.entry.space)) is allowed, name
        assert WorkingText.objects.visible_to(viewer).exists() is allowed, name
        if name != "deactivated":
            answer = signed_in(member).get(f"{page.url}working/")
            assert answer.status_code == (200 if allowed else 404), name
            assert (CANARY in answer.content.decode()) is allowed, name


def test_nobody_sees_a_working_text_in_an_archived_space_or_of_a_removed_page(cast: Cast) -> None:
    page = approved_page(cast, cast.closed)
    edit(cast.anna, page, CANARY)
    entries.remove_entry(by=house(cast.bo), entry=page.entry)
    assert not WorkingText.objects.visible_to(viewer_of(cast.anna)).exists()
    entries.restore_entry(by=house(cast.bo), entry=again(page).entry)
    assert WorkingText.objects.visible_to(viewer_of(cast.anna)).exists()
    spaces.archive_space(by=house(cast.anna), space=cast.closed)
    assert not WorkingText.objects.visible_to(viewer_of(cast.anna)).exists()
    assert signed_in(cast.anna).get(f"{page.url}working/").status_code == 404


APPROVERS = {"bo", "anna", "leader"}  # its owner, a moderator, the owner of the space


def test_who_approves_and_who_says_not_yet(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.community_manager, page, CANARY)
    for name, member in cast.people.items():
        if name in APPROVERS or name == "deactivated":
            continue
        for act in (
            lambda by: actions.approve_page(by=by, page=again(page), version=version(page)),
            lambda by: actions.answer_not_yet(by=by, page=again(page), version=version(page), reason="no"),
            lambda by: actions.want_approval(by=by, page=again(page)),
            lambda by: actions.lift_approval(
                by=by, page=again(page), stands="working", version=version(page)
            ),
        ):
            with pytest.raises(Forbidden):
                act(viewer_of(member))
        browser = signed_in(member)
        for address in ("approval/", "approval/not-yet/", "approval/setting/"):
            assert browser.post(f"{page.url}{address}", {"version": version(page)}).status_code == 404, (
                name,
                address,
            )
    assert again(page).entry.text == "Wear the grey one"
    for name in sorted(APPROVERS):
        body = f"By {name}"
        edit(cast.administrator, page, body)
        actions.approve_page(by=viewer_of(cast.people[name]), page=page, version=version(page))
        assert again(page).entry.text == body
        assert again(page).approved_by == cast.people[name]


def test_approved_words_stay_those_of_who_wrote_them(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.anna, page, "Wear the blue one")
    actions.approve_page(by=house(cast.bo), page=again(page), version=version(page))
    edit(cast.bo, page, "Wear the green one")
    actions.approve_page(by=house(cast.bo), page=again(page), version=version(page))
    shown = signed_in(cast.anna).get(f"{page.url}history/").content.decode()
    assert f"written by {cast.anna.name}, accepted by {cast.bo.name}" in shown
    assert f"written by {cast.bo.name}" not in shown


def test_approving_what_one_has_not_seen_is_refused(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.anna, page, "One")
    looked_at = version(page)
    edit(cast.anna, page, "Two")
    browser = signed_in(cast.bo)
    answer = browser.post(f"{page.url}approval/", {"version": looked_at})
    assert answer.status_code == 409
    assert "changed since you looked" in answer.content.decode() and "Two" in answer.content.decode()
    assert again(page).entry.text == "Wear the grey one"
    assert browser.post(f"{page.url}approval/", {"version": version(page)}).headers["Location"] == page.url
    assert again(page).entry.text == "Two"
    # Somebody else was faster: nothing waits any more.
    with pytest.raises(Refused):
        actions.approve_page(by=house(cast.anna), page=again(page), version=looked_at)
    for nonsense in ("", "-1", "9" * 40, "x"):
        assert browser.post(f"{page.url}approval/", {"version": nonsense}).status_code == 409


def test_two_who_edit_at_once_are_told_and_nothing_is_lost(cast: Cast) -> None:
    page = approved_page(cast)
    begun = queries.words_to_edit(again(page))
    assert begun.body == "<p>Wear the grey one</p>"
    edit(cast.anna, page, "Annas")
    with pytest.raises(EditConflict) as caught:
        actions.edit_page(
            by=house(cast.bo), page=again(page), title="Masks", body="Bos", version=begun.version
        )
    assert (caught.value.entry.text, caught.value.entry.version) == ("Annas", version(page))
    answer = signed_in(cast.bo).post(
        f"{page.url}edit/", {"title": "Masks", "body": "Bos", "version": begun.version, "sort": "plain"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 409 and "Annas" in shown and "Bos" in shown
    assert queries.words_to_edit(again(page)).body == "<p>Annas</p>"


def test_a_tab_that_was_left_open_never_passes_as_up_to_date(cast: Cast) -> None:
    """Versions rise across approved and working words, whatever became of a working text."""
    page = approved_page(cast)
    old: set[int] = {queries.words_to_edit(again(page)).version}
    for number, ends in enumerate(("approve", "leave", "approve", "lift")):
        edit(cast.anna, page, f"Text {number}")
        old.add(version(page))
        edit(cast.bo, page, f"Text {number} and more")
        standing = version(page)
        if ends == "approve":
            actions.approve_page(by=house(cast.bo), page=again(page), version=standing)
        else:
            stands = "approved" if ends == "leave" else "working"
            actions.lift_approval(by=house(cast.bo), page=again(page), stands=stands, version=standing)
            if ends == "leave":
                old.add(standing)
                actions.want_approval(by=house(cast.bo), page=again(page))
        current = queries.words_to_edit(again(page))
        for stale in old - {current.version}:
            with pytest.raises(EditConflict):
                actions.edit_page(
                    by=house(cast.anna), page=again(page), title="Masks", body="stale", version=stale
                )
        assert current.version not in old, ends
        old.add(current.version)
    assert again(page).entry.text == "Text 3 and more"


def test_not_yet_goes_to_the_writer_with_a_reason_and_the_text_stays(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.anna, page, "Half a sentence")
    browser = signed_in(cast.bo)
    refused = browser.post(f"{page.url}approval/not-yet/", {"version": version(page), "reason": "  "})
    assert refused.status_code == 422 and "what is missing" in refused.content.decode()
    kept = browser.post(f"{page.url}approval/not-yet/", {"version": 1, "reason": "The filter is missing"})
    assert kept.status_code == 422 and "The filter is missing" in kept.content.decode()
    browser.post(
        f"{page.url}approval/not-yet/", {"version": version(page), "reason": "The filter is missing"}
    )
    drain()
    lines = notifications.told(viewer_of(cast.anna)).things
    assert [(line.verb, line.target) for line in lines[:1]] == [(Told.NOT_YET, f"{page.url}working/")]
    assert "The filter is missing" in signed_in(cast.anna).get(f"{page.url}working/").content.decode()
    assert "The filter is missing" not in signed_in(cast.outsider).get(page.url).content.decode()
    assert queries.words_to_edit(again(page)).body == "<p>Half a sentence</p>"
    # The same writer goes on: it waits anew, and what was answered stays in the history.
    edit(cast.anna, page, "A whole sentence")
    rows = WorkingText.objects.filter(page=page).order_by("version")
    assert [row.verdict for row in rows] == [Verdict.NOT_YET, Verdict.WAITING]
    drain()
    assert Notification.objects.filter(member=cast.bo, verb=Told.TO_APPROVE, read_at=None).count() == 1


def test_saving_as_one_types_tells_once_and_is_one_line_of_the_history(cast: Cast) -> None:
    page = approved_page(cast)
    for number in range(5):
        edit(cast.anna, page, f"Letter by letter {number}")
    edit(cast.leader, page, "By another hand")
    drain()
    assert (
        Notification.objects.filter(verb=Told.TO_APPROVE).values_list("member", flat=True).get() == cast.bo.pk
    )
    texts = list(WorkingText.objects.filter(page=page).order_by("version").values_list("text", flat=True))
    assert texts == ["Letter by letter 4", "By another hand"]
    shown = signed_in(cast.anna).get(f"{page.url}working/").content.decode()
    assert "Letter by letter 4" in shown and "By another hand" in shown


def test_the_question_is_closed_for_all_once_one_has_approved(cast: Cast) -> None:
    page = approved_page(cast)
    actions.name_owner(by=house(cast.bo), page=page, owner=cast.bo, deputy=cast.leader, unit=None, months=12)
    edit(cast.anna, page, "New")
    drain()
    waiting = Notification.objects.filter(verb=Told.TO_APPROVE, read_at=None)
    assert set(waiting.values_list("member", flat=True)) == {cast.bo.pk, cast.leader.pk}
    actions.approve_page(by=house(cast.leader), page=again(page), version=version(page))
    drain()
    assert not waiting.exists()
    assert notifications.told(viewer_of(cast.anna)).things[0].verb == Told.APPROVED


def test_switched_off_nothing_comes_out_by_itself(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.anna, page, CANARY)
    browser = signed_in(cast.bo)
    asked = browser.post(f"{page.url}approval/setting/", {"version": version(page)})
    assert asked.status_code == 422 and "Choose which" in asked.content.decode()
    assert again(page).needs_approval and again(page).entry.text == "Wear the grey one"
    stale = browser.post(f"{page.url}approval/setting/", {"version": 1, "stands": "working"})
    assert stale.status_code == 422 and again(page).needs_approval
    browser.post(f"{page.url}approval/setting/", {"version": version(page), "stands": "approved"})
    left = again(page)
    assert not left.needs_approval and left.working_version is None
    assert (left.entry.text, left.entry.edited_at) == ("Wear the grey one", None)
    assert WorkingText.objects.get(page=page).verdict == Verdict.LEFT
    edit(cast.anna, page, "At once")
    assert again(page).entry.text == "At once"


def test_a_page_never_approved_is_being_written_and_shows_no_word(cast: Cast) -> None:
    actions.want_approval_in(by=house(cast.leader), space=cast.open, is_wanted=True)
    page = actions.write_page(by=house(cast.bo), space=cast.open, title="Valves", body=f"Words {CANARY}")
    drain()
    reader = signed_in(cast.outsider)
    found = read_by(reader, page)
    assert "This page is being written" in found[page.url] and "Valves" in found[page.url]
    assert not [
        address
        for address, text in found.items()
        if CANARY in text.replace(f"?q={CANARY}", "").replace(f'value="{CANARY}"', "")
        and "topics" not in address and not address.endswith(CANARY)
    ]  # fmt: skip
    assert CANARY in signed_in(cast.anna).get(page.url).content.decode()
    # A better title is a working word, too.
    edit(cast.bo, page, f"Words {CANARY}", title=f"Valves {CANARY}2")
    assert f"{CANARY}2" not in reader.get(page.url).content.decode()
    with pytest.raises(Refused):
        actions.lift_approval(by=house(cast.bo), page=again(page), stands="approved", version=version(page))
    actions.approve_page(by=house(cast.anna), page=again(page), version=version(page))
    assert CANARY in reader.get(page.url).content.decode()


def test_files_wait_for_the_approval_of_a_new_page_and_nothing_typed_is_lost(cast: Cast) -> None:
    actions.want_approval_in(by=house(cast.leader), space=cast.open, is_wanted=True)
    with pytest.raises(Refused):
        actions.write_page(by=house(cast.bo), space=cast.open, title="x", body="y", files=["key"])
    assert not Page.objects.exists()
    form = signed_in(cast.bo).get(f"/spaces/{cast.open.pk}/pages/new/").content.decode()
    assert "torvet-files" not in form and "approved before others read them" in form


def test_who_says_that_new_pages_of_a_space_need_approval(cast: Cast) -> None:
    for name, member in cast.people.items():
        if name in {"leader", "anna", "deactivated"}:
            continue
        with pytest.raises(Forbidden):
            actions.want_approval_in(by=viewer_of(member), space=cast.open, is_wanted=True)
        assert (
            signed_in(member).post(f"/spaces/{cast.open.pk}/pages/approval/", {"approval": "on"}).status_code
            == 404
        )
    signed_in(cast.anna).post(f"/spaces/{cast.open.pk}/pages/approval/", {"approval": "on"})
    assert queries.wants_approval(cast.open)
    signed_in(cast.anna).post(f"/spaces/{cast.open.pk}/pages/approval/", {})
    assert not queries.wants_approval(cast.open)


def test_no_way_into_the_words_goes_past_approval(cast: Cast) -> None:
    """The forms and the API of entries hand a page over to the wiki."""
    page = approved_page(cast)
    browser = signed_in(cast.bo)
    assert browser.get(f"/e/{page.pk}/edit/").headers["Location"] == f"{page.url}edit/"
    browser.post(f"/e/{page.pk}/edit/", {"title": "Masks", "body": CANARY, "version": 1})
    entries.edit_entry(by=house(cast.anna), entry=again(page).entry, title="Masks", body=CANARY, version=1)
    assert again(page).entry.text == "Wear the grey one"
    assert queries.words_to_edit(again(page)).body == f"<p>{CANARY}</p>"
    _row, key = people.make_token(by=house(cast.bo), name="w", scopes=frozenset({"read", "write"}))
    answer = Client().patch(
        f"/api/v1/entries/{page.pk}", {"version": 1, "body": "From outside"}, content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert answer.status_code in {403, 409, 422} and "newer working text" in answer.content.decode()
    assert again(page).entry.text == "Wear the grey one"


def test_without_approval_the_api_changes_a_page_and_its_links(cast: Cast) -> None:
    other = actions.write_page(by=house(cast.bo), space=cast.open, title="Other", body="x")
    page = actions.write_page(by=house(cast.bo), space=cast.open, title="Masks", body="x")
    entries.edit_entry(
        by=house(cast.anna), entry=page.entry, title="Masks", body=f"See [it](/pages/{other.pk}/)", version=1
    )
    assert PageLink.objects.get(page=page).to_id == other.pk


def test_links_of_a_working_text_are_told_to_nobody(cast: Cast) -> None:
    page = approved_page(cast)
    other = actions.write_page(by=house(cast.bo), space=cast.open, title="Other", body="x")
    edit(cast.anna, page, f"See [it](/pages/{other.pk}/)")
    assert not queries.linked_from(viewer_of(cast.outsider), other).things
    actions.approve_page(by=house(cast.bo), page=again(page), version=version(page))
    assert [row.pk for row in queries.linked_from(viewer_of(cast.outsider), other).things] == [page.pk]


def test_the_page_shows_editors_a_banner_and_the_words_that_differ(cast: Cast) -> None:
    page = approved_page(cast)
    edit(cast.anna, page, "Wear the red one")
    banner = signed_in(cast.anna).get(page.url).content.decode()
    assert "There is a newer working text" in banner and "Wear the grey one" in banner
    working = signed_in(cast.bo).get(f"{page.url}working/").content.decode()
    assert "grey</del>" in working and "red</ins>" in working
    form = signed_in(cast.bo).get(f"{page.url}edit/").content.decode()
    assert "Wear the red one" in form


def test_a_closed_account_of_the_owner_leaves_those_who_run_the_space_to_approve(cast: Cast) -> None:
    nina = newcomer("Nina Ny")
    spaces.join(by=house(nina), space=cast.open)
    page = actions.write_page(by=house(nina), space=cast.open, title="Masks", body="Words")
    actions.want_approval(by=house(nina), page=page)
    Member.objects.filter(pk=nina.pk).update(is_active=False)  # before anybody took it over
    edit(cast.bo, page, "New")
    drain()
    told = Notification.objects.filter(verb=Told.TO_APPROVE).values_list("member", flat=True)
    assert set(told) == {cast.leader.pk, cast.anna.pk}
