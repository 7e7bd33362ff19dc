"""What tests of blogs begin with: Leif's blog in the open space, Anna who writes for him, and an article."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

from tests.cast import Cast, house
from torvet.blogs import actions
from torvet.blogs.models import Article, Blog, Delegate, Draft
from torvet.entries.actions import upload
from torvet.people.models import Member
from torvet.spaces.models import Space

LEAD = "The crane on pier four is old. This is what we do about it."
BODY = "First we listen to those who drive it.\n\nThen we decide, in public. #cranes"


def leaders_blog(cast: Cast, space: Space | None = None, **said: Any) -> Blog:
    """Leif's own; in another space Anna, who runs it, opens it for him."""
    where = space or cast.open
    return actions.open_blog(
        by=house(cast.leader), space=where, **{"name": "From the bridge", "leader": cast.leader, **said}
    )


def delegate(blog: Blog, member: Member, by: Member | None = None, **may: bool) -> Delegate:
    keeper = by or blog.leader
    assert keeper is not None
    return actions.name_delegate(by=house(keeper), blog=blog, member=member, **may)


def draft(blog: Blog, by: Member, **said: Any) -> Draft:
    words = {"title": "What we do about the crane", "lead": LEAD, "body": BODY} | said
    return actions.write_draft(by=house(by), blog=blog, **words)


def article(blog: Blog, by: Member, written_by: Member | None = None, **said: Any) -> Article:
    """Published by `by`; written by somebody else when they are named."""
    begun = draft(blog, written_by or by, **said)
    return actions.publish_draft(by=house(by), draft=begun, version=begun.version)


def picture(by: Member, alt: str = "A crane at dawn") -> str:
    """The key of a picture that they have uploaded."""
    made = BytesIO()
    Image.new("RGB", (1200, 600), (20, 90, 120)).save(made, "PNG")
    made.seek(0)
    return upload(by=house(by), source=made, name="crane.png", alt=alt).key
