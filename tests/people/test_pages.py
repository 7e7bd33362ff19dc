"""The pages about people: who sees what on them, what they save, and what they cost."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast, house, newcomer, signed_in
from torvet.people import actions
from torvet.people.models import AccessToken, Company, Follow, Member, Role, Session, Site, Unit
from torvet.people.photos import keep_photo

MOST_QUERIES = 10  # whatever a page about people shows


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def page_of(client: Client, path: str) -> str:
    """The main part of a page: the frame around it carries the reader's own name and spaces."""
    return text(client, path).partition('<main id="main"')[2].partition("</main>")[0]


@pytest.fixture
def built(cast: Cast) -> Unit:
    """Two units, a site and a boss: Anna and Bo weld in a unit below the works; Leif leads both."""
    by = house(cast.administrator)
    works = actions.save_unit(by=by, name="Works", parent=None, leader=cast.leader)
    welding = actions.save_unit(by=by, name="Welding", parent=works, leader=None)
    site = actions.save_site(by=by, name="Esbjerg", country="DK", time_zone="")
    for member in (cast.anna, cast.bo):
        changes = {"unit": welding, "site": site, "manager": cast.leader, "phone": "+45 1234 5678"}
        actions.change_profile(by=by, member=member, changes=changes)
    return works


# --- The directory


def test_the_directory_finds_by_words_unit_site_and_role(cast: Cast, built: Unit) -> None:
    browser = signed_in(cast.outsider)
    site, welding = Site.objects.get(), Unit.objects.get(name="Welding")
    table = {
        "?q=åberg": {"Anna Åberg"},
        "?q=welder": {"Bo Dijkstra"},
        f"?unit={built.pk}": {"Anna Åberg", "Bo Dijkstra"},
        f"?unit={welding.pk}&q=bo": {"Bo Dijkstra"},
        f"?site={site.pk}": {"Anna Åberg", "Bo Dijkstra"},
        "?role=leads": {"Leif Strand"},
        "?role=administrator": {"Ada Minde"},
        "?role=guest": {"Gertrud Gast"},
        "?unit=999": {member.name for member in cast.people.values()} - {"Dora Borte"},
    }
    for asked, names in table.items():
        page = page_of(browser, f"/people/{asked}")
        cards = {member.name for member in cast.people.values() if f">{member.name}</a>" in page}
        assert cards == names, asked


def test_a_guest_finds_only_the_people_of_their_spaces_and_not_where_they_work(
    cast: Cast, built: Unit
) -> None:
    page = page_of(signed_in(cast.guest), "/people/")
    assert {m.name for m in cast.people.values() if m.name in page} == {
        "Anna Åberg",
        "Bo Dijkstra",
        "Gertrud Gast",
    }
    assert "Welding" not in page and "Esbjerg" not in page
    assert "Bo Dijkstra" in page_of(signed_in(cast.guest), f"/people/?unit={built.pk + 1}&q=bo")


@pytest.mark.parametrize("path", ["/units/", "/units/1/", "/manage/", "/manage/log/", "/manage/invitations/"])
def test_a_guest_finds_no_units_and_no_administration(cast: Cast, built: Unit, path: str) -> None:
    assert signed_in(cast.guest).get(path).status_code == 404


def test_the_directory_goes_on_where_it_stopped(cast: Cast) -> None:
    for number in range(30):
        newcomer(f"Zacharias Nummer {number:02}")
    browser = signed_in(cast.outsider)
    first = browser.get("/people/?q=zacharias").context
    assert len(first["page"].things) == 24
    rest = browser.get(first["next_url"], headers={"HX-Request": "true"})
    assert "<html" not in rest.content.decode()
    names = [m.name for m in (*first["page"].things, *rest.context["page"].things)]
    assert names == [f"Zacharias Nummer {number:02}" for number in range(30)]
    assert browser.get("/people/?after=nonsense").status_code == 404


