"""Opening a forum, what it is about, and its parts."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from torvet.base.back import says_why
from torvet.base.policies import colleague, signed_in
from torvet.base.rules import Refused
from torvet.forum import actions
from torvet.forum.forms import ForumForm, NewForumForm, SubForumForm
from torvet.forum.models import SubForum
from torvet.forum.queries import fora
from torvet.forum.views.loading import kept_forum_or_404, kept_or_404
from torvet.people.viewer import viewer_of
from torvet.spaces import rules as space_rules
from torvet.spaces.views.doors import Here


@colleague
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a space that is a forum, in one step."""
    viewer = viewer_of(request)
    if not space_rules.can_open_space(viewer):
        raise Http404
    form = NewForumForm(
        request.POST if request.method == "POST" else None,
        viewer=viewer,
        initial={"responsible": viewer.member},
    )
    if request.method == "POST" and form.is_valid():
        try:
            forum = actions.open_space_with_forum(by=viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.reason)
        else:
            messages.success(request, _("%(name)s is open.") % {"name": forum.space.name})
            return redirect("space_forum", forum.pk)
    return render(request, "forum/new.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the space a forum, or say anew what sort of one it is."""
    here = kept_or_404(request, pk)
    found = fora.get_visible(here.viewer, pk)
    begun = {"sort": found.sort, "allows_anonymous": found.allows_anonymous} if found else None
    form = ForumForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        actions.open_forum(by=here.viewer, space=here.space, **form.cleaned_data)
        messages.success(request, _("Saved.") if found else _("This space is a forum now."))
        return redirect("forum_settings", pk)
    return _settings(request, here, form, SubForumForm(), status=422 if form.errors else 200)


def _settings(
    request: HttpRequest, here: Here, form: ForumForm, part_form: SubForumForm, status: int = 200
) -> HttpResponse:
    forum = fora.get_visible(here.viewer, here.space.pk)
    return render(request, "forum/settings.html", here.context("forum") | {
        "forum": forum, "form": form, "part_form": part_form, "parts": fora.sub_fora(forum) if forum else [],
    }, status=status)  # fmt: skip


@signed_in
@require_POST
@says_why
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """A plain space again."""
    here, forum = kept_forum_or_404(request, pk)
    actions.close_forum(by=here.viewer, forum=forum)
    messages.success(request, _("This is a plain space again. All that was written is still there."))
    return redirect(here.space.url)


@signed_in
@require_POST
def add_part(request: HttpRequest, pk: int) -> HttpResponse:
    here, forum = kept_forum_or_404(request, pk)
    form = SubForumForm(request.POST)
    if form.is_valid():
        try:
            actions.add_sub_forum(by=here.viewer, forum=forum, **form.cleaned_data)
            return redirect("forum_settings", pk)
        except Refused as refused:
            form.add_error("name", refused.reason)
    begun = {"sort": forum.sort, "allows_anonymous": forum.allows_anonymous}
    return _settings(request, here, ForumForm(initial=begun), form, status=422)


@signed_in
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, pk: int, sub: int) -> HttpResponse:
    """Change the name of a part and what belongs there."""
    here, found = _part_or_404(request, pk, sub)
    form = SubForumForm(
        request.POST if request.method == "POST" else None, initial={"name": found.name, "about": found.about}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_sub_forum(by=here.viewer, sub_forum=found, **form.cleaned_data)
            return redirect("forum_settings", pk)
        except Refused as refused:
            form.add_error("name", refused.reason)
    return render(
        request, "forum/sub_forum.html", here.context("forum", form=form, part=found),
        status=422 if form.errors else 200,
    )  # fmt: skip


@signed_in
@require_POST
@says_why
def move_part(request: HttpRequest, pk: int, sub: int) -> HttpResponse:
    here, found = _part_or_404(request, pk, sub)
    actions.move_sub_forum(by=here.viewer, sub_forum=found, up=request.POST.get("way") == "up")
    return redirect("forum_settings", pk)


@signed_in
@require_POST
@says_why
def remove_part(request: HttpRequest, pk: int, sub: int) -> HttpResponse:
    here, found = _part_or_404(request, pk, sub)
    actions.remove_sub_forum(by=here.viewer, sub_forum=found)
    messages.success(request, _("The sub-forum is gone. Its discussions stand in the forum itself now."))
    return redirect("forum_settings", pk)


def _part_or_404(request: HttpRequest, pk: int, sub: int) -> tuple[Here, SubForum]:
    here, forum = kept_forum_or_404(request, pk)
    found = fora.sub_forum_of(forum.pk, sub)
    if found is None:
        raise Http404
    return here, found
