"""The pages of spaces: finding, opening, coming and going, looking after."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, house, newcomer, signed_in
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.agreement import actions as agreement
from torvet.people import actions as people
from torvet.spaces import actions
from torvet.spaces.models import JoinRequest, Membership, Space

MOST_QUERIES = 14
OPENING = {
    "name": "Paint shop", "purpose": "Colours that last", "audience": "Painters", "responsible": "Bo Dijkstra",
    "access": "closed", "has_guests": "on", "question": "Which colour?",
}  # fmt: skip


def shown_spaces(cast: Cast, name: str, asked: str = "?which=all") -> set[str]:
    page = signed_in(cast.people[name]).get(f"/spaces/{asked}")
    return {line.space.name for line in page.context["lines"]}


# --- Finding and opening


def test_a_secret_space_is_listed_only_for_those_in_it(cast: Cast) -> None:
    everything = {space.name for space in cast.spaces.values()}
    assert shown_spaces(cast, "anna") == everything
    assert shown_spaces(cast, "outsider") == everything - {"Project Heron"}
    assert shown_spaces(cast, "administrator") == everything - {"Project Heron"}
    assert shown_spaces(cast, "guest") == {"Customers of the crane"}


def test_spaces_are_found_by_name_and_purpose_and_by_whether_one_is_in(cast: Cast) -> None:
    assert shown_spaces(cast, "bo", "?which=all&q=yard") == {"Project Heron"}
    assert shown_spaces(cast, "outsider", "?which=all&q=yard") == set()
    assert shown_spaces(cast, "leader", "?which=mine") == {"Town square"}
    actions.archive_space(by=house(cast.anna), space=cast.closed)
    assert shown_spaces(cast, "outsider", "?which=archived") == {"Board room"}
    assert "Board room" not in shown_spaces(cast, "outsider")


def test_the_list_of_spaces_costs_the_same_whatever_it_shows(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(24):
        actions.open_space(
            by=house(cast.bo), name=f"Space {number}", purpose="x", audience="y", responsible=cast.bo
        )
    browser = signed_in(cast.outsider)
    browser.get("/spaces/")
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = browser.get("/spaces/")
    assert len(answer.context["lines"]) == 24


def test_opening_a_space_says_why_for_whom_and_who_is_responsible(cast: Cast) -> None:
    answer = signed_in(cast.anna).post("/spaces/new/", OPENING)
    space = Space.objects.get(name="Paint shop")
    assert answer.headers["Location"] == space.url
    assert (space.purpose, space.audience, space.responsible) == ("Colours that last", "Painters", cast.bo)
    assert (space.access, space.has_guests, space.question) == ("closed", True, "Which colour?")
    owners = Membership.objects.filter(space=space, standing="owner").values_list("member", flat=True)
    assert set(owners) == {cast.anna.pk, cast.bo.pk}


@pytest.mark.parametrize("missing", ["name", "purpose", "audience", "responsible", "access"])
def test_a_space_without_one_of_them_is_not_opened_and_the_rest_stays_typed(cast: Cast, missing: str) -> None:
    answer = signed_in(cast.anna).post("/spaces/new/", OPENING | {missing: " "})
    assert answer.status_code == 422 and not Space.objects.filter(purpose="Colours that last").exists()
    kept = {"name", "purpose", "audience", "responsible"} - {missing}
    assert all(OPENING[field] in answer.content.decode() for field in kept)


def test_a_guest_is_not_responsible_and_opens_nothing(cast: Cast) -> None:
    answer = signed_in(cast.anna).post("/spaces/new/", OPENING | {"responsible": "Gertrud Gast"})
    assert answer.status_code == 422
    assert signed_in(cast.guest).get("/spaces/new/").status_code == 404


# --- Coming and going


def test_an_open_space_is_joined_with_one_press_and_left_with_two(cast: Cast) -> None:
    browser = signed_in(cast.outsider)
    answer = browser.post(f"{cast.open.url}membership/", {"next": "/spaces/"})
    assert answer.headers["Location"] == "/spaces/"
    assert Membership.objects.filter(space=cast.open, member=cast.outsider).exists()
    assert "What you wrote stays" in browser.get(f"{cast.open.url}membership/delete/").content.decode()
    assert browser.post(f"{cast.open.url}membership/delete/").headers["Location"] == "/spaces/"
    assert not Membership.objects.filter(space=cast.open, member=cast.outsider).exists()
    assert Space.objects.get(pk=cast.open.pk).member_count == cast.open.member_count


@pytest.mark.parametrize(("name", "status"), [("closed", 403), ("secret", 404)])
def test_other_spaces_are_not_joined_by_pressing_join(cast: Cast, name: str, status: int) -> None:
    space = cast.spaces[name]
    assert signed_in(cast.outsider).post(f"{space.url}membership/").status_code == status
    assert not Membership.objects.filter(space=space, member=cast.outsider).exists()


def test_the_last_owner_is_told_why_they_cannot_leave(cast: Cast) -> None:
    browser = signed_in(cast.anna)
    asking = f"{cast.closed.url}membership/delete/"
    answer = browser.post(asking, headers={"Referer": f"http://testserver{asking}"}, follow=True)
    assert "Somebody must own the space" in answer.content.decode()
    assert Membership.objects.filter(space=cast.closed, member=cast.anna).exists()


def test_asking_to_come_in_takes_an_answer_and_those_who_run_it_decide(cast: Cast) -> None:
    ulla = signed_in(cast.outsider)
    asking = f"{cast.closed.url}requests/"
    assert "Why do you want to come in?" in ulla.get(asking).content.decode()
    assert ulla.post(asking, {"answer": " "}).status_code == 422
    assert ulla.post(asking, {"answer": "I order the steel"}).status_code == 302
    asked = JoinRequest.objects.get()
    for name in ("bo", "administrator", "guest", "outsider"):
        assert signed_in(cast.people[name]).post(f"{asking}{asked.pk}/").status_code == 404, name
    anna = signed_in(cast.anna)
    assert "I order the steel" in anna.get(asking).content.decode()
    assert anna.post(f"{asking}{asked.pk}/").status_code == 302
    assert Membership.objects.filter(space=cast.closed, member=cast.outsider).exists()
    assert not JoinRequest.objects.exists()


def test_a_request_is_turned_down_or_withdrawn(cast: Cast) -> None:
    ulla, anna, asking = signed_in(cast.outsider), signed_in(cast.anna), f"{cast.closed.url}requests/"
    ulla.post(asking, {"answer": "Please"})
    anna.post(f"{asking}{JoinRequest.objects.get().pk}/delete/")
    assert not JoinRequest.objects.exists()
    ulla.post(asking, {"answer": "Please again"})
    ulla.post(f"{asking}delete/")
    assert not JoinRequest.objects.exists()
    assert not Membership.objects.filter(space=cast.closed, member=cast.outsider).exists()


def test_a_request_is_answered_in_its_own_space_only(cast: Cast) -> None:
    """Anna runs the guests' space too: a request to the board room is not found there."""
    signed_in(cast.outsider).post(f"{cast.closed.url}requests/", {"answer": "Please"})
    asked = JoinRequest.objects.get()
    assert signed_in(cast.anna).post(f"{cast.guests.url}requests/{asked.pk}/").status_code == 404
    assert JoinRequest.objects.filter(pk=asked.pk).exists()


