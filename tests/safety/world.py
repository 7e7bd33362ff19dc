"""One of everything, in every kind of space and every state, each text carrying a canary of its own.

A canary is a lower-case word that occurs nowhere else, so whatever carries it outside leaks its object. It survives
stemming, slugs, URL-encoding and JSON. `secrets` says, for each, which object it stands in and who may see it; that
second part is written down here by hand, from the words of SECURITY.md, and asks none of the product's own rules.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone
from PIL import Image

from tests.cast import Cast, house, let_in, newcomer
from torvet.activity import outbox
from torvet.base.text import to_markdown
from torvet.blogs import actions as blogs
from torvet.blogs.models import Article, Blog, Delegate, Draft, Outcome, OutcomeSource, Question
from torvet.entries import actions
from torvet.entries.knowing import OWNS
from torvet.entries.models import Attachment, Entry
from torvet.forum import actions as fora
from torvet.forum.keys import new_key
from torvet.forum.models import Asked, AskedBecause, Forum, NotMyField, SubForum, Thread
from torvet.ideas import actions as ideas
from torvet.ideas.models import Idea
from torvet.notices import actions as notices
from torvet.notices.models import Notice
from torvet.notices.queries.audience import Audience
from torvet.people import actions as people
from torvet.people import away, leaving
from torvet.people.models import Absence, AccessToken, Member, Role
from torvet.people.viewer import Viewer
from torvet.spaces import actions as spaces
from torvet.spaces.models import Invitation, JoinRequest, Membership, Space
from torvet.wiki import actions as pages
from torvet.wiki.actions import handing, noting
from torvet.wiki.models import HandOver, Page, Remark, Report, Suggestion
from torvet.wiki.passages import Passage
from torvet.wiki.queries import handover as hand_overs

# Who is inside each space, by the names of the visitors; `all` is every colleague with an open account.
COLLEAGUES = {
    "administrator", "community_manager", "leader", "anna", "bo", "outsider", "removed", "asking", "invited",
    "token_read", "token_write",
}  # fmt: skip
INSIDERS_OF_OPEN = {"administrator", "community_manager", "leader", "anna", "bo", "token_read", "token_write"}
INSIDE = {
    "open": COLLEAGUES,
    "closed": {"anna", "bo", "token_read", "token_write"},
    "secret": {"anna", "bo", "token_read", "token_write"},
    "guests": {"anna", "bo", "guest", "token_read", "token_write"},
    "archived": {"anna", "bo", "token_read", "token_write"},
    "kept": {"anna", "bo", "token_read", "token_write"},  # an inner space of the open one
}


@dataclass
class World:
    """Everything that was made. `secrets` maps a canary to the visitors who may ever see it."""

    cast: Cast
    spaces: dict[str, Space]
    people: dict[str, Member]
    tokens: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    shown_at: dict[str, str] = field(
        default_factory=dict
    )  # canary -> an address that shows it to those who may
    number: int = 0

    def canary(self, visitors: set[str], shown_at: str = "") -> str:
        """A new canary that only these visitors may see."""
        self.number += 1
        word = f"cnry{self.number:03d}x{self.number * 7919 % 9973:04d}q"
        self.secrets[word] = frozenset(visitors)
        if shown_at:
            self.shown_at[word] = shown_at
        return word


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(made, "PNG")
    made.seek(0)
    return made


def make_world(cast: Cast) -> World:
    """Fill the town. About a second."""
    anna, bo = house(cast.anna), house(cast.bo)
    archived = spaces.open_space(
        by=anna,
        name="Old project",
        purpose="Done",
        audience="Those who did it",
        responsible=cast.anna,
        access="closed",
    )
    let_in(archived, cast.bo, by=cast.anna)
    asking, invited, erring = (
        newcomer("Asta Spørger"),
        newcomer("Ivan Indbudt"),
        newcomer("Gunnar Gæst", Role.GUEST),
    )
    everybody = {**cast.people, "asking": asking, "invited": invited, "guest_elsewhere": erring}
    world = World(cast, {**cast.spaces, "archived": archived}, everybody)
    _elsewhere(world, erring)
    for name, space in world.spaces.items():
        _fill(world, name, space)
    _kept_to_fewer(world)
    _waiting(world, asking, invited)
    _tokens(world)
    spaces.archive_space(by=anna, space=archived)
    people.change_profile(
        by=bo,
        member=cast.bo,
        changes={"about": world.canary(COLLEAGUES | {"guest"}, f"/people/{cast.bo.pk}/")},
    )
    people.change_profile(
        by=house(cast.outsider), member=cast.outsider,
        changes={"about": world.canary(COLLEAGUES, f"/people/{cast.outsider.pk}/"), "phone": world.canary(COLLEAGUES)},
    )  # fmt: skip
    _leaving(world)
    away.set_away(
        by=house(cast.outsider), member=cast.outsider, from_on=timezone.localdate(),
        until_on=timezone.localdate() + timedelta(days=9), deputy=cast.anna,
    )  # fmt: skip
    while outbox.drain():
        pass
    return world


def _elsewhere(world: World, guest: Member) -> None:
    """A guest who is in another guests' space and must see nothing of the first."""
    anna = house(world.cast.anna)
    other = spaces.open_space(
        by=anna, name="Suppliers", purpose="Parts", audience="Suppliers", responsible=world.cast.anna,
        access="secret", has_guests=True,
    )  # fmt: skip
    spaces.accept_invitation(
        by=house(guest), invitation=spaces.invite_member(by=anna, space=other, member=guest)
    )


