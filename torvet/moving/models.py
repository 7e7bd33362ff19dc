"""Where things came from: how an import that runs again finds what it brought before."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Origin(models.Model):
    """One thing of an old home, and the row here that it became.

    `type` says which table `local_id` counts in: member, unit, site, space, membership, entry, file. A plain number, as
    in the log: it may outlive the row. `digest` tells a thing that changed over there from one that did not; `version`
    is the row's own version when the import wrote it, so that what was changed here since is left alone.
    """

    source = models.CharField(max_length=16)  # people, slack
    instance = models.CharField(max_length=64, blank=True)  # which workspace
    type = models.CharField(max_length=16)
    source_id = models.CharField(max_length=200)
    local_id = models.BigIntegerField()
    digest = models.CharField(max_length=32, blank=True)
    version = models.PositiveIntegerField(default=1)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "instance", "type", "source_id"], name="origin_once"),
        ]
