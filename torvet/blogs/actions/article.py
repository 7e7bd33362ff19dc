"""Changing an article that is out."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from torvet.base.rules import Refused, require
from torvet.base.text.characters import clean_line
from torvet.blogs import lead as leads
from torvet.blogs.actions.keep import series_named
from torvet.blogs.kinds import ARTICLE
from torvet.blogs.models import Article
from torvet.entries import actions as entries
from torvet.entries import queries as entry_queries
from torvet.entries import rules as entry_rules
from torvet.entries.models import Attachment, Entry
from torvet.entries.words import read
from torvet.people.viewer import Viewer
from torvet.spaces.queries import membership_of


def may_edit(by: Viewer, entry: Entry) -> bool:
    """The author, and who may speak for them: the core's own rule, with the blog's answer to who that is."""
    speaks = entry_queries.speaks_for(by, entry)
    return entry_rules.can_edit(by, entry, membership_of(by, entry.space), speaks=speaks)


@transaction.atomic
def edit_article(
    *,
    by: Viewer,
    article: Article,
    version: int,
    title: str,
    lead: str,
    body: str,
    format: str = "markdown",
    cover: str = "",
    alt: str = "",
    series: str = "",
) -> Article:
    """New words for an article; the earlier ones stay in its history. `cover` is the key of the picture, "" for none.

    Raises EditConflict when another change came first, Refused without a title or without words for the cover.
    """
    require(may_edit(by, article.entry))
    if not title.strip():
        raise Refused(_("An article needs a title, so that others find it."))
    words = read(body, by=by, format=format, longest=ARTICLE.longest - leads.LONGEST)
    lead = leads.one_line(lead)
    entries.replace_words(
        by=by,
        entry=article.entry,
        title=title,
        body=leads.together(lead, words.body),
        version=version,
        format="html",
    )
    entries.attach_named(by=by, entry=article.entry)
    before = (article.lead, article.cover_id, article.series_id, article.cover.alt if article.cover else "")
    _dress(by, article, cover, alt)
    chosen = series_named(article.blog, series)
    article.lead, article.series = lead, chosen
    article.minutes = leads.minutes_to_read(article.entry.text)
    article.save(update_fields=["lead", "cover", "series", "minutes"])
    if before != (
        article.lead,
        article.cover_id,
        article.series_id,
        article.cover.alt if article.cover else "",
    ):
        entries.redraw(by=by, entry=article.entry)
    return article


def _dress(by: Viewer, article: Article, key: str, alt: str) -> None:
    """Give the article this cover: the one it has, or an upload of the writer's own."""
    worn = article.cover
    if worn is not None and worn.key != key:
        article.cover = None
        entries.let_go(by=by, entry=article.entry, attachment=worn)
    if key and article.cover is None:
        found = Attachment.objects.waiting_for(by).filter(key=key).first()
        if found is None:
            raise Refused(_("The picture is no longer there. Please add it again."))
        if not found.is_picture:
            raise Refused(_("A cover is a picture. %(name)s is none.") % {"name": found.name})
        entries.attach_kept(by=by, entry=article.entry, files=[found])
        article.cover = found
    if article.cover is not None:
        if not alt.strip():
            raise Refused(_("Say what is to be seen on the cover, for those who cannot see it."))
        article.cover.alt = clean_line(alt)[:300]
        article.cover.save(update_fields=["alt"])


@transaction.atomic
def edit_entry_of_article(
    *, by: Viewer, entry: Entry, title: str, body: str, version: int, format: str = "markdown"
) -> Entry:
    """As `edit_article`, for those who hold the entry: the API, and whatever else knows entries only.

    Its words come whole, as they were given: of an article with a lead the first paragraph is the lead.
    """
    article = Article.objects.select_related("blog", "entry__space", "entry__author", "cover", "series").get(
        pk=entry.pk
    )
    require(may_edit(by, article.entry))
    words = read(body, by=by, format=format, longest=ARTICLE.longest)
    parted = leads.apart(words.body, has_lead=bool(article.lead))
    return edit_article(
        by=by, article=article, version=version, title=title, lead=parted.lead, body=parted.body, format="html",
        cover=article.cover.key if article.cover else "", alt=article.cover.alt if article.cover else "",
        series=article.series.name if article.series else "",
    ).entry  # fmt: skip
