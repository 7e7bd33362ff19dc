"""What the house keeps for itself."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class KeptAnswer(models.Model):
    """The first answer to an API call that carried an `Idempotency-Key`, so that a retry writes nothing twice.

    `name` is the SHA-256 of who called, how, where and with which key; the key itself is not kept. The row is written
    in the transaction of the call, so a committed row always holds its answer.
    """

    name = models.CharField(max_length=64, unique=True)
    viewer_id = models.BigIntegerField()  # a number only: this floor knows nobody
    asked = models.CharField(max_length=64)  # SHA-256 of what was sent
    status = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=80, blank=True)  # the answer's media type
    body = models.TextField(blank=True)
    location = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="kept_answer_by_age")]

    def __str__(self) -> str:
        return self.name
