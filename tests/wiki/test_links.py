"""Links between pages: kept beside the words, shown to those who may read them, and what leads nowhere is listed."""

from __future__ import annotations

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast, house, signed_in, viewer_of
from torvet.base.text import read_html
from torvet.entries import actions as entries
from torvet.people.models import Member
from torvet.spaces.models import Space
from torvet.wiki import actions, links, queries
from torvet.wiki.actions import Linked, keep_links_of
from torvet.wiki.models import Page, PageLink

pytestmark = pytest.mark.django_db


def write(by: Member, space: Space, title: str, body: str = "Words", parent: Page | None = None) -> Page:
    return actions.write_page(by=house(by), space=space, title=title, body=body, parent=parent)


def edit(by: Member, page: Page, body: str, title: str | None = None) -> None:
    page = Page.objects.select_related("entry__space").get(pk=page.pk)
    actions.edit_page(
        by=house(by), page=page, title=title or page.entry.title, body=body, version=page.entry.version
    )


def speaking_of(viewer: Member, page: Page) -> list[str]:
    return [row.entry.title for row in queries.linked_from(viewer_of(viewer), page).things]


def test_what_a_text_links_to_is_found() -> None:
    html = (
        '<p><a href="/pages/7/">a</a> <a href="/pages/7/#h-x">again</a> <a href="http://127.0.0.1:8000/pages/8/">own</a>'
        '<a href="https://elsewhere.example/pages/9/" rel="x">no</a> <a href="/pages/x/">no</a> <a href="/e/5/">no</a>'
        '<a href="/spaces/3/pages/new/?title=H%C3%A5nd%20bog"><strong>Hånd</strong> bog</a>'
        '<a href="/spaces/4/pages/new/?title=Elsewhere">no</a></p>'
    )
    found = links.found_in(html, 3)
    assert [(one.to_id, one.wanted) for one in found] == [(7, ""), (8, ""), (None, "hånd bog")]
    assert found[2].label == "Hånd bog"


@pytest.mark.parametrize(
    ("html", "linked"),
    [
        ("<p>See [[Masks]].</p>", '<p>See <a href="/pages/5/">Masks</a>.</p>'),
        ("<p>See [[masks|the grey ones]].</p>", '<p>See <a href="/pages/5/">the grey ones</a>.</p>'),
        (
            "<p>[[New &amp; old]]</p>",
            '<p><a href="/spaces/3/pages/new/?title=New%20%26%20old">New &amp; old</a></p>',
        ),
        ("<p><code>[[Masks]]</code></p>", "<p><code>[[Masks]]</code></p>"),
        ("<pre><code>[[Masks]]</code></pre>", "<pre><code>[[Masks]]</code></pre>"),
        ('<p><a href="/x/">[[Masks]]</a></p>', '<p><a href="/x/">[[Masks]]</a></p>'),
        ("<p>[[]] [[ ]] [[a[b]] [x]</p>", "<p>[[]] [[ ]] [[a[b]] [x]</p>"),
        ('<p>[["&gt;x]]</p>', '<p><a href="/spaces/3/pages/new/?title=%22%3Ex">"&gt;x</a></p>'),
    ],
)
def test_titles_in_double_brackets_become_links(html: str, linked: str) -> None:
    assert links.with_titles_linked(html, 3, {"masks": 5}) == linked


def test_what_speaks_of_a_page_is_shown_to_those_who_may_read_it(cast: Cast) -> None:
    masks = write(cast.bo, cast.open, "Masks")
    write(cast.bo, cast.open, "Welding", f"See [Masks](/pages/{masks.pk}/) and [again](/pages/{masks.pk}/#x)")
    write(cast.bo, cast.secret, "Heron", f"[Masks](/pages/{masks.pk}/)")
    assert speaking_of(cast.outsider, masks) == ["Welding"]
    assert speaking_of(cast.anna, masks) == ["Heron", "Welding"]
    assert "Heron" not in signed_in(cast.outsider).get(masks.url).content.decode()
    assert "Heron" not in signed_in(cast.outsider).get(f"{masks.url}linked/").content.decode()
    assert "Heron" in signed_in(cast.anna).get(masks.url).content.decode()
    assert "Welding" in signed_in(cast.outsider).get(f"{masks.url}linked/").content.decode()
    assert signed_in(cast.outsider).get("/pages/999/linked/").status_code == 404


def test_links_follow_the_words(cast: Cast) -> None:
    one, two = write(cast.bo, cast.open, "One"), write(cast.bo, cast.open, "Two")
    page = write(cast.bo, cast.open, "Page", f"[x](/pages/{one.pk}/) [self](/pages/99/)")
    edit(cast.anna, page, f"[x](/pages/{two.pk}/)")
    assert speaking_of(cast.bo, one) == []
    assert speaking_of(cast.bo, two) == ["Page"]
    assert PageLink.objects.filter(page=page).count() == 1
    entries.remove_entry(by=house(cast.bo), entry=Page.objects.get(pk=page.pk).entry)
    assert speaking_of(cast.bo, two) == []


