"""Questions without a name: nothing that is kept tells who asked (docs/decisions/0015)."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.cast import Cast, house, newcomer, signed_in, viewer_of
from tests.forum.making import KEY, allow_anonymous, answer, seen
from torvet.activity import outbox
from torvet.activity.models import Activity
from torvet.agreement import actions as agreement
from torvet.base.rules import Forbidden, Refused
from torvet.demo.clock import own_time
from torvet.entries import actions as entries
from torvet.entries import cards
from torvet.entries.models import Entry, Watch
from torvet.forum import actions, keys
from torvet.forum.actions import anonymous
from torvet.forum.models import Forum, Thread, Waiting
from torvet.forum.queries import questions
from torvet.notifications.models import Notification, Told
from torvet.people import actions as people
from torvet.people import queries as people_queries
from torvet.people.models import Member

WORDS = "Why is nobody asked about the crane cnryq"
OTHER_KEY = "navo rita golu femi duri bako"
HOUR = timedelta(hours=1)


@pytest.fixture
def forum(cast: Cast) -> Forum:
    return allow_anonymous(cast.open)


def send(client: Client, forum: Forum, **said: str) -> Any:
    typed = {"space": str(forum.pk), "title": WORDS, "body": "", "unnamed": "1", "key": KEY} | said
    return client.post("/questions/ask/", typed)


def appear() -> Thread:
    """Let what waits appear, as if its hour had come."""
    Waiting.objects.update(appears_at=anonymous.full_hour(timezone.now()))
    actions.publish_waiting()
    while outbox.drain():
        pass
    return Thread.objects.exclude(key_digest="").select_related("entry__author", "entry__space").latest("pk")


# --- The differential test -------------------------------------------------------------------------------------------


def every_row() -> dict[str, list[tuple[str, ...]]]:
    """All that the database holds, table by table, on SQLite each in the order in which it lies there.

    PostgreSQL clears up at moments of its own, and then a row lies where another one was.
    """
    found = {}
    with connection.cursor() as cursor:
        without = set(connection.introspection.table_names(cursor))
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%%WITHOUT ROWID%%'", [])
            without = {row[0] for row in cursor.fetchall()}
        for table in sorted(connection.introspection.table_names(cursor)):
            place = "" if table in without else "rowid, "
            cursor.execute(f'SELECT {place}* FROM "{table}"')
            names = [column[0] for column in cursor.description]
            found[table] = [
                tuple(
                    "…" if name == "password" else plain(value)
                    for name, value in zip(names, row, strict=True)
                )
                for row in cursor.fetchall()
            ]
        if connection.vendor == "postgresql":
            found = {table: sorted(rows) for table, rows in found.items()}
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
            found["sequences"] = [tuple(map(str, row)) for row in cursor.fetchall()]
        else:
            cursor.execute("SELECT name, seq FROM sqlite_sequence ORDER BY 1")
            found["sequences"] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return found


def plain(value: object) -> str:
    """A value as text."""
    return str(value.astimezone(UTC) if isinstance(value, datetime) else value)


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens inside has never happened: rows, numbers given out, what the process remembers."""
    sequences = []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences")
            sequences = cursor.fetchall()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        for name, last in sequences:
            cursor.execute("SELECT setval(%s, %s, %s)", [name, last or 1, last is not None])
    cache.clear()
    cards.forget_all()
    people_queries.forget_company()


