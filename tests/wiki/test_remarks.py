"""Comments on a passage: by readers too, found again when the page changes, dealt with by those who may."""

from __future__ import annotations

import re
import time

import pytest

from tests.cast import Cast, house, signed_in, viewer_of
from torvet.base.rules import Forbidden, Refused
from torvet.base.text import read_markdown
from torvet.entries import actions as entries
from torvet.people.models import Member
from torvet.wiki import actions, queries
from torvet.wiki.contents import with_anchors
from torvet.wiki.models import Page, Remark
from torvet.wiki.passages import Marked, Passage, find, flatten, with_marks, with_section_links

BODY = "## Before lifting\n\nLook up at the **crane & its hook**.\n\n- clear the floor\n- clear the yard\n\n## After\n\nLook up again."


def clean(markdown: str) -> str:
    return read_markdown(markdown).html


def marked(markdown: str, *passages: Passage) -> str:
    wanted = [Marked(number, passage, f"Comment {number}") for number, passage in enumerate(passages, 1)]
    return with_marks(clean(markdown), wanted)[0]


def test_a_passage_across_marks_and_blocks_is_marked_and_the_rest_stays() -> None:
    html = marked(BODY, Passage("at the crane & its hook. clear the floor"))
    assert re.sub(r'<a class="remark-sign.*?</a>|</?mark[^>]*>', "", html) == clean(BODY)
    assert '<mark class="remark" id="r1">at the </mark><strong><mark class="remark">crane </mark>' in html
    assert html.index("remark-sign") > html.index("clear the floor")


def test_the_sign_follows_the_words_and_never_stands_in_a_link() -> None:
    html = marked("Read [the long rules](https://x.example/) first.", Passage("long"))
    assert 'the <mark class="remark" id="r1">long</mark> rules</a><a class="remark-sign' in html
    html = marked("Lift the crane slowly.", Passage("crane"))
    assert "crane</mark><a class=" in html and html.endswith("</a> slowly.</p>")


def test_passages_that_overlap_are_both_marked() -> None:
    html = marked("Lift the crane slowly now.", Passage("the crane slowly"), Passage("crane slowly now"))
    assert html.count("remark-sign") == 2
    assert re.sub(r'<a class="remark-sign.*?</a>|</?mark[^>]*>', "", html) == clean(
        "Lift the crane slowly now."
    )


def test_of_several_alike_the_one_with_its_surroundings_is_meant() -> None:
    flat = flatten(clean(BODY))
    first = find(flat, Passage("Look up", before="Before lifting", after="at the crane & its hook."))
    second = find(flat, Passage("Look up", before="clear the yard After", after="again.", heading="After"))
    assert first and second and first < second
    assert find(flat, Passage("clear the", before="quite other words", after="and others")) is None
    assert find(flat, Passage("crane & its hook", before="rewritten", after="rewritten")) is not None
    assert find(flat, Passage("never said")) is None


def test_a_part_is_commented_on_by_its_heading_and_its_link_is_said() -> None:
    html, _lines = with_anchors(clean("## R&D <x>\n\nText"))
    linked = with_section_links(with_marks(html, [Marked(1, Passage("R&D <x>"), "By Bo")])[0], "/pages/5/")
    assert 'href="/pages/5/remarks/new/?section=h-rd-x"' in linked
    assert 'Comment on this part<span class="vh"> R&amp;D &lt;x&gt;</span>' in linked


def test_a_long_page_with_many_passages_is_marked_in_time() -> None:
    html = clean(
        "\n\n".join(f"## Part {n}\n\n" + " ".join(f"w{n}x{m}" for m in range(50)) for n in range(200))
    )
    wanted = [Marked(n, Passage(f"w{n}x5 w{n}x6"), "x") for n in range(200)]
    begun = time.process_time()
    _html, found = with_marks(html, wanted)
    assert len(found) == 200
    assert time.process_time() - begun < 1


def page_of(cast: Cast, space: str = "open") -> Page:
    return actions.write_page(by=house(cast.bo), space=cast.spaces[space], title="Lifting", body=BODY)


def remark(by: Member, page: Page, quote: str = "crane & its hook", body: str = "Which one?") -> Remark:
    page = Page.objects.select_related("entry__space").get(pk=page.pk)
    return actions.comment_on_passage(
        by=viewer_of(by), page=page, passage=Passage(quote), version=page.entry.version, body=body
    )


@pytest.mark.django_db
def test_a_reader_who_may_not_edit_comments_on_words_of_the_page(cast: Cast) -> None:
    page = page_of(cast)
    browser = signed_in(cast.outsider)
    begun = browser.post(f"{page.url}remarks/new/", {"quote": "the crane &\n its hook", "version": 1})
    assert begun.status_code == 200 and "the crane &amp;" in begun.content.decode()
    assert not Remark.objects.exists()
    answer = browser.post(
        f"{page.url}remarks/new/", {"quote": "the crane &\n its hook", "version": 1, "body": "Which one?"}
    )
    row = Remark.objects.get()
    assert answer.headers["Location"] == f"{page.url}#c{row.pk}"
    assert (row.quote, row.heading, row.before) == (
        "the crane & its hook",
        "Before lifting",
        "Before lifting Look up at",
    )
    shown = browser.get(page.url).content.decode()
    assert f'<mark class="remark" id="r{row.pk}">the </mark>' in shown
    assert '<blockquote class="quoted">' in shown and "Which one?" in shown
    assert row.comment.root_id == page.pk and row.comment.kind == "remark"


