"""Pages in the world."""

from __future__ import annotations

from tests.cast import house
from tests.safety.world.canaries import World
from tests.safety.world.who import EDITING, INSIDE, INSIDERS_OF_OPEN
from torvet.base.text import to_markdown
from torvet.entries import actions
from torvet.spaces.models import Space
from torvet.wiki import actions as pages
from torvet.wiki.models import Page
from torvet.wiki.passages import Passage


def a_page(world: World, name: str, space: Space) -> Page:
    inside, bo = INSIDE[name], house(world.cast.bo)
    kept = world.canary(inside)
    page = pages.write_page(by=bo, space=space, title=f"Page {kept}", body=f"# Part {world.canary(inside)}")
    world.shown_at[kept] = page.url
    what_readers_say(world, name, page)
    return page


def a_page_below(world: World, name: str, page: Page) -> None:
    """Anna answers for it, and Bo when she is away."""
    anna = house(world.cast.anna)
    under = pages.write_page(
        by=anna,
        space=page.space,
        title=f"Below {world.canary(INSIDE[name], page.url)}",
        body="x",
        parent=page,
    )
    pages.name_owner(by=anna, page=under, owner=world.cast.anna, deputy=world.cast.bo, unit=None, months=3)


def a_page_for_fewer(world: World) -> None:
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


def what_readers_say(world: World, name: str, page: Page) -> None:
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


def a_page_with_approval(world: World, name: str, speaking: Page) -> None:
    """A page that needs approval, with a newer text that only editors see, and something that a reader said of it."""
    anna, bo = house(world.cast.anna), house(world.cast.bo)
    inside, space = INSIDE[name], world.spaces[name]
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
