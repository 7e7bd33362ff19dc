"""Gives every request its viewer, holds the door by the route's policy, and limits how often somebody may knock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from torvet.base.limits import Limit, client_address, spend
from torvet.base.policies import Policy, policy_of
from torvet.base.problems import is_api, problem
from torvet.people import actions, queries
from torvet.people.sessions import SessionStore, signed_in_member
from torvet.people.viewer import NOBODY, Via, Viewer

Answer = Callable[[HttpRequest], HttpResponse]


def ask_for_token() -> HttpResponse:
    """401 for a program that came without a session or a valid token."""
    answer = problem(401, _("Please sign in"), _("Send a personal token: Authorization: Bearer …"))
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


class ViewerMiddleware:
    """Sets `request.viewer` and the language, and enforces the policy of the route (default: closed)."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = self.viewer_of(request)  # type: ignore[attr-defined]  # Django has no typed request
        with translation.override(self.language_of(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            # Templates are rendered lazily by some answers; do it while the language is set.
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response = response.render()
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE or "en")
            return response

    def viewer_of(self, request: HttpRequest) -> Viewer:
        authorization = request.headers.get("Authorization", "")
        if authorization:
            # A token opens the API and the files it links to, never the pages.
            if not (is_api(request) or request.path.startswith("/files/")):
                return NOBODY
            scheme, _space, key = authorization.partition(" ")
            token = queries.live_token(key.strip()) if scheme.lower() == "bearer" else None
            if token is None:
                return NOBODY
            # Token requests carry no cookie that another site could ride on.
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
            actions.note_use(token)
            return Viewer(member=token.member, via=Via.TOKEN, scopes=token.scope_set)
        session = request.session
        member = signed_in_member(session) if isinstance(session, SessionStore) else None
        return Viewer.of(member) if member else NOBODY

    def language_of(self, request: HttpRequest) -> str:
        member = request.viewer.member  # type: ignore[attr-defined]
        if member and member.language:
            return str(member.language)
        if request.headers.get("Accept-Language"):
            return translation.get_language_from_request(request)
        return settings.LANGUAGE_CODE

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        wanted = policy_of(view)
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        if wanted is Policy.PUBLIC:
            return None
        if not viewer.is_signed_in:
            return self.ask_to_sign_in(request)
        passes = {
            Policy.SIGNED_IN: True,
            Policy.COLLEAGUE: viewer.is_colleague,
            Policy.COMMUNITY: viewer.is_community,
            Policy.ADMINISTRATOR: viewer.is_administrator,
        }
        if wanted is None or not passes[wanted]:
            raise Http404
        return None

    def ask_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        if is_api(request):
            return ask_for_token()
        if request.headers.get("HX-Request"):
            # A part of a page cannot sign anybody in; the whole page can.
            return HttpResponse(status=401, headers={"HX-Redirect": "/"})
        if not queries.is_founded():
            return redirect("first_run")
        # Quoted: an `&` in the address would end `next` half-way.
        here = quote(request.get_full_path(), safe="/")
        is_way_back = request.method == "GET" and request.path != "/"
        return redirect(f"/sign-in/?next={here}" if is_way_back else "/sign-in/")


class RateLimitMiddleware:
    """A generous limit on everything, a tight one on writing and on trying passwords."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.RATE_LIMITS:
            return self.get_response(request)
        viewer: Viewer = request.viewer  # type: ignore[attr-defined]
        who = f"m{viewer.id}" if viewer.is_signed_in else client_address(request)
        limit = self.limit_for(request, viewer)
        spent = spend(limit, who)
        if spent.refused:
            return self.refuse(request, spent.wait)
        response = self.get_response(request)
        response.headers["RateLimit-Limit"] = str(limit.requests)
        response.headers["RateLimit-Remaining"] = str(spent.left)
        response.headers["RateLimit-Reset"] = str(spent.wait)
        return response

    def limit_for(self, request: HttpRequest, viewer: Viewer) -> Limit:
        if not viewer.is_signed_in:
            return Limit("knock", 30, 60) if request.method == "POST" else Limit("visit", 300, 60)
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return Limit("read", 1200, 60)
        return Limit("write", 120, 60)

    def refuse(self, request: HttpRequest, wait: int) -> HttpResponse:
        text = _("That was a lot at once. Please wait %(seconds)s seconds and try again.") % {"seconds": wait}
        if is_api(request):
            answer: HttpResponse = problem(429, _("Too many requests"), text)
        else:
            answer = HttpResponse(text, status=429, content_type="text/plain; charset=utf-8")
        answer.headers["Retry-After"] = str(wait)
        return answer
