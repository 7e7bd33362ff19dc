"""Sessions in the database, with the member in a column of their own.

Deactivating somebody deletes their rows: the next request of every browser is signed out at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from torvet.base.compiled import STAND_IN_TEXT, compiled
from torvet.people.models import Member, Session


class SessionStore(DatabaseSessionStore):
    """One statement fetches the session and its member together; signing in fills the member's column."""

    member: Member | None = None
    created_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        found = _living().first(self.session_key or "")
        if found is None:
            self._session_key = None
            return None
        self.member, self.created_at = found.member, found.created_at
        return found

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        member_id = data.get(SESSION_KEY)
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]  # not in the stubs
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            member_id=int(member_id) if member_id else None,
            # Saving again is no new sign-in.
            created_at=self.created_at or timezone.now(),
        )


@compiled
def _living() -> QuerySet[Session]:
    """The session of a key, with its member. Asked by every request."""
    rows = Session.objects.select_related("member")
    return rows.filter(session_key=STAND_IN_TEXT, expire_date__gt=timezone.now())


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's own, with the store above."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.SessionStore = SessionStore


def signed_in_member(session: SessionStore) -> Member | None:
    """The active member of a session whose password has not changed since, or None.

    The same checks as django.contrib.auth.get_user, without its second query.
    """
    if SESSION_KEY not in session or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    member = session.member
    if member is None or str(member.pk) != str(session[SESSION_KEY]):
        member = Member.objects.filter(pk=session[SESSION_KEY]).first()
    if member is None or not member.is_active:
        return None
    kept = session.get(HASH_SESSION_KEY, "")
    return member if constant_time_compare(kept, member.get_session_auth_hash()) else None
