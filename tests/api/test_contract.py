"""The shapes that other programs rely on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.api.asking import Program, answer, says, write
from tests.cast import Cast, house
from torvet.entries import actions
from torvet.entries.models import Bookmark, Entry, Reaction
from torvet.people.models import AccessToken, Site, Unit
from torvet.spaces.models import JoinRequest, Membership

MEMBER_LINE = {
    "id",
    "url",
    "name",
    "handle",
    "title",
    "photo_url",
    "is_active",
    "is_guest",
    "is_bot",
    "abilities",
}
SPACE_LINE = {"id", "url", "name", "access", "has_guests", "abilities"}
ENTRY = {
    "id", "url", "kind", "title", "html", "text", "markdown", "language", "author", "space", "thread_id",
    "reply_to_id", "topics", "mentions", "attachments", "reactions", "own_reactions", "reply_count", "is_bookmarked",
    "written_by", "comments_closed",
    "is_pinned", "version", "published_at", "edited_at", "active_at", "removed_at", "abilities",
}  # fmt: skip


def test_who_asks_is_told_who_they_are(cast: Cast) -> None:
    me = Program(cast.anna, frozenset({"read"})).found("/me")
    assert (me["id"], me["name"], me["email"]) == (cast.anna.pk, "Anna Åberg", cast.anna.email)
    assert me["url"] == f"http://127.0.0.1:8000/people/{cast.anna.pk}/"
    assert me["scopes"] == ["read"] and me["company"] == "Nordhavn"


def test_an_entry_carries_what_the_contract_says(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, f"Hello **you**, @{cast.bo.handle}, about #Cranes", title="A title")
    actions.react(by=house(cast.bo), entry=entry, emoji="👍")
    shown = Program(cast.bo).found(f"/entries/{entry.pk}")
    assert set(shown) == ENTRY
    assert set(shown["author"]) == MEMBER_LINE and set(shown["space"]) == SPACE_LINE
    assert shown["url"] == f"http://127.0.0.1:8000/e/{entry.pk}/"
    assert (shown["kind"], shown["title"], shown["version"], shown["reply_count"]) == (
        "post",
        "A title",
        1,
        0,
    )
    assert "<strong>you</strong>" in shown["html"] and "**you**" in shown["markdown"]
    assert "<" not in shown["text"]
    assert shown["topics"] == ["cranes"]
    assert shown["mentions"] == [
        {
            "kind": "member",
            "id": cast.bo.pk,
            "name": cast.bo.name,
            "url": f"http://127.0.0.1:8000/people/{cast.bo.pk}/",
        }
    ]
    assert (shown["reactions"], shown["own_reactions"]) == ({"👍": 1}, ["👍"])
    assert shown["abilities"] == {
        "comment": True, "react": True, "vote": False, "edit": False, "remove": False, "restore": False, "pin": False, "close": False,
        "bookmark": True, "watch": True,
    }  # fmt: skip
    assert Program(cast.anna).found(f"/entries/{entry.pk}")["abilities"]["edit"] is True


def test_times_are_iso_8601_in_utc(cast: Cast) -> None:
    shown = Program(cast.bo).found(f"/entries/{write(cast.anna, cast.open).pk}")
    assert shown["published_at"].endswith("Z")
    moment = datetime.fromisoformat(shown["published_at"])
    assert moment.tzinfo == UTC and abs((timezone.now() - moment).total_seconds()) < 60


def test_a_space_carries_its_purpose_and_what_the_viewer_may_do(cast: Cast) -> None:
    shown = Program(cast.bo).found(f"/spaces/{cast.closed.pk}")
    assert set(shown) >= SPACE_LINE | {"purpose", "audience", "responsible", "member_count", "standing"}
    assert shown["url"] == f"http://127.0.0.1:8000/spaces/{cast.closed.pk}/"
    assert (shown["access"], shown["purpose"], shown["standing"]) == (
        "closed",
        "Preparing decisions",
        "member",
    )
    assert shown["abilities"]["write"] is True and shown["abilities"]["invite"] is False
    assert shown["responsible"]["id"] == cast.anna.pk


def test_a_member_carries_their_place_in_the_company(cast: Cast) -> None:
    unit = Unit.objects.create(name="Crane works", leader=cast.leader)
    site = Site.objects.create(name="Quay 3", country="DK")
    for who in (cast.bo, cast.guest):
        who.unit, who.site, who.manager, who.phone = unit, site, cast.anna, "+45 1"
        who.save()
    shown = Program(cast.leader).found(f"/members/{cast.bo.pk}")
    assert shown["unit"] == {
        "id": unit.pk,
        "url": f"http://127.0.0.1:8000/units/{unit.pk}/",
        "name": "Crane works",
    }
    assert (shown["site"]["name"], shown["manager"]["id"], shown["phone"]) == (
        "Quay 3",
        cast.anna.pk,
        "+45 1",
    )
    assert shown["abilities"] == {"edit": False, "follow": True}
    assert "email" not in shown
    [told] = Program(cast.leader).found("/units")["items"]
    assert (told["name"], told["parent_id"], told["leader"]["id"]) == ("Crane works", None, cast.leader.pk)
    inside = Program(cast.leader).found(f"/members?unit={unit.pk}&site={site.pk}")["items"]
    assert [member["id"] for member in inside] == [cast.bo.pk, cast.guest.pk]


def test_a_guest_is_not_shown_the_inside_of_the_company(cast: Cast) -> None:
    unit = Unit.objects.create(name="Crane works")
    cast.anna.unit, cast.anna.manager, cast.anna.phone = unit, cast.leader, "+45 1"
    cast.anna.save()
    guest = Program(cast.guest)
    shown = guest.found(f"/members/{cast.anna.pk}")
    assert (shown["unit"], shown["manager"], shown["phone"]) == (None, None, "")
    says(guest.get("/units"), 404)
    says(guest.get(f"/members?unit={unit.pk}"), 404)
    assert {member["id"] for member in guest.every("/members")} == {cast.anna.pk, cast.bo.pk, cast.guest.pk}


def test_posting_answers_201_with_the_entry_and_its_address(cast: Cast) -> None:
    program = Program(cast.bo)
    made = program.post(f"/spaces/{cast.open.pk}/entries", {"body": "# Lunch\n\nat noon", "title": "Today"})
    assert made.status_code == 201
    shown = made.json()
    assert set(shown) == ENTRY and (shown["title"], shown["author"]["id"]) == ("Today", cast.bo.pk)
    assert made.headers["Location"] == f"http://127.0.0.1:8000/api/v1/entries/{shown['id']}"
    assert Entry.objects.get(pk=shown["id"]).space == cast.open


def test_html_is_cleaned_before_it_is_kept(cast: Cast) -> None:
    made = Program(cast.bo).post(
        f"/spaces/{cast.open.pk}/entries",
        {"body": '<p onclick="x()">Hi<script>alert(1)</script></p>', "format": "html"},
    ).json()  # fmt: skip
    assert made["html"] == "<p>Hi</p>"


def test_comments_are_answers_in_order_and_answers_have_answers(cast: Cast) -> None:
    entry = write(cast.anna, cast.open)
    program = Program(cast.bo)
    first = program.post(f"/entries/{entry.pk}/comments", {"body": "First"})
    assert first.status_code == 201
    below = program.post(f"/entries/{first.json()['id']}/comments", {"body": "Below it"}).json()
    second = answer(cast.leader, entry, "Second")
    assert (below["thread_id"], below["reply_to_id"]) == (entry.pk, first.json()["id"])
    listed = program.found(f"/entries/{entry.pk}/comments")["items"]
    assert [comment["id"] for comment in listed] == [first.json()["id"], below["id"], second.pk]
    direct = program.found(f"/entries/{first.json()['id']}/comments")["items"]
    assert [comment["id"] for comment in direct] == [below["id"]]
    assert program.found(f"/entries/{entry.pk}")["reply_count"] == 3


def test_of_a_removed_comment_only_the_notice_is_left(cast: Cast) -> None:
    entry = write(cast.anna, cast.open)
    gone = answer(cast.bo, entry, f"Secretly canary7 @{cast.anna.handle}")
    program = Program(cast.bo)
    assert program.ask("DELETE", f"/entries/{gone.pk}").status_code == 204
    [notice] = program.found(f"/entries/{entry.pk}/comments")["items"]
    assert notice["id"] == gone.pk and notice["removed_at"]
    assert [notice[name] for name in ("html", "text", "markdown", "mentions", "reactions")] == [
        "",
        "",
        "",
        [],
        {},
    ]
    assert b"canary7" not in program.get(f"/entries/{gone.pk}").content
    says(program.ask("DELETE", f"/entries/{gone.pk}"), 404)
    says(program.post(f"/entries/{gone.pk}/comments", {"body": "Still there?"}), 404)


def test_editing_with_an_old_version_is_a_conflict_that_holds_the_current_text(cast: Cast) -> None:
    entry = write(cast.bo, cast.open, "One", title="Kept")
    program = Program(cast.bo)
    edited = program.ask("PATCH", f"/entries/{entry.pk}", {"version": 1, "body": "Two"})
    assert edited.status_code == 200
    assert (edited.json()["version"], edited.json()["text"], edited.json()["title"]) == (2, "Two", "Kept")
    assert edited.json()["edited_at"]
    conflict = says(program.ask("PATCH", f"/entries/{entry.pk}", {"version": 1, "body": "Three"}), 409)
    assert (conflict["current"]["text"], conflict["current"]["version"]) == ("Two", 2)
    assert set(conflict["current"]) == ENTRY
    assert program.found(f"/entries/{entry.pk}")["text"] == "Two"


def test_editing_the_title_alone_leaves_the_text(cast: Cast) -> None:
    entry = write(cast.bo, cast.open, "- one\n- **two**")
    before = Program(cast.bo).found(f"/entries/{entry.pk}")
    after = Program(cast.bo).ask("PATCH", f"/entries/{entry.pk}", {"version": 1, "title": "New"}).json()
    assert (after["title"], after["html"], after["version"]) == ("New", before["html"], 2)


def test_reactions_are_given_and_taken_back(cast: Cast) -> None:
    entry = write(cast.anna, cast.open)
    program = Program(cast.bo)
    for _twice in range(2):
        given = program.ask("PUT", f"/entries/{entry.pk}/reactions/👏")
        assert given.status_code == 200 and given.json()["reactions"] == {"👏": 1}
    # The heart, without the invisible sign that makes it red.
    assert program.ask("PUT", f"/entries/{entry.pk}/reactions/\u2764").json()["own_reactions"] == ["❤️", "👏"]
    says(program.ask("PUT", f"/entries/{entry.pk}/reactions/🦀"), 422)
    assert program.ask("DELETE", f"/entries/{entry.pk}/reactions/👏").status_code == 204
    assert program.ask("DELETE", f"/entries/{entry.pk}/reactions/👏").status_code == 204
    assert list(Reaction.objects.values_list("emoji", flat=True)) == ["❤️"]


def test_bookmarks_are_kept_for_oneself(cast: Cast) -> None:
    entry = write(cast.anna, cast.open)
    program = Program(cast.bo)
    assert program.ask("PUT", f"/entries/{entry.pk}/bookmark").status_code == 204
    assert [kept["id"] for kept in program.found("/bookmarks")["items"]] == [entry.pk]
    assert program.found(f"/entries/{entry.pk}")["is_bookmarked"] is True
    assert Program(cast.anna).found(f"/entries/{entry.pk}")["is_bookmarked"] is False
    assert program.ask("DELETE", f"/entries/{entry.pk}/bookmark").status_code == 204
    assert not Bookmark.objects.exists()


def test_joining_an_open_space_and_leaving_it(cast: Cast) -> None:
    program = Program(cast.outsider)
    path = f"/spaces/{cast.open.pk}/membership"
    came = program.post(path)
    assert (came.status_code, came.json()["state"]) == (201, "member")
    assert came.json()["membership"]["member"]["id"] == cast.outsider.pk
    assert program.post(path).status_code == 200
    assert program.ask("DELETE", path).status_code == 204
    assert not Membership.objects.filter(member=cast.outsider).exists()
    says(program.ask("DELETE", path), 403)


def test_asking_into_a_closed_space(cast: Cast) -> None:
    program = Program(cast.outsider)
    path = f"/spaces/{cast.closed.pk}/membership"
    says(program.post(path), 422)  # the space asks a question
    asked = program.post(path, {"answer": "I keep the minutes"})
    assert (asked.status_code, asked.json()) == (202, {"state": "asked", "membership": None})
    assert JoinRequest.objects.get().answer == "I keep the minutes"
    assert not Membership.objects.filter(member=cast.outsider).exists()


def test_the_last_owner_is_told_why_they_cannot_leave(cast: Cast) -> None:
    problem = says(Program(cast.leader).ask("DELETE", f"/spaces/{cast.open.pk}/membership"), 422)
    assert "owner" in problem["detail"]


def test_who_is_in_a_space_and_nobody_elses_involvement(cast: Cast) -> None:
    listed = Program(cast.bo).every(f"/spaces/{cast.closed.pk}/memberships")
    assert [(line["member"]["id"], line["standing"]) for line in listed] == [
        (cast.anna.pk, "owner"), (cast.bo.pk, "member"),
    ]  # fmt: skip
    assert [line["involvement"] for line in listed] == [None, "everything"]


def test_a_file_is_uploaded_and_then_attached(cast: Cast) -> None:
    program = Program(cast.bo)
    file = SimpleUploadedFile("notes.txt", b"what we said", content_type="text/plain")
    made = program.client.post("/api/v1/files", {"file": file, "alt": "Notes"}, headers=program.headers)
    assert made.status_code == 201, made.content
    kept = made.json()
    assert (kept["name"], kept["size"], kept["is_picture"]) == ("notes.txt", 12, False)
    assert kept["url"].startswith(f"http://127.0.0.1:8000/files/{kept['key']}/")
    assert program.found(f"/files/{kept['key']}") == kept
    says(Program(cast.anna).get(f"/files/{kept['key']}"), 404)
    posted = program.post(
        f"/spaces/{cast.open.pk}/entries", {"body": "See here", "attachments": [kept["key"]]}
    )
    assert [file["key"] for file in posted.json()["attachments"]] == [kept["key"]]
    assert Program(cast.anna).found(f"/files/{kept['key']}")["name"] == "notes.txt"
    says(
        program.post(f"/spaces/{cast.open.pk}/entries", {"body": "Again", "attachments": [kept["key"]]}), 422
    )


def test_topics_are_found_by_name_with_their_threads(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, "About #Lønsamtale")
    write(cast.anna, cast.secret, "About #heron")
    program = Program(cast.bo)
    assert [topic["name"] for topic in program.every("/topics")] == ["heron", "lønsamtale"]
    shown = program.found("/topics/Lønsamtale")
    assert (shown["name"], shown["is_followed"]) == ("lønsamtale", False)
    assert [found["id"] for found in program.every("/topics/lønsamtale/entries")] == [entry.pk]
    outsider = Program(cast.outsider)
    assert [topic["name"] for topic in outsider.every("/topics")] == ["lønsamtale"]
    says(outsider.get("/topics/heron"), 404)
    says(outsider.get("/topics/heron/entries"), 404)


def test_the_feed_is_what_the_viewer_follows(cast: Cast) -> None:
    here, inside = write(cast.leader, cast.open), write(cast.anna, cast.closed)
    assert [entry["id"] for entry in Program(cast.bo).every("/feed")] == [inside.pk, here.pk]
    assert Program(cast.outsider).found("/feed") == {"items": [], "next": None}
    assert [entry["id"] for entry in Program(cast.outsider).every("/feed?view=company")] == [here.pk]
    assert [entry["id"] for entry in Program(cast.outsider).every(f"/members/{cast.anna.pk}/entries")] == []
    answer(cast.bo, here)
    assert [entry["id"] for entry in Program(cast.bo).every("/feed?order=active")] == [here.pk, inside.pk]


def test_the_day_a_token_was_used_is_kept_and_nothing_finer(
    cast: Cast, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    program = Program(cast.bo)
    assert AccessToken.objects.get().last_used_on is None
    program.found("/me")
    assert AccessToken.objects.get().last_used_on == timezone.localdate()
    AccessToken.objects.update(last_used_on="2020-01-01")
    program.found("/me")
    assert AccessToken.objects.get().last_used_on == timezone.localdate()