def test_what_speaks_of_a_page_is_paged(cast: Cast) -> None:
    masks = write(cast.bo, cast.open, "Masks")
    for number in range(25):
        write(cast.bo, cast.open, f"Page {number}", f"[x](/pages/{masks.pk}/)")
    first = queries.linked_from(viewer_of(cast.bo), masks)
    rest = queries.linked_from(viewer_of(cast.bo), masks, first.next)
    assert (len(first.things), len(rest.things)) == (20, 5)
    assert "All pages that speak of this one" in signed_in(cast.bo).get(masks.url).content.decode()


def test_a_link_by_title_leads_to_its_page_also_when_that_comes_later(cast: Cast) -> None:
    masks = write(cast.bo, cast.open, "Masks")
    page = write(cast.bo, cast.open, "Welding", "Take [[masks]] and [[Filters & gloves]].")
    shown = signed_in(cast.bo).get(page.url).content.decode()
    assert f'<a href="{masks.url}">masks</a>' in shown
    to_write = f'<a class="to-write" href="/spaces/{cast.open.pk}/pages/new/?title=Filters%20%26%20gloves">'
    assert to_write in shown
    # For those who cannot write they are plain words.
    assert "Filters &amp; gloves." in signed_in(cast.outsider).get(page.url).content.decode()
    assert "pages/new/" not in signed_in(cast.outsider).get(page.url).content.decode()
    form = (
        signed_in(cast.bo)
        .get(f"/spaces/{cast.open.pk}/pages/new/?title=Filters%20%26%20gloves")
        .content.decode()
    )
    assert 'value="Filters &amp; gloves"' in form
    filters = write(cast.anna, cast.open, "filters &  Gloves")
    for member in (cast.bo, cast.outsider):
        assert (
            f'<a href="{filters.url}">Filters &amp; gloves</a>'
            in signed_in(member).get(page.url).content.decode()
        )
    assert speaking_of(cast.bo, filters) == ["Welding"]
    edit(cast.anna, filters, "Words", title="Renamed")
    edit(cast.bo, page, "Take [[masks]] and [[Filters & gloves]] and more.")
    assert f'href="{filters.url}"' in signed_in(cast.bo).get(page.url).content.decode()


def test_a_link_by_title_finds_a_page_that_takes_its_title_later(cast: Cast) -> None:
    page = write(cast.bo, cast.open, "Welding", "See [[Ærlighed]]")
    other = write(cast.bo, cast.open, "Something")
    edit(cast.bo, other, "Words", title="ærlighed")
    assert speaking_of(cast.bo, other) == ["Welding"]
    entries.remove_entry(by=house(cast.bo), entry=Page.objects.get(pk=other.pk).entry)
    assert 'class="to-write"' in signed_in(cast.bo).get(page.url).content.decode()
    anew = write(cast.bo, cast.open, "Ærlighed")
    assert f'href="{anew.url}"' in signed_in(cast.bo).get(page.url).content.decode()


def test_a_title_elsewhere_is_not_found_and_not_told_of(cast: Cast) -> None:
    write(cast.bo, cast.secret, "Heron")
    page = write(cast.bo, cast.open, "Welding", "See [[Heron]] and [[Nothing]]")
    shown = signed_in(cast.anna).get(page.url).content.decode()
    assert shown.count('class="to-write"') == 2


def test_the_api_and_the_rich_editor_may_write_titles_in_brackets_too(cast: Cast) -> None:
    masks = write(cast.bo, cast.open, "Masks")
    page = Page.objects.select_related("entry__space").get(pk=write(cast.bo, cast.open, "Welding").pk)
    actions.edit_page(
        by=house(cast.bo), page=page, title="Welding", body="<p>Take [[Masks]], @" + cast.anna.handle + "</p>",
        version=1, format="html",
    )  # fmt: skip
    assert f'<a href="{masks.url}">Masks</a>' in page.entry.body
    edit(cast.bo, page, f"Take [[Masks]], @{cast.anna.handle}")
    assert 'class="mention"' in Page.objects.get(pk=page.pk).entry.body
    assert "[[" not in Page.objects.get(pk=page.pk).entry.text


def care(member: Member, space: Space, what: str) -> str:
    return signed_in(member).get(f"/spaces/{space.pk}/pages/care/?what={what}").content.decode()


