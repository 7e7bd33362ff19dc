"""Error pages in a plain tone. What may not be seen and what does not exist answer alike."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from torvet.people.middleware import is_api, problem


def _answer(request: HttpRequest, status: int, template: str, title: str) -> HttpResponse:
    if is_api(request):
        return problem(status, title)
    return render(request, template, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, "400.html", "Bad request")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "404.html", "Not found")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "403_csrf.html", "The page was too old, please reload it")


def server_error(request: HttpRequest, *args: Any) -> HttpResponse:
    return _answer(request, 500, "500.html", "Something went wrong on our side")
