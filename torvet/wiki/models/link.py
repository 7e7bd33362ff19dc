"""Which page speaks of which: kept beside the words, in the transaction that writes them."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from torvet.people.viewer import Viewer
from torvet.spaces.models import Space
from torvet.wiki.models.page import Page


class PageLinkQuerySet(models.QuerySet["PageLink"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Links in pages that the viewer may read, wherever they lead."""
        return self.filter(Exists(Page.objects.visible_to(viewer).filter(pk=OuterRef("page_id"))))


class PageLink(models.Model):
    """A link in the words of a page: to a page by number, or to a title that somebody may write one day.

    `to_id` is a plain number: a link may lead to what is no more or never was. `wanted` is the folded title of a
    link by title, which gets its `to_id` when a page of that title is written in the space.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="links", db_index=False)
    space = models.ForeignKey(Space, models.CASCADE, related_name="+", db_index=False)  # of `page`
    to_id = models.BigIntegerField(null=True)
    wanted = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=200, blank=True)  # what the link says, for the list of what to mend

    objects = PageLinkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["page"], name="link_in_page"),
            models.Index(fields=["to_id", "page"], name="link_to_page"),
            models.Index(fields=["space", "wanted"], condition=~Q(wanted=""), name="link_wanted"),
        ]
        constraints = [models.UniqueConstraint(fields=["page", "to_id", "wanted"], name="link_once")]

    def __str__(self) -> str:
        return self.label

    @property
    def title(self) -> str:
        """The title to write a wanted page under: as it was typed, unless the link says something else."""
        typed = " ".join(self.label.split())
        return typed if typed.casefold() == self.wanted else self.wanted[:1].upper() + self.wanted[1:]