def _kept_to_fewer(world: World) -> None:
    """A page of the open space that only two of its readers read, with a page below it and a comment."""
    bo, anna, inside = house(world.cast.bo), house(world.cast.anna), INSIDE["kept"]
    word = world.canary(inside)
    page = pages.write_page(by=bo, space=world.cast.open, title=f"Kept {word}", body=world.canary(inside))
    world.shown_at[word] = page.url
    page = pages.keep_to_fewer(by=bo, page=page, members=[world.cast.anna])
    pages.write_page(
        by=anna, space=world.cast.open, title=f"Lower {world.canary(inside, page.url)}", body="x", parent=page
    )
    actions.add_comment(by=anna, on=page.entry, body=f"Between us {world.canary(inside, page.url)}")
    world.spaces["kept"] = page.entry.space


def _fill(world: World, name: str, space: Space) -> None:
    inside = INSIDE[name]
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    listed = inside if name == "secret" else COLLEAGUES | inside
    if name != "open":
        spaces.change_space(
            by=bo if name == "secret" else anna, space=space,
            changes={"name": f"Space {world.canary(listed, '/spaces/' if name == 'secret' else space.url)}", "purpose": f"Why {world.canary(listed)}"},
        )  # fmt: skip
    upload = actions.upload(
        by=bo, source=picture(), name=f"{world.canary(inside)}.png", alt=world.canary(inside)
    )
    paper = actions.upload(by=bo, source=io.BytesIO(world.canary(inside).encode()), name="plan.txt")
    title = world.canary(inside)
    post = actions.publish_post(
        by=bo, space=space, title=f"Title {title}",
        body=f"Words {world.canary(inside)} #{world.canary(inside)} @{world.cast.anna.handle}",
        files=[upload.key, paper.key], alts={upload.key: world.canary(inside)},
    )  # fmt: skip
    world.shown_at[title] = post.url
    said = world.canary(inside, post.url)
    comment = actions.add_comment(by=anna, on=post, body=f"Comment {said}")
    actions.add_comment(by=bo, on=comment, body=f"Answer {world.canary(inside, post.url)}")
    actions.edit_entry(
        by=bo, entry=post, body=f"Edited {world.canary(inside, post.url)}", title=post.title, version=1
    )
    actions.react(by=anna, entry=post, emoji="👏")
    actions.bookmark(by=anna, entry=post)
    if name != "guests":
        actions.pin(by=bo if name == "secret" else anna, entry=post) if name in {"closed", "secret"} else None
    _late(world, name, post)
    kept = world.canary(inside)
    page = pages.write_page(by=bo, space=space, title=f"Page {kept}", body=f"# Part {world.canary(inside)}")
    world.shown_at[kept] = page.url
    _say_about(world, name, page)
    _asked_to_confirm(world, name, page)
    under = pages.write_page(
        by=anna, space=space, title=f"Below {world.canary(inside, page.url)}", body="x", parent=page
    )
    _kept_true(world, space, page, inside)
    _blog_in(world, name, space, inside)
    _outcome_in(world, name, space, inside)
    _ideas_in(world, name, space, inside)
    _forum_in(world, name, space, inside)
    _asked_in(world, name, space, inside)
    _put_to_somebody(world, name, space, page)
    pages.name_owner(by=anna, page=under, owner=world.cast.anna, deputy=world.cast.bo, unit=None, months=3)
    # Removed: nobody reads it any more, not even those inside. Scheduled: nobody yet. Uploaded: only who did it.
    gone = actions.publish_post(
        by=bo, space=space, title=world.canary(set()), body=f"Gone {world.canary(set())}"
    )
    actions.remove_entry(by=bo, entry=gone)
    hidden = actions.add_comment(by=bo, on=post, body=f"Gone {world.canary(set())}")
    actions.remove_entry(by=bo, entry=hidden)
    later = actions.publish_post(by=bo, space=space, body=f"Tomorrow {world.canary(set())}")
    Entry.objects.filter(pk=later.pk).update(published_at=timezone.now() + timedelta(days=1))
    actions.upload(
        by=bo,
        source=io.BytesIO(b"x" + world.canary({"bo", "token_read", "token_write"}).encode()),
        name="mine.txt",
    )


