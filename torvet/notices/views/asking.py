"""Asking people to confirm an entry: choose whom, see whom it reaches, send."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from torvet.base.pages import BadCursor, paginate
from torvet.base.policies import colleague
from torvet.base.rules import Forbidden, Refused
from torvet.entries.models import Entry
from torvet.notices import actions, queries, rules
from torvet.notices.actions.ask import check_date
from torvet.notices.forms import AskForm
from torvet.notices.queries.audience import Audience, Reach, people_asked, people_left_out, reach_of, within
from torvet.notices.views.loading import opener_or_404
from torvet.people.models import Member
from torvet.people.queries import colleague_named
from torvet.people.viewer import Viewer, viewer_of


@colleague
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """`look` shows whom it would reach; `send` and `leave_out` send it."""
    viewer, entry = viewer_of(request), opener_or_404(request, pk)
    reach = reach_of(viewer)
    if not rules.can_ask(viewer, entry, reach):
        raise Http404
    known = queries.open_notice_of(viewer, entry)
    if known is not None:
        return redirect(known.url if rules.can_see_notice(viewer, known) else entry.url)
    form = AskForm(request.POST if request.method == "POST" else None, viewer=viewer, reach=reach)
    if request.method == "GET" or not form.is_valid():
        return _form(request, entry, form)
    try:
        audience = form.audience(_members(viewer, form.names()))
        if "look" in request.POST or "after" in request.POST:
            return _form(
                request, entry, form, reached=_reached(request, viewer, entry, reach, audience, form)
            )
        notice = actions.send_notice(
            by=viewer, entry=entry, audience=audience, due_on=form.cleaned_data["due_on"],
            note=form.cleaned_data["note"], leaves_out="leave_out" in request.POST,
        )  # fmt: skip
    except actions.SomeLeftOut as some:
        form.add_error(None, some.reason)
        return _form(request, entry, form, reached=_reached(request, viewer, entry, reach, audience, form))
    except Forbidden as forbidden:
        raise Http404 from forbidden
    except Refused as refused:
        form.add_error(None, refused.reason)
        return _form(request, entry, form)
    number = notice.roll.number
    messages.success(
        request,
        ngettext("Sent: %(number)s person is asked.", "Sent: %(number)s people are asked.", number)
        % {"number": number},
    )
    return redirect(notice.url)


def _form(request: HttpRequest, entry: Entry, form: AskForm, **context: Any) -> HttpResponse:
    return render(
        request,
        "notices/ask.html",
        {"entry": entry, "form": form, **context},
        status=422 if form.errors else 200,
    )


def _members(viewer: Viewer, names: list[str]) -> frozenset[int]:
    """Raises Refused for a line that fits nobody, or several."""
    found, unknown = set(), []
    for name in names:
        member = colleague_named(viewer, name)
        if member is None:
            unknown.append(name)
        else:
            found.add(member.pk)
    if unknown:
        raise Refused(
            ngettext(
                "Nobody here fits “%(names)s”, or several do. Write their handle, like anna.berg.",
                "Nobody here fits these, or several do: %(names)s. Write their handles, like anna.berg.",
                len(unknown),
            )
            % {"names": ", ".join(unknown[:10])}
        )
    return frozenset(found)


def _reached(
    request: HttpRequest, viewer: Viewer, entry: Entry, reach: Reach, audience: Audience, form: AskForm
) -> dict[str, Any]:
    """How many it reaches, and who of them cannot read it, as far as the viewer may know them. Raises Refused."""
    if not within(reach, audience):
        raise Refused(_("You can ask those in your own units and in the spaces that you run."))
    check_date(form.cleaned_data["due_on"])
    number, missing = people_asked(audience, entry.space).count(), people_left_out(audience, entry.space)
    left_out = missing.count()
    if not (number or left_out):
        raise Refused(
            _("There is nobody in what you have chosen. Choose a unit, a site, a role, a space or people.")
        )
    try:
        names = paginate(
            Member.objects.visible_to(viewer).filter(pk__in=missing.values("pk")), order=("name", "id"),
            after=request.POST.get("after") or None, size=20,
        )  # fmt: skip
    except BadCursor as error:
        raise Http404 from error
    return {"number": number, "left_out": left_out, "names": names}
