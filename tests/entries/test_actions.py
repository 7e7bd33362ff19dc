"""What people do with entries, and what it leaves behind."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.cast import Cast, house, viewer_of
from torvet.activity import verbs
from torvet.activity.models import Activity
from torvet.base.rules import Forbidden, Refused
from torvet.entries import actions, cards, queries
from torvet.entries.actions import EditConflict
from torvet.entries.actions.keep import keep_cards_of
from torvet.entries.models import Attachment, Card, Entry, EntryTopic, Mention, Reaction, Revision, Watch
from torvet.people.models import Member
from torvet.spaces.models import Membership, Space

pytestmark = pytest.mark.django_db


def post(cast: Cast, body: str = "Hello all", by: str = "anna", where: str = "open", **more: object) -> Entry:
    return actions.publish_post(by=house(cast.people[by]), space=cast.spaces[where], body=body, **more)


def picture(size: tuple[int, int] = (80, 60)) -> io.BytesIO:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (55.0, 40.0, 12.0)}
    Image.new("RGB", size, "teal").save(made, "JPEG", exif=exif)
    made.seek(0)
    return made


def test_a_post_is_clean_and_names_people_and_topics(cast: Cast) -> None:
    entry = post(cast, "Ask @bo.dijkstra about **wind** #Havvind <script>alert(1)</script>")
    assert "<strong>wind</strong>" in entry.body
    assert "<script" not in entry.body
    assert list(Mention.objects.filter(entry=entry).values_list("member_id", flat=True)) == [cast.bo.pk]
    assert list(EntryTopic.objects.filter(entry=entry).values_list("topic__name", flat=True)) == ["havvind"]
    assert Activity.objects.filter(verb=verbs.POSTED, entry_id=entry.pk).exists()


def test_a_guest_cannot_name_somebody_they_may_not_see(cast: Cast) -> None:
    entry = post(cast, f"@{cast.outsider.handle} and @{cast.bo.handle}", by="guest", where="guests")
    assert set(Mention.objects.filter(entry=entry).values_list("member_id", flat=True)) == {cast.bo.pk}
    assert cast.outsider.name not in entry.body


@pytest.mark.parametrize("body", ["", "   ", "\n\n", "\x00"])
def test_an_empty_post_is_refused_with_what_to_do(cast: Cast, body: str) -> None:
    with pytest.raises(Refused, match="Write something"):
        post(cast, body)


def test_a_text_of_41000_characters_is_refused_with_its_length(cast: Cast) -> None:
    with pytest.raises(Refused, match="41000 characters; 40000 fit"):
        post(cast, "a" * 41_000)


def test_an_outsider_cannot_comment_in_a_closed_space(cast: Cast) -> None:
    entry = post(cast, where="closed")
    with pytest.raises(Forbidden):
        actions.add_comment(by=house(cast.outsider), on=entry, body="Let me in")
    assert actions.add_comment(by=house(cast.bo), on=entry, body="I may").root_id == entry.pk


def test_an_answer_to_an_answer_stays_in_its_thread(cast: Cast) -> None:
    entry = post(cast)
    first = actions.add_comment(by=house(cast.bo), on=entry, body="One")
    second = actions.add_comment(by=house(cast.anna), on=first, body="Two")
    assert (second.root_id, second.reply_to_id, second.space_id) == (entry.pk, first.pk, entry.space_id)
    entry.refresh_from_db()
    assert entry.reply_count == 2
    assert entry.active_at == second.published_at


def test_who_writes_or_answers_watches_the_thread_once(cast: Cast) -> None:
    entry = post(cast)
    for _ in range(3):
        actions.add_comment(by=house(cast.bo), on=entry, body="Again")
    assert set(Watch.objects.filter(thread=entry).values_list("member_id", flat=True)) == {
        cast.anna.pk,
        cast.bo.pk,
    }


def test_a_muted_thread_stays_muted_when_one_answers_in_it(cast: Cast) -> None:
    entry = post(cast)
    actions.mute(by=house(cast.bo), entry=entry)
    actions.add_comment(by=house(cast.bo), on=entry, body="Just this")
    assert Watch.objects.get(thread=entry, member=cast.bo).is_muted


def test_reacting_twice_counts_once_and_taking_back_counts_down(cast: Cast) -> None:
    entry = post(cast)
    for _ in range(2):
        actions.react(by=house(cast.bo), entry=entry, emoji="👏")
    actions.react(by=house(cast.leader), entry=entry, emoji="👏")
    entry.refresh_from_db()
    assert entry.reactions == {"👏": 2}
    actions.take_back_reaction(by=house(cast.bo), entry=entry, emoji="👏")
    entry.refresh_from_db()
    assert entry.reactions == {"👏": 1}
    assert Reaction.objects.filter(entry=entry).count() == 1


def test_a_made_up_reaction_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.react(by=house(cast.bo), entry=post(cast), emoji="<b>")


def test_an_edit_keeps_the_earlier_words_and_changes_whom_it_names(cast: Cast) -> None:
    entry = post(cast, "See @bo.dijkstra #old")
    actions.edit_entry(by=house(cast.anna), entry=entry, body="See nobody #new", version=1)
    entry.refresh_from_db()
    assert entry.version == 2
    assert entry.edited_at is not None
    assert Revision.objects.get(entry=entry).text.startswith("See @Bo")
    assert not Mention.objects.filter(entry=entry).exists()
    assert list(EntryTopic.objects.filter(entry=entry).values_list("topic__name", flat=True)) == ["new"]


def test_of_two_people_who_edit_one_text_the_second_is_told_and_nothing_is_lost(cast: Cast) -> None:
    entry = post(cast, "First")
    actions.edit_entry(by=house(cast.anna), entry=entry, body="From the phone", version=1)
    with pytest.raises(EditConflict) as told:
        actions.edit_entry(by=house(cast.anna), entry=entry, body="From the desk", version=1)
    assert told.value.entry.text.strip() == "From the phone"


def test_nobody_edits_what_another_wrote(cast: Cast) -> None:
    entry = post(cast)
    for who in set(cast.people) - {"anna"}:
        with pytest.raises(Forbidden):
            actions.edit_entry(by=house(cast.people[who]), entry=entry, body="Mine now", version=1)


def test_removing_takes_it_from_everybodys_eyes_and_undoing_brings_it_back(cast: Cast) -> None:
    entry = post(cast)
    comment = actions.add_comment(by=house(cast.bo), on=entry, body="Hello")
    actions.remove_entry(by=house(cast.bo), entry=comment)
    assert not Entry.objects.visible_to(viewer_of(cast.bo)).filter(pk=comment.pk).exists()
    entry.refresh_from_db()
    assert entry.reply_count == 0
    actions.restore_entry(by=house(cast.bo), entry=comment)
    entry.refresh_from_db()
    assert entry.reply_count == 1
    assert Entry.objects.visible_to(viewer_of(cast.bo)).filter(pk=comment.pk).exists()


def test_removing_the_newest_post_moves_the_spaces_newest_time_back(cast: Cast) -> None:
    older, newer = post(cast), post(cast)
    actions.remove_entry(by=house(cast.anna), entry=newer)
    cast.open.refresh_from_db()
    assert cast.open.last_published_at == older.published_at


def test_a_picture_loses_its_place_and_gets_its_description(
    cast: Cast, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = actions.upload(by=house(cast.anna), source=picture(), name="../../holiday.jpg")
    entry = post(cast, "Look", files=[upload.key], alts={upload.key: "The harbour"})
    kept = Attachment.objects.get(entry=entry)
    assert (kept.alt, kept.is_picture, kept.width, kept.name) == ("The harbour", True, 80, "holiday.webp")
    with Image.open(tmp_path / kept.path) as written:
        assert not written.getexif()


@pytest.mark.parametrize("source", [b"\xff\xd8\xff\xe0 not a picture", b"\x89PNG\r\n\x1a\n\x00\x00", b""])
def test_a_broken_picture_is_refused_by_name(cast: Cast, source: bytes) -> None:
    with pytest.raises(Refused, match=r"broken\.jpg"):
        actions.upload(by=house(cast.anna), source=io.BytesIO(source), name="broken.jpg")


def test_an_endless_upload_stops_at_the_limit_and_leaves_nothing(
    cast: Cast, settings: object, tmp_path: object
) -> None:
    settings.UPLOAD_BYTES, settings.MEDIA_ROOT = 100_000, tmp_path
    with pytest.raises(Refused, match="larger than"):
        actions.upload(by=house(cast.anna), source=io.BytesIO(b"a" * 200_000), name="log.txt")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_somebody_elses_upload_cannot_be_attached(cast: Cast, settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    upload = actions.upload(by=house(cast.bo), source=io.BytesIO(b"secret plan"), name="plan.txt")
    with pytest.raises(Refused, match="no longer there"):
        post(cast, "Mine", files=[upload.key])


def test_rows_written_for_a_comment_do_not_grow_with_the_space(
    cast: Cast, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.cast import newcomer
    from torvet.spaces.actions import join

    entry = post(cast)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            actions.add_comment(by=house(cast.bo), on=entry, body="Thanks")
        return len(captured)

    statements()
    before = statements()
    for number in range(30):
        join(by=house(newcomer(f"Ny {number}")), space=cast.open)
    assert statements() == before


def test_uploads_come_back_with_a_form_that_did_not_fit(
    cast: Cast, settings: object, tmp_path: object
) -> None:
    from tests.cast import signed_in

    settings.MEDIA_ROOT = tmp_path
    upload = actions.upload(by=house(cast.anna), source=picture(), name="harbour.jpg")
    typed = {
        "space": cast.open.pk,
        "body": "a" * 41_000,
        "files": upload.key,
        f"alt-{upload.key}": "The harbour",
    }
    answer = signed_in(cast.anna).post("/compose/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="files" value="{upload.key}" checked' in page
    assert 'value="The harbour"' in page
    assert "a" * 41_000 in page


def test_ones_own_post_is_not_news_to_oneself(cast: Cast) -> None:
    def unread(member: Member) -> bool:
        row = Membership.objects.select_related("space").get(space=cast.open, member=member)
        return row.space.last_published_at is not None and row.space.last_published_at > row.read_at

    actions.publish_post(by=house(cast.bo), space=cast.open, body="News")
    assert (unread(cast.bo), unread(cast.anna)) == (False, True)
    actions.publish_post(by=house(cast.anna), space=cast.open, body="I have not read the first")
    assert (unread(cast.bo), unread(cast.anna)) == (True, True)


def test_cards_of_another_look_are_drawn_anew(cast: Cast) -> None:
    post = actions.publish_post(by=house(cast.bo), space=cast.open, body="Look")
    keep_cards_of(queries.with_cards_due([post.pk]))
    Card.objects.filter(entry=post).update(html="an old card")
    cards.forget_all()
    assert cards.cards_for([(post.pk, post.revision)])[post.pk] == "an old card"
    Card.objects.filter(entry=post).update(look="before")
    cards.forget_all()
    assert "Look" in cards.cards_for([(post.pk, post.revision)])[post.pk]


def test_the_composer_begins_where_one_last_wrote(cast: Cast) -> None:
    Space.objects.filter(pk=cast.open.pk).update(is_default=True)
    bo = viewer_of(cast.bo)
    mine = queries.spaces_to_write_in(bo)
    assert queries.likeliest_space(bo, mine) == cast.open  # everybody is in it
    actions.publish_post(by=house(cast.bo), space=cast.secret, body="Here")
    assert queries.likeliest_space(bo, mine) == cast.secret
    assert queries.likeliest_space(bo, [cast.guests]) == cast.guests
    assert queries.likeliest_space(bo, []) is None
