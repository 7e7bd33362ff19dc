"""Who reads a page and who changes it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from torvet.base.policies import signed_in
from torvet.base.rules import Refused
from torvet.people.viewer import Viewer, viewer_of
from torvet.wiki import actions, queries, rules
from torvet.wiki.forms import AccessForm
from torvet.wiki.models import Page
from torvet.wiki.views.loading import own_membership, page_or_404


@signed_in
@require_http_methods(["GET", "POST"])
def access(request: HttpRequest, pk: int) -> HttpResponse:
    viewer = viewer_of(request)
    shown = page_or_404(request, pk)
    if not rules.can_change_access(viewer, shown, own_membership(request, shown)):
        raise Http404
    is_inner = shown.entry.space.is_inner
    begun = {
        "reading": "few" if is_inner else "all",
        "readers": "\n".join(member.name for member in queries.chosen_readers(viewer, shown)),
        "editing": shown.editing,
    }
    form = AccessForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            _change(viewer, shown, form)
            messages.success(request, _("Saved. This is who reads and changes the page now."))
            return redirect(shown.url)
        except Refused as refused:
            form.add_error("readers", refused.reason)
    return render(
        request,
        "wiki/access.html",
        {"page": shown, "space": shown.space, "form": form},
        status=422 if form.errors else 200,
    )


@transaction.atomic
def _change(viewer: Viewer, page: Page, form: AccessForm) -> None:
    """All of it or nothing. Raises Refused."""
    actions.change_editing(by=viewer, page=page, editing=form.cleaned_data["editing"])
    if form.cleaned_data["reading"] == "all":
        actions.open_to_all(by=viewer, page=page)
        return
    members, unknown = queries.people_named(viewer, form.names())
    if unknown:
        raise Refused(
            ngettext(
                "Nobody here fits “%(names)s”, or several do. Write their handle, like anna.berg.",
                "Nobody here fits these, or several do: %(names)s. Write their handles, like anna.berg.",
                len(unknown),
            )
            % {"names": ", ".join(unknown)}
        )
    actions.keep_to_fewer(by=viewer, page=page, members=members)
