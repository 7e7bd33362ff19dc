"""Back to where somebody came from, and never to another site; with the reason when something was refused."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from torvet.base.problems import problem
from torvet.base.rules import Forbidden, Refused

View = Callable[..., HttpResponse]


def is_on_this_site(address: str | None) -> bool:
    """Whether this is a plain path of ours: not `//elsewhere`, not `/\\elsewhere`, no control characters."""
    return (
        address is not None
        and address.startswith("/")
        and "\\" not in address
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    )


def back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """To the form's `next`, when it is a path of ours, else to `fallback`."""
    wanted = request.POST.get("next", "")
    return HttpResponseRedirect(wanted if is_on_this_site(wanted) else fallback)


def came_from(request: HttpRequest) -> str:
    """The path of the page the form stood on; "/" when the browser does not say, or says another site."""
    referer = urlsplit(request.headers.get("Referer", ""))
    path = referer.path + (f"?{referer.query}" if referer.query else "")
    return path if referer.netloc == request.get_host() and is_on_this_site(path) else "/"


def says_why(view: View) -> View:
    """For views behind a button: what was refused is said in words, on the page the button stood on.

    What a rule forbids is a page with status 403 and the reason; what cannot be done like this leads back with it.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            is_forbidden = isinstance(refused, Forbidden)
            if request.headers.get("HX-Request"):
                return problem(403 if is_forbidden else 409, _("That did not work"), refused.reason)
            if is_forbidden:
                return render(request, "403.html", {"reason": refused.reason}, status=403)
            messages.error(request, refused.reason)
            return back(request, came_from(request))

    return answered