def test_the_directory_costs_the_same_whatever_it_shows(
    cast: Cast, built: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(24):
        newcomer(f"Aa Nummer {number:02}", unit=built)
    browser = signed_in(cast.outsider)
    browser.get("/people/")
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get("/people/")


# --- Picking a name while writing


def picked(client: Client, asked: str) -> list[str]:
    return [found["label"] for found in client.get(f"/people/pick/?{asked}").json()["items"]]


def test_names_of_the_space_come_first_then_others_then_units(cast: Cast, built: Unit) -> None:
    newcomer("Aage Aagaard")
    assert picked(signed_in(cast.anna), f"q=a&space={cast.secret.pk}")[0] == "Anna Åberg"
    assert picked(signed_in(cast.anna), "q=a")[0] == "Aage Aagaard"
    assert picked(signed_in(cast.anna), "q=wel") == ["Bo Dijkstra", "Welding"]
    assert picked(signed_in(cast.anna), "q=wel&units=no") == ["Bo Dijkstra"]


def test_who_is_in_a_space_is_not_given_away_by_the_order(cast: Cast) -> None:
    browser = signed_in(cast.outsider)
    assert (
        picked(browser, f"q=&space={cast.secret.pk}")
        == picked(browser, "q=")
        == picked(browser, "q=&space=99")
    )
    assert picked(browser, f"q=&space={cast.open.pk}") != picked(browser, "q=")


def test_at_most_eight_are_picked(cast: Cast) -> None:
    for number in range(12):
        newcomer(f"Zacharias {number:02}")
    assert len(picked(signed_in(cast.bo), "q=zacharias")) == 8


def test_a_guest_picks_only_whom_they_see(cast: Cast, built: Unit) -> None:
    found = signed_in(cast.guest).get("/people/pick/?q=").json()["items"]
    assert {item["label"] for item in found} == {"Anna Åberg", "Bo Dijkstra", "Gertrud Gast"}
    assert "Esbjerg" not in str(found)
    assert picked(signed_in(cast.guest), "q=welding") == []


def test_a_pick_has_the_shape_the_editor_reads(cast: Cast, built: Unit) -> None:
    assert signed_in(cast.anna).get("/people/pick/?q=dijkstra").json()["items"] == [
        {
            "id": f"member-{cast.bo.pk}", "label": "Bo Dijkstra", "detail": "Welder, Esbjerg", "hue": cast.bo.hue,
            "initials": "BD", "photo": None, "handle": "bo.dijkstra",
        }
    ]  # fmt: skip


# --- The profile


def test_a_profile_tells_colleagues_where_somebody_works_and_how_to_reach_them(
    cast: Cast, built: Unit
) -> None:
    page = page_of(signed_in(cast.outsider), cast.bo.url) + text(signed_in(cast.outsider), cast.bo.url)
    for told in ("Welder", "Welding", "Esbjerg", "Leif Strand", cast.bo.email, "tel:+4512345678"):
        assert told in page, told
    assert "Anna Åberg" in text(signed_in(cast.outsider), cast.leader.url)  # reports to him


def test_a_guest_is_told_the_name_and_title_only(cast: Cast, built: Unit) -> None:
    page = text(signed_in(cast.guest), cast.bo.url)
    assert "Welder" in page
    for secret in ("Welding", "Esbjerg", "Leif Strand", cast.bo.email, "1234 5678"):
        assert secret not in page, secret


def test_whom_a_guest_may_not_know_is_not_there(cast: Cast) -> None:
    browser = signed_in(cast.guest)
    for what in ("", "photo/", "spaces/"):
        assert browser.get(f"{cast.outsider.url}{what}").status_code == 404
        assert browser.get(f"/people/99999/{what}").status_code == 404


def test_who_has_left_keeps_a_page_that_says_so(cast: Cast) -> None:
    page = text(signed_in(cast.bo), cast.deactivated.url)
    assert "Dora Borte has left" in page
    assert cast.deactivated.email not in page and f"{cast.deactivated.url}follow/" not in page


def test_following_works_with_and_without_script(cast: Cast) -> None:
    browser = signed_in(cast.anna)
    answer = browser.post(f"{cast.bo.url}follow/", {"next": "/people/?q=bo"})
    assert answer.headers["Location"] == "/people/?q=bo"
    assert Follow.objects.filter(follower=cast.anna, followed=cast.bo).exists()
    part = browser.post(f"{cast.bo.url}follow/delete/", headers={"HX-Request": "true"}).content.decode()
    assert f'action="{cast.bo.url}follow/"' in part and "<html" not in part
    assert not Follow.objects.filter(follower=cast.anna).exists()
    assert (
        browser.post(f"{cast.bo.url}follow/", {"next": "//evil.example"}).headers["Location"] == cast.bo.url
    )


def test_nobody_follows_themselves_and_a_guest_follows_nobody(cast: Cast) -> None:
    assert signed_in(cast.bo).post(f"{cast.bo.url}follow/").status_code == 403
    assert signed_in(cast.guest).post(f"{cast.bo.url}follow/").status_code == 404
    assert signed_in(cast.anna).get(f"{cast.bo.url}follow/").status_code == 405
    assert not Follow.objects.exists()


def test_a_profile_costs_the_same_whatever_it_shows(
    cast: Cast, built: Unit, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        newcomer(f"Report {number}", manager=cast.leader)
    browser = signed_in(cast.outsider)
    browser.get(cast.leader.url)
    with django_assert_max_num_queries(MOST_QUERIES):
        browser.get(cast.leader.url)


# --- The photo


def picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(made, "PNG")
    return made.getvalue()


def test_a_photo_is_cut_square_and_shown_to_those_who_may_know_its_member(cast: Cast) -> None:
    sent = {"name": "Bo Dijkstra", "photo": SimpleUploadedFile("me.png", picture(), "image/png")}
    assert signed_in(cast.bo).post("/settings/", sent).status_code == 302
    bo = Member.objects.get(pk=cast.bo.pk)
    assert bo.version > cast.bo.version and f"v={bo.version}" in bo.photo_url
    answer = signed_in(cast.guest).get(bo.photo_url)
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    with Image.open(BytesIO(answer.content)) as shown:
        assert shown.width == shown.height
    assert Client().get(bo.photo_url).status_code == 302


def test_a_broken_photo_is_refused_in_words_and_keeps_what_was_typed(cast: Cast) -> None:
    sent = {
        "name": "Bo Dijkstra", "about": "I weld.", "photo": SimpleUploadedFile("me.png", b"\x89PNG\r\n\x1a\nno"),
    }  # fmt: skip
    answer = signed_in(cast.bo).post("/settings/", sent)
    assert answer.status_code == 422
    assert "cannot be read as a picture" in answer.content.decode() and "I weld." in answer.content.decode()
    assert Member.objects.get(pk=cast.bo.pk).about == ""


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_photo_goes_with_it(settings, client: Client) -> None:  # type: ignore[no-untyped-def]
    member = newcomer("Foto Frida")
    path = keep_photo(BytesIO(picture()))
    Member.objects.filter(pk=member.pk).update(photo=path)
    signed_in(member).post("/settings/photo/delete/")
    assert Member.objects.get(pk=member.pk).photo == ""
    assert not (Path(settings.MEDIA_ROOT) / path).exists()


# --- Units


def test_the_tree_counts_everybody_below(cast: Cast, built: Unit) -> None:
    page = page_of(signed_in(cast.bo), "/units/")
    assert page.index("Works") < page.index("Welding")
    assert page.count("2 people") == 2 and "Leif Strand" in page


def test_a_unit_shows_its_place_its_leader_and_its_people(cast: Cast, built: Unit) -> None:
    welding = Unit.objects.get(name="Welding")
    page = text(signed_in(cast.outsider), f"/units/{welding.pk}/")
    for shown in ("Works", "Welding", "Anna Åberg", "Bo Dijkstra"):
        assert shown in page
    assert "Leif Strand" in text(signed_in(cast.outsider), f"/units/{built.pk}/")
    assert signed_in(cast.bo).get("/units/999/").status_code == 404


# --- Settings


def test_the_look_is_saved_and_the_cookie_follows(cast: Cast) -> None:
    sent = {"language": "nb", "time_zone": "Europe/Oslo", "theme": "dark", "feed_order": "active"}
    answer = signed_in(cast.bo).post("/settings/look/", sent)
    assert answer.cookies["theme"].value == "dark"
    bo = Member.objects.get(pk=cast.bo.pk)
    assert (bo.language, bo.time_zone, bo.theme, bo.feed_order) == ("nb", "Europe/Oslo", "dark", "active")


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"time_zone": "Mars/Base"}, {"theme": "pink"}, {"feed_order": "score"}]
)
def test_a_look_that_is_not_on_offer_is_not_saved(cast: Cast, wrong: dict[str, str]) -> None:
    sent = {"language": "", "time_zone": "", "theme": "auto", "feed_order": "newest"} | wrong
    assert signed_in(cast.bo).post("/settings/look/", sent).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "\u202e \u200b"},
        {"name": "x" * 121},
        {"phone": "call me"},
        {"about": "x" * 2001},
    ],
)
def test_a_profile_has_limits_and_says_so(cast: Cast, wrong: dict[str, str]) -> None:
    answer = signed_in(cast.bo).post("/settings/", {"name": "Bo", "title": "Master welder"} | wrong)
    assert answer.status_code == 422 and "Master welder" in answer.content.decode()
    assert Member.objects.get(pk=cast.bo.pk).title == "Welder"


