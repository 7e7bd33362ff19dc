"""Who gets what: every kind of visitor at every address, scopes, and things that belong elsewhere."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.asking import API, Program, answer, says, write
from tests.cast import Cast, signed_in
from torvet.entries.models import Attachment, Entry, Reaction
from torvet.people import actions as people
from torvet.people.models import AccessToken, Member
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership

R, W = frozenset({"read"}), frozenset({"write"})
EVERYWHERE = {"open", "closed", "secret", "guests"}
# Which spaces each visitor may know of, read in, and write in.
KNOWS = {
    "administrator": {"open", "closed", "guests"}, "community_manager": {"open", "closed", "guests"},
    "leader": {"open", "closed", "guests"}, "anna": EVERYWHERE, "bo": EVERYWHERE,
    "outsider": {"open", "closed", "guests"}, "guest": {"guests"}, "removed": {"open", "closed", "guests"},
}  # fmt: skip
READS = {
    "administrator": {"open"}, "community_manager": {"open"}, "leader": {"open"}, "anna": EVERYWHERE, "bo": EVERYWHERE,
    "outsider": {"open"}, "guest": {"guests"}, "removed": {"open"},
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWS)
def test_each_visitor_finds_their_spaces_and_reads_what_is_theirs(cast: Cast, name: str) -> None:
    entries = {where: write(cast.anna, space, f"canary{where}") for where, space in cast.spaces.items()}
    comments = {where: answer(cast.anna, entry, f"reply{where}") for where, entry in entries.items()}
    program = Program(cast.people[name])
    listed = {space["name"] for space in program.every("/spaces")}
    assert listed == {cast.spaces[where].name for where in KNOWS[name]}
    for where, space in cast.spaces.items():
        reads = 200 if where in READS[name] else 404
        assert program.get(f"/spaces/{space.pk}").status_code == (200 if where in KNOWS[name] else 404)
        for path in (
            f"/spaces/{space.pk}/entries", f"/spaces/{space.pk}/memberships", f"/entries/{entries[where].pk}",
            f"/entries/{comments[where].pk}", f"/entries/{entries[where].pk}/comments",
        ):  # fmt: skip
            got = program.get(path)
            assert got.status_code == reads, (path, where)
            if reads == 404:
                says(got, 404)
                assert b"canary" not in got.content and space.name.encode() not in got.content
    assert {entry["text"] for entry in program.every("/feed?view=company")} == {
        f"canary{where}" for where in READS[name]
    }


@pytest.mark.parametrize("name", KNOWS)
def test_each_visitor_writes_where_they_may(cast: Cast, name: str) -> None:
    entries = {where: write(cast.anna, space) for where, space in cast.spaces.items()}
    program = Program(cast.people[name])
    for where, space in cast.spaces.items():
        before = Entry.objects.count()
        posted = program.post(f"/spaces/{space.pk}/entries", {"body": "From outside?"})
        if where in READS[name]:
            assert posted.status_code == 201
        else:
            says(posted, 403 if where in KNOWS[name] else 404)
            assert Entry.objects.count() == before
        unseen = None if where in READS[name] else 404
        path = f"/entries/{entries[where].pk}"
        is_own = name == "anna"
        assert program.post(f"{path}/comments", {"body": "Hm"}).status_code == (unseen or 201)
        assert program.ask("PUT", f"{path}/reactions/👍").status_code == (unseen or 200)
        assert program.ask("PUT", f"{path}/bookmark").status_code == (unseen or 204)
        patched = program.ask("PATCH", path, {"version": 1, "body": "Not mine"})
        assert patched.status_code == (unseen or (200 if is_own else 403))
        may_remove = (
            is_own or name in {"administrator", "community_manager"} or (name, where) == ("bo", "secret")
        )
        may_remove = may_remove or (name, where) == ("leader", "open")
        assert program.ask("DELETE", path).status_code == (unseen or (204 if may_remove else 403))


def test_what_is_forbidden_and_what_is_absent_answer_the_same(cast: Cast) -> None:
    hidden = write(cast.bo, cast.secret)
    program = Program(cast.outsider)
    for real, absent in (
        (f"/spaces/{cast.secret.pk}", "/spaces/999999"),
        (f"/spaces/{cast.secret.pk}/entries", "/spaces/999999/entries"),
        (f"/entries/{hidden.pk}", "/entries/999999"),
        (f"/entries/{hidden.pk}/comments", "/entries/999999/comments"),
    ):
        first, second = program.get(real), program.get(absent)
        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert first.headers["Content-Type"] == second.headers["Content-Type"]
    first = program.get(f"/members/{cast.bo.pk}")
    assert first.status_code == 200
    guest = Program(cast.guest)
    assert guest.get(f"/members/{cast.leader.pk}").content == guest.get("/members/999999").content


def test_nobody_without_a_session_or_token(cast: Cast) -> None:
    entry = write(cast.anna, cast.open)
    nobody = Program(None)
    for method, path in every_operation(cast, entry):
        problem = nobody.ask(method, path, {} if method in {"POST", "PATCH"} else None)
        says(problem, 401)
        assert problem.headers["WWW-Authenticate"] == "Bearer"
    nobody.headers = {"Authorization": "Bearer torvet_no_such_token"}
    for method, path in every_operation(cast, entry):
        says(nobody.ask(method, path, {} if method in {"POST", "PATCH"} else None), 401)


def every_operation(cast: Cast, entry: Entry) -> list[tuple[str, str]]:
    return [
        *(("GET", path) for path in (
            "/me", "/feed", "/spaces", f"/spaces/{cast.open.pk}", f"/spaces/{cast.open.pk}/entries",
            f"/spaces/{cast.open.pk}/memberships", f"/entries/{entry.pk}", f"/entries/{entry.pk}/comments", "/members",
            f"/members/{cast.bo.pk}", f"/members/{cast.bo.pk}/entries", "/units", "/topics", "/topics/x",
            "/topics/x/entries", "/files/abc", "/bookmarks", "/search?q=x",
        )),
        ("POST", f"/spaces/{cast.open.pk}/entries"), ("POST", f"/spaces/{cast.open.pk}/membership"),
        ("DELETE", f"/spaces/{cast.open.pk}/membership"), ("PATCH", f"/entries/{entry.pk}"),
        ("DELETE", f"/entries/{entry.pk}"), ("POST", f"/entries/{entry.pk}/comments"),
        ("PUT", f"/entries/{entry.pk}/reactions/👍"), ("DELETE", f"/entries/{entry.pk}/reactions/👍"),
        ("PUT", f"/entries/{entry.pk}/bookmark"), ("DELETE", f"/entries/{entry.pk}/bookmark"), ("POST", "/files"),
    ]  # fmt: skip


def test_a_token_that_may_only_read_writes_nothing_and_is_told_which_scope_it_lacks(cast: Cast) -> None:
    entry = write(cast.bo, cast.open)
    before = (Entry.objects.count(), Membership.objects.count(), Attachment.objects.count())
    reader = Program(cast.bo, R)
    for method, path in every_operation(cast, entry):
        if method == "GET":
            assert reader.get(path).status_code in {200, 404}
        else:
            answered = reader.ask(method, path, {} if method in {"POST", "PATCH"} else None)
            assert says(answered, 403)["scope"] == "write"
            assert 'scope="write"' in answered.headers["WWW-Authenticate"]
    assert before == (Entry.objects.count(), Membership.objects.count(), Attachment.objects.count())
    assert not Reaction.objects.exists()
    entry.refresh_from_db()
    assert not entry.is_removed
    writer = Program(cast.bo, W)
    for method, path in every_operation(cast, entry):
        assert says(writer.ask(method, path, {} if method == "POST" else None), 403)["scope"] == "read"


def test_an_ended_token_and_that_of_a_closed_account_open_nothing(cast: Cast) -> None:
    program, other = Program(cast.bo), Program(cast.anna)
    assert program.get("/me").status_code == 200
    AccessToken.objects.filter(member=cast.bo).update(expires_at="2020-01-01T00:00:00Z")
    says(program.get("/me"), 401)
    people.deactivate(by=Viewer.of(cast.administrator), member=cast.anna)
    says(other.get("/me"), 401)


def test_whoever_is_taken_out_of_a_space_reads_it_no_more_by_token(cast: Cast) -> None:
    entry = write(cast.anna, cast.closed)
    program = Program(cast.bo)
    assert program.get(f"/entries/{entry.pk}").status_code == 200
    inside = Membership.objects.select_related("space", "member").get(space=cast.closed, member=cast.bo)
    spaces.remove_member(by=Viewer.of(cast.anna), membership=inside)
    says(program.get(f"/entries/{entry.pk}"), 404)
    assert program.found("/feed")["items"] == []


def test_a_session_writes_only_with_the_csrf_token(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.bo)
    path = f"{API}/spaces/{cast.open.pk}/entries"
    assert browser.get(f"{API}/me").status_code == 200
    says(browser.post(path, {"body": "Forged"}, content_type="application/json"), 403)
    # A form of another site cannot ask for JSON; it must not get through as text either.
    says(browser.post(path, '{"body": "Forged"}', content_type="text/plain"), 403)
    says(browser.delete(f"{API}/spaces/{cast.open.pk}/membership"), 403)
    assert not Entry.objects.exists()
    browser.cookies["csrftoken"] = "a" * 32
    posted = browser.post(
        path, {"body": "Mine"}, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert posted.status_code == 201


def test_a_bad_token_is_not_helped_by_a_good_session(cast: Cast) -> None:
    browser = signed_in(cast.bo)
    says(browser.get(f"{API}/me", headers={"Authorization": "Bearer nonsense"}), 401)


def test_a_token_opens_no_page(cast: Cast) -> None:
    program = Program(cast.administrator)
    for page in (
        "/",
        "/settings/",
        "/manage/",
        "/spaces/",
        f"/spaces/{cast.open.pk}/",
        f"/people/{cast.bo.pk}/",
    ):
        assert program.client.get(page, headers=program.headers).status_code in {302, 404}, page


def test_accounts_roles_and_tokens_cannot_be_reached_by_a_token(cast: Cast) -> None:
    """Neither by an address of the API nor by the actions that a token's viewer could ask for."""
    program = Program(cast.administrator)
    for path in (
        "/tokens",
        "/me/tokens",
        "/invitations",
        "/settings",
        f"/members/{cast.bo.pk}/role",
        "/roles",
    ):
        says(program.get(path), 404)
    for method in ("PATCH", "PUT", "DELETE", "POST"):
        for path in ("/me", f"/members/{cast.bo.pk}", "/members", "/units"):
            answered = program.ask(method, path, {})
            says(answered, 405)
            assert answered.headers["Allow"] == "GET"
    assert Member.objects.filter(is_active=True).count() == 8