@pytest.mark.django_db
def test_a_part_is_commented_on_without_a_script(cast: Cast) -> None:
    page = page_of(cast)
    browser = signed_in(cast.outsider)
    address = re.search(
        r'href="(/pages/\d+/remarks/new/\?section=[^"]+after)"', browser.get(page.url).content.decode()
    )
    assert address
    form = browser.get(address[1])
    hidden = {
        name: form.context["form"][name].value()
        for name in ("quote", "before", "after", "heading", "version")
    }
    assert hidden["quote"] == "After"
    browser.post(f"{page.url}remarks/new/", hidden | {"body": "And then?"})
    assert Remark.objects.get().quote == "After"
    assert browser.get(f"{page.url}remarks/new/?section=h-none").status_code == 404


@pytest.mark.django_db
def test_nobody_is_quoted_with_what_the_page_never_said(cast: Cast) -> None:
    page = page_of(cast)
    answer = signed_in(cast.outsider).post(
        f"{page.url}remarks/new/", {"quote": "Jump off the crane", "version": 1, "body": "My comment"}
    )
    assert answer.status_code == 422
    assert "not on the page any more" in answer.content.decode() and "My comment" in answer.content.decode()
    for quote in ("", "x" * 501):
        with pytest.raises(Refused):
            remark(cast.outsider, page, quote)
    assert not Remark.objects.exists() and page.entry.thread_entries.count() == 0


@pytest.mark.django_db
def test_words_that_changed_while_one_wrote_are_still_quoted(cast: Cast) -> None:
    page = page_of(cast)
    actions.edit_page(by=house(cast.bo), page=page, title="Lifting", body="All new", version=1)
    browser = signed_in(cast.outsider)
    browser.post(f"{page.url}remarks/new/", {"quote": "clear the yard", "version": 1, "body": "Which?"})
    assert Remark.objects.get().quote == "clear the yard"
    shown = browser.get(page.url).content.decode()
    assert "On a passage that has changed:" in shown and '<mark class="remark"' not in shown
    assert "On a passage that has changed:" in browser.get(f"{page.url}remarks/").content.decode()


@pytest.mark.django_db
def test_who_may_not_read_sees_and_writes_none(cast: Cast) -> None:
    page = page_of(cast, "closed")
    row = remark(cast.anna, page)
    for name in ("outsider", "guest", "removed", "leader", "administrator"):
        browser = signed_in(cast.people[name])
        assert browser.get(f"{page.url}remarks/").status_code == 404
        assert browser.get(f"{page.url}remarks/new/").status_code == 404
        assert browser.post(f"{page.url}remarks/{row.pk}/dealt-with/").status_code == 404
        with pytest.raises(Forbidden):
            remark(cast.people[name], page)
        assert not Remark.objects.visible_to(viewer_of(cast.people[name])).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "may"), [("outsider", True), ("anna", True), ("bo", True), ("removed", False)]
)
def test_who_wrote_it_and_who_may_edit_say_that_it_is_dealt_with(cast: Cast, name: str, may: bool) -> None:
    page = page_of(cast)
    row = remark(cast.outsider, page)
    browser = signed_in(cast.people[name])
    browser.get(page.url)
    assert browser.post(f"{page.url}remarks/{row.pk}/dealt-with/").status_code == (302 if may else 404)
    row.refresh_from_db()
    assert (row.dealt_with_at is not None) is may
    shown = browser.get(page.url).content.decode()
    assert ('<mark class="remark"' in shown) is not may
    assert ("dealt with</span>" in shown) is may
    if may:
        assert row.dealt_with_by == cast.people[name]
        browser.post(f"{page.url}remarks/{row.pk}/dealt-with/delete/")
        assert '<mark class="remark"' in browser.get(page.url).content.decode()


@pytest.mark.django_db
def test_a_removed_comment_takes_its_quote_along(cast: Cast) -> None:
    page = page_of(cast)
    row = remark(cast.outsider, page)
    entries.remove_entry(by=house(cast.outsider), entry=row.comment)
    assert queries.open_remarks(viewer_of(cast.anna), page) == []
    shown = signed_in(cast.anna).get(page.url).content.decode()
    assert '<mark class="remark"' not in shown and '<blockquote class="quoted">' not in shown


@pytest.mark.django_db
def test_a_page_with_many_passages_costs_as_many_statements_as_one_with_few(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    page = page_of(cast)
    for number in range(25):
        remark(cast.outsider if number % 2 else cast.anna, page, "clear the floor", f"Remark {number}")
    browser = signed_in(cast.anna)
    browser.get(page.url)
    with django_assert_max_num_queries(22):
        browser.get(page.url)
    with django_assert_max_num_queries(13):
        browser.get(f"{page.url}remarks/")