def test_links_that_lead_nowhere_are_listed_and_a_hidden_page_looks_like_none(cast: Cast) -> None:
    gone = write(cast.bo, cast.open, "Gone")
    hidden = write(cast.bo, cast.secret, "Hidden")
    there = write(cast.bo, cast.open, "There")
    write(
        cast.bo, cast.open, "Page",
        f"[to gone](/pages/{gone.pk}/) [never](/pages/99999/) [to hidden](/pages/{hidden.pk}/) [fine](/pages/{there.pk}/) [[Wanted]]",
    )  # fmt: skip
    entries.remove_entry(by=house(cast.bo), entry=gone.entry)

    def labels(member: Member) -> list[str]:
        return [row.label for row in queries.broken_links(viewer_of(member), cast.open).things]

    assert labels(cast.administrator) == ["to gone", "never", "to hidden", "Wanted"]
    assert labels(cast.anna) == ["to gone", "never", "Wanted"]
    write(cast.bo, cast.open, "Another", "[[Other name|these words]]")
    assert "title=Other%20name" in care(cast.anna, cast.open, "links")
    shown = care(cast.administrator, cast.open, "links")
    assert "to hidden" in shown and "Hidden" not in shown and "title=Wanted" in shown
    assert queries.broken_links(viewer_of(cast.outsider), cast.secret).things == []


def test_pages_nobody_finds_are_listed(cast: Cast) -> None:
    top = write(cast.bo, cast.open, "Top")
    write(cast.bo, cast.open, "Child", parent=top)
    linked = write(cast.bo, cast.open, "Linked")
    write(cast.bo, cast.open, "Linking", f"[x](/pages/{linked.pk}/)", parent=top)
    alone = write(cast.bo, cast.open, "Alone")
    secretly = write(cast.bo, cast.open, "Secretly")
    write(cast.bo, cast.secret, "Heron", f"[x](/pages/{secretly.pk}/)")
    edit(cast.bo, alone, f"[myself](/pages/{alone.pk}/)")

    def found(member: Member) -> list[str]:
        return [row.entry.title for row in queries.orphans(viewer_of(member), cast.open).things]

    # Who cannot read the secret page is not told that something speaks of this one.
    assert found(cast.administrator) == ["Alone", "Secretly"]
    assert found(cast.anna) == ["Alone"]
    assert "Alone" in care(cast.anna, cast.open, "orphans")


def test_who_sees_what_needs_care(cast: Cast) -> None:
    write(cast.bo, cast.closed, "Plans", "[[Wanted]]")
    for name, member in cast.people.items():
        if name == "deactivated":
            continue
        for what in ("links", "orphans", "unanswered"):
            answer = signed_in(member).get(f"/spaces/{cast.closed.pk}/pages/care/?what={what}")
            assert answer.status_code == (200 if name in {"anna", "bo"} else 404), (name, what)
    assert signed_in(cast.outsider).get(f"/spaces/{cast.open.pk}/pages/care/").status_code == 404
    assert signed_in(cast.bo).get(f"/spaces/{cast.closed.pk}/pages/care/?what=x").status_code == 404
    assert signed_in(cast.bo).get(f"/spaces/{cast.closed.pk}/pages/care/?after=x").status_code == 404


def test_care_costs_the_same_for_many_pages(cast: Cast, django_assert_max_num_queries: object) -> None:
    for number in range(45):
        write(cast.bo, cast.open, f"Page {number}", "[[Wanted]]")
    browser = signed_in(cast.bo)
    for what in ("links", "orphans", "unanswered"):
        browser.get(f"/spaces/{cast.open.pk}/pages/care/?what={what}")
        with django_assert_max_num_queries(15):
            browser.get(f"/spaces/{cast.open.pk}/pages/care/?what={what}")
    assert queries.broken_links(viewer_of(cast.bo), cast.open).next


def test_many_pages_are_linked_in_a_few_statements(cast: Cast) -> None:
    pages = [write(cast.bo, cast.open, f"Page {number}") for number in range(60)]
    PageLink.objects.all().delete()

    def linked(title: str) -> list[Linked]:
        return [
            Linked(
                page.pk, page.space_id, page.entry.title,
                f'<p><a href="/pages/{pages[0].pk}/">x</a> <a href="/spaces/{page.space_id}/pages/new/?title={title}">y</a></p>',
            )
            for page in pages
        ]  # fmt: skip

    with CaptureQueriesContext(connection) as captured:
        keep_links_of(linked("Page%203"))
    assert len(captured) <= 12
    assert PageLink.objects.count() == 120
    assert PageLink.objects.filter(to_id=pages[3].pk, wanted="page 3").count() == 60
    keep_links_of(linked("Page%203"))
    assert PageLink.objects.count() == 120
    keep_links_of(linked("Nowhere"))
    assert PageLink.objects.filter(wanted="nowhere", to_id=None).count() == 60


@pytest.mark.parametrize(
    "source",
    [
        "[[" * 50_000,
        "[[a" * 20_000 + "]]" * 20_000,
        "<a href='/pages/1/'>x" * 4_000,
        "[[" + "a" * 90_000,
        "<code>[[" * 2_000,
    ],
)
def test_hostile_texts_cost_no_more_than_their_length(source: str) -> None:
    html = read_html(source).html
    start = time.thread_time()
    links.titles_in(html)
    links.with_titles_linked(html, 1, {})
    links.found_in(html, 1)
    links.drawn(html, space_id=1, target=lambda _title: None, may_write=False)
    assert time.thread_time() - start < 1
