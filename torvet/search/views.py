"""The page of results."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from torvet.base.pages import BadCursor
from torvet.base.policies import signed_in
from torvet.people.models import Member
from torvet.people.viewer import Viewer
from torvet.search import queries
from torvet.search.forms import Sought
from torvet.spaces.models import Space


@signed_in
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """The whole page; for htmx what was found, or its next part."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    sought, after = Sought.read(request.GET), request.GET.get("after") or None
    try:
        found = queries.search(
            viewer,
            sought.q,
            kind=sought.kind,
            space=sought.space,
            person=sought.person,
            order=sought.order,
            after=after,
        )
    except BadCursor as error:
        raise Http404 from error
    part = "_hits" if after else "_found"
    return render(
        request,
        f"search/{part if request.headers.get('HX-Request') else 'search'}.html",
        {
            "sought": sought,
            "found": found,
            "after": after,
            "query": sought.q,
            # Named only when the viewer may know of them; the search itself has asked the same.
            "in_space": Space.objects.visible_to(viewer).filter(pk=sought.space).first()
            if sought.space
            else None,
            "by_member": Member.objects.visible_to(viewer).filter(pk=sought.person).first()
            if sought.person
            else None,
        },
    )