def _blog_in(world: World, name: str, space: Space, inside: set[str]) -> None:
    """Bo's blog, in which Anna writes for him: an article that all inside read, and a draft for the two of them."""
    cast = world.cast
    anna, bo = house(cast.anna), house(cast.bo)
    word = world.canary(inside)
    blog = blogs.open_blog(
        by=anna if name != "secret" else bo, space=space, name=f"Blog {word}", about=world.canary(inside),
        leader=cast.bo, subject=world.canary(inside), promise_days=3,
    )  # fmt: skip
    world.shown_at[word] = blog.url
    blogs.name_delegate(by=bo, blog=blog, member=cast.anna, may_publish=True, may_answer=True)
    said = world.canary(inside)
    cover = actions.upload(by=anna, source=picture(), name=f"{world.canary(inside)}.png").key
    begun = blogs.write_draft(
        by=anna, blog=blog, title=f"Article {said}", lead=f"Lead {world.canary(inside)}",
        body=f"Words {world.canary(inside)} #{world.canary(inside)}", cover=cover, alt=f"Cover {world.canary(inside)}",
        series=f"Series {world.canary(inside)}",
    )  # fmt: skip
    out = blogs.publish_draft(by=anna, draft=begun, version=1)
    world.shown_at[said] = out.url
    blogs.edit_article(
        by=bo, article=out, version=1, title=out.entry.title, lead=f"Lead {world.canary(inside, out.url)}",
        body=f"Edited {world.canary(inside, out.url)}",
    )  # fmt: skip
    asking = {"open": cast.outsider, "guests": cast.guest}.get(name)
    if asking is not None:
        asked = world.canary(inside, out.url)
        comment = actions.add_comment(by=house(asking), on=out.entry, body=f"Asked {asked}")
        while outbox.drain():
            pass
        question = Question.objects.select_related("comment__space", "blog__space").get(pk=comment.pk)
        blogs.set_question_aside(by=bo, question=question)
    actions.close_comments(by=bo, entry=out.entry, why=f"Because {world.canary(inside, out.url)}")
    # Its old project is archived in the end: then nobody writes there, and nobody sees what is not out.
    writing = {"anna", "bo", "token_write"} if name != "archived" else set()
    waiting = world.canary(writing)
    key = actions.upload(by=anna, source=picture(), name=f"{world.canary(writing | {'anna'})}.png").key
    kept = blogs.write_draft(
        by=anna, blog=blog, title=f"Draft {waiting}", lead=f"Lead {world.canary(writing)}",
        body=f"Words {world.canary(writing)} #{world.canary(writing)} @{cast.outsider.handle}", cover=key,
        alt=f"Cover {world.canary(writing | {'anna'})}",
    )  # fmt: skip
    world.shown_at[waiting] = kept.url
    blogs.submit_draft(by=anna, draft=kept, version=1)
    blogs.send_back(by=bo, draft=kept, version=1, reason=f"Not yet {world.canary(writing, kept.url)}")


