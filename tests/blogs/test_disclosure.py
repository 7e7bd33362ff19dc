"""What is shown of groups tells nothing of a few people, to somebody who knows everything but who did it."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from torvet.blogs import disclosure
from torvet.blogs.disclosure import Kept

pytestmark = pytest.mark.once


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
        seen.append((total, tuple(sorted(disclosure.shown(kept, least=least).items()))))
    return tuple(seen)


@pytest.mark.parametrize(
    ("sizes", "others", "looks"),
    [
        ((9,), 6, 4),
        ((7, 9), 6, 4),
        ((6, 6), 6, 4),
        ((12, 12), 9, 5),
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
    reacted: list[dict[int, int]] = field(default_factory=list)  # person -> unit, of those who had reacted then
    people: list[dict[int, int]] = field(default_factory=list)  # person -> unit


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
        watched.seen.append((len(given), tuple(sorted(disclosure.shown(kept, least=world.least).items()))))
    return watched


def _exchange(world: World, pairs: dict[int, int]) -> World | None:
    """The same story with other people in it: what the public saw of it, who moved and left, stays."""
    there = set(world.home)
    away: set[int] = set()
    given: set[int] = set()
    events = []
    for what, who, where in world.events:
        if what in ("react", "back"):
            who = pairs.get(who, who)
            if what == "react" and (who not in there or who in away or who in given):
                return None
            (given.add if what == "react" else given.discard)(who)
        elif what == "join":
            there.add(who)
        elif what == "leave":
            away.add(who)
        events.append((what, who, where))
    return World(world.least, world.home, events)


def _another_story(world: World, watched: Watched, of: set[int], is_few, dice: random.Random) -> bool:
    """Whether somebody who saw all that was shown could as well believe that nobody of these did it, or enough."""
    everybody = {who for _what, who, _where in world.events} | set(world.home)
    did = {who for what, who, _where in world.events if what == "react"}
    doers, rest = sorted(of & did), sorted(everybody - did)
    outside = [who for who in rest if who not in of]
    inside = [who for who in rest if who in of]
    others = sorted(did - of)
    for attempt in range(150):
        if attempt % 2 and inside and others:
            number = dice.randint(1, min(len(inside), len(others)))
            pairs = dict(zip(dice.sample(others, number), dice.sample(inside, number), strict=True))
        elif outside and doers:
            number = min(len(outside), len(doers))
            pairs = dict(zip(dice.sample(doers, number), dice.sample(outside, number), strict=True))
            # Who takes their place may have to make room elsewhere in turn.
            if attempt % 4 == 0 and others and inside:
                pairs |= dict(zip(dice.sample(others, 1), dice.sample(inside, 1), strict=True))
        else:
            continue
        told = _exchange(world, pairs)
        if told is None:
            continue
        other = _watch(told)
        if other.seen == watched.seen and not is_few(other):
            return True
    return False


def _given_away(world: World, dice: random.Random) -> str:
    """The first group of a few people of whom all that was shown says that they did it; empty when there is none."""
    watched = _watch(world)
    looks = len(watched.reacted)
    for end in range(looks):
        for start in {-1, end - 1, dice.randint(-1, end - 1)}:
            before = watched.reacted[start] if start >= 0 else {}
            for unit in set(watched.people[end].values()) - {0}:
                came = {w for w, u in watched.reacted[end].items() if u == unit and w not in before}
                if not 1 <= len(came) < world.least:
                    continue

                def is_few(other: Watched, end=end, start=start, unit=unit) -> bool:
                    earlier = other.reacted[start] if start >= 0 else {}
                    number = sum(u == unit and w not in earlier for w, u in other.reacted[end].items())
                    return 1 <= number < world.least

                of = {w for w, u in watched.people[end].items() if u == unit}
                if not _another_story(world, watched, of, is_few, dice):
                    return f"{len(came)} of unit {unit} between looks {start} and {end}"
    return ""


def test_nothing_shown_in_a_thousand_random_companies_gives_a_few_people_away():
    shown = 0
    for seed in range(1000):
        dice = random.Random(seed)
        world = _world(dice)
        assert not (told := _given_away(world, dice)), f"company {seed}: {told}"
        shown += any(figures for _total, figures in _watch(world).seen)
    assert shown > 150, "hardly anything was shown: then this tests nothing"