def test_nobody_makes_themselves_an_administrator_with_the_profile_form(cast: Cast, built: Unit) -> None:
    sent = {
        "name": "Bo Dijkstra",
        "role": "administrator",
        "unit": built.pk,
        "is_active": "0",
        "email": "x@y.example",
    }
    signed_in(cast.bo).post("/settings/", sent)
    bo = Member.objects.get(pk=cast.bo.pk)
    assert (bo.role, bo.unit_id == built.pk, bo.is_active, bo.email) == ("member", False, True, cast.bo.email)


def test_the_key_of_a_token_is_shown_once(cast: Cast) -> None:
    browser = signed_in(cast.bo)
    answer = browser.post("/settings/tokens/", {"name": "Canteen screen", "scopes": ["read"], "days": "30"})
    key = answer.context["key"]
    assert key in answer.content.decode() and answer.headers["Cache-Control"].startswith("no-store")
    assert key not in text(browser, "/settings/tokens/") and "Canteen screen" in text(
        browser, "/settings/tokens/"
    )
    token = AccessToken.objects.get()
    assert signed_in(cast.anna).post(f"/settings/tokens/{token.pk}/delete/").status_code == 404
    browser.post(f"/settings/tokens/{token.pk}/delete/")
    assert not AccessToken.objects.exists()


