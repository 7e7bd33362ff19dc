"""What is shown of groups tells nothing of a few people, to somebody who knows everything but who did it."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from torvet.blogs import disclosure
from torvet.blogs.disclosure import Kept

pytestmark = [pytest.mark.once, pytest.mark.slow]
QUESTIONS = 6  # asked of each company
STEPS = 4000  # other stories that are tried before it is said that there is none


# --- Every story of a small company -----------------------------------------------------------------------------------


def _ways(number: int, cells: int) -> list[tuple[int, ...]]:
    """All ways in which `number` people can come from `cells` groups."""
    if cells == 1:
        return [(number,)]
    return [(k, *rest) for k in range(number + 1) for rest in _ways(number - k, cells - 1)]


def _seen_after(story: list[tuple[int, ...]], sizes: dict[int, int], everybody: int, least: int) -> tuple:
    kept: Kept[int] = Kept()
    seen = []
    for counts in story:
        total = sum(counts)
        kept = disclosure.look(
            kept,
            total=total,
            counts=dict(enumerate(counts[:-1])),
            sizes=sizes,
            everybody=everybody,
            least=least,
        )
        seen.append((total, tuple(sorted(disclosure.shown(kept, total=total, least=least).items()))))
    return tuple(seen)


@pytest.mark.parametrize(
    ("sizes", "others", "looks"),
    [
        ((9,), 6, 4),
        ((7, 9), 6, 4),
        ((6, 6), 6, 4),
        ((12, 12), 9, 4),
        ((7, 8, 12), 6, 3),
        ((6, 6, 6), 0, 4),
    ],
)
def test_no_story_of_a_small_company_gives_a_few_away(sizes, others, looks):
    """All that can have happened is sorted by what it looks like. Where all that look alike say "between one and two
    of these", the figures have told it."""
    least = 3
    limits = (*sizes, others)
    ways = _ways(least, len(limits))
    alike = defaultdict(list)
    stories = [[(0,) * len(limits)]]
    for _look in range(looks):
        longer = []
        for story, way in itertools.product(stories, ways):
            after = tuple(a + b for a, b in zip(story[-1], way, strict=True))
            if all(number <= limit for number, limit in zip(after, limits, strict=True)):
                longer.append([*story, after])
        stories = longer
    for story in stories:
        seen = _seen_after(story[1:], dict(enumerate(sizes)), sum(limits), least)
        alike[seen].append(story)
    assert len(alike) > 1, "nothing is ever shown: then there is nothing to test"
    groups = [
        chosen
        for size in range(1, len(limits))
        for chosen in itertools.combinations(range(len(limits)), size)
        if any(group < len(sizes) for group in chosen)
    ]
    for seen, those in alike.items():
        for chosen in groups:
            for start, end in itertools.combinations(range(looks + 1), 2):
                came = [sum(story[end][g] - story[start][g] for g in chosen) for story in those]
                assert not (min(came) >= 1 and max(came) < least), (seen, chosen, start, end, set(came))
            for end in range(1, looks + 1):
                silent = [sum(limits[g] - story[end][g] for g in chosen) for story in those]
                assert max(silent) >= least, (seen, chosen, end, set(silent))


# --- A thousand random companies ---------------------------------------------------------------------------------------


@dataclass
class World:
    """Units with people in them, and what happened: (what, who, where to). Everything here but `who` is public."""

    least: int
    home: dict[int, int]  # person -> the unit they begin in; 0 is no unit
    events: list[tuple[str, int, int]] = field(default_factory=list)