def _outcome_in(world: World, name: str, space: Space, inside: set[str]) -> None:
    """What became of the first post of the space, and, in the open one, of one in the secret space as well."""
    bo = house(world.cast.bo)
    word = world.canary(inside)
    sources = [Entry.objects.filter(space=space, kind="post", removed_at=None).order_by("pk")[0].pk]
    if name == "open":
        led = actions.publish_post(
            by=bo, space=world.spaces["secret"], body=f"Led to it {world.canary(INSIDE['secret'])}"
        )
        sources.append(led.pk)
    told = blogs.tell_outcome(
        by=bo, space=space, title=f"Done {word}", body=f"So {world.canary(inside)}", sources=sources
    )
    world.shown_at[word] = told.entry.url


def _ideas_in(world: World, name: str, space: Space, inside: set[str]) -> None:
    """A room with an idea that was captured from a secret post, supported, declined with a reason, and one merged."""
    cast = world.cast
    anna, bo, runs = house(cast.anna), house(cast.bo), house(cast.people[RUNS[name]])
    asked = world.canary(inside)
    room = ideas.open_room(
        by=runs, space=space, question=f"Why {asked}?", about=world.canary(inside), decider=cast.anna
    )
    world.shown_at[asked] = room.url
    led = actions.publish_post(
        by=bo, space=world.spaces["secret"], title=f"Led {world.canary(INSIDE['secret'])}", body="So"
    )
    word = world.canary(inside)
    idea = ideas.propose_idea(
        by=bo,
        room=room,
        title=f"Idea {word}",
        body=f"Words {world.canary(inside)}",
        source=led,
        may_be_wider=True,
    )
    world.shown_at[word] = idea.url
    ideas.say_why(by=anna, idea=idea, body=f"Because {world.canary(inside, idea.url)}")
    ideas.give_input(by=bo, idea=idea, sort="fact", body=f"Known {world.canary(inside, f'{idea.url}input/')}")
    same = ideas.propose_idea(by=bo, room=room, title=f"Same {world.canary(inside, idea.url)}", body="x")
    ideas.merge_ideas(by=runs, idea=same, into=idea)
    ideas.propose_idea(by=anna, room=room, title=f"Waits {world.canary(inside, room.url)}", body="x")
    Idea.objects.filter(room=room).update(decide_by=timezone.localdate() - timedelta(days=1))
    ideas.move_idea(
        by=anna, idea=Idea.objects.select_related("entry__space").get(pk=idea.pk), stage="declined",
        reason=f"Not now {world.canary(inside, idea.url)}",
    )  # fmt: skip


def _forum_in(world: World, name: str, space: Space, inside: set[str]) -> None:
    """A forum with a part; a discussion from which one was split and into which another was merged."""
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    runs = bo if name == "secret" else anna
    forum, address = fora.open_forum(by=runs, space=space), f"/spaces/{space.pk}/forum/"
    part = fora.add_sub_forum(
        by=runs,
        forum=forum,
        name=f"Part {world.canary(inside, address)}",
        about=world.canary(inside, address),
    )
    said = world.canary(inside, address)
    begun = fora.start_discussion(
        by=bo, space=space, title=f"Talk {said}", body=f"Words {world.canary(inside)} #{world.canary(inside)}",
        sub_forum=part,
    )  # fmt: skip
    aside = actions.add_comment(by=anna, on=begun.entry, body=f"Aside {world.canary(inside)}")
    split = world.canary(inside, begun.entry.url)
    fora.split_off(by=runs, thread=begun.entry, replies=[aside.pk], title=f"Apart {split}")
    merged = world.canary(inside, begun.entry.url)
    other = fora.start_discussion(by=anna, space=space, title=f"Twice {merged}", body="x")
    fora.merge_into(by=runs, source=other.entry, into=begun.entry)
    begun.entry.refresh_from_db()
    fora.mark_solved(by=bo, thread=begun)
    actions.close_comments(by=bo, entry=begun.entry, why=f"So {world.canary(inside, begun.entry.url)}")


