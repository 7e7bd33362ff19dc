"""What the index knows of a thing: ids and its place in time. All of it is derived: `reindex` makes it anew.

The words stand beside it, in tables of the database's own kind (see fts5.py, tsvector.py and the migration).
"""

from __future__ import annotations

from django.db import models


class Document(models.Model):
    """One thing that can be found. Plain numbers, no foreign keys: what it points at is asked through `visible_to`."""

    # Its place: newer entries have greater ones, so that the newest hits come first without sorting (see places.py).
    id = models.BigAutoField(
        primary_key=True
    )  # always given; on SQLite this type is the row itself, without an index
    kind = models.CharField(max_length=16)
    thing_id = models.BigIntegerField()
    space_id = models.BigIntegerField(null=True)
    author_id = models.BigIntegerField(null=True)
    thread_id = models.BigIntegerField(null=True)
    version = models.BigIntegerField(default=0)  # of the words; an older one is read anew

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "thing_id"], name="document_once")]
        indexes = [
            # Filters without words: what somebody wrote, what stands in a space, in a thread.
            models.Index(fields=["author_id", "id"], name="document_of_author"),
            models.Index(fields=["space_id", "id"], name="document_in_space"),
            models.Index(fields=["thread_id", "id"], name="document_in_thread"),
        ]


class Vector(models.Model):
    """What a text means, as small whole numbers; see meaning.py. A text that changes gets a new row, with a new id."""

    entry_id = models.BigIntegerField(unique=True)
    thread_id = models.BigIntegerField()
    version = models.BigIntegerField()
    numbers = models.BinaryField()


class Word(models.Model):
    """A long word that stands in some text: what is looked for may be a part of it, as fravær of sygefraværspolitik."""

    word = models.CharField(max_length=48, unique=True)
