"""Must-read: who was asked to confirm that they have read something, and who did. Nothing of who opened what."""

from torvet.notices.models.confirmation import Confirmation, ConfirmationQuerySet
from torvet.notices.models.notice import Notice, NoticeQuerySet, Wording
from torvet.notices.models.roll import AudiencePart, Kind, Roll, RollChange, Why

__all__ = [
    "AudiencePart",
    "Confirmation",
    "ConfirmationQuerySet",
    "Kind",
    "Notice",
    "NoticeQuerySet",
    "Roll",
    "RollChange",
    "Why",
    "Wording",
]
