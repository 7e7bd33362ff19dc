"""From text to the words that are kept and looked for, the same on both databases. Pure.

A word is stemmed in the language of its text; a word that is looked for is stemmed in all five, for nobody says which
language they search in. Then letters are folded the way people type them: `ä` and `ae` are `æ`, `ö` and `oe` are `ø`,
`aa` is `å`. `a` and `å` stay apart, as do `o` and `ø`: they are different words. Names are kept without marks too, so
that Jorgen finds Jørgen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

LANGUAGES = {"da": "danish", "nb": "norwegian", "sv": "swedish", "nl": "dutch", "en": "english"}
ALSO = {"no": "nb", "nn": "nb"}
LONGEST_WORD = 48  # letters; what is longer is cut, on both sides
MOST_WORDS = 6000  # of one text

_WORD = re.compile(r"[^\W_]+")
# Marks inside words that nobody sees: soft hyphens, zero-width spaces and joiners, directions.
_UNSEEN = dict.fromkeys(
    [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_FOLDED = str.maketrans({"ä": "æ", "ö": "ø", "ü": "u", "ß": "ss", "œ": "ø", "ð": "d", "þ": "th", "ł": "l"})
_PLAIN = str.maketrans({"å": "a", "æ": "a", "ø": "o"})
_KEPT = {"å": "\ue000", "æ": "\ue001", "ø": "\ue002"}
_BACK = {mark: letter for letter, mark in _KEPT.items()}
_PAIRS = re.compile(r"aa|ae|oe")
_PAIR = {"aa": "å", "ae": "æ", "oe": "ø"}

# How a language writes the letters that its stemmer knows.
_SPELLED = {
    "da": str.maketrans({"ä": "æ", "ö": "ø"}),
    "nb": str.maketrans({"ä": "æ", "ö": "ø"}),
    "sv": str.maketrans({"æ": "ä", "ø": "ö"}),
}
# Endings that the stemmers leave, and the few plurals that change the word itself; all on stems.
_ENDINGS = {
    "da": ((re.compile(r"(?<=\w\w)sel$"), "sl"),),
    "nb": ((re.compile(r"(?<=\w{4})ern$"), ""), (re.compile(r"(?<=\w\w)sel$"), "sl")),
    "sv": ((re.compile(r"(?<=\w{4})(o|y)n$"), r"\1"),),
}
_IRREGULAR = {
    "da": {"børn": "barn", "mænd": "mand", "bøg": "bog", "fødd": "fod", "tænd": "tand", "nætt": "nat"},
    "nb": {"menn": "mann", "bøk": "bok", "føtt": "fot", "netter": "natt", "tenn": "tann"},
    "sv": {"män": "man", "böck": "bok", "fött": "fot", "nätt": "natt", "händ": "hand", "städ": "stad"},
    "en": {"children": "child", "men": "man", "women": "woman", "peopl": "person"},
}

_stemmers = {language: snowballstemmer.stemmer(name) for language, name in LANGUAGES.items()}


def split(text: str) -> list[str]:
    """The words of a text, lower case, at most MOST_WORDS."""
    return _WORD.findall(unicodedata.normalize("NFKC", text.translate(_UNSEEN)).casefold())[:MOST_WORDS]


def fold(word: str) -> str:
    """The letters of a word as people on any keyboard may type them."""
    if word.isascii():
        return _PAIRS.sub(lambda pair: _PAIR[pair.group()], word)
    word = word.translate(_FOLDED)
    for letter, mark in _KEPT.items():
        word = word.replace(letter, mark)
    word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    for mark, letter in _BACK.items():
        word = word.replace(mark, letter)
    return _PAIRS.sub(lambda pair: _PAIR[pair.group()], word)


def plain(word: str) -> str:
    """A folded word without any marks: `jørgen` is `jorgen`. For names only."""
    return word.translate(_PLAIN)


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The folded stem of a lower-case word; only folded when the language is none of the five."""
    word = word[:LONGEST_WORD]
    if language not in LANGUAGES:
        return fold(word)
    if language in _SPELLED:
        word = word.translate(_SPELLED[language])
        if language != "sv":
            word = word.replace("aa", "å")
    found: str = _stemmers[language].stemWord(word)
    found = _IRREGULAR.get(language, {}).get(found, found)
    for ending, instead in _ENDINGS.get(language, ()):
        found = ending.sub(instead, found)
    return fold(found)


def stems(text: str, language: str) -> str:
    """What the index keeps of a text: its stems in order, one space between them."""
    language = ALSO.get(language, language)
    return " ".join(stem(word, language) for word in split(text))


def names(*texts: str) -> str:
    """What the index keeps of names: folded words, and once more without marks where that differs."""
    kept = []
    for word in split(" ".join(texts)):
        folded = fold(word[:LONGEST_WORD])
        kept.append(folded)
        if plain(folded) != folded:
            kept.append(plain(folded))
    return " ".join(kept)


def forms(word: str) -> tuple[str, ...]:
    """Everything a searched word may be kept as: its stem in each language, and the word itself."""
    return tuple(
        dict.fromkeys([fold(word[:LONGEST_WORD]), *(stem(word, language) for language in LANGUAGES)])
    )


def meaningful(words: Iterable[str]) -> list[str]:
    """Without the small words that stand in every text; all of them when nothing else is left."""
    words = list(words)
    left = [word for word in words if word not in SMALL_WORDS]
    return left or words


SMALL_WORDS = frozenset(
    """
    og i at det en et den til er som på de med han af for ikke der var mig sig men har om vi min havde ham hun nu over
    da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være kom hvordan
    hvornår hvorfor hvilken hvilke kan jeg mit dig dit din jer
    å av ikke jeg meg deg seg hva hvem noen noe blir ble vært skulle mange hvilket
    och att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan när år säger hon
    under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då
    sedan hur vad vem vilka vilken mina din mitt oss
    de het een en van in is dat op te zijn met voor niet aan er om ook als dan maar bij uit door naar heeft hebben wordt
    hoe wat wie waar wanneer waarom welke ik je jij u wij we ze zij mijn jouw onze kan moet worden
    the a an and of to in is that it for on with as are was be at by this from or have not but what how who when where
    why which do does did i you he she we they my your our their can should would there if about into
    """.split()
)