def test_a_file_or_comment_of_another_space_does_not_come_in_by_a_parent_one_may_see(cast: Cast) -> None:
    """Ids of a parent and a child that do not belong together must not open the child."""
    inside = write(cast.anna, cast.secret)
    comment = answer(cast.anna, inside)
    program = Program(cast.outsider)
    says(program.get(f"/entries/{comment.pk}/comments"), 404)
    says(program.post(f"/entries/{comment.pk}/comments", {"body": "x"}), 404)
    upload = Attachment.objects.create(
        uploaded_by=cast.anna, name="plan.txt", mime="text/plain", size=1, path="x"
    )
    says(program.post(f"/spaces/{cast.open.pk}/entries", {"body": "x", "attachments": [upload.key]}), 422)
    assert Attachment.objects.get().entry_id is None
    attached = Attachment.objects.create(
        uploaded_by=cast.anna, name="plan.txt", mime="text/plain", size=1, path="y", entry=inside
    )
    says(program.get(f"/files/{attached.key}"), 404)
    says(program.post(f"/spaces/{cast.open.pk}/entries", {"body": "x", "attachments": [attached.key]}), 422)


def test_mentions_and_the_agreement_hold_over_the_api_too(cast: Cast) -> None:
    entry = write(cast.anna, cast.guests, f"@{cast.leader.handle} and @{cast.bo.handle}")
    seen = [mention["id"] for mention in Program(cast.guest).found(f"/entries/{entry.pk}")["mentions"]]
    assert seen == [cast.bo.pk]
    seen = [mention["id"] for mention in Program(cast.bo).found(f"/entries/{entry.pk}")["mentions"]]
    assert seen == [cast.leader.pk, cast.bo.pk]


def test_where_the_agreement_hides_who_has_joined_only_those_who_run_the_space_are_listed(cast: Cast) -> None:
    from torvet.agreement.models import Term

    Term.objects.create(key="member_counts", state="off")
    program = Program(cast.administrator)
    listed = program.every(f"/spaces/{cast.open.pk}/memberships")
    assert {line["member"]["id"] for line in listed} == {cast.administrator.pk, cast.leader.pk, cast.anna.pk}
    assert program.found(f"/spaces/{cast.open.pk}")["member_count"] is None