def test_one_chooses_how_much_to_hear(cast: Cast) -> None:
    answer = signed_in(cast.bo).post(
        f"{cast.open.url}involvement/", {"involvement": "nothing", "next": "/spaces/"}
    )
    assert answer.headers["Location"] == "/spaces/"
    assert Membership.objects.get(space=cast.open, member=cast.bo).involvement == "nothing"
    assert signed_in(cast.bo).post(f"{cast.open.url}involvement/", {"involvement": "loud"}).status_code == 400
    assert (
        signed_in(cast.outsider).post(f"{cast.open.url}involvement/", {"involvement": "nothing"}).status_code
        == 403
    )


# --- Members


@pytest.mark.parametrize(
    ("name", "who"),
    [("closed", {"anna", "bo"}), ("secret", {"anna", "bo"}), ("guests", {"anna", "bo", "guest"})],
)
def test_who_is_in_a_space_is_shown_to_its_readers(cast: Cast, name: str, who: set[str]) -> None:
    for other, member in cast.people.items():
        if other == "deactivated":
            continue
        status = signed_in(member).get(f"{cast.spaces[name].url}members/").status_code
        assert status == (200 if other in who else 404), other


def test_members_who_left_the_company_are_not_listed(cast: Cast) -> None:
    page = signed_in(cast.bo).get(f"{cast.open.url}members/").content.decode()
    assert "Leif Strand" in page and "Dora Borte" not in page


