"""What has been said before that is like what somebody is about to say: openers, also for what was answered to them.

All texts are weighed, not only the newest: the rarest words of what was typed bring the candidates, those that together
tell the most first, and the reading rule is asked of each from the best one down. The candidates are then weighed by
all of the words, the frequent ones too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from torvet.entries import queries as entries
from torvet.entries.models import Entry
from torvet.forum.models import Thread
from torvet.people.viewer import Viewer
from torvet.search.found import ENTRY_KINDS, POST
from torvet.search.index import Clue, Scope, index
from torvet.search.meaning import Nearness, nearness
from torvet.search.notions import SHARE_OF_LONGER, Notion, Weighing, notions, worth_of
from torvet.search.reading import few_spaces, rule
from torvet.search.usage import Usage, usage

MOST_CANDIDATES = 6000  # texts that are brought by their rarest words
MOST_AT_ALL = 40_000  # when every word is frequent
WEIGHED = 200  # of them, those that are weighed by all words
MOST_LONGER = 24  # compounds of one word
SETTLED = 1.1  # what it helps a question that its answer was accepted or confirmed
FITS = (
    0.25  # of the words of a title, as many must stand in a text; what has fewer only shares a word by chance
)
LOOKED_AT = 4  # threads for each one that is wanted: some repeat others


def similar(
    viewer: Viewer, title: str, body: str, *, kinds: Collection[str], without: int, limit: int
) -> list[Entry]:
    """Openers of these kinds that the viewer may read, the most similar first; see torvet.entries.similar."""
    if not viewer.can_read or not kinds or limit < 1:
        return []
    weights = _by_words(viewer, title, body, kinds, without)
    near = nearness(title, body)
    if near is not None:
        weights = _with_meaning(viewer, weights, near, kinds, without, limit)
    return _openers(viewer, weights, kinds, without, limit)


def _by_words(
    viewer: Viewer, title: str, body: str, kinds: Collection[str], without: int
) -> dict[int, float]:
    """How well threads fit, between 0 and 1: as the best text in each does."""
    said = _counted(notions(title, body))
    clues = _clues(said)
    if not clues:
        return {}
    scope = Scope(
        kinds=ENTRY_KINDS,
        rule=rule(POST, viewer),
        space_ids=few_spaces(viewer),
        opened_as=tuple(sorted(kinds)),
    )
    weighing = Weighing([one.notion for one in said])
    found = index().find_by_clues(clues, scope, words=weighing.words, without_thread=without, limit=WEIGHED)
    least = FITS * sum(one.notion.share == 1 for one in said)
    weights: dict[int, float] = {}
    for candidate in found:
        weight, shared = weighing.of(candidate.length, candidate.times)
        if shared >= least:
            weights[candidate.thread_id] = max(weight, weights.get(candidate.thread_id, 0.0))
    return weights


@dataclass(frozen=True)
class _Counted:
    """A word and in about how many texts and titles it stands."""

    notion: Notion
    texts: int
    titles: int


def _counted(typed: Sequence[Notion]) -> list[_Counted]:
    """All of them, also what nobody has used: who may not read the only text that has a word must not notice it."""
    use = usage()
    estimated = [use.in_texts(notion.forms) for notion in typed]
    rare = [notion for notion, texts in zip(typed, estimated, strict=True) if not texts]
    numbers = iter(index().number_with([notion.forms for notion in rare], MOST_CANDIDATES + 1))
    longer = _longer(rare)
    found = []
    for notion, texts in zip(typed, estimated, strict=True):
        number = texts or next(numbers)
        worth = worth_of(notion.share, number, use.number)
        weighed = replace(notion, longer=longer.get(notion, ()), worth=worth)
        found.append(_Counted(weighed, number, _titles(use, notion, number)))
    return found


def _titles(use: Usage, notion: Notion, texts: int) -> int:
    """In how many titles at most."""
    return min(texts, use.in_titles(notion.forms) or use.few)


def _longer(rare: Iterable[Notion]) -> dict[Notion, tuple[str, ...]]:
    """The compounds of words in the title."""
    parts = {notion: notion.part for notion in rare if notion.share == 1 and notion.part}
    found = index().longer_words(dict.fromkeys(parts.values()), MOST_LONGER) if parts else {}
    return {notion: notion.longer_among(found.get(part, ())) for notion, part in parts.items()}


def _clues(said: Sequence[_Counted]) -> list[Clue]:
    """The rarest words, as many as bring few enough texts. A word in a title is worth twice."""
    clues: list[Clue] = []
    room = MOST_CANDIDATES
    frequent = []
    for one in sorted(said, key=lambda one: (one.texts, -one.notion.share)):
        notion = one.notion
        if one.texts <= room:
            room -= one.texts
            if one.texts:
                clues.append(Clue(notion.forms, notion.worth))
                clues.append(Clue(notion.forms, notion.worth, in_title=True))
            if notion.longer:
                clues.append(Clue(notion.longer, round(notion.worth * SHARE_OF_LONGER)))
        elif one.titles <= room and notion.share == 1:
            room -= one.titles
            clues.append(Clue(notion.forms, notion.worth, in_title=True))
        else:
            frequent.append(one)
    if not clues and frequent:
        # Nothing but words that stand everywhere: their titles are all that can tell anything.
        rarest = min(frequent, key=lambda one: (-one.notion.share, one.titles))
        if rarest.titles <= MOST_AT_ALL:
            clues.append(Clue(rarest.notion.forms, rarest.notion.worth, in_title=True))
    return clues


def _with_meaning(
    viewer: Viewer,
    weights: Mapping[int, float],
    near: Nearness,
    kinds: Collection[str],
    without: int,
    limit: int,
) -> dict[int, float]:
    """The threads that fit by their words and those that are nearest in meaning, weighed by both alike."""
    threads = set(weights)
    wanted = limit * LOOKED_AT
    for some in near.nearest():
        readable = entries.visible(viewer).filter(pk__in=some, root=None, kind__in=kinds).exclude(pk=without)
        found = set(readable.values_list("pk", flat=True))
        threads |= found
        wanted -= len(found)
        if wanted <= 0:
            break
    nearest = near.of(threads)
    return {thread: weights.get(thread, 0.0) + nearest.get(thread, 0.0) for thread in threads}


def _openers(
    viewer: Viewer, weights: Mapping[int, float], kinds: Collection[str], without: int, limit: int
) -> list[Entry]:
    """The openers of the threads of most weight, as far as the viewer may read them."""
    best = sorted(weights, key=lambda thread: (-weights[thread], -thread))[: limit * LOOKED_AT]
    if not best:
        return []
    threads = Thread.objects.filter(pk__in=best).in_bulk()
    ranked: dict[int, float] = {}  # what is shown, and its weight
    instead: dict[int, int] = {}  # what a question repeats
    for pk in best:
        thread = threads.get(pk)
        is_settled = thread and (thread.accepted_id or thread.confirmed_id or thread.solved_at)
        ranked[pk] = weights[pk] * (SETTLED if is_settled else 1)
        if thread and thread.same_as_id:
            instead[pk] = thread.same_as_id
    readable = {
        entry.pk: entry
        for entry in entries.visible(viewer)
        .filter(pk__in={*best, *instead.values()}, root=None, kind__in=kinds)
        .exclude(pk=without)
        .select_related("space", "author")
    }
    shown: dict[int, Entry] = {}
    for pk in sorted(ranked, key=lambda pk: (-ranked[pk], -pk)):
        if pk in instead and instead[pk] == without:
            continue  # it repeats the very question that is asked for
        # The question that it repeats, if the viewer may read that; else this one.
        entry = readable.get(instead.get(pk, pk)) or readable.get(pk)
        if entry:
            shown.setdefault(entry.pk, entry)
    return list(shown.values())[:limit]
