"""Error pages in a plain tone. What may not be seen and what does not exist answer alike."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from torvet.base.problems import is_api, missing, problem
from torvet.people.middleware import ask_for_token


def _answer(request: HttpRequest, status: int, template: str, title: str) -> HttpResponse:
    if is_api(request):
        return problem(status, title)
    return render(request, template, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "400.html", _("The request cannot be read"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return missing() if is_api(request) else render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if is_api(request) and not request.viewer.is_signed_in:  # type: ignore[attr-defined]  # set by ViewerMiddleware
        return ask_for_token()  # nobody came in, so there is nothing that another site could ride on
    return _answer(request, 403, "403_csrf.html", _("The page was too old, please reload it"))


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    return _answer(request, 500, "500.html", _("Something went wrong on our side"))
