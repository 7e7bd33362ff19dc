"""The door before every operation of the API, and what is answered when one fails.

It asks, in this order: is there such an operation, has the token the scope, is everything that was sent known, and was
this very call answered before. Who may knock at all is the route's policy, as for pages.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation, PathView

from torvet.base.actions import AskedDifferently, NoLongerSeen, answer_once
from torvet.base.api import LONGEST_KEY, viewer_of
from torvet.base.pages import BadCursor
from torvet.base.policies import Policy
from torvet.base.problems import field_problem, in_words, missing, problem
from torvet.base.rules import Forbidden, Refused

SAFE = frozenset({"GET"})
MULTIPART = "multipart/form-data"


class Api(NinjaAPI):
    """django-ninja with our door before every operation and our errors behind it.

    `still_sees(viewer, path, kwargs)` tells whether a kept answer of the operation at `path` may be shown again.
    """

    def __init__(self, *, still_sees: Callable[[Any, str, Mapping[str, Any]], bool], **options: Any) -> None:
        super().__init__(openapi_url=None, docs_url=None, **options)
        self.still_sees = still_sees
        for kind, answer in ERRORS.items():
            self.add_exception_handler(kind, answer)

    def _get_urls(self) -> list[URLPattern | URLResolver]:
        patterns: list[URLPattern | URLResolver] = []
        for router in self._get_bound_routers():
            # One pattern for each operation, all of a path answered by the same view.
            views = [view for view in router.path_operations.values() for _operation in view.operations]
            for pattern, view in zip(router.urls_paths(router.prefix), views, strict=True):
                pattern.callback = self.door(view)
                patterns.append(pattern)
        return patterns

    def door(self, view: PathView) -> Callable[..., HttpResponse]:
        """The view of one address. Unlike ninja's own it is not exempt from CSRF: a browser's session opens it too."""
        run = view.get_view()

        def knock(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            operation = next((known for known in view.operations if request.method in known.methods), None)
            if operation is None:
                return not_allowed({method for known in view.operations for method in known.methods})
            refused = (
                _lacks_scope(request)
                or _is_unreadable(request, operation)
                or _has_unknown(request, operation)
            )
            if refused:
                return refused
            if request.method in SAFE or "Idempotency-Key" not in request.headers:
                return run(request, **kwargs)
            return self._once(request, operation, kwargs, lambda: run(request, **kwargs))

        wanted = {str(getattr(known.view_func, "policy", "")) for known in view.operations}
        if len(wanted) == 1 and "" not in wanted:  # otherwise the start-up check of the routes stops us
            knock.policy = Policy(wanted.pop())  # type: ignore[attr-defined]  # read by policy_of
        return knock

    def _once(
        self,
        request: HttpRequest,
        operation: Operation,
        kwargs: Mapping[str, Any],
        act: Callable[[], HttpResponse],
    ) -> HttpResponse:
        key = request.headers["Idempotency-Key"]
        if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
            message = _("An Idempotency-Key has 1 to %(most)s plain characters.") % {"most": LONGEST_KEY}
            return field_problem([{"in": "header", "field": "Idempotency-Key", "message": message}])
        viewer = viewer_of(request)
        try:
            return answer_once(
                viewer_id=viewer.id,
                call=f"{request.method} {request.path}\n{key}",
                asked=_digest(request, operation),
                act=act,
                still_sees=lambda: self.still_sees(viewer, operation.path, kwargs),
            )
        except AskedDifferently:
            message = _("This Idempotency-Key was used for another request. Use a new one.")
            return field_problem([{"in": "header", "field": "Idempotency-Key", "message": message}])
        except NoLongerSeen:
            return not_found(request)
        except RequestDataTooBig as error:  # met while the body was compared, before the operation
            return _too_big(request, error)


def _lacks_scope(request: HttpRequest) -> HttpResponse | None:
    # What is written is loaded first and shown afterwards, so writing needs reading too.
    wanted = ("read",) if request.method in SAFE else ("read", "write")
    lacking = next((scope for scope in wanted if scope not in viewer_of(request).scopes), "")
    if not lacking:
        return None
    words = _("This token may not %(scope)s. Make one with the scope “%(scope)s”.") % {"scope": lacking}
    answer = problem(403, _("The token is not enough"), words, scope=lacking)
    answer.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{lacking}"'
    return answer


def _is_unreadable(request: HttpRequest, operation: Operation) -> HttpResponse | None:
    """Refuse a body of another type: a form sent to a JSON operation would be half read by others before."""
    kinds = {model.__ninja_param_source__ for model in operation.models}
    reads = MULTIPART if "file" in kinds else "application/json" if "body" in kinds else ""
    if not reads or request.content_type == reads or (reads != MULTIPART and not request.content_type):
        return None
    return problem(415, _("Another type of body is expected"), _("Send it as %(kind)s.") % {"kind": reads})


def _has_unknown(request: HttpRequest, operation: Operation) -> HttpResponse | None:
    """Refuse parameters that the operation does not know: a misspelt filter must not answer with everything."""
    known: dict[str, set[str]] = {"query": set(), "form": set(), "file": set()}
    for model in operation.models:
        if model.__ninja_param_source__ in known:
            known[model.__ninja_param_source__].update(
                getattr(model, "__ninja_flatten_map__", model.model_fields)
            )
    given: dict[str, Iterable[str]] = {"query": request.GET}
    if known["file"]:
        given |= {"form": request.POST, "file": request.FILES}
    message = in_words("extra_forbidden", {})
    unknown = [
        {"in": where, "field": name[:80], "message": message}
        for where, sent in given.items()
        for name in sent
        if name not in known[where] and name != "csrfmiddlewaretoken"
    ]
    return field_problem(unknown[:20]) if unknown else None


def _digest(request: HttpRequest, operation: Operation) -> str:
    """SHA-256 of what was sent, as far as the operation reads it."""
    digest = hashlib.sha256(request.META.get("QUERY_STRING", "").encode())
    kinds = {model.__ninja_param_source__ for model in operation.models}
    if "file" in kinds:
        for name, text in sorted(request.POST.items()):
            digest.update(f"\n{name}={text}".encode("utf-8", "replace"))
        for name in sorted(request.FILES):
            file = cast(UploadedFile, request.FILES[name])
            digest.update(f"\n{name}={file.name}\n".encode("utf-8", "replace"))
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    elif "body" in kinds:
        digest.update(request.body)
    return digest.hexdigest()


def not_allowed(methods: set[str]) -> HttpResponse:
    answer = problem(405, _("This address cannot do that"), _("It knows: %(methods)s") % {
        "methods": ", ".join(sorted(methods))
    })  # fmt: skip
    answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def not_found(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    return missing()


def _forbidden(request: HttpRequest, error: Forbidden) -> HttpResponse:
    return problem(403, _("You may not do this"), error.reason)


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(422, _("Not like this"), error.reason)


def _bad_cursor(request: HttpRequest, error: BadCursor) -> HttpResponse:
    return field_problem([{"in": "query", "field": "after", "message": in_words("bad_cursor", {})}])


def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    return problem(413, _("The request is too large"), _("At most %(most)s MB are read.") % {"most": most})


def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = []
    for line in error.errors[:20]:
        where, *place = [str(part) for part in line["loc"]]
        # Behind "body" stands the name of our own parameter, which the sender never wrote.
        field = ".".join(place[1:] if where == "body" else place)
        errors.append(
            {"in": where, "field": field[:200], "message": in_words(line["type"], line.get("ctx", {}))}
        )
    return field_problem(errors)


def _not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, _("The request cannot be read"), _("The body is not valid JSON."))


def _let_django(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error  # logged and answered by handler500


ERRORS: Mapping[type[Exception], Callable[..., HttpResponse]] = {
    Exception: _let_django,
    Http404: not_found,
    HttpError: _not_json,
    ValidationError: _not_understood,
    Forbidden: _forbidden,
    Refused: _refused,
    BadCursor: _bad_cursor,
    RequestDataTooBig: _too_big,
}