def test_a_token_without_a_scope_is_not_made(cast: Cast) -> None:
    assert signed_in(cast.bo).post("/settings/tokens/", {"name": "x", "days": "30"}).status_code == 422


def test_one_sees_ones_own_browsers_and_signs_the_others_out(cast: Cast) -> None:
    here, _there, _annas = signed_in(cast.bo), signed_in(cast.bo), signed_in(cast.anna)
    assert here.get("/settings/browsers/").content.decode().count("Another browser") == 1
    here.post("/settings/browsers/delete/")
    assert Session.objects.filter(member=cast.bo).count() == 1
    assert Session.objects.filter(member=cast.anna).count() == 1


# --- Administration


MANAGING = [
    "/manage/members/1/", "/manage/members/1/deactivation/", "/manage/units/", "/manage/sites/", "/manage/company/",
    "/manage/log/",
]  # fmt: skip


@pytest.mark.parametrize("path", MANAGING)
def test_only_administrators_manage(cast: Cast, path: str) -> None:
    path = path.replace("/1/", f"/{cast.bo.pk}/")
    assert signed_in(cast.administrator).get(path).status_code == 200
    for name in ("community_manager", "leader", "bo", "guest"):
        assert signed_in(cast.people[name]).get(path).status_code == 404, name


def test_community_managers_find_accounts_and_invite_and_no_more(cast: Cast) -> None:
    browser = signed_in(cast.community_manager)
    page = page_of(browser, "/manage/")
    assert "Bo Dijkstra" in page and "/manage/members/" not in page and "/manage/log/" not in page
    assert browser.post(f"/manage/members/{cast.bo.pk}/deactivation/").status_code == 404
    assert Member.objects.get(pk=cast.bo.pk).is_active


def test_accounts_are_found_by_kind(cast: Cast) -> None:
    actions.make_member(email="waiting@nordhavn.example", name="Nils Ny", password=None)
    browser = signed_in(cast.administrator)
    names = {"closed": "Dora Borte", "waiting": "Nils Ny", "guest": "Gertrud Gast", "leader": "Leif Strand"}
    for kind, name in names.items():
        assert [m.name for m in browser.get(f"/manage/?kind={kind}").context["page"].things] == [name]


def test_an_administrator_sets_role_place_and_boss(cast: Cast, built: Unit) -> None:
    sent = {
        "name": "Ulla Udenfor", "title": "Buyer", "role": "leader", "unit": built.pk, "site": "",
        "manager": "Leif Strand @leif.strand",
    }  # fmt: skip
    answer = signed_in(cast.administrator).post(f"/manage/members/{cast.outsider.pk}/", sent)
    assert answer.status_code == 302
    ulla = Member.objects.get(pk=cast.outsider.pk)
    assert (ulla.role, ulla.unit, ulla.manager, ulla.title) == ("leader", built, cast.leader, "Buyer")