def _asked_in(world: World, name: str, space: Space, inside: set[str]) -> None:
    """A question of Bo's with answers and comments, accepted and confirmed; another that repeats it; and in the open
    space one without a name, which nobody sees before its hour."""
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    word = world.canary(inside)
    asked = fora.ask_question(
        by=bo,
        space=space,
        title=f"Question {word}",
        body=f"Words {world.canary(inside)}",
        topics=world.canary(inside),
    )
    world.shown_at[word] = asked.entry.url
    at = asked.entry.url
    given = fora.give_answer(by=anna, question=asked, body=f"Answer {world.canary(inside, at)}")
    own = fora.give_answer(by=bo, question=asked, body=f"Own {world.canary(inside, at)}")
    actions.add_comment(by=bo, on=given, body=f"About it {world.canary(inside, at)}")
    actions.add_comment(by=anna, on=asked.entry, body=f"Asked back {world.canary(inside, at)}")
    fora.vote_for_answer(by=bo, answer=given)
    fora.accept_answer(by=bo, question=asked, answer=given)
    if name != "secret":
        fora.confirm_answer(by=anna, question=asked, answer=own)
    again = fora.ask_question(by=bo, space=space, title=f"Again {world.canary(inside, at)}")
    fora.mark_same(by=bo, question=again, other=asked)
    if name == "open":
        Forum.objects.filter(space=space).update(allows_anonymous=True)
        fora.ask_without_name(
            by=anna,
            space=space,
            title=f"Waits {world.canary(set())}",
            body=world.canary(set()),
            key=new_key(),
        )


def _put_to_somebody(world: World, name: str, space: Space, page: Page) -> None:
    """Bo's question, put to Anna because of a page; and a page made of it, in the open also one that fewer read."""
    inside, bo, anna = INSIDE[name], house(world.cast.bo), house(world.cast.anna)
    word = world.canary(inside)
    thread = _question(bo, space, f"Question {word}", f"Who knows {world.canary(inside)}")
    world.shown_at[word] = thread.url
    _asked(thread, world.cast.anna, page.entry)
    said = world.canary(inside, thread.url)
    reply = actions.add_comment(by=anna, on=thread, kind="answer", body=f"Answer {said}")
    other = _question(
        anna, space, f"Put to Bo {world.canary({'bo', 'anna', 'token_read', 'token_write'} | inside)}", "x"
    )
    _asked(other, world.cast.bo, page.entry)
    made = world.canary(inside)
    credited = pages.make_page(
        by=anna, thread=thread, parts=[thread.pk, reply.pk], space=space, title=f"Made {made}", body="All of it"
    )  # fmt: skip
    world.shown_at[made] = credited.url
    if name != "open":
        return
    # Somebody who could read the page that made them be asked, and no longer can.
    told = Entry.objects.filter(space=world.cast.secret, kind="page").first()
    if told is not None:
        _asked(thread, world.cast.outsider, told)
    few = world.canary(INSIDE["closed"], thread.url)
    pages.make_page(
        by=anna,
        thread=thread,
        parts=[thread.pk],
        space=world.cast.closed,
        title=f"Made for few {few}",
        body="x",
    )


def _question(by: Viewer, space: Space, title: str, body: str) -> Entry:
    entry = actions.publish_thread(by=by, space=space, kind="question", title=title, body=body)
    Thread.objects.create(entry=entry)
    return entry


def _asked(question: Entry, member: Member, because: Entry) -> None:
    asked = Asked.objects.create(question_id=question.pk, member=member)
    AskedBecause.objects.create(asked=asked, entry=because, what=OWNS)
    NotMyField.objects.get_or_create(member=member, entry=because)


# Who may edit pages: all who are inside and may write; in the open space those who joined.
EDITING = {"anna", "bo", "guest", "token_write", "administrator", "community_manager", "leader"}


def _kept_true(world: World, space: Space, speaking: Page, inside: set[str]) -> None:
    """A page that needs approval, with a newer text that only editors see, and something that a reader said of it."""
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    # The old project is archived in the end: then nobody edits there, and nobody sees what waits.
    editing = EDITING & inside if space != world.spaces["archived"] else set()
    page = pages.write_page(
        by=bo, space=space, title="Waits", body=f"[x](/pages/{speaking.pk}/) {world.canary(inside)}"
    )
    pages.want_approval(by=bo, page=page)
    said, reason = (
        world.canary(editing, f"/pages/{page.pk}/working/"),
        world.canary(editing, f"/pages/{page.pk}/working/"),
    )
    words = f"Newer {said} #{world.canary(editing)} @{world.cast.outsider.handle} [[Wanted {world.canary(editing)}]]"
    pages.edit_page(by=anna, page=page, title=f"Waits {world.canary(editing)}", body=words, version=1)
    page.refresh_from_db()
    pages.answer_not_yet(by=bo, page=page, version=page.working_version or 0, reason=f"Not yet {reason}")
    pages.report_page(by=anna, page=page, what="wrong", words=f"Wrong {world.canary(editing, page.url)}")
    answered = pages.report_page(by=bo, page=page, what="outdated", words=world.canary(editing))
    # An answer is for the reader who said it, and for nobody else.
    answer = world.canary({"bo"} & editing)
    pages.answer_report(by=anna, page=page, report=answered, answer=f"Thanks {answer}")


