"""A blog as an Atom feed (RFC 4287). Pure: articles that were read through `visible_to` in, bytes out.

Pictures are left out: a feed reader has no session, and could not fetch them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from torvet.base.api import absolute
from torvet.blogs.models import Article, Blog

NAMESPACE = "http://www.w3.org/2005/Atom"
# What XML 1.0 cannot hold, escaped or not.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
PICTURE = re.compile(r"<img\b[^>]*>")
OWN_ADDRESS = re.compile(r'(href=")(/)')


def atom(blog: Blog, articles: Sequence[Article]) -> bytes:
    """The feed of these articles, the newest first."""
    ElementTree.register_namespace("", NAMESPACE)
    feed = ElementTree.Element(f"{{{NAMESPACE}}}feed")
    _add(feed, "id", absolute(blog.url))
    _add(feed, "title", blog.name)
    if blog.about:
        _add(feed, "subtitle", blog.about)
    newest = max((_changed_at(article) for article in articles), default=blog.opened_at)
    _add(feed, "updated", _moment(newest))
    _add(feed, "link", rel="alternate", type="text/html", href=absolute(blog.url))
    for article in articles:
        _entry(feed, article)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(feed: ElementTree.Element, article: Article) -> None:
    entry, told = article.entry, ElementTree.SubElement(feed, f"{{{NAMESPACE}}}entry")
    _add(told, "id", absolute(article.url))
    _add(told, "title", entry.title)
    _add(told, "link", rel="alternate", type="text/html", href=absolute(article.url))
    _add(told, "published", _moment(entry.published_at or entry.created_at))
    _add(told, "updated", _moment(_changed_at(article)))
    _person(told, "author", byline(article))
    if article.lead:
        _add(told, "summary", article.lead, type="text")
    html = OWN_ADDRESS.sub(lambda found: found[1] + absolute("/"), PICTURE.sub("", entry.body))
    _add(told, "content", html, type="html")


def byline(article: Article) -> str:
    """In whose name, and who wrote it when that was somebody else."""
    entry = article.entry
    if entry.written_by is None:
        return entry.author.name
    return _("%(writer)s for %(leader)s") % {"writer": entry.written_by.name, "leader": entry.author.name}


def _changed_at(article: Article) -> datetime:
    entry = article.entry
    return entry.edited_at or entry.published_at or entry.created_at


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _person(parent: ElementTree.Element, name: str, called: str) -> None:
    person = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    _add(person, "name", called)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> None:
    child = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)
    if text:
        child.text = NOT_IN_XML.sub("", text)