def test_standing_is_given_and_members_are_taken_out(cast: Cast) -> None:
    row = Membership.objects.get(space=cast.closed, member=cast.bo)
    anna = signed_in(cast.anna)
    path = f"{cast.closed.url}members/{row.pk}/"
    assert signed_in(cast.bo).post(f"{path}standing/", {"standing": "owner"}).status_code == 403
    anna.post(f"{path}standing/", {"standing": "moderator"})
    row.refresh_from_db()
    assert row.standing == "moderator"
    assert anna.post(f"{path}standing/", {"standing": "king"}).status_code == 400
    anna.post(f"{path}delete/")
    assert not Membership.objects.filter(pk=row.pk).exists()
    assert signed_in(cast.bo).get(f"{cast.closed.url}members/").status_code == 404


def test_a_place_in_another_space_is_not_touched_from_here(cast: Cast) -> None:
    row = Membership.objects.get(space=cast.secret, member=cast.bo)
    assert signed_in(cast.anna).post(f"{cast.closed.url}members/{row.pk}/delete/").status_code == 404
    assert Membership.objects.filter(pk=row.pk).exists()


def test_a_guest_runs_no_space(cast: Cast) -> None:
    row = Membership.objects.get(space=cast.guests, member=cast.guest)
    path = f"{cast.guests.url}members/{row.pk}/standing/"
    signed_in(cast.anna).post(path, {"standing": "moderator"})
    row.refresh_from_db()
    assert row.standing == "member"


