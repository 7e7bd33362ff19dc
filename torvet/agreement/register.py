"""The register of everything that could be used to watch a person, and the state each may have.

A feature that adds such a thing adds a line here; the most private state that still works is the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    OFF = "off"
    GROUPS = "groups"  # only in groups of at least the smallest size
    ON = "on"


@dataclass(frozen=True)
class Processing:
    """One thing that could be used to watch a person, in words a works council can read."""

    key: str
    title: str | Promise
    what: str | Promise  # what is kept or shown
    who: str | Promise  # who can see it
    kept: str | Promise  # for how long
    states: tuple[State, ...]
    default: State
    is_fixed: bool = False  # part of how the town works; listed, but there is nothing to switch


REGISTER: tuple[Processing, ...] = (
    Processing(
        "written",
        _("What people write"),
        _(
            "Posts, comments, reactions and their times, under the writer's name. Reactions to articles are only"
            " counted: nobody sees who gave them, the author included."
        ),
        _("Everybody who can read the space."),
        _("Until it is removed. Earlier versions of a text are shown beside it."),
        (State.ON,),
        State.ON,
        is_fixed=True,
    ),
    Processing(
        "read_positions",
        _("How far somebody has read"),
        _("One time per person and space or thread, to mark what is new for them."),
        _("Only the person. No page, figure or export shows it to anybody else."),
        _("The newest position only; there is no history."),
        (State.ON,),
        State.ON,
        is_fixed=True,
    ),
    Processing(
        "seen_by",
        _("Who has seen a post"),
        _("Nothing: Torvet does not note who has opened or seen what."),
        _("Nobody."),
        _("Not kept."),
        (State.OFF,),
        State.OFF,
        is_fixed=True,
    ),
    Processing(
        "sign_ins",
        _("Signed-in devices"),
        _("When somebody last signed in, with which browser, and when that session ends."),
        _("Only the person, and the machine that checks the session."),
        _("30 days at most; gone when the person signs out or the account is closed."),
        (State.ON,),
        State.ON,
        is_fixed=True,
    ),
    Processing(
        "log",
        _("The log of changes"),
        _("Who changed a role, a right, a space or this agreement, and when. Never what was read."),
        _("Administrators."),
        _("As long as the town exists."),
        (State.ON,),
        State.ON,
        is_fixed=True,
    ),
    Processing(
        "hand_over",
        _("Somebody's last day, and their hand-over"),
        _("The day, which pages and spaces are in their hands, and who takes each over."),
        _(
            "The person first. A week later at most their manager and administrators, as far as they may read it; "
            "whoever is asked to take something over sees just that."
        ),
        _("The day until the account is closed; who took what over as long as the town exists."),
        (State.ON,),
        State.ON,
        is_fixed=True,
    ),
    Processing(
        "absence",
        _("When somebody is away"),
        _("From when until when, and who stands in. Why is never asked."),
        _("The person, their manager and administrators, and whoever stands in."),
        _("A month after the last day."),
        (State.ON,),
        State.ON,
        is_fixed=True,
    ),
    Processing(
        "confirmations",
        _("Who has confirmed that they read something"),
        _(
            "That a person confirmed: which version, when, and whether a deputy or paper stood in. Never who opened "
            "it, and nothing of those who were not asked. “Only about groups” shows numbers and never a name."
        ),
        _(
            "Until the date whoever asked sees a rough number. After it, with “On”, they, community managers and "
            "administrators who can read the text see who has confirmed and who has not."
        ),
        _("Three years after it was closed, then it is removed by itself."),
        (State.OFF, State.GROUPS, State.ON),
        State.ON,
    ),
    Processing(
        "search_words",
        _("What people search for"),
        _("Nothing: search words are not kept."),
        _("Nobody."),
        _("Not kept."),
        (State.OFF,),
        State.OFF,
        is_fixed=True,
    ),
    Processing(
        "activity_figures",
        _("Figures about activity"),
        _("How much is written and answered in spaces and units."),
        _("Everybody, and only for groups of at least the smallest size."),
        _("Counted when asked; nothing extra is kept."),
        (State.OFF, State.GROUPS),
        State.OFF,
    ),
    Processing(
        "landing",
        _("How articles land"),
        _(
            "Reactions to a leader's articles, counted by unit and by topic: in steps of the smallest group, and only "
            "where nothing that is left out could be about fewer people. Never who reacted."
        ),
        _("The leader, and those who were named to answer for the blog."),
        _("The counted steps, as long as the article stands."),
        (State.OFF, State.GROUPS),
        State.GROUPS,
    ),
    Processing(
        "mood",
        _("What comments are about, and in which mood"),
        _(
            "Comments under a leader's articles are looked through on your own server for the topics and the mood in "
            "them. Only the sums for groups are kept, never what one person wrote or how."
        ),
        _("The leader, and those who were named to answer for the blog. How it judges, everybody can try."),
        _("The counted steps, as long as the article stands. Nothing while it is off."),
        (State.OFF, State.GROUPS),
        State.OFF,
    ),
    Processing(
        "member_counts",
        _("How many have joined a space"),
        _("The number of members, and their names to those who can read the space."),
        _("Everybody who can find the space."),
        _("While they are members."),
        (State.OFF, State.ON),
        State.ON,
    ),
)

BY_KEY = {processing.key: processing for processing in REGISTER}
SMALLEST_GROUP = 5  # until the agreement says otherwise
SMALLEST_ALLOWED = 3
