"""A conversation becomes a page: whose words, before whom, and with whose names at its foot."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from tests.forum.knowing import answer, ask
from tests.notifications.telling import comment, post, tell_all
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions as entries
from torvet.entries.models import Attachment, Entry
from torvet.notifications.models import Notification
from torvet.notifications.queries import told
from torvet.people.models import Member
from torvet.spaces import actions as spaces
from torvet.spaces.models import Membership, Space
from torvet.wiki import actions, queries, rules
from torvet.wiki.models import Page, PageSource, WorkingText
from torvet.wiki.views.making import offer_page, possible_spaces

pytestmark = pytest.mark.django_db


def make(
    by: Member, thread: Entry, *parts: Entry, space: Space | None = None, body: str = "All of it"
) -> Page:
    return actions.make_page(
        by=house(by), thread=thread, parts=[part.pk for part in parts], space=space or thread.space, title="Made",
        body=body,
    )  # fmt: skip


def fields(browser: object, address: str, **changes: object) -> dict[str, object]:
    """What the form would send, as it came."""
    form = browser.get(address).context["form"]  # type: ignore[attr-defined]
    names = ("title", "body", "space", "under", "owner", "months", "sort")
    sent: dict[str, object] = {name: form[name].value() or "" for name in names}
    sent["owner"] = f"{form.initial['owner'].name} @{form.initial['owner'].handle}"
    chosen = [str(pk) for pk in form["parts"].value()]
    return {**sent, "parts": chosen, "used": chosen, "to": "page", **changes}


def picture(by: Member) -> Attachment:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "PNG")
    made.seek(0)
    return entries.upload(by=house(by), source=made, name="crane.png", alt="A crane")


def test_a_question_and_its_accepted_answer_stand_ready(cast: Cast) -> None:
    thread = ask(cast.outsider, cast.open, "How do we lift", body="In **wind**, @leif.strand?")
    answer(cast.leader, thread, "Not so")
    answer(cast.anna, thread, "Stop at 12 m/s", accepted=True)
    browser = signed_in(cast.bo)
    address = f"/e/{thread.pk}/page/"
    form = browser.get(address).context["form"]
    assert form.initial["title"] == "How do we lift"
    assert form.initial["body"].startswith("> In **wind**") and "Stop at 12 m/s" in form.initial["body"]
    assert "Not so" not in form.initial["body"]
    assert "Leif Strand?" in form.initial["body"] and "@" not in form.initial["body"]
    assert browser.post(address, fields(browser, address)).status_code == 302
    page = Page.objects.select_related("entry", "owner").get()
    assert (page.entry.title, page.owner, page.months, page.parent) == ("How do we lift", cast.bo, 12, None)
    shown = signed_in(cast.outsider).get(page.url).content.decode()
    foot = shown.split("from-conversation")[1].split("</p>")[0]
    assert "How do we lift" in foot and "Ulla Udenfor" in foot and "Anna Åberg" in foot and "Leif" not in foot
    above = signed_in(cast.outsider).get(thread.entry.url).content.decode()
    assert "This became the page" in above and page.url in above
    # Whoever was named in the conversation is not called once more.
    assert thread.entry.mentions.exists() and not page.entry.mentions.exists()


def test_of_a_reply_that_reply_is_chosen_and_more_are_put_at_the_end(cast: Cast) -> None:
    thread = post(cast.bo, cast.open, "Where are the slings?")
    first, second = comment(cast.anna, thread, "In hall 3"), comment(cast.leader, thread, "And in the yard")
    browser = signed_in(cast.bo)
    address = f"/e/{second.pk}/page/"
    sent = fields(browser, address, title="Slings")
    assert "In hall 3" not in str(sent["body"]) and "And in the yard" in str(sent["body"])
    assert sorted(map(int, sent["parts"])) == [thread.pk, second.pk]  # type: ignore[call-overload]
    sent["parts"] = [str(thread.pk), str(first.pk), str(second.pk)]
    sent["body"] = f"My own first line\n\n{sent['body']}"
    # Sent at once: the words that nobody has looked over are put there first, and nothing typed is lost.
    again = browser.post(address, sent)
    text = again.context["form"]["body"].value()
    assert again.status_code == 422 and not Page.objects.exists()
    assert text.startswith("My own first line") and text.rstrip().endswith("In hall 3")
    assert browser.post(address, {**sent, "to": "text"}).status_code == 200
    sent |= {"body": text, "used": sent["parts"]}
    assert browser.post(address, sent).status_code == 302
    assert set(PageSource.objects.values_list("entry_id", flat=True)) == {thread.pk, first.pk, second.pk}


def test_pictures_and_files_come_along_as_the_pages_own(cast: Cast) -> None:
    shown, hung = picture(cast.anna), picture(cast.anna)
    thread = post(cast.bo, cast.open, "Which crane?")
    said = entries.add_comment(
        by=house(cast.anna), on=thread, body="This one", files=[shown.key, hung.key]
    )  # fmt: skip
    browser = signed_in(cast.bo)
    address = f"/e/{said.pk}/page/"
    sent = fields(browser, address, title="Our crane")
    assert str(sent["body"]).count("/files/") == 2
    assert browser.post(address, sent).status_code == 302
    page = Page.objects.get()
    own = list(page.entry.attachments.all())
    assert len(own) == 2 and {row.uploaded_by for row in own} == {cast.bo}
    assert shown.key not in page.entry.body and own[0].key in page.entry.body
    entries.remove_entry(by=house(cast.anna), entry=said)
    reader = signed_in(cast.outsider)
    assert reader.get(f"/files/{shown.key}/x").status_code == 404
    assert reader.get(own[0].url).status_code == 200 and reader.get(own[0].thumb).status_code == 200
    # Files of others that somebody names by hand are not copied.
    elsewhere = picture(cast.anna)
    post_of_anna = entries.publish_post(
        by=house(cast.anna), space=cast.secret, body="x", files=[elsewhere.key]
    )
    assert post_of_anna
    made = make(cast.bo, thread, thread, body=f"![x]({elsewhere.url})")
    assert not made.entry.attachments.exists()


CARRIED = {
    # (said in, page in): may the words stand there?
    ("open", "open"): True, ("open", "closed"): True, ("open", "secret"): True, ("open", "guests"): False,
    ("closed", "closed"): True, ("closed", "open"): False, ("closed", "secret"): False, ("closed", "guests"): False,
    ("secret", "secret"): True, ("secret", "open"): False, ("secret", "closed"): False,
    ("guests", "guests"): True, ("guests", "open"): False, ("guests", "closed"): False,
}  # fmt: skip


@pytest.mark.parametrize(("said", "stands"), CARRIED)
def test_closed_words_never_stand_where_more_people_read(cast: Cast, said: str, stands: str) -> None:
    thread = post(cast.anna, cast.spaces[said], "Words canaryword")
    assert rules.can_carry_into(thread.space, cast.spaces[stands]) is CARRIED[said, stands]
    if CARRIED[said, stands]:
        assert make(cast.anna, thread, thread, space=cast.spaces[stands]).space == cast.spaces[stands]
        return
    with pytest.raises(Forbidden):
        make(cast.anna, thread, thread, space=cast.spaces[stands])
    browser, address = signed_in(cast.anna), f"/e/{thread.pk}/page/"
    answered = browser.post(address, fields(browser, address, space=cast.spaces[stands].pk))
    assert answered.status_code == 422 and not Page.objects.exists()
    assert "nobody else can read it" in answered.content.decode() or said == "open"
    assert "canaryword" in answered.content.decode()


def test_who_may_make_a_page(cast: Cast) -> None:
    thread = post(cast.bo, cast.closed, "Among us")
    for name in ("outsider", "guest", "removed", "leader", "administrator", "community_manager"):
        browser = signed_in(cast.people[name])
        assert browser.get(f"/e/{thread.pk}/page/").status_code == 404
        assert browser.post(f"/e/{thread.pk}/page/", {"title": "Mine"}).status_code == 404
        with pytest.raises(Forbidden):
            make(cast.people[name], thread, thread)
    # Whoever is in no space where pages may stand is not offered it.
    open_thread = post(cast.bo, cast.open, "For all")
    assert offer_page(viewer_of(cast.outsider), open_thread) is None
    assert signed_in(cast.outsider).get(f"/e/{open_thread.pk}/page/").status_code == 404
    act = offer_page(viewer_of(cast.anna), open_thread)
    assert act is not None and act.url == f"/e/{open_thread.pk}/page/"
    assert [space.name for space in possible_spaces(viewer_of(cast.anna), open_thread)] == [
        "Town square", "Board room", "Project Heron",
    ]  # fmt: skip
    assert "Make it a page" in signed_in(cast.anna).get(f"/e/{open_thread.pk}/menu/").content.decode()


def test_a_page_is_not_made_of_a_page_nor_of_what_is_removed(cast: Cast) -> None:
    page = actions.write_page(by=house(cast.bo), space=cast.open, title="A page", body="x")
    said = comment(cast.anna, page.entry, "On it")
    for entry in (page.entry, said):
        assert offer_page(viewer_of(cast.bo), entry) is None
        assert signed_in(cast.bo).get(f"/e/{entry.pk}/page/").status_code == 404
    with pytest.raises(Forbidden):
        make(cast.bo, page.entry, page.entry)
    thread = post(cast.anna, cast.open)
    reply = comment(cast.anna, thread)
    entries.remove_entry(by=house(cast.anna), entry=thread)
    assert signed_in(cast.bo).get(f"/e/{reply.pk}/page/").status_code == 404


def test_what_is_removed_at_that_moment_is_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    thread = post(cast.bo, cast.open, "Where?")
    said = comment(cast.anna, thread, "There")
    browser, address = signed_in(cast.bo), f"/e/{thread.pk}/page/"
    sent = fields(
        browser, address, title="Where", body="My text", parts=[thread.pk, said.pk], used=[thread.pk, said.pk]
    )
    entries.remove_entry(by=house(cast.anna), entry=said)
    answered = browser.post(address, sent)
    assert answered.status_code == 422 and not Page.objects.exists()
    shown = answered.content.decode()
    assert "has been removed meanwhile" in shown and "My text" in shown and 'value="Where"' in shown
    with pytest.raises(Refused, match="removed meanwhile"):
        make(cast.bo, thread, thread, said)
    assert not Attachment.objects.exists() and not Page.objects.exists()


BAD = [
    ({"parts": []}, "Choose whose words"), ({"parts": ["x"]}, "removed meanwhile"), ({"title": " "}, "title"),
    ({"space": "1234567"}, "Choose a space"), ({"owner": "Nobody Known"}, "know nobody"), ({"months": "7"}, "7"),
    ({"under": "987654321"}, "not there any more"), ({"owner": "Gertrud Gast"}, "cannot write"),
    ({"body": "x" * 900_000}, "200000 fit"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "says"), BAD)
def test_bad_input_is_answered_beside_the_form(cast: Cast, typed: dict[str, object], says: str) -> None:
    thread = post(cast.bo, cast.open, "Where are the slings?")
    browser, address = signed_in(cast.bo), f"/e/{thread.pk}/page/"
    answered = browser.post(address, fields(browser, address, **typed))
    assert answered.status_code == 422
    assert says in answered.content.decode()
    assert not Page.objects.exists() and not PageSource.objects.exists()


def test_somebody_else_may_answer_for_it_and_it_may_stand_deeper(cast: Cast) -> None:
    top = actions.write_page(by=house(cast.bo), space=cast.open, title="Lifting", body="x")
    thread = post(cast.bo, cast.open, "Where are the slings?")
    browser, address = signed_in(cast.bo), f"/e/{thread.pk}/page/"
    sent = fields(browser, address, owner="Anna Åberg", months="3", under=str(top.pk))
    assert browser.post(address, sent).status_code == 302
    page = Page.objects.exclude(pk=top.pk).get()
    assert (page.owner, page.months, page.parent) == (cast.anna, 3, top)


def test_those_whose_words_they_are_are_told_once_if_they_may_read_it(cast: Cast) -> None:
    thread = post(cast.outsider, cast.open, "Where?")
    first, second = comment(cast.anna, thread, "There"), comment(cast.anna, thread, "Or there")
    third = comment(cast.bo, thread, "Somewhere")
    tell_all()
    page = make(cast.bo, thread, thread, first, second, third)
    tell_all()
    lines = [one.sentence for one in told(viewer_of(cast.anna)).things]
    assert lines.count("Bo Dijkstra made the page “Made” with words of yours") == 1
    assert Notification.objects.filter(verb="became_page").count() == 2  # Anna and the asker, not Bo
    actions.edit_page(by=house(cast.anna), page=page, title="Made", body="Other words", version=1)
    tell_all()
    assert Notification.objects.filter(verb="became_page").count() == 2
    # The credit stays, whatever becomes of the words.
    assert "Anna Åberg" in signed_in(cast.bo).get(page.url).content.decode().split("from-conversation")[1]
    kept = make(cast.bo, thread, thread, first, space=cast.closed)
    tell_all()
    assert not Notification.objects.filter(verb="became_page", member=cast.outsider, entry=kept.pk).exists()


def test_a_reader_learns_nothing_of_a_page_or_a_thread_that_they_may_not_read(cast: Cast) -> None:
    thread = post(cast.bo, cast.open, "Where are the slings?")
    make(cast.bo, thread, thread, space=cast.closed)
    assert "This became" in signed_in(cast.anna).get(thread.url).content.decode()
    for name in ("outsider", "leader", "administrator"):
        assert "This became" not in signed_in(cast.people[name]).get(thread.url).content.decode()
    # A page that its readers read, of a thread that some of them no longer do.
    said = post(cast.anna, cast.guests, "Words canaryword")
    comment(cast.anna, said, "more")
    made = make(cast.bo, said, said)
    found = queries.conversation_of(viewer_of(cast.guest), made)
    assert found is not None and found.people == [cast.anna] and found.thread == said
    entries.remove_entry(by=house(cast.anna), entry=said)
    gone = queries.conversation_of(viewer_of(cast.bo), made)
    assert gone is not None and gone.thread is None and gone.people == [cast.anna]
    assert "canaryword" not in signed_in(cast.bo).get(made.url).content.decode().split("from-conversation")[1]
    Membership.objects.filter(space=cast.guests, member=cast.anna).delete()
    hidden = queries.conversation_of(viewer_of(cast.guest), made)
    assert hidden is not None and hidden.people == []


def test_where_pages_are_approved_first_the_words_wait_with_their_pictures(cast: Cast) -> None:
    actions.want_approval_in(by=house(cast.leader), space=cast.open, is_wanted=True)
    shown = picture(cast.anna)
    thread = post(cast.bo, cast.open, "Which crane?")
    said = entries.add_comment(by=house(cast.anna), on=thread, body="This one", files=[shown.key])
    browser, address = signed_in(cast.bo), f"/e/{said.pk}/page/"
    assert browser.post(address, fields(browser, address, title="Our crane")).status_code == 302
    page = Page.objects.select_related("entry__space").get()
    assert page.entry.body == "" and "This one" in WorkingText.objects.get().text
    actions.approve_page(by=house(cast.leader), page=page, version=page.working_version or 0)
    assert Entry.objects.get(pk=page.pk).attachments.count() == 1


def test_a_long_thread_lists_what_matters_and_costs_the_same(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    thread = ask(cast.outsider, cast.open, "Long")
    for number in range(queries.sources.MOST_LISTED + 3):
        answer(cast.anna, thread, f"Number {number}")
    last = answer(cast.anna, thread, "The very last", accepted=True)
    browser = signed_in(cast.bo)
    browser.get(f"/e/{thread.pk}/page/")
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        shown = browser.get(f"/e/{thread.pk}/page/").content.decode()
    assert "The very last" in shown and f'value="{last.pk}" checked' in shown
    member = newcomer("Mona Med")
    spaces.join(by=house(member), space=cast.open)
    viewer = viewer_of(member)
    thread.entry.refresh_from_db()
    assert thread.entry.reply_count
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        assert queries.pages_made_of(viewer, thread.entry) == []
