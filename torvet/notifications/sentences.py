"""What a notification says, one sentence for each verb, in the reader's language.

`{who}` is a name, two names, or a name and a number; the plural forms are for languages whose verb changes with it.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from torvet.notifications import said
from torvet.notifications.facts import Facts
from torvet.notifications.models import Told

NAMES_SHOWN = 2


def sentence(facts: Facts) -> str:
    """As plain text."""
    return _template(facts).format(
        who=_who(facts, bold=False), space=facts.space, title=facts.title, because=facts.because
    )


def sentence_html(facts: Facts) -> str:
    """As HTML, names and the space in bold; everything that somebody wrote is escaped."""
    return format_html(
        _template(facts),
        who=_who(facts, bold=True),
        space=format_html("<b>{}</b>", facts.space),
        title=format_html("<b>{}</b>", facts.title),
        because=facts.because,
    )


def _who(facts: Facts, *, bold: bool) -> str:
    names = [format_html("<b>{}</b>", name) if bold else name for name in facts.names[:NAMES_SHOWN]]
    join = format_html if bold else str.format
    if not names:
        return _("Somebody")
    others = facts.number - 1
    if others <= 0:
        return names[0]
    if others == 1 and len(names) == NAMES_SHOWN:
        return join(_("{first} and {second}"), first=names[0], second=names[1])
    rest = ngettext("{first} and {number} other", "{first} and {number} others", others)
    return join(rest, first=names[0], number=others)


def _template(facts: Facts) -> str:
    return _SENTENCES[Told(facts.verb)](facts)


def _mentioned(facts: Facts) -> str:
    return ngettext("{who} mentioned you in {space}", "{who} mentioned you in {space}", facts.number)


def _mentioned_unit(facts: Facts) -> str:
    return ngettext(
        "{who} mentioned your unit in {space}", "{who} mentioned your unit in {space}", facts.number
    )


def _followed(facts: Facts) -> str:
    return ngettext("{who} now follows you", "{who} now follow you", facts.number)


def _invited(facts: Facts) -> str:
    return ngettext("{who} invites you to {space}", "{who} invite you to {space}", facts.number)


def _let_in(facts: Facts) -> str:
    return _("Welcome: {who} let you into {space}")


def _turned_down(facts: Facts) -> str:
    # Kindly, and without a name: it is the space's answer, not a person's.
    return _("You cannot join {space} right now. You are welcome to ask those who run it.")


def _asked_to_join(facts: Facts) -> str:
    return ngettext("{who} asks to join {space}", "{who} ask to join {space}", facts.number)


def _added(facts: Facts) -> str:
    return _("{who} added you to {space}")


def _still_right(facts: Facts) -> str:
    if not facts.title:
        return _("Several pages that you answer for wait to be looked through")
    return _("Is “{title}” still right?")


def _to_approve(facts: Facts) -> str:
    return ngettext(
        "{who} changed “{title}”: the new text waits for you to approve it",
        "{who} changed “{title}”: the new text waits for you to approve it",
        facts.number,
    )


def _suggested(facts: Facts) -> str:
    return ngettext(
        "{who} suggests a change to a page in {space}",
        "{who} suggest a change to a page in {space}",
        facts.number,
    )


def _approved(facts: Facts) -> str:
    return _("{who} approved your text of “{title}”: now everybody reads it")


def _not_yet(facts: Facts) -> str:
    return _("{who} says “not yet” to your text of “{title}”. See what is missing.")


def _reported(facts: Facts) -> str:
    return ngettext(
        "{who} says that something is not right with “{title}”",
        "{who} say that something is not right with “{title}”",
        facts.number,
    )


def _suggestion_accepted(facts: Facts) -> str:
    return _("{who} put the change you suggested on the page in {space}")


def _suggestion_declined(facts: Facts) -> str:
    return _("{who} answered the change you suggested in {space}: the page stays as it is")


def _suggestion_discussed(facts: Facts) -> str:
    return ngettext(
        "{who} wrote about a suggested change in {space}",
        "{who} wrote about a suggested change in {space}",
        facts.number,
    )


def _report_answered(facts: Facts) -> str:
    return _("{who} answered what you said of “{title}”")


def _asked_over(facts: Facts) -> str:
    if not facts.is_on_page:
        return _("{who} asks you to take over {space}")
    return _("{who} asks you to take over a page in {space}")


def _taken_over(facts: Facts) -> str:
    if not facts.is_on_page:
        return ngettext("{who} takes over {space}", "{who} take over {space}", facts.number)
    return ngettext("{who} takes over a page in {space}", "{who} take over a page in {space}", facts.number)


def _not_taken(facts: Facts) -> str:
    return _("{who} cannot take over what you asked for in {space}. Please ask somebody else.")


def _fell_to(facts: Facts) -> str:
    if not facts.space:
        return _("Somebody left, and something in a space you cannot see now stands in your name.")
    return _("Somebody left, and something in {space} is now yours to look after")


def _last_day_set(facts: Facts) -> str:
    return _("{who} set your last day. See first what there is to hand over.")


def _last_day_near(facts: Facts) -> str:
    return _("Your last day comes near. Who takes over what you look after?")


def _showed_hand_over(facts: Facts) -> str:
    return _("{who} shows you what there is to hand over")


def _lost_leader(facts: Facts) -> str:
    return _("Somebody who led a unit has left. Name who leads it now.")


def _draft_waiting(facts: Facts) -> str:
    return ngettext(
        "{who} wrote an article for a blog in {space}: it waits for your nod",
        "{who} wrote an article for a blog in {space}: it waits for your nod",
        facts.number,
    )


def _draft_sent_back(facts: Facts) -> str:
    return _("{who} sent your draft in {space} back. See what is missing.")


def _writing_is_out(facts: Facts) -> str:
    return _("{who} published what you wrote: “{title}”")


def _did_not_come_out(facts: Facts) -> str:
    return _("An article for a blog in {space} did not come out when its time had come. See why.")


def _may_write(facts: Facts) -> str:
    return _("{who} lets you write in a blog in {space}")


def _blog_for_you(facts: Facts) -> str:
    return _("{who} opened a blog in your name in {space}")


def _keeps_blog(facts: Facts) -> str:
    return _("Somebody who had a blog in {space} has left. You look after it now.")


def _outcome(facts: Facts) -> str:
    return _("You said, we did: {who} tells what became of it in {space}")


def _quiet_week(facts: Facts) -> str:
    return _("A quiet week on your blog. Here is one small thing to do.")


def _to_confirm(facts: Facts) -> str:
    return _("{who} asks you to confirm that you have read “{title}”")


def _to_confirm_again(facts: Facts) -> str:
    return _("“{title}” has changed: please read it and confirm once more")


def _to_confirm_soon(facts: Facts) -> str:
    return _("Please remember to confirm that you have read “{title}”")


def _to_confirm_for(facts: Facts) -> str:
    return _("A colleague you stand in for is asked to confirm “{title}”. Please do it in their place.")


def _notice_passed(facts: Facts) -> str:
    return _("Somebody left: you now look after who has confirmed “{title}”")


def _unanswered(facts: Facts) -> str:
    return _("This week’s list: what still waits for an answer in {space}")


def _answer_accepted(facts: Facts) -> str:
    return _("{who} says that your answer in {space} solved it")


def _answer_confirmed(facts: Facts) -> str:
    return _("{who} confirmed that your answer in {space} is right")


def _asked_to_answer(facts: Facts) -> str:
    if not facts.because:
        return _("{who} asks you: “{title}”")
    return _("{who} asks you: “{title}”, because {because}")


def _cannot_answer(facts: Facts) -> str:
    return _("{who} cannot answer “{title}” just now. Nobody needs to wait.")


def _became_page(facts: Facts) -> str:
    return _("{who} made the page “{title}” with words of yours")


def _idea_to_decide(facts: Facts) -> str:
    return _("An idea in {space} waits for you to decide about it")


def _idea_overdue(facts: Facts) -> str:
    return _("A decision is overdue: “{title}”")


def _ideas_fell(facts: Facts) -> str:
    return _("Who decided about ideas in {space} has left. You decide now.")


def _idea_merged(facts: Facts) -> str:
    return _("{who} made an idea you took part in one with “{title}”")


def _idea_chosen(facts: Facts) -> str:
    return _("{who} chose an idea you took part in: “{title}”")


def _idea_declined(facts: Facts) -> str:
    return _("{who} declined an idea you took part in: “{title}”")


def _idea_tried(facts: Facts) -> str:
    return _("An idea you took part in is being tried: “{title}”")


def _idea_done(facts: Facts) -> str:
    return _("An idea you took part in is done: “{title}”")


_SENTENCES = {
    Told.UNANSWERED: _unanswered,
    Told.ANSWER_ACCEPTED: _answer_accepted,
    Told.ANSWER_CONFIRMED: _answer_confirmed,
    Told.IDEA_TO_DECIDE: _idea_to_decide,
    Told.IDEA_OVERDUE: _idea_overdue,
    Told.IDEAS_FELL: _ideas_fell,
    Told.IDEA_MERGED: _idea_merged,
    Told.IDEA_CHOSEN: _idea_chosen,
    Told.IDEA_DECLINED: _idea_declined,
    Told.IDEA_TRIED: _idea_tried,
    Told.IDEA_DONE: _idea_done,
    Told.OUTCOME: _outcome,
    Told.QUIET_WEEK: _quiet_week,
    Told.DRAFT_WAITING: _draft_waiting,
    Told.DRAFT_SENT_BACK: _draft_sent_back,
    Told.WRITING_IS_OUT: _writing_is_out,
    Told.DID_NOT_COME_OUT: _did_not_come_out,
    Told.MAY_WRITE: _may_write,
    Told.BLOG_FOR_YOU: _blog_for_you,
    Told.KEEPS_BLOG: _keeps_blog,
    Told.TO_CONFIRM: _to_confirm,
    Told.TO_CONFIRM_AGAIN: _to_confirm_again,
    Told.TO_CONFIRM_SOON: _to_confirm_soon,
    Told.TO_CONFIRM_FOR: _to_confirm_for,
    Told.NOTICE_PASSED: _notice_passed,
    Told.ASKED_TO_ANSWER: _asked_to_answer,
    Told.CANNOT_ANSWER: _cannot_answer,
    Told.BECAME_PAGE: _became_page,
    Told.ASKED_OVER: _asked_over,
    Told.TAKEN_OVER: _taken_over,
    Told.NOT_TAKEN: _not_taken,
    Told.FELL_TO: _fell_to,
    Told.LAST_DAY_SET: _last_day_set,
    Told.LAST_DAY_NEAR: _last_day_near,
    Told.SHOWED_HAND_OVER: _showed_hand_over,
    Told.LOST_LEADER: _lost_leader,
    Told.MENTIONED: _mentioned,
    Told.MENTIONED_UNIT: _mentioned_unit,
    Told.ANSWERED: said.answered,
    Told.COMMENTED: said.commented,
    Told.REACTED: said.reacted,
    Told.FOLLOWED: _followed,
    Told.INVITED: _invited,
    Told.LET_IN: _let_in,
    Told.TURNED_DOWN: _turned_down,
    Told.ASKED_TO_JOIN: _asked_to_join,
    Told.ADDED: _added,
    Told.STILL_RIGHT: _still_right,
    Told.TO_APPROVE: _to_approve,
    Told.APPROVED: _approved,
    Told.NOT_YET: _not_yet,
    Told.REPORTED: _reported,
    Told.REPORT_ANSWERED: _report_answered,
    Told.SUGGESTED: _suggested,
    Told.SUGGESTION_ACCEPTED: _suggestion_accepted,
    Told.SUGGESTION_DECLINED: _suggestion_declined,
    Told.SUGGESTION_DISCUSSED: _suggestion_discussed,
}