def _world(dice: random.Random) -> World:
    least = dice.randint(3, 10)
    world = World(least, {})
    people = itertools.count(1)
    for unit in range(dice.randint(1, 6) + 1):
        for _one in range(dice.choice([1, least - 1, 2 * least, 3 * least, 5 * least])):
            world.home[next(people)] = unit
    given: set[int] = set()
    keen = dice.choice([0, 1, 2])  # a unit that reacts more than others
    home = dict(world.home)
    gone: set[int] = set()
    for _event in range(dice.randint(least, 5 * least)):
        fate = dice.random()
        if fate < 0.08 and given:
            world.events.append(("back", dice.choice(sorted(given)), 0))
            given.discard(world.events[-1][1])
        elif fate < 0.14:
            who = dice.choice(sorted(home))
            home[who] = dice.randint(0, max(world.home.values()))
            world.events.append(("move", who, home[who]))
        elif fate < 0.18:
            who = next(people)
            home[who] = dice.randint(0, max(world.home.values()))
            world.events.append(("join", who, home[who]))
        elif fate < 0.21:
            who = dice.choice(sorted(home))
            gone.add(who)
            world.events.append(("leave", who, 0))
        else:
            free = [who for who in home if who not in given and who not in gone]
            free = [who for who in free if home[who] == keen] if dice.random() < 0.5 else free
            if free:
                given.add(who := dice.choice(free))
                world.events.append(("react", who, 0))
    return world


@dataclass
class Watched:
    """What can be read while a story goes on, and, beside it, who it was: at each look, by unit."""

    seen: list[tuple] = field(default_factory=list)
    reacted: list[dict[int, int]] = field(
        default_factory=list
    )  # person -> unit, of those who had reacted then
    people: list[dict[int, int]] = field(default_factory=list)  # person -> unit
    figures: list[dict[int, int]] = field(default_factory=list)


def _watch(world: World) -> Watched:
    home, given, left = dict(world.home), set(), set()
    kept: Kept[int] = Kept()
    watched = Watched()
    for what, who, where in world.events:
        if what in ("move", "join"):
            home[who] = where
        elif what == "leave":
            left.add(who)
        elif what == "react":
            given.add(who)
        else:
            given.discard(who)
        here = {person: unit for person, unit in home.items() if person not in left}
        if disclosure.is_due(kept, len(given), world.least):
            sizes: dict[int, int] = defaultdict(int)
            counts: dict[int, int] = defaultdict(int)
            for person, unit in here.items():
                sizes[unit] += unit > 0
                counts[unit] += unit > 0 and person in given
            sizes.pop(0, None)
            kept = disclosure.look(
                kept,
                total=len(given),
                counts=counts,
                sizes=dict(sorted(sizes.items())),
                everybody=len(here),
                least=world.least,
            )
            watched.reacted.append({person: home[person] for person in given})
            watched.people.append(dict(here))
            watched.figures.append(disclosure.shown(kept, total=len(given), least=world.least))
        figures = disclosure.shown(kept, total=len(given), least=world.least)
        watched.seen.append((len(given), tuple(sorted(figures.items()))))
    return watched


def _exchange(world: World, one: int, another: int) -> World | None:
    """The same story with two people's parts exchanged: what the public saw, who moved and who left, stays."""
    pairs = {one: another, another: one}
    there, given = set(world.home), set()
    events = []
    for what, who, where in world.events:
        if what in ("react", "back"):
            who = pairs.get(who, who)
            if what == "react" and (who not in there or who in given):
                return None
            (given.add if what == "react" else given.discard)(who)
        elif what == "join":
            there.add(who)
        elif what == "leave":
            there.discard(who)
        events.append((what, who, where))
    return World(world.least, world.home, events)


Few = Callable[[Watched], set[int]]  # the people of whom somebody would like to know whether they did it


def _is_told(
    world: World, few: Few, people: set[int], dice: random.Random, public: Callable, steps: int
) -> bool:
    """Whether only such stories look like this one in which a few of these people did it.

    Walks from story to story, all of which look alike: two people change places. Of those it stays with the one in
    which fewer did it, down to nobody, or else more, up to enough.
    """
    watched = _watch(world)
    for goal in (0, world.least):
        story, did = world, few(watched)
        for _step in range(steps):
            doers = [who for what, who, _where in story.events if what == "react"]
            # Somebody of the few, or of those who could be, or anybody: to make room.
            some = dice.choice([sorted(did), sorted(did), sorted(people), doers])
            others = dice.choice([doers, sorted(watched.people[-1]), sorted(people)])
            changed = _exchange(story, dice.choice(some or doers), dice.choice(others))
            if changed is None:
                continue
            now = _watch(changed)
            if public(now) != public(watched):
                continue
            these = few(now)
            if not 1 <= len(these) < world.least:
                return False
            if abs(len(these) - goal) <= abs(len(did) - goal):
                story, did = changed, these
    return True


