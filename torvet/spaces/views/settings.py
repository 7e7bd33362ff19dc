"""What a space says of itself, and closing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torvet.base.back import says_why
from torvet.base.policies import colleague
from torvet.base.rules import Refused
from torvet.spaces import actions
from torvet.spaces.forms import SpaceSettingsForm
from torvet.spaces.views.doors import enter

FIELDS = ("name", "purpose", "audience", "responsible", "access", "has_guests", "question", "is_default")


@colleague
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, purpose, audience, responsible, access; for those who own the space."""
    here = enter(request, pk)
    if not here.may["change"]:
        raise Http404
    form = SpaceSettingsForm(
        request.POST or None, viewer=here.viewer, can_make_default=here.may["make_default"],
        initial={field: getattr(here.space, field) for field in FIELDS},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_space(by=here.viewer, space=here.space, changes=form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("space_settings", pk)
    context = here.context("settings", form=form)
    return render(request, "spaces/settings.html", context, status=422 if form.errors else 200)


@colleague
@require_POST
@says_why
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    here = enter(request, pk)
    actions.archive_space(by=here.viewer, space=here.space)
    messages.success(request, _("The space is archived. It can be read, and opened again."))
    return redirect("space_settings", pk)


@colleague
@require_POST
@says_why
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    here = enter(request, pk)
    actions.reopen_space(by=here.viewer, space=here.space)
    messages.success(request, _("The space is open again."))
    return redirect("space_settings", pk)
