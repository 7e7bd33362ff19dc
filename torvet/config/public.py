"""What anybody may ask for: the company's colour, and whether the town is well."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from torvet.base.policies import public
from torvet.people.queries import company

DEFAULT_BRAND = "#0b7a4b"


@public
def theme(request: HttpRequest) -> HttpResponse:
    """The company's colour as a stylesheet; its address carries the version, so it may be kept long."""
    found = company()
    answer = HttpResponse(
        f":root{{--brand:{found.brand if found else DEFAULT_BRAND}}}\n", content_type="text/css"
    )
    answer.headers["Cache-Control"] = "public, max-age=31536000" if "v" in request.GET else "no-cache"
    return answer


@public
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@public
def ready(request: HttpRequest) -> JsonResponse:
    """Whether requests can be answered: the database is there."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"database": False}, status=503)
    return JsonResponse({"database": True})


@public
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