def _curious(world: World, watched: Watched, dice: random.Random) -> Iterator[tuple[str, Few, set[int]]]:
    """What somebody who watches could want to know: of a unit between two looks, of those who did not, of one who moved."""

    def came(unit: int, start: int, end: int) -> Few:
        return lambda seen: {
            who
            for who, where in seen.reacted[end].items()
            if where == unit and (start < 0 or who not in seen.reacted[start])
        }

    def silent(unit: int, end: int) -> Few:
        return lambda seen: {
            who for who, where in seen.people[end].items() if where == unit and who not in seen.reacted[end]
        }

    def one(who: int, end: int) -> Few:
        return lambda seen: {who} & set(seen.reacted[end])

    for end in range(len(watched.reacted)):
        for unit in sorted(set(watched.people[end].values()) - {0}):
            inside = {who for who, where in watched.people[end].items() if where == unit}
            for start in sorted({-1, end - 1, dice.randint(-1, max(end - 1, -1))} - {end}):
                yield f"of unit {unit}, between looks {start} and {end}", came(unit, start, end), inside
            if len(inside) >= world.least:
                yield f"silent in unit {unit} at look {end}", silent(unit, end), inside
        for what, who, _where in world.events:
            if what == "move":
                yield f"{who}, who moved, at look {end}", one(who, end), {who}


def _given_away(world: World, dice: random.Random) -> str:
    """The first few people of whom all that was shown says that they did it; empty when there are none."""
    watched = _watch(world)
    asked = [
        question
        for question in _curious(world, watched, dice)
        if 1 <= len(question[1](watched)) < world.least
    ]
    for words, few, people in dice.sample(asked, min(len(asked), QUESTIONS)):
        # It was not the figures that said it when the totals on the card say it by themselves.
        if not _is_told(world, few, people, dice, _totals, 300) and _is_told(
            world, few, people, dice, _all_seen, STEPS
        ):
            return f"{len(few(watched))} {words}"
    return ""


def _reckoned(world: World, watched: Watched) -> str:
    """The first sum or difference of what is shown, totals and sizes that is about a few people; empty without one."""
    everything = {(total, figures) for total, figures in watched.seen}
    for total, figures in everything:
        numbers = [number for _unit, number in figures]
        for many in range(1, len(numbers) + 1):
            for some in itertools.combinations(numbers, many):
                if total - sum(some) < world.least:
                    return f"{total} without {some}"
    for (_total, before), (_other, after) in itertools.combinations(everything, 2):
        for unit in dict(before).keys() | dict(after).keys():
            if 0 < abs(dict(before).get(unit, 0) - dict(after).get(unit, 0)) < world.least:
                return f"{before} beside {after}"
    for look in range(len(watched.reacted)):
        sizes = Counter(watched.people[look].values())
        for unit, number in watched.figures[look].items():
            if unit in sizes and sizes[unit] - number < world.least:
                return f"{number} of {sizes[unit]} in unit {unit}"
    return ""


def _all_seen(watched: Watched) -> object:
    return watched.seen


def _totals(watched: Watched) -> object:
    return [total for total, _figures in watched.seen]


def test_nothing_shown_in_a_thousand_random_companies_gives_a_few_people_away():
    shown = 0
    for seed in range(1000):
        dice = random.Random(seed)
        world = _world(dice)
        watched = _watch(world)
        assert not (told := _reckoned(world, watched)), f"company {seed}: {told}"
        assert not (told := _given_away(world, dice)), f"company {seed}: {told}"
        shown += any(figures for _total, figures in watched.seen)
    assert shown > 150, "hardly anything was shown: then this tests nothing"