# Who runs each space, and so may ask its members.
RUNS = {"open": "leader", "closed": "anna", "secret": "bo", "guests": "anna", "archived": "anna"}


def _asked_to_confirm(world: World, name: str, page: Page) -> None:
    """A must-read asked of the members of a space: its note is for those who are asked."""
    # Bo, whose the keys are, confirms at once: then it is not shown to him any more.
    asked = (INSIDERS_OF_OPEN if name == "open" else INSIDE[name]) - {"bo", "token_read", "token_write"}
    # Whoever sent it reads it on what is printed.
    note = world.canary(asked | {RUNS[name]})
    if RUNS[name] in asked:
        world.shown_at[note] = page.url
    sender = world.cast.people[RUNS[name]]
    made = notices.send_notice(
        by=house(sender), entry=Entry.objects.select_related("space", "author").get(pk=page.pk),
        audience=Audience(spaces=frozenset({world.spaces[name].pk})), note=f"Please {note}",
        due_on=timezone.localdate() + timedelta(days=5),
    )  # fmt: skip
    notices.confirm(by=house(world.cast.bo), notice=made, version=made.counts_from)


def _late(world: World, name: str, post: Entry) -> None:
    """Another whose date has passed: names and the list to take along are there, for few."""
    made = notices.send_notice(
        by=house(world.cast.people[RUNS[name]]), entry=post, due_on=timezone.localdate(),
        audience=Audience(spaces=frozenset({world.spaces[name].pk})),
    )  # fmt: skip
    notices.confirm(by=house(world.cast.anna), notice=made, version=post.version)
    Notice.objects.filter(pk=made.pk).update(due_on=timezone.localdate() - timedelta(days=1))


def _say_about(world: World, name: str, page: Page) -> None:
    """Earlier words; a suggestion, seen by those who may edit and by who made it; a comment on a passage."""
    inside = INSIDE[name]
    bo, outsider = house(world.cast.bo), house(world.cast.outsider)
    quote, address = world.canary(inside), page.url
    pages.edit_page(
        by=bo, page=page, title=page.entry.title, body=f"{to_markdown(page.entry.body)}\n\nNew {quote} words", version=1
    )  # fmt: skip
    world.shown_at[quote] = f"{address}history/2/"
    said = world.canary(inside, address)
    pages.comment_on_passage(
        by=house(world.cast.anna),
        page=page,
        passage=Passage(f"New {quote}"),
        version=2,
        body=f"About it {said}",
    )
    # In the open space somebody suggests who may read and not edit; elsewhere one of those inside.
    by, sees = (outsider, INSIDERS_OF_OPEN | {"outsider"}) if name == "open" else (bo, inside)
    made = pages.suggest_change(
        by=by, page=page, title=f"Otherwise {world.canary(sees)}", body=f"Suggested {world.canary(sees)}",
        why=f"Because {world.canary(sees)}", version=2,
    )  # fmt: skip
    for word in list(world.secrets)[-3:]:
        world.shown_at[word] = made.url
    pages.discuss_suggestion(by=bo, suggestion=made, body=f"Really {world.canary(sees, made.url)}")
    declined = pages.suggest_change(by=by, page=page, title="Declined", body="Declined", version=2)
    pages.decline_suggestion(by=bo, suggestion=declined, reason=world.canary(sees, declined.url))


def _waiting(world: World, asking: Member, invited: Member) -> None:
    cast = world.cast
    spaces.ask_to_join(
        by=house(asking), space=world.spaces["closed"], answer=f"Please {world.canary({'anna', 'asking'})}"
    )
    spaces.invite_member(by=house(cast.bo), space=world.spaces["secret"], member=invited)
    # Who is invited reads the name of the place and what it is for, and nothing else of it.
    secret = world.spaces["secret"]
    secret.refresh_from_db()
    for text in (secret.name, secret.purpose):
        world.secrets[text.split()[-1]] |= {"invited"}


