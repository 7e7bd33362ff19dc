"""The list *To confirm*, and the tap."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from torvet.base.back import back
from torvet.base.policies import signed_in
from torvet.base.rules import Forbidden, Refused
from torvet.notices import actions, queries
from torvet.notices.models import Notice
from torvet.notices.queries.audience import reach_of
from torvet.notices.queries.waiting import forget_open
from torvet.notices.views.loading import notice_or_404
from torvet.people import queries as people
from torvet.people.models import Member
from torvet.people.viewer import Viewer, viewer_of


class TapForm(forms.Form):
    """The version that was read, and for whom."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    in_place_of = forms.IntegerField(min_value=1, max_value=2**62, required=False)


@signed_in
@require_GET
def to_confirm(request: HttpRequest) -> HttpResponse:
    """One short list, the soonest first."""
    forget_open()  # whoever looks at the list itself wants to see it as it is now
    viewer = viewer_of(request)
    return render(request, "notices/to_confirm.html", _list(viewer))


def _list(viewer: Viewer) -> dict[str, Any]:
    own = people.own_absence(viewer)
    return {"lines": queries.to_confirm(viewer), "absence": own, "may_ask": bool(reach_of(viewer))}


@signed_in
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap. What was read by then and has changed comes back to be read; nothing is recorded."""
    viewer, notice = viewer_of(request), notice_or_404(request, pk)
    form = TapForm(request.POST)
    if not form.is_valid():
        raise Http404
    absent = _absent(viewer, form.cleaned_data["in_place_of"])
    try:
        actions.confirm(by=viewer, notice=notice, version=form.cleaned_data["version"], in_place_of=absent)
    except actions.OtherWords as other:
        return _read_again(request, notice, other, absent)
    except Forbidden as forbidden:
        raise Http404 from forbidden
    except Refused as refused:
        return _refused(request, notice, refused)
    if request.headers.get("HX-Request"):
        return render(request, "notices/_confirmed.html", {"notice": notice, "absent": absent})
    messages.success(request, _("Thank you. It is noted that you have read it."))
    return back(request, notice.entry.url)


def _absent(viewer: Viewer, pk: int | None) -> Member | None:
    if not pk:
        return None
    found = people.get_visible(viewer, pk)
    if found is None:
        raise Http404
    return found


def _read_again(
    request: HttpRequest, notice: Notice, other: actions.OtherWords, absent: Member | None
) -> HttpResponse:
    notice.entry = other.entry
    shown = {"notice": notice, "entry": other.entry, "absent": absent, "reason": other.reason}
    if request.headers.get("HX-Request"):
        return render(request, "notices/_changed.html", shown, status=422)
    return render(request, "notices/changed.html", shown, status=409)


def _refused(request: HttpRequest, notice: Notice, refused: Refused) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(request, "notices/_confirmed.html", {"reason": refused.reason}, status=422)
    messages.error(request, refused.reason)
    return back(request, notice.entry.url)
