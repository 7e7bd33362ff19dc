"""The agreement: what could be used to watch somebody, and what holds about it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from torvet.agreement import actions, queries, rules
from torvet.agreement.forms import SmallestForm, TermForm
from torvet.agreement.register import BY_KEY
from torvet.base.policies import administrator, signed_in
from torvet.base.rules import Refused
from torvet.people.viewer import viewer_of


@signed_in
def agreement(request: HttpRequest) -> HttpResponse:
    """The register with the state of each line, the smallest group, and every change with its reason."""
    context = {
        "lines": queries.lines(),
        "smallest_group": queries.smallest_group(),
        "changes": queries.changes(),
        "can_change": rules.can_change_agreement(viewer_of(request)),
    }
    return render(request, "agreement/agreement.html", context)


@administrator
def term(request: HttpRequest, key: str) -> HttpResponse:
    """Change the state of one line, with a reason."""
    processing = BY_KEY.get(key)
    if processing is None or processing.is_fixed:
        raise Http404
    form = TermForm(request.POST or None, processing=processing, initial={"state": queries.state_of(key)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_term(by=viewer_of(request), key=key, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Changed, and announced to everybody."))
            return redirect("agreement")
    context = {"form": form, "processing": processing}
    return render(request, "agreement/term.html", context, status=422 if form.errors else 200)


@administrator
def smallest_group(request: HttpRequest) -> HttpResponse:
    """Change how few people a figure may be about, with a reason."""
    form = SmallestForm(request.POST or None, initial={"size": queries.smallest_group()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_smallest_group(by=viewer_of(request), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Changed, and announced to everybody."))
            return redirect("agreement")
    return render(
        request, "agreement/smallest_group.html", {"form": form}, status=422 if form.errors else 200
    )