def test_the_members_cost_the_same_however_many(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(45):
        actions.join(by=house(newcomer(f"Zz Nummer {number:02}")), space=cast.open)
    browser = signed_in(cast.leader)
    browser.get(f"{cast.open.url}members/")
    with django_assert_max_num_queries(MOST_QUERIES):
        answer = browser.get(f"{cast.open.url}members/")
    rest = browser.get(answer.context["next_url"], headers={"HX-Request": "true"})
    assert "Zz Nummer 44" in rest.content.decode() and "<html" not in rest.content.decode()


def test_the_spaces_of_a_member_are_those_the_reader_may_know(cast: Cast) -> None:
    def seen(by: str) -> set[str]:
        page = signed_in(cast.people[by]).get(f"{cast.bo.url}spaces/")
        return {space.name for space in page.context["spaces"]}

    assert seen("outsider") == seen("administrator") == {"Town square"}
    assert seen("anna") == {space.name for space in cast.spaces.values()}
    assert seen("guest") == {"Customers of the crane"}
    part = signed_in(cast.anna).get(f"{cast.bo.url}spaces/?part=1", headers={"HX-Request": "true"})
    assert "Project Heron" in part.content.decode() and "<html" not in part.content.decode()


# --- Settings


def settings_of(space: Space, **changes: str) -> dict[str, str]:
    sent = {
        "name": space.name, "purpose": space.purpose, "audience": space.audience, "access": space.access,
        "responsible": space.responsible.name, "question": space.question,
    }  # fmt: skip
    return sent | ({"has_guests": "on"} if space.has_guests else {}) | changes


def test_owners_change_what_a_space_says_of_itself(cast: Cast) -> None:
    answer = signed_in(cast.anna).post(
        f"{cast.closed.url}settings/", settings_of(cast.closed, purpose="Deciding")
    )
    assert answer.status_code == 302 and Space.objects.get(pk=cast.closed.pk).purpose == "Deciding"
    for name, status in (("bo", 404), ("administrator", 404), ("guest", 404)):
        assert signed_in(cast.people[name]).get(f"{cast.closed.url}settings/").status_code == status


def test_what_was_said_in_confidence_stays_inside(cast: Cast) -> None:
    Space.objects.filter(pk=cast.closed.pk).update(last_published_at=cast.closed.opened_at)
    for changes in ({"access": "open"}, {"has_guests": "on"}):
        answer = signed_in(cast.anna).post(f"{cast.closed.url}settings/", settings_of(cast.closed, **changes))
        assert answer.status_code == 422 and "Open a new space" in answer.content.decode()
    kept = Space.objects.get(pk=cast.closed.pk)
    assert (kept.access, kept.has_guests) == ("closed", False)


def test_community_managers_make_a_default_space_and_owners_do_not(cast: Cast) -> None:
    sent = settings_of(cast.open, is_default="on")
    signed_in(cast.leader).post(f"{cast.open.url}settings/", sent)
    assert not Space.objects.get(pk=cast.open.pk).is_default
    signed_in(cast.community_manager).post(f"{cast.open.url}settings/", sent)
    assert Space.objects.get(pk=cast.open.pk).is_default
    # An owner who saves other things does not take it away again by not being offered it.
    signed_in(cast.leader).post(f"{cast.open.url}settings/", settings_of(cast.open, purpose="News"))
    assert Space.objects.get(pk=cast.open.pk).is_default


def test_a_space_is_archived_and_opened_again(cast: Cast) -> None:
    anna = signed_in(cast.anna)
    assert signed_in(cast.bo).post(f"{cast.closed.url}archive/").status_code == 403
    anna.post(f"{cast.closed.url}archive/")
    assert Space.objects.get(pk=cast.closed.pk).is_archived
    assert "This space is archived" in signed_in(cast.bo).get(f"{cast.closed.url}members/").content.decode()
    anna.post(f"{cast.closed.url}archive/delete/")
    assert not Space.objects.get(pk=cast.closed.pk).is_archived


def test_the_number_of_members_is_shown_while_the_agreement_says_so(cast: Cast) -> None:
    browser = signed_in(cast.outsider)
    asked = f"{cast.closed.url}requests/"
    assert "2 members" in browser.get(asked).content.decode()
    agreement.change_term(by=house(cast.administrator), key="member_counts", state="off", reason="Not needed")
    assert "2 members" not in browser.get(asked).content.decode()


# --- The log


def test_the_log_tells_what_was_changed_and_no_secret_names(cast: Cast) -> None:
    unit = people.save_unit(by=house(cast.administrator), name="Welding", parent=None, leader=None)
    people.save_site(by=house(cast.administrator), name="Esbjerg", country="DK", time_zone="")
    gone = people.save_unit(by=house(cast.administrator), name="Riveting", parent=unit, leader=None)
    people.remove_unit(by=house(cast.administrator), unit=gone)
    page = signed_in(cast.administrator).get("/manage/log/").content.decode()
    for told in (
        "Ada Minde set up Torvet.", "Leif Strand opened Town square.", "Anna Åberg took Rolf Fjernet out of Board room.",
        "Bo Dijkstra opened a space that you are not in.", "Ada Minde closed the account of Dora Borte.",
        "Leif Strand made Anna Åberg moderator in Town square.", "Gertrud Gast joined by an invitation.",
        "Ada Minde changed the unit Welding.", "Ada Minde changed the site Esbjerg.", "changed the unit that is gone now.",
    ):  # fmt: skip
        assert told in page, told
    assert "Heron" not in page


def test_every_audited_verb_has_a_sentence(cast: Cast) -> None:
    for verb in sorted(verbs.AUDITED):
        Activity.objects.create(verb=verb, by=None, about=None, space_id=None, details={})
    page = signed_in(cast.administrator).get("/manage/log/")
    assert len([line for line in page.context["lines"] if line.text.startswith("Torvet itself")]) == len(
        verbs.AUDITED
    )


def test_what_people_read_or_react_to_is_not_in_the_log(cast: Cast) -> None:
    Activity.objects.create(verb=verbs.REACTED, by=cast.bo, about=cast.anna)
    assert "reacted" not in signed_in(cast.administrator).get("/manage/log/").content.decode()