@pytest.mark.parametrize(
    ("manager", "said"),
    [("Nobody Known", "We know nobody"), ("a", "Several people"), ("Ulla Udenfor", "their own manager")],
)
def test_a_name_that_means_nobody_or_several_is_asked_again(cast: Cast, manager: str, said: str) -> None:
    sent = {"name": "Ulla Udenfor", "role": "member", "manager": manager}
    answer = signed_in(cast.administrator).post(f"/manage/members/{cast.outsider.pk}/", sent)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert f'value="{manager}"' in answer.content.decode()


def test_a_colleague_is_not_made_a_guest(cast: Cast) -> None:
    sent = {"name": "Ulla Udenfor", "role": Role.GUEST}
    assert signed_in(cast.administrator).post(f"/manage/members/{cast.outsider.pk}/", sent).status_code == 422


def test_closing_an_account_is_explained_before_it_happens(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    path = f"/manage/members/{cast.bo.pk}/deactivation/"
    assert "Every browser is signed out" in text(browser, path)
    assert Member.objects.get(pk=cast.bo.pk).is_active
    browser.post(path)
    assert not Member.objects.get(pk=cast.bo.pk).is_active
    browser.post(f"{path}delete/")
    assert Member.objects.get(pk=cast.bo.pk).is_active
    assert browser.post(f"/manage/members/{cast.administrator.pk}/deactivation/").status_code == 403


def test_units_and_sites_are_made_changed_and_removed(cast: Cast) -> None:
    browser = signed_in(cast.administrator)
    browser.post("/manage/units/", {"name": "Yard", "leader": "Leif Strand"})
    yard = Unit.objects.get(name="Yard", leader=cast.leader)
    browser.post("/manage/units/", {"name": "Dock", "parent": yard.pk})
    browser.post(f"/manage/units/{yard.pk}/", {"name": "Shipyard"})
    assert Unit.objects.get(name="Dock").parent == Unit.objects.get(name="Shipyard")
    answer = browser.post(
        f"/manage/units/{yard.pk}/delete/", headers={"Referer": "http://testserver/manage/units/"}
    )
    assert answer.headers["Location"] == "/manage/units/" and Unit.objects.count() == 2
    browser.post(f"/manage/units/{Unit.objects.get(name='Dock').pk}/delete/")
    assert Unit.objects.count() == 1
    browser.post("/manage/sites/", {"name": "Oslo", "country": "no", "time_zone": "Europe/Oslo"})
    assert browser.post("/manage/sites/", {"name": "oslo"}).status_code == 422
    browser.post(f"/manage/sites/{Site.objects.get().pk}/delete/")
    assert not Site.objects.exists()


def test_a_unit_below_itself_and_a_guest_as_leader_are_refused_in_words(cast: Cast, built: Unit) -> None:
    browser = signed_in(cast.administrator)
    welding = Unit.objects.get(name="Welding")
    answer = browser.post(f"/manage/units/{built.pk}/", {"name": "Works", "parent": welding.pk})
    assert answer.status_code == 422 and "below itself" in answer.content.decode()
    answer = browser.post("/manage/units/", {"name": "New", "leader": "Gertrud Gast"})
    assert answer.status_code == 422 and "A guest cannot lead" in answer.content.decode()


@pytest.mark.parametrize("brand", ["red", "#12345", "#0b7a4b}body{display:none", "#zzzzzz", "#0b7a4b\n"])
def test_a_colour_is_six_digits_for_it_stands_in_a_stylesheet(cast: Cast, brand: str) -> None:
    sent = {"name": "Nordhavn", "brand": brand, "language": "en"}
    answer = signed_in(cast.administrator).post("/manage/company/", sent)
    kept = Company.objects.get().brand
    assert kept == "#0b7a4b" and (answer.status_code == 422 or brand.strip() == kept)


def test_the_company_changes_its_colour_everywhere(cast: Cast) -> None:
    sent = {"name": "Nordhavn Group", "brand": "#1D4ED8", "language": "da"}
    signed_in(cast.administrator).post("/manage/company/", sent)
    assert b"--brand:#1d4ed8" in Client().get("/theme.css").content
    assert "Nordhavn Group" in text(Client(), "/sign-in/")
