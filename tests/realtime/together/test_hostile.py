"""Browsers of somebody's own making: what they send breaks neither the document nor the others, and fools nobody."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText

from tests.cast import Cast
from tests.realtime.pages import Switchboard, until
from tests.realtime.together.sockets import Writer, add_paragraph, is_saved, stands, text_of, write_page
from torvet.realtime.together import room as room_module
from torvet.realtime.together import wire
from torvet.realtime.together.document import PAGE, TITLE, fill, read_state
from torvet.realtime.together.entrance import Admitted, Asked
from torvet.realtime.together.ledger import In, Ledger
from torvet.realtime.together.visitor import MALFORMED, MOST_WAITING, TOO_LARGE, TOO_OFTEN, Visitor
from torvet.realtime.together.wire import Malformed

needs_database = pytest.mark.django_db(transaction=True)
STATE = fill("0123456789abcdef", "A title", "<h2>One</h2><p>Two <strong>three</strong></p>")


def update_of(work: Any, state: bytes = STATE) -> bytes:
    """What a browser would send after doing this to the document."""
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    before = doc.get_state()
    work(doc)
    return bytes(doc.get_update(before))


def known(state: bytes = STATE) -> Ledger:
    ledger = Ledger()
    ledger.enter(ledger.check(state))
    return ledger


def deep(doc: Doc[Any]) -> None:
    inside = doc.get(PAGE, type=XmlFragment)
    for _ in range(60):
        inside = inside.children.append(XmlElement("blockquote"))


def gap(doc: Doc[Any]) -> None:
    """The second of two changes, without the first."""
    add_paragraph(doc, "first")


WRONG = {
    "an unknown node": lambda doc: doc.get(PAGE, type=XmlFragment).children.append(XmlElement("script")),
    "text beside the blocks": lambda doc: doc.get(PAGE, type=XmlFragment).children.append(XmlText("x")),
    "an unknown part": lambda doc: doc.get("other", type=Text).insert(0, "x"),
    "a map": lambda doc: doc.get("m", type=Map).update({"a": 1}),
    "an unknown mark": lambda doc: text_of(doc, 1).insert(0, "x", {"style": {"color": "red"}}),
    "something embedded": lambda doc: text_of(doc, 1).insert_embed(0, {"a": 1}),
    "too deep": deep,
    "a long attribute": lambda doc: doc.get(PAGE, type=XmlFragment).children[0].attributes.__setitem__("level", "x" * 20_000),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_change_that_breaks_the_schema_is_not_taken_in(what: str) -> None:
    with pytest.raises(Malformed):
        known().check(update_of(WRONG[what]))


def test_a_change_without_what_came_before_it_is_not_taken_in() -> None:
    doc: Doc[Any] = Doc()
    doc.apply_update(STATE)
    add_paragraph(doc, "first")
    middle = doc.get_state()
    add_paragraph(doc, "second")
    with pytest.raises(Malformed):
        known().check(doc.get_update(middle))


def numbers(*given: int) -> bytes:
    return b"".join(map(wire.number, given))


ME = 77
NEW_BLOCK = bytes((7,)) + numbers(1) + wire.piece(PAGE.encode()) + numbers(3) + wire.piece(b"paragraph")
SAYS = wire.piece("ab😀".encode())


def made_by_hand(clock: int, *pieces: bytes, deletes: bytes = b"\x00") -> bytes:
    """An update of ME that no editor would write."""
    if not pieces:
        return numbers(0) + deletes
    return numbers(1, len(pieces), ME, clock) + b"".join(pieces) + deletes


def a_text(ledger: Ledger) -> tuple[int, int]:
    """Where the words of some paragraph begin."""
    client, clock = next(key for key, kind in ledger.kinds.items() if kind[0] == In.TEXT)
    return client, clock + 1


def beside(left: tuple[int, int] | None, right: tuple[int, int] | None, content: int, words: bytes) -> bytes:
    head = content | (0x80 if left else 0) | (0x40 if right else 0)
    return bytes((head,)) + numbers(*(left or ()), *(right or ())) + words


def in_part(parent: tuple[int, int], content: int, words: bytes) -> bytes:
    return bytes((content,)) + numbers(0, *parent) + words


BY_HAND = {
    # Yjs lays what it does not know yet behind the known part, so these letters would stand between the blocks.
    "words that go on elsewhere than they began": lambda text: made_by_hand(0, beside(text, None, 4, SAYS)),
    # Yjs stops at the second piece, with the first one already taken in.
    "something in a text that is none": lambda text: made_by_hand(1, NEW_BLOCK, in_part(text, 7, numbers(6))),
    "something beside itself": lambda text: made_by_hand(0, beside(None, (ME, 0), 1, numbers(3))),
    "something between what is not neighbours": lambda text: made_by_hand(1, beside(text, (ME, 0), 4, SAYS)),
    "something on both sides of the same": lambda text: made_by_hand(1, beside(text, text, 4, SAYS)),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_HAND)
def test_a_change_that_lies_about_its_place_is_not_taken_in(what: str) -> None:
    ledger = known()
    ledger.enter(ledger.check(made_by_hand(0, NEW_BLOCK)))
    with pytest.raises(Malformed):
        ledger.check(BY_HAND[what](a_text(ledger)))


def test_no_cell_is_wider_than_an_editor_can_draw() -> None:
    state = fill("0123456789abcdef", "T", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>")

    def wide(count: object) -> Any:
        def work(doc: Doc[Any]) -> None:
            row = doc.get(PAGE, type=XmlFragment).children[0].children[0]
            row.children[0].attributes["colspan"] = count

        return work

    for fine in (1, 2.0, 65, 100.0):
        known(state).check(update_of(wide(fine), state))
    for wrong in (0, -3, 101, 1e9, 2**40, 1.5, float("nan"), "1000000", [1]):
        with pytest.raises(Malformed):
            known(state).check(update_of(wide(wrong), state))


def test_nobody_cuts_a_sign_in_two() -> None:
    ledger = known()
    client, clock = a_text(ledger)
    ledger.enter(ledger.check(made_by_hand(0, beside((client, clock), None, 4, SAYS))))
    half = (ME, 2)  # a, b, and the first half of the smile
    cuts = (
        made_by_hand(4, beside(half, None, 4, wire.piece(b"x"))),
        made_by_hand(4, beside(None, (ME, 3), 4, wire.piece(b"x"))),
        made_by_hand(0, deletes=numbers(1, ME, 1, 3, 1)),
        made_by_hand(0, deletes=numbers(1, ME, 1, 1, 2)),
    )
    for cut in cuts:
        with pytest.raises(Malformed):
            ledger.check(cut)
    ledger.check(made_by_hand(0, deletes=numbers(1, ME, 1, 2, 2)))


def test_words_for_a_paragraph_that_was_deleted_meanwhile_are_no_mistake() -> None:
    doc: Doc[Any] = Doc()
    doc.apply_update(STATE)
    late: Doc[Any] = Doc()
    late.apply_update(STATE)
    before = late.get_state()
    doc.get(PAGE, type=XmlFragment).children.__delitem__(1)
    text_of(late, 1).insert(0, "typed without a connection")
    late.get(PAGE, type=XmlFragment).children[1].children.append(XmlText("more"))
    late_words = late.get_update(before)
    known(bytes(doc.get_update())).check(bytes(late_words))
    doc.apply_update(late_words)
    known(bytes(doc.get_update()))


def test_what_honest_editors_send_is_taken_in() -> None:
    ledger, doc = known(), Doc()
    doc.apply_update(STATE)
    changes = [
        lambda: text_of(doc, 1).insert(0, "Hej æøå 😀 "),
        lambda: text_of(doc, 1).format(0, 3, {"bold": {}, "link": {"href": "https://x.example", "rel": "noopener"}}),
        lambda: doc.get(PAGE, type=XmlFragment).children[0].attributes.__setitem__("level", 3.0),
        lambda: doc.get(PAGE, type=XmlFragment).children[0].attributes.__setitem__("level", 4.0),
        lambda: add_paragraph(doc, "new", at=1),
        lambda: doc.get(PAGE, type=XmlFragment).children.__delitem__(0),
        lambda: doc.get(TITLE, type=Text).insert(0, "x"),
    ]  # fmt: skip
    for change in changes:
        before = doc.get_state()
        change()
        ledger.enter(ledger.check(doc.get_update(before)))
    fresh = known(doc.get_update())
    assert {key: one.end for key, one in fresh.clients.items()} == {
        key: one.end for key, one in ledger.clients.items()
    }


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_any_bytes_are_malformed_or_harmless(source: bytes) -> None:
    try:
        known().check(source)
    except Malformed:
        return
    doc: Doc[Any] = Doc()
    doc.apply_update(STATE)
    before = read_state(doc.get_update())
    doc.apply_update(source)
    assert read_state(doc.get_update()).title == before.title


HONEST = update_of(lambda doc: add_paragraph(doc, "honest words"))


@settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, len(HONEST) - 1), st.integers(0, 255), st.integers(0, len(HONEST)))
def test_a_damaged_change_is_malformed_or_leaves_a_document_that_can_be_read(
    place: int, byte: int, end: int
) -> None:
    broken = bytearray(HONEST[: max(end, place + 1)])
    broken[place] = byte
    ledger = known()
    try:
        checked = ledger.check(bytes(broken))
    except Malformed:
        return
    doc: Doc[Any] = Doc()
    doc.apply_update(STATE)
    doc.apply_update(bytes(broken))
    ledger.enter(checked)
    read_state(doc.get_update())
    # What the document then is can be loaded again.
    known(bytes(doc.get_update()))


# --- In a room --------------------------------------------------------------------------------------------------


@needs_database
@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", MALFORMED),
        (b"\x00", MALFORMED),
        (b"\x00\x02\xff\xff", MALFORMED),
        (wire.sync(wire.UPDATE, b"nonsense"), MALFORMED),
        (wire.sync(wire.UPDATE, b"\x01" * 500), MALFORMED),
        (wire.sync(7, b""), MALFORMED),
        (wire.sync(wire.STEP1, b"\xff" * 20), MALFORMED),
        (bytes((5,)) + b"x", MALFORMED),
        (b"\xff" * 40, MALFORMED),
        (bytes((wire.AWARENESS,)) + b"\x05abc", MALFORMED),
        (b"\x00" * (room_module.LARGEST + 1), TOO_LARGE),
    ],
)
def test_whoever_sends_nonsense_is_told_and_dropped_and_the_others_write_on(
    switchboard: Switchboard, cast: Cast, message: bytes, code: int
) -> None:
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    before = anna.html
    bo.say(message)
    assert bo.ends()
    assert bo.code == code
    assert anna.html == before
    anna.type_words(" Undisturbed.", block=1)
    assert is_saved(page, "Look up. Undisturbed.")
    assert anna.is_open
    assert Writer(switchboard).join(cast.bo, page.pk).reads("Undisturbed.")


@needs_database
def test_text_frames_and_floods_end_the_connection(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    talker, flooder = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.bo, page.pk)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    talker.say_text('{"saved":true}')
    assert talker.ends()
    assert talker.code == MALFORMED
    for _ in range(600):
        flooder.say(bytes((wire.ASK_AWARENESS,)))
    assert flooder.ends()
    assert flooder.code == TOO_OFTEN
    assert anna.is_open


@needs_database
def test_unknown_nodes_reach_neither_the_others_nor_the_page(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    bo.change(lambda doc: doc.get(PAGE, type=XmlFragment).children.append(XmlElement("iframe")))
    assert bo.ends()
    assert bo.code == MALFORMED
    assert "iframe" not in str(anna.doc.get(PAGE, type=XmlFragment))


@needs_database
def test_the_html_is_the_servers_own_and_cleaned(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    bo = Writer(switchboard).join(cast.bo, page.pk)

    def work(doc: Doc[Any]) -> None:
        add_paragraph(doc, "<script>alert(1)</script> <img src=x onerror=alert(1)>")
        children = doc.get(PAGE, type=XmlFragment).children
        paragraph = children.append(XmlElement("paragraph"))
        paragraph.children.append(XmlText("")).insert(0, "click", {"link": {"href": "javascript:alert(1)"}})
        image = children.append(XmlElement("image"))
        image.attributes["src"] = "https://evil.example/track.png"
        image.attributes["alt"] = '"><script>alert(2)</script>'
        code = children.append(XmlElement("codeBlock"))
        code.attributes["language"] = '"><script>'
        code.children.append(XmlText("")).insert(0, "x")
        mention = children.append(XmlElement("paragraph")).children.append(XmlElement("mention"))
        mention.attributes["id"] = f"member-{cast.deactivated.pk}"
        mention.attributes["label"] = "<b>somebody</b>"

    bo.change(work)
    assert is_saved(page, "&lt;script&gt;alert(1)&lt;/script&gt;")
    html = stands(page)[1]
    assert "<script" not in html
    assert "javascript:" not in html
    assert "<img" not in html
    assert "data-mention" not in html


@needs_database
def test_nobody_speaks_in_the_name_of_another(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    forged = {"user": {"name": "Anna Åberg", "hue": 3, "member": cast.anna.pk}, "role": "<b>"}
    bo.say(wire.awareness([(4711, 1, forged)]))
    assert until(lambda: 4711 in anna.states)
    assert anna.states[4711]["user"] == {"name": cast.bo.name, "hue": cast.bo.hue, "member": cast.bo.pk}
    assert set(anna.states[4711]) == {"user", "cursor"}
    # Under Anna's number, and under a second one of his own: dropped.
    anna.say(wire.awareness([(99, 1, {})]))
    assert until(lambda: 99 in bo.states)
    bo.say(wire.awareness([(99, 7, forged), (5000, 1, forged)]))
    late = Writer(switchboard).join(cast.bo, page.pk)
    assert until(lambda: {99, 4711} <= set(late.states))
    assert late.states[99]["user"]["name"] == cast.anna.name
    assert 5000 not in late.states
    # Nobody sends another away, and whoever goes is gone for all.
    bo.say(wire.awareness([(99, 8, None)]))
    time.sleep(0.3)
    assert 99 in late.states
    bo.leave()
    assert until(lambda: 4711 not in anna.states)


@needs_database
def test_only_a_cursor_that_is_one_is_passed_on(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    good = {"type": None, "tname": "page", "item": {"client": 1, "clock": 2}, "assoc": 0}
    tries = [
        ({"anchor": good, "head": good}, {"anchor": good, "head": good}),
        ({"anchor": good, "head": good | {"html": "<b>"}}, {"anchor": good, "head": good}),
        ({"anchor": good}, None), ("x", None), ({"anchor": {"item": "x"}, "head": good}, None),
        ({"anchor": {"type": {"client": -1, "clock": 0}}, "head": good}, None),
    ]  # fmt: skip
    for clock, (sent, expected) in enumerate(tries, 1):
        bo.say(wire.awareness([(4711, clock, {"cursor": sent})]))
        assert until(lambda wanted=expected: 4711 in anna.states and anna.states[4711]["cursor"] == wanted), (
            sent
        )
    bo.say(wire.awareness([(4711, 99, {"cursor": "x" * 5000})]))
    assert bo.ends()


@needs_database
def test_nobody_writes_under_the_number_of_another(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    anna = Writer(switchboard).join(cast.anna, page.pk)
    number = anna.doc.client_id
    anna.say(wire.awareness([(number, 1, {})]))
    thief = Writer(switchboard, Doc(client_id=number)).join(cast.bo, page.pk)
    assert until(lambda: switchboard.live.rooms.rooms[page.pk].owners.get(number) == cast.anna.pk)
    thief.type_words(" Stolen.", block=1)
    assert thief.ends()
    anna.type_words(" Mine.", block=1)
    assert is_saved(page, "Look up. Mine.")
    assert "Stolen" not in stands(page)[1]


def test_a_long_document_reaches_somebody_who_has_just_come() -> None:
    said: list[dict[str, Any]] = []

    async def talk() -> None:
        async def send(message: dict[str, Any]) -> None:
            said.append(message)

        visitor = Visitor(send, Asked("key", 1), Admitted(1, "Anna", 1, 1, 1))
        visitor.say(b"x" * (MOST_WAITING + 1))
        while visitor.writer is not None:
            await asyncio.sleep(0)
        assert not visitor.is_closed
        visitor.say(b"x" * MOST_WAITING)
        visitor.say(b"x")  # and this one was not taken in time
        assert visitor.is_closed

    asyncio.run(talk())
    assert len(said[0]["bytes"]) == MOST_WAITING + 1


@needs_database
def test_a_browser_that_takes_nothing_holds_nobody_up(
    switchboard: Switchboard, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torvet.realtime.together.visitor.MOST_WAITING", 20_000)
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    (slow,) = [one for one in switchboard.live.rooms.visitors() if one.member == cast.bo.pk]

    async def never(message: dict[str, Any]) -> None:
        import asyncio

        await asyncio.sleep(3600)

    slow.send = never
    for _ in range(30):
        anna.type_words("x" * 1000, block=1)
    assert until(lambda: slow.is_closed)
    assert slow.waiting <= 20_000
    assert is_saved(page, "x" * 1000)
    assert bo.told  # it was there before


@needs_database
def test_a_text_that_is_too_long_is_said_to_all_and_not_saved(switchboard: Switchboard, cast: Cast) -> None:
    page = write_page(cast.anna, cast.closed)
    bo, anna = Writer(switchboard).join(cast.bo, page.pk), Writer(switchboard).join(cast.anna, page.pk)
    bo.type_words("long words " * 19_000, block=1)
    assert until(lambda: any("characters" in told.get("trouble", "") for told in anna.told), 8)
    assert "long words" not in stands(page)[1]
    assert json.dumps(bo.told[0])
