"""Looking after accounts: find them, set role and place, close and open them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from torvet.base.back import says_why
from torvet.base.pages import BadCursor
from torvet.base.policies import administrator, community
from torvet.base.rules import Refused
from torvet.people import actions, queries, rules
from torvet.people.forms import AccountForm
from torvet.people.models import Member, Role
from torvet.people.viewer import viewer_of
from torvet.people.views.directory import way_on
from torvet.people.views.profile import member_or_404


@community
def members(request: HttpRequest) -> HttpResponse:
    """Every account, closed ones too."""
    viewer = viewer_of(request)
    words, kind = request.GET.get("q", "")[:120], request.GET.get("kind", "")
    kind = kind if kind in {*Role.values, "closed", "waiting"} else ""
    try:
        page = queries.every_account(viewer, words, kind, after=request.GET.get("after"))
    except BadCursor:
        raise Http404 from None
    context = {
        "tab": "members", "page": page, "words": words, "kind": kind, "roles": Role.choices,
        "next_url": way_on(request, page.next), "can_manage": rules.can_manage_members(viewer),
    }  # fmt: skip
    is_more = bool(request.headers.get("HX-Request")) and "after" in request.GET
    return render(request, f"people/manage/{'_accounts' if is_more else 'members'}.html", context)


@administrator
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: name, title, role, place."""
    viewer = viewer_of(request)
    shown = member_or_404(viewer, pk)
    fields = ("name", "title", "role", "unit", "site", "manager")
    form = AccountForm(
        request.POST or None,
        viewer=viewer,
        member=shown,
        initial={field: getattr(shown, field) for field in fields},
    )
    if request.method == "POST" and form.is_valid():
        changes = {field: form.cleaned_data[field] for field in fields if field != "role"}
        try:
            actions.change_account(by=viewer, member=shown, role=form.cleaned_data["role"], changes=changes)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("administration")
    context = {
        "tab": "members",
        "form": form,
        "member": shown,
        "can_close": rules.can_deactivate(viewer, shown),
        "leaving": queries.leaving_of(viewer, shown),
    }
    return render(request, "people/manage/account.html", context, status=422 if form.errors else 200)


@administrator
@says_why
def deactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account: GET says what happens, POST does it."""
    viewer = viewer_of(request)
    shown = member_or_404(viewer, pk)
    if request.method == "POST":
        actions.deactivate(by=viewer, member=shown)
        messages.success(request, _("The account of %(name)s is closed.") % {"name": shown.name})
        return redirect("account", pk)
    if not shown.is_active:
        return redirect("account", pk)
    context = {"tab": "members", "member": shown, "leads": queries.units_led_by(shown)}
    return render(request, "people/manage/deactivation.html", context)


@administrator
@require_POST
@says_why
def reactivation(request: HttpRequest, pk: int) -> HttpResponse:
    closed = get_object_or_404(Member.objects.visible_to(viewer_of(request)), pk=pk)
    actions.reactivate(by=viewer_of(request), member=closed)
    messages.success(request, _("The account of %(name)s is open again.") % {"name": closed.name})
    return redirect("account", pk)