def test_two_worlds_differ_in_nothing(
    cast: Cast, forum: Forum, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In one Anna asks and Bo only opens the form, in the other the two have changed places. Chance is the same in
    both; then every row of every table, its place, and every number that was given out is the same too."""
    monkeypatch.setattr(
        anonymous, "_draw", lambda first, last: anonymous.full_hour(timezone.now()) + 2 * HOUR
    )
    monkeypatch.setattr(anonymous, "_free_number", lambda: 77)
    monkeypatch.setattr("torvet.demo.clock.TICK", timedelta(0))  # what is kept in the process asks less often
    people.change_profile(by=house(cast.anna), member=cast.anna, changes={"language": "da"})
    people.change_profile(by=house(cast.bo), member=cast.bo, changes={"language": "nl"})
    while outbox.drain():
        pass
    browsers = {"anna": signed_in(cast.anna), "bo": signed_in(cast.bo)}
    before = every_row()
    start = timezone.now()
    worlds = []
    for asker in ("anna", "bo"):
        # Both worlds have the same clock: not even a moment may differ.
        with forgotten(), own_time(start), caplog.at_level(logging.INFO):
            caplog.clear()
            for browser in browsers.values():
                assert browser.get(f"/questions/ask/?space={forum.pk}").status_code == 200
            sent = send(browsers[asker], forum, topics="crane", body="@anna @bo.dijkstra")
            assert sent.status_code == 302, sent.content
            asked = every_row()
            assert {table for table in asked if asked[table] != before[table]} == {"forum_waiting"}
            question = appear()
            made = answer(question, cast.leader)
            wish = {"key": KEY, "what": "accept", "answer": str(made.pk)}
            assert browsers[asker].post(f"/questions/{question.pk}/with-key/", wish).status_code == 302
            waiting = every_row()
            assert Waiting.objects.get().appears_at.minute == 0
            appear()
            assert Thread.objects.get(pk=question.pk).accepted_id == made.pk
            told = [record.getMessage() for record in caplog.records]
            worlds.append({"asked": asked, "waiting": waiting, "in the end": every_row(), "log": told})
    one, other = worlds
    assert one["log"] == other["log"]
    for moment in ("asked", "waiting", "in the end"):
        for table, rows in one[moment].items():
            assert rows == other[moment][table], (moment, table)


def test_the_worlds_do_differ_for_a_question_with_a_name(cast: Cast, forum: Forum) -> None:
    """The comparison sees what it is there to see."""
    browsers = {"anna": signed_in(cast.anna), "bo": signed_in(cast.bo)}
    start = timezone.now()
    worlds = []
    for asker in ("anna", "bo"):
        with forgotten(), own_time(start):
            assert send(browsers[asker], forum, unnamed="").status_code == 302
            worlds.append(every_row())
    one, other = worlds
    differing = {table for table in one if one[table] != other[table]}
    assert {"entries_entry", "activity_activity", "entries_watch"} <= differing


# --- Nobody is named -------------------------------------------------------------------------------------------------


def test_no_row_that_is_new_names_the_asker(cast: Cast, forum: Forum) -> None:
    asker = newcomer("Zenobia Quist")
    client = signed_in(asker)
    while outbox.drain():
        pass
    known = {model: set(model._default_manager.values_list("pk", flat=True)) for model in apps.get_models()}
    send(client, forum, body="And what I think of it")
    question = appear()
    for model, old in known.items():
        for row in model._default_manager.exclude(pk__in=old):
            for field in model._meta.concrete_fields:
                if field.related_model is Member:
                    assert getattr(row, field.attname) in {None, question.entry.author_id}, (
                        model,
                        field.name,
                    )
                assert "zenobia" not in str(getattr(row, field.attname)).casefold(), (model, field.name)


def test_the_newest_times_of_the_space_are_those_of_what_stands_there(cast: Cast, forum: Forum) -> None:
    """The feed skips whole spaces by these times: none may be later than what is there, nor earlier."""
    send(signed_in(cast.anna), forum)
    hour = appear().entry.published_at
    cast.open.refresh_from_db()
    assert (cast.open.last_published_at, cast.open.last_active_at) == (hour, hour)
    newer = actions.ask_question(by=house(cast.bo), space=cast.open, title="With a name").entry
    send(signed_in(cast.anna), forum, key=OTHER_KEY)
    appear()
    cast.open.refresh_from_db()
    assert (cast.open.last_published_at, cast.open.last_active_at) == (newer.published_at,) * 2


def test_what_appears_is_by_nobody_and_at_the_full_hour(cast: Cast, forum: Forum) -> None:
    send(signed_in(cast.anna), forum)
    entry = appear().entry
    hour = anonymous.full_hour(timezone.now())
    assert (entry.published_at, entry.created_at, entry.active_at) == (hour, hour, hour)
    assert (entry.author.name, entry.author.is_active, entry.written_by_id) == ("Anonymous", False, None)
    assert not Watch.objects.filter(thread=entry).exists()
    assert not Notification.objects.filter(thread=entry).exists()
    told = Activity.objects.get(entry_id=entry.pk)
    assert (told.by_id, told.about_id, told.details) == (None, None, {})


def test_the_account_is_in_no_list_and_can_never_be_opened(cast: Cast, forum: Forum) -> None:
    send(signed_in(cast.anna), forum)
    nobody = appear().entry.author
    admin = signed_in(cast.administrator)
    for address in (
        "/people/?q=anonymous",
        "/people/pick/?q=anon",
        "/manage/?q=anonymous",
        "/manage/?kind=closed",
    ):
        assert f"/people/{nobody.pk}/" not in admin.get(address).content.decode(), address
    assert questions.writers_without_name(cast.open, forum) == 7
    with pytest.raises(Forbidden):
        people.reactivate(by=house(cast.administrator), member=nobody)
    found = admin.get("/api/v1/members?q=anonymous").json()
    assert found["items"] == []


def test_pages_cards_search_and_api_say_nobody(cast: Cast, forum: Forum) -> None:
    send(signed_in(cast.anna), forum)
    question = appear()
    for member in (cast.anna, cast.administrator):
        client = signed_in(member)
        for address in (
            f"/questions/{question.pk}/", f"/spaces/{forum.pk}/", "/search/?q=cnryq", f"/e/{question.pk}/history/",
            f"/api/v1/questions/{question.pk}", "/api/v1/questions", f"/api/v1/entries/{question.pk}",
        ):  # fmt: skip
            shown = client.get(address, follow=True).content.decode()
            # Not the word that is looked for: a search says it again.
            assert "nobody asked about the crane" in shown or "history" in address, address
            if member is not cast.anna:
                assert cast.anna.handle not in shown and "Anna" not in shown, address
    # Not even the asker's own page is another one: nothing there can be edited, accepted or removed.
    own = signed_in(cast.anna).get(f"/questions/{question.pk}/").content.decode()
    theirs = signed_in(cast.bo).get(f"/questions/{question.pk}/").content.decode()
    assert "/acceptance/" not in own and "/acceptance/" not in theirs
    assert signed_in(cast.anna).get(f"/e/{question.pk}/edit/").status_code in {302, 403, 404}


def test_until_its_hour_it_is_nowhere_but_in_its_row(cast: Cast, forum: Forum) -> None:
    send(signed_in(cast.anna), forum, body="Body cnrybody")
    row = Waiting.objects.get()
    now = timezone.now()
    hours = {(row.appears_at - anonymous.full_hour(now)) // HOUR}
    assert hours <= {2, 3, 4, 5, 6} and row.appears_at == anonymous.full_hour(row.appears_at)
    where = {
        table for table, rows in every_row().items() if any("cnry" in value for row in rows for value in row)
    }
    assert where == {"forum_waiting"}
    assert actions.publish_waiting() == 0 and not Entry.objects.filter(kind="question").exists()
    kept = {field.name for field in Waiting._meta.concrete_fields}
    assert kept == {
        "id", "what", "appears_at", "space", "sub_forum", "thread", "answer", "title", "body", "text", "language",
        "topics", "key_digest",
    }  # fmt: skip


def test_hours_and_numbers_are_drawn(cast: Cast, forum: Forum) -> None:
    for _time in range(40):
        actions.ask_without_name(by=house(cast.anna), space=cast.open, title="Again?", key=keys.new_key())
    rows = list(Waiting.objects.values_list("pk", "appears_at"))
    assert len({at for _pk, at in rows}) == 5, "each of the five hours is drawn"
    assert sorted(pk for pk, _at in rows) != list(range(1, 41)) and len({pk for pk, _at in rows}) == 40
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM forum_waiting WHERE rowid <> id")
            assert cursor.fetchone() == (0,), "the place of a row tells when it came"


def test_what_is_due_together_appears_in_an_order_by_chance(
    cast: Cast, forum: Forum, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the rows lay in the order in which they came."""
    numbers = itertools.count(1)
    monkeypatch.setattr(anonymous, "_free_number", lambda: next(numbers))
    for number in range(12):
        actions.ask_without_name(
            by=house(cast.anna), space=cast.open, title=f"Number {number:02}", key=keys.new_key()
        )
    appear()
    in_order = list(Entry.objects.filter(kind="question").order_by("pk").values_list("title", flat=True))
    assert len(in_order) == 12 and in_order != sorted(in_order)
    assert len(set(Entry.objects.filter(kind="question").values_list("published_at", flat=True))) == 1


def test_the_language_is_that_of_the_words(cast: Cast, forum: Forum) -> None:
    people.change_profile(by=house(cast.anna), member=cast.anna, changes={"language": "da"})
    anna = signed_in(cast.anna)
    send(anna, forum, body="Hm")
    assert Waiting.objects.get().language == ""


def test_names_are_not_looked_up_as_the_asker(cast: Cast, forum: Forum) -> None:
    mention = (
        f'<p><span data-type="mention" data-mention="member-{cast.bo.pk}">@Bo</span> <a href="/x">y</a></p>'
    )
    send(signed_in(cast.anna), forum, body=mention, format="html")
    entry = appear().entry
    assert not entry.mentions.exists() and f"/people/{cast.bo.pk}/" not in entry.body


# --- What is refused, and what is kept -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"title": " "}, b"Write your question in one line first."),
        ({"key": ""}, b"The six words of the form are missing."),
        ({"key": "one two three"}, b"The six words of the form are missing."),
        ({"files": "abc"}, b"Without a name there are no files"),
        (
            {"body": "<p><img src='/files/abcd/x.webp'></p>", "format": "html"},
            b"Without a name there are no files",
        ),
        ({"sub_forum": "99"}, b"This sub-forum is not there any more."),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_lost(
    cast: Cast, forum: Forum, said: dict[str, str], why: bytes
) -> None:
    sent = send(signed_in(cast.anna), forum, topics="cranetopic", **said)
    assert sent.status_code == 422 and why in sent.content and b"cranetopic" in sent.content
    assert not Waiting.objects.exists()


def test_another_space_keeps_the_choice_and_the_words_and_says_where_there_is_none(
    cast: Cast, forum: Forum
) -> None:
    """Who chose to ask without a name must not find themselves asking with one."""
    client = signed_in(cast.anna)
    chosen = {"space": str(forum.pk), "unnamed": "1", "key": KEY}
    part = client.post("/questions/ask/place/", chosen).content.decode()
    assert 'name="unnamed" value="1" checked' in part and KEY in part
    part = client.post("/questions/ask/place/", chosen | {"space": str(cast.closed.pk)}).content.decode()
    assert 'name="unnamed"' not in part and "Here questions are asked with a name." in part
    part = client.post("/questions/ask/place/", {"space": str(cast.closed.pk)}).content.decode()
    assert "with a name" not in part
    # By GET the choice and the words would stand in the logs of all on the way.
    assert client.get("/questions/ask/place/", chosen).status_code == 405


def test_only_where_the_forum_allows_it_and_enough_people_write(cast: Cast, forum: Forum) -> None:
    closed = allow_anonymous(cast.closed)
    sent = send(signed_in(cast.anna), closed)
    assert sent.status_code == 422 and b"So few people can write here" in sent.content
    assert b'name="unnamed"' not in signed_in(cast.anna).get(f"/questions/ask/?space={closed.pk}").content
    assert b'name="unnamed"' in signed_in(cast.anna).get(f"/questions/ask/?space={forum.pk}").content
    Forum.objects.filter(pk=forum.pk).update(allows_anonymous=False)
    sent = send(signed_in(cast.anna), forum)
    assert sent.status_code == 422 and b"Here questions are asked with a name." in sent.content
    with pytest.raises(Forbidden):
        actions.ask_without_name(by=house(cast.outsider), space=cast.closed, title="May I?", key=KEY)


def test_what_can_no_longer_hide_does_not_appear(cast: Cast, forum: Forum) -> None:
    send(signed_in(cast.anna), forum)
    agreement.change_smallest_group(by=house(cast.administrator), size=50, reason="More care")
    Waiting.objects.update(appears_at=anonymous.full_hour(timezone.now()))
    assert actions.publish_waiting() == 0 and Waiting.objects.count() == 1
    Waiting.objects.update(appears_at=anonymous.full_hour(timezone.now()) - timedelta(days=8))
    actions.publish_waiting()
    assert not Waiting.objects.exists() and not Entry.objects.filter(kind="question").exists()


def test_a_form_that_is_sent_twice_asks_once(cast: Cast, forum: Forum) -> None:
    client = signed_in(cast.anna)
    assert send(client, forum).url == send(client, forum).url
    assert Waiting.objects.count() == 1
    appear()
    assert send(client, forum).status_code == 302 and not Waiting.objects.exists()


def test_sending_looks_like_asking_with_a_name(cast: Cast, forum: Forum) -> None:
    client = signed_in(cast.anna)
    unnamed, named = send(client, forum), send(client, forum, unnamed="")
    assert (unnamed.status_code, unnamed.content) == (named.status_code, named.content)
    assert set(unnamed.headers) == set(named.headers) and not unnamed.cookies.keys() ^ named.cookies.keys()
    # The server and all who log on the way see the address of the form again.
    assert unnamed.url.partition("#")[0] == f"/questions/ask/?space={forum.pk}"


# --- With the six words ----------------------------------------------------------------------------------------------


def test_only_the_key_accepts_adds_and_removes_and_later(cast: Cast, forum: Forum) -> None:
    client = signed_in(cast.anna)
    send(client, forum, body="First words")
    question = appear()
    made, other = answer(question, cast.bo), answer(question, cast.leader, "Or three hours.")
    Thread.objects.filter(pk=question.pk).update(accepted=other)  # so that it can be taken back
    address = f"/questions/{question.pk}/with-key/"
    wrong = client.post(address, {"key": OTHER_KEY, "what": "add", "body": "kept cnryadd"})
    assert wrong.status_code == 422 and b"These are not the six words" in wrong.content
    assert b"kept cnryadd" in wrong.content and not Waiting.objects.exists()
    for what in ("accept", "take_back", "add", "remove"):
        wrong = client.post(address, {"key": OTHER_KEY, "what": what, "answer": str(other.pk)})
        page = wrong.content.decode()
        checked = re.findall(r'name="what" value="(\w+)" checked', page)
        assert checked == [what] and f'<option value="{other.pk}" selected>' in page
    for what, said in (("accept", {"answer": str(made.pk)}), ("add", {"body": "Also **this** #cranes"})):
        # From another browser, in capitals and with dashes: the words are what counts.
        sent = signed_in(cast.bo).post(address, {"key": KEY.upper().replace(" ", "-"), "what": what, **said})
        assert sent.status_code == 302 and sent.url.endswith("#wished")
    assert seen(question.pk, viewer_of(cast.bo)).accepted_id == other.pk
    appear()
    found = seen(question.pk, viewer_of(cast.bo))
    assert found.accepted_id == made.pk and found.accepted_at == anonymous.full_hour(timezone.now())
    assert found.entry.text.split() == ["First", "words", "Also", "this", "#cranes"]
    assert [row.topic.name for row in found.entry.entry_topics.all()] == ["cranes"]
    told = Notification.objects.get(verb=Told.ANSWER_ACCEPTED)
    assert (told.member_id, told.actor_id, told.actors) == (cast.bo.pk, None, ",")
    assert "Somebody says that your answer" in signed_in(cast.bo).get("/told/").content.decode()
    client.post(address, {"key": KEY, "what": "take_back"})
    appear()
    assert seen(question.pk, viewer_of(cast.bo)).accepted_id is None
    client.post(address, {"key": KEY, "what": "remove"})
    appear()
    assert questions.get_visible(viewer_of(cast.bo), question.pk) is None


def test_a_question_without_a_name_is_merged_into_nothing(cast: Cast, forum: Forum) -> None:
    """Its asker holds six words for it; and two of them may have two askers, of whom neither accepts for the other."""
    client = signed_in(cast.anna)
    send(client, forum)
    question = appear()
    send(client, forum, title="Another one", key=OTHER_KEY)
    other = appear()
    with pytest.raises(Refused, match="asked without a name"):
        actions.merge_into(by=house(cast.anna), source=question.entry, into=other.entry)
    assert Thread.objects.count() == 2 and Entry.objects.get(pk=question.pk).root_id is None
    named = actions.ask_question(by=house(cast.bo), space=cast.open, title="With a name")
    actions.merge_into(by=house(cast.anna), source=named.entry, into=other.entry)
    assert Thread.objects.get(pk=other.pk).key_digest


def test_an_acceptance_that_comes_too_late_does_nothing(cast: Cast, forum: Forum) -> None:
    send(signed_in(cast.anna), forum)
    question = appear()
    made = answer(question, cast.bo)
    actions.ask_later_with_key(by=house(cast.anna), question=question, key=KEY, what="accept", answer=made)
    entries.remove_entry(by=house(cast.bo), entry=made)
    appear()
    assert Thread.objects.get(pk=question.pk).accepted_id is None and not Waiting.objects.exists()


@pytest.mark.parametrize(
    "typed", ["", "x" * 300, "bako " * 6, "б" * 20, "bako duri femi golu rita navo extra"]
)
def test_no_other_words_fit(typed: str) -> None:
    digest = keys.digest_of(KEY)
    assert (
        not keys.fits(typed, digest) and keys.fits(KEY, digest) and not keys.fits("", keys.digest_of("")[:0])
    )


def test_keys_are_many_and_readable() -> None:
    made = {keys.new_key() for _time in range(200)}
    assert len(made) == 200 and all(keys.is_key(key) and keys.as_kept(key) == key for key in made)


def test_a_question_with_a_name_has_no_key(cast: Cast, forum: Forum) -> None:
    found = actions.ask_question(by=house(cast.anna), space=cast.open, title="With a name")
    with pytest.raises(Refused, match="not the six words"):
        actions.ask_later_with_key(
            by=house(cast.anna), question=seen(found.pk, house(cast.anna)), key=KEY, what="remove"
        )
