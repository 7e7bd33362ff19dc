"""Pages of a wiki are found as what they are."""

from __future__ import annotations

import pytest

from tests.cast import Cast, house, signed_in, viewer_of
from torvet.entries import actions as entries
from torvet.search import actions
from torvet.search.found import COMMENT, PAGE, POST
from torvet.search.queries import search
from torvet.wiki import actions as wiki

pytestmark = pytest.mark.django_db


def test_a_page_is_found_as_a_page_and_its_comments_as_comments(cast: Cast) -> None:
    page = wiki.write_page(by=house(cast.bo), space=cast.open, title="Slings", body="Nylon for painted steel")
    post = entries.publish_post(by=house(cast.bo), space=cast.open, body="New nylon has come")
    entries.add_comment(by=house(cast.anna), on=page.entry, body="Nylon it is")
    actions.complete()
    found = {hit.kind: hit for hit in search(viewer_of(cast.anna), "nylon").hits}
    assert set(found) == {PAGE, POST, COMMENT}
    assert found[PAGE].url == page.url and found[POST].id == post.pk
    assert [hit.id for hit in search(viewer_of(cast.anna), "nylon", kind=PAGE).hits] == [page.pk]
    listed = signed_in(cast.anna).get("/search/?q=nylon&kind=page").content.decode()
    assert f'href="{page.url}"' in listed and f'href="{post.url}"' not in listed
