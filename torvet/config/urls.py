"""Every address of the town, by the app that answers it."""

from django.urls import include, path

from torvet.config import errors, public, reference
from torvet.config.api import api

handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("", include("torvet.entries.urls")),  # before feed: /topics/pick/ is not a topic
    path("", include("torvet.feed.urls")),
    path("", include("torvet.wiki.urls")),
    path("", include("torvet.blogs.urls")),
    path("", include("torvet.forum.urls")),
    path("", include("torvet.ideas.urls")),
    path("", include("torvet.notices.urls")),
    path("", include("torvet.spaces.urls")),
    path("", include("torvet.agreement.urls")),
    path("", include("torvet.people.urls")),
    path("", include("torvet.notifications.urls")),
    path("", include("torvet.search.urls")),
    path("api/v1/", reference.page, name="api_page"),
    path("api/v1/openapi.json", reference.file, name="openapi"),
    path("api/v1/", api.urls),
    path("theme.css", public.theme, name="theme"),
    path("healthz", public.health, name="health"),
    path("readyz", public.ready, name="ready"),
    path("robots.txt", public.robots, name="robots"),
]