def _tokens(world: World) -> None:
    """Bo's keys: one that reads, one that writes, one that has ended."""
    by = house(world.cast.bo)
    for name, scopes in (
        ("token_read", {"read"}),
        ("token_write", {"read", "write"}),
        ("token_ended", {"read", "write"}),
    ):
        row, key = people.make_token(by=by, name=name, scopes=frozenset(scopes))
        world.tokens[name] = key
        if name == "token_ended":
            AccessToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(days=1))


def _leaving(world: World) -> None:
    """Bo leaves and has shown it: what others may not read of it stays hidden from them. Anna is asked for all of it."""
    bo, anna = world.cast.bo, world.cast.anna
    leaving.set_leaving(
        by=house(bo), member=Member.objects.get(pk=bo.pk), leaves_on=timezone.localdate() + timedelta(days=50)
    )
    found = HandOver.objects.select_related("member").get(member=bo)
    for page in Page.objects.filter(owner=bo, entry__removed_at=None):
        thing = hand_overs.thing_named(house(bo), found, f"page-{page.pk}")
        if thing is not None:
            handing.ask_successor(by=house(bo), hand_over=found, thing=thing, successor=anna)
    handing.show_hand_over(by=house(bo), hand_over=found)
    noted = world.canary({"bo"}, "/handover/interview/1/")
    noting.keep_answer(by=house(bo), hand_over=found, question="called_about", text=f"Mine {noted}")


def _entries() -> list[int]:
    """Of every space each opener (live, removed, scheduled) and the first comment."""
    openers = Entry.objects.filter(root=None)
    first = {entry.root_id: entry.pk for entry in Entry.objects.filter(root__isnull=False).order_by("-pk")}
    return sorted([*openers.values_list("pk", flat=True), *first.values()])


def _one_of_each() -> list[int]:
    """An entry of each kind, of the secret space where there is one."""
    last: dict[str, int] = {}
    for kind, pk in Entry.objects.filter(space__access="secret").order_by("pk").values_list("kind", "pk"):
        last[kind] = pk
    return sorted(last.values())


def ids(world: World) -> dict[str, list[int]]:
    """Ids of every kind of thing; the matrix asks each address with the right kind and with wrong ones."""
    return {
        "entry": _entries(),
        "stranger": _one_of_each(),
        "page": list(Page.objects.values_list("pk", flat=True)),
        "article": list(Article.objects.values_list("pk", flat=True)),
        "report": list(Report.objects.values_list("pk", flat=True)),
        "space": list(Space.objects.values_list("pk", flat=True)),
        "member": list(Member.objects.values_list("pk", flat=True)),
        "invitation": list(Invitation.objects.values_list("pk", flat=True)),
        "request": list(JoinRequest.objects.values_list("pk", flat=True)),
        "membership": list(Membership.objects.values_list("pk", flat=True)),
        "file": list(Attachment.objects.values_list("key", flat=True)),
        "suggestion": list(Suggestion.objects.values_list("pk", flat=True)),
        "blog": list(Blog.objects.values_list("pk", flat=True)),
        "outcome": list(Outcome.objects.values_list("pk", flat=True)),
        "source": list(OutcomeSource.objects.values_list("entry_id", flat=True)),
        "comment": list(Question.objects.values_list("pk", flat=True)),
        "question": list(Thread.objects.values_list("pk", flat=True)),
        "answer_id": list(Entry.objects.filter(kind="answer").values_list("pk", flat=True)),
        "answer": list(Entry.objects.filter(kind="answer").values_list("pk", flat=True)),
        "draft": list(Draft.objects.values_list("pk", flat=True)),
        "delegate": list(Delegate.objects.values_list("pk", flat=True)),
        "idea": list(Idea.objects.values_list("pk", flat=True)),
        "notice": list(Notice.objects.values_list("pk", flat=True)),
        "absence": list(Absence.objects.values_list("pk", flat=True)),
        "sub": list(SubForum.objects.values_list("pk", flat=True)),
        "asked": list(Asked.objects.values_list("pk", flat=True)),
        "field": list(NotMyField.objects.values_list("pk", flat=True)),
        "remark": list(Remark.objects.values_list("pk", flat=True)),
    }
