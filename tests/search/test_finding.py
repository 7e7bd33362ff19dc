"""What is found: inflections in four languages and English, compounds, names, phrases and filters."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, newcomer
from tests.search.finding import answer, find, ids, index_all, write
from torvet.base.pages import BadCursor
from torvet.entries import actions as entries
from torvet.entries.models import Entry
from torvet.people import actions as people
from torvet.search.actions import complete
from torvet.spaces import actions as spaces

pytestmark = pytest.mark.django_db

INFLECTED = [
    # language, what was written, what is looked for
    ("da", "Vi holder møderne på fjerde sal", "møde"),
    ("da", "Et møde om lønnen", "møder"),
    ("da", "Alle medarbejdernes ferie", "medarbejder"),
    ("da", "En medarbejder spørger", "medarbejderne"),
    ("da", "Kørsler i egen bil", "kørsel"),
    ("da", "Børnene kommer med", "barn"),
    ("da", "Sommerfesten på Århus Havn", "aarhus"),
    ("nb", "Medarbeiderne møtes i kantina", "medarbeider"),
    ("nb", "En medarbeider fra Bergen", "medarbeiderne"),
    ("nb", "Ansettelser i høst", "ansettelse"),
    ("nb", "Barnehagen har stengt", "barnehage"),
    ("sv", "Medarbetarna fick besked", "medarbetare"),
    ("sv", "Frånvaron ökar i vinter", "frånvaro"),
    ("sv", "En frånvaro utan orsak", "frånvaron"),
    ("sv", "Mötena blir kortare", "möte"),
    ("sv", "Böckerna ligger i receptionen", "bok"),
    ("nl", "De vergaderingen duren te lang", "vergadering"),
    ("nl", "Nieuwe huizen aan de kade", "huis"),
    ("nl", "Wie loopt er mee", "lopen"),
    ("en", "The policies have changed", "policy"),
    ("en", "Three meetings in a row", "meeting"),
    # Neighbours read one another, on each other's keyboards.
    ("da", "Et bedre arbejdsmiljø", "arbetsmiljö arbejdsmiljø"),
    ("sv", "Vår miljö", "miljø"),
    ("da", "Grøn energi", "groen"),
    ("nb", "Nærhet til sjøen", "naerhet"),
]


@pytest.mark.parametrize(
    ("language", "written", "asked"), INFLECTED, ids=[f"{row[0]}-{row[2]}" for row in INFLECTED]
)
def test_a_word_is_found_in_its_other_forms(cast: Cast, language: str, written: str, asked: str) -> None:
    entry = write(cast.anna, cast.open, written, language=language)
    write(cast.anna, cast.open, "Noget helt andet", language=language)
    index_all()
    assert ids(find(cast.bo, asked)) == [entry.pk]


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [
        ("da", "Den nye sygefraværspolitik gælder fra maj", "fravær"),
        ("da", "Den nye Sygefraværspolitik", "politik"),
        ("nb", "Personalhåndboken er oppdatert", "håndbok"),
        ("sv", "Ny sjukfrånvarostatistik", "frånvaro"),
        ("nl", "Het ziekteverzuimbeleid", "verzuim"),
    ],
)
def test_a_part_finds_its_compounds(cast: Cast, language: str, written: str, asked: str) -> None:
    entry = write(cast.anna, cast.open, written, language=language)
    write(cast.anna, cast.open, "Noget helt andet", language=language)
    index_all()
    assert ids(find(cast.bo, asked)) == [entry.pk]


def test_small_differences_that_make_another_word_are_kept(cast: Cast) -> None:
    write(cast.anna, cast.open, "Kom og hør en opera", language="da")
    index_all()
    assert ids(find(cast.bo, "hår")) == []
    assert ids(find(cast.bo, "operå")) == []


def test_a_word_that_is_still_being_typed_is_found(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, "Vi bygger en svejserobot", language="da")
    index_all()
    for begun in ("svejser", "svejse", "svej", "bygger sve"):
        assert ids(find(cast.bo, begun)) == [entry.pk], begun
    assert find(cast.bo, "sve bygger").is_loose  # only the last word may be unfinished


def test_a_phrase_is_found_in_its_order_and_across_inflections(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, "Lad os tale om de gamle dage i morgen", language="da")
    write(cast.anna, cast.open, "Gamle folk tæller de dage", language="da")
    index_all()
    assert ids(find(cast.bo, '"gamle dage"')) == [entry.pk]
    assert ids(find(cast.bo, '"gamle dag"')) == [entry.pk]
    assert ids(find(cast.bo, '"dage gamle"')) == []


def test_all_words_must_be_there_and_if_no_entry_has_them_some_will_do(cast: Cast) -> None:
    both = write(cast.anna, cast.open, "The crane and the harbour", language="en")
    one = write(cast.anna, cast.open, "The crane alone", language="en")
    index_all()
    found = find(cast.bo, "crane harbour")
    assert (ids(found), found.is_loose) == ([both.pk], False)
    loose = find(cast.bo, "crane zeppelin")
    assert (set(ids(loose)), loose.is_loose) == ({both.pk, one.pk}, True)


def test_small_words_do_not_stand_in_the_way(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, "Feriedager settes av i mars", language="nb")
    index_all()
    found = find(cast.bo, "hvor er våre feriedager")
    assert ids(found) == [entry.pk]
    assert find(cast.bo, "og i det").is_loose or not find(cast.bo, "og i det").hits


def test_the_newest_come_first_unless_the_best_are_wanted(cast: Cast) -> None:
    best = write(cast.anna, cast.open, "Crane, crane, crane", title="The crane", language="en")
    newest = write(
        cast.anna, cast.open, "Many words about many other things, and once a crane among them", language="en"
    )
    index_all()
    assert ids(find(cast.bo, "crane")) == [newest.pk, best.pk]
    assert ids(find(cast.bo, "crane", order="best")) == [best.pk, newest.pk]


def test_entries_that_were_written_long_ago_stand_where_they_belong(cast: Cast) -> None:
    written = [write(cast.anna, cast.open, f"crane {n}", language="en") for n in range(3)]
    entry = written[2]
    Entry.objects.filter(pk=entry.pk).update(published_at=entry.published_at.replace(year=2019))
    index_all()
    assert ids(find(cast.bo, "crane")) == [written[1].pk, written[0].pk, written[2].pk]


def test_two_entries_of_the_same_moment_are_both_found(cast: Cast) -> None:
    first, second = (write(cast.anna, cast.open, f"crane {n}", language="en") for n in "ab")
    # The places of both would be the same: 1,024 ids apart in one whole second.
    Entry.objects.filter(pk__in=[first.pk, second.pk]).update(
        published_at=first.published_at.replace(microsecond=0)
    )
    moved = Entry.objects.get(pk=second.pk)
    moved.pk = first.pk + 2**10
    moved.save(force_insert=True)
    Entry.objects.filter(pk=second.pk).delete()
    index_all()
    complete()
    assert set(ids(find(cast.bo, "crane"))) == {first.pk, moved.pk}


def test_filters_narrow_what_is_found(cast: Cast) -> None:
    by_anna = write(cast.anna, cast.open, "crane", language="en")
    by_bo = write(cast.bo, cast.open, "crane", language="en")
    inside = write(cast.bo, cast.closed, "crane", language="en")
    comment = answer(cast.anna, by_bo, "crane")
    index_all()
    everything = {by_anna.pk, by_bo.pk, inside.pk, comment.pk}
    assert set(ids(find(cast.bo, "crane"))) == everything
    assert set(ids(find(cast.bo, f"crane from:@{cast.anna.handle}"))) == {by_anna.pk, comment.pk}
    assert set(ids(find(cast.bo, 'crane from:"Anna Åberg"'))) == {by_anna.pk, comment.pk}
    assert set(ids(find(cast.bo, "crane", person=cast.bo.pk))) == {by_bo.pk, inside.pk}
    assert set(ids(find(cast.bo, 'crane in:"board room"'))) == {inside.pk}
    assert set(ids(find(cast.bo, "crane", space=cast.closed.pk))) == {inside.pk}
    assert set(ids(find(cast.bo, "crane", kind="comment"))) == {comment.pk}
    assert set(ids(find(cast.bo, "crane", kind="post"))) == everything - {comment.pk}
    # Filters without words: what somebody wrote, the newest first.
    assert ids(find(cast.bo, f"from:{cast.anna.handle}")) == [comment.pk, by_anna.pk]
    assert ids(find(cast.bo, "", space=cast.closed.pk)) == [inside.pk]


def test_a_filter_that_names_nothing_says_so(cast: Cast) -> None:
    write(cast.anna, cast.open, "crane", language="en")
    index_all()
    found = find(cast.bo, 'crane from:nobody.here in:"No such place"')
    assert (found.hits, found.unknown) == ((), ("from:nobody.here", "in:No such place"))


def test_a_topic_narrows_to_its_threads_and_is_found_itself(cast: Cast) -> None:
    tagged = write(cast.anna, cast.open, "Today soup #lunch", language="en")
    reply = answer(cast.bo, tagged, "I bring bread")
    write(cast.anna, cast.open, "lunch without a mark", language="en")
    index_all()
    found = find(cast.bo, "#lunch")
    assert ids(found) == [reply.pk, tagged.pk]
    assert [hit.title for hit in found.topics] == ["#lunch"]
    assert ids(find(cast.bo, "#Lunch bread")) == [reply.pk]


def test_people_spaces_and_topics_stand_above_the_posts(cast: Cast) -> None:
    somebody = newcomer("Jørgen Ægidius", title="Kranfører", about="Elsker både")
    write(cast.anna, cast.open, "Spørg Jørgen", language="da")
    index_all()
    complete()  # nobody recorded how this newcomer came
    for asked in ("Jørgen", "jorgen", "joergen", "jør", "aegidius", "kranfører", somebody.handle):
        assert [hit.id for hit in find(cast.bo, asked).people] == [somebody.pk], asked
    assert [hit.id for hit in find(cast.bo, "square").spaces] == [cast.open.pk]
    assert [hit.id for hit in find(cast.bo, "decisions").spaces] == [cast.closed.pk]  # by its purpose
    found = find(cast.bo, "jørgen", kind="person")
    assert (ids(found), found.people) == ([somebody.pk], ())


def test_a_page_follows_a_page_without_losing_or_repeating(cast: Cast) -> None:
    written = [write(cast.anna, cast.open, f"crane number {n}", language="en").pk for n in range(7)]
    index_all()
    for order in ("newest", "best"):
        seen: list[int] = []
        after = None
        while True:
            found = find(cast.bo, "crane", order=order, after=after, size=3)
            seen += ids(found)
            after = found.next
            if after is None:
                break
        assert sorted(seen) == written, order
    assert find(cast.bo, "crane", size=3).number == 7


@pytest.mark.parametrize("cursor", ["x", "WzEsMF0x", "W10", "WzAsIngiXQ", "WzcsMV0", "WzAsLTFd"])
def test_a_cursor_that_we_did_not_write_is_refused(cast: Cast, cursor: str) -> None:
    with pytest.raises(BadCursor):
        find(cast.bo, "crane", after=cursor)


def test_words_are_marked_and_everything_else_is_escaped(cast: Cast) -> None:
    write(
        cast.anna,
        cast.open,
        "Fraværet <b>stiger</b> & <script>alert(1)</script> fraværspolitik",
        language="da",
    )
    index_all()
    hit = find(cast.bo, "fravær").hits[0]
    assert "<mark>Fraværet</mark>" in hit.snippet_html
    assert "<mark>fraværspolitik</mark>" in hit.snippet_html
    assert "<script" not in hit.snippet_html
    assert "<b>" not in hit.snippet_html
    assert "<mark>" not in hit.snippet


def test_a_snippet_begins_near_the_word(cast: Cast) -> None:
    write(cast.anna, cast.open, "word " * 400 + "zeppelin " + "word " * 400, language="en")
    index_all()
    hit = find(cast.bo, "zeppelin").hits[0]
    assert "<mark>zeppelin</mark>" in hit.snippet_html
    assert len(hit.snippet) < 260
    assert hit.snippet.startswith("…") and hit.snippet.endswith("…")


def test_names_of_files_are_found(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, "See what is attached", language="en")
    entry.attachments.create(
        uploaded_by=cast.anna, name="budget-forecast.xlsx", mime="x", size=1, path="x", alt=""
    )
    index_all()
    assert ids(find(cast.bo, "forecast")) == [entry.pk]


def test_the_index_follows_what_happens(cast: Cast) -> None:
    entry = write(cast.anna, cast.open, "crane", language="en")
    index_all()
    entry = entries.edit_entry(by=house(cast.anna), entry=entry, body="zeppelin", version=entry.version)
    index_all()
    assert ids(find(cast.bo, "crane")) == []
    assert ids(find(cast.bo, "zeppelin")) == [entry.pk]
    entry = entries.remove_entry(by=house(cast.anna), entry=entry)
    assert ids(find(cast.bo, "zeppelin")) == []  # at once, before any worker comes
    index_all()
    entries.restore_entry(by=house(cast.anna), entry=entry)
    index_all()
    assert ids(find(cast.bo, "zeppelin")) == [entry.pk]
    people.change_profile(by=house(cast.anna), member=cast.anna, changes={"title": "Astronaut"})
    spaces.change_space(
        by=house(cast.leader), space=cast.open, changes={"purpose": "Everything about penguins"}
    )
    index_all()
    assert [hit.id for hit in find(cast.bo, "astronaut").people] == [cast.anna.pk]
    assert [hit.id for hit in find(cast.bo, "penguins").spaces] == [cast.open.pk]
    people.deactivate(by=house(cast.administrator), member=cast.anna)
    assert find(cast.bo, "astronaut").people == ()
