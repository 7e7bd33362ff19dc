from django.urls import path

from torvet.wiki.views import access, keeping, pages, tree

urlpatterns = [
    path("spaces/<int:pk>/pages/", tree.tree, name="space_pages"),
    path("spaces/<int:pk>/pages/new/", pages.new, name="new_page"),
    path("pages/to-confirm/", keeping.overdue, name="pages_to_confirm"),
    path("pages/<int:pk>/", pages.page, name="page"),
    path("pages/<int:pk>/edit/", pages.edit, name="edit_page"),
    path("pages/<int:pk>/history/", pages.history, name="page_history"),
    path("pages/<int:pk>/place/", tree.place, name="place_page"),
    path("pages/<int:pk>/confirmation/", keeping.confirm, name="confirm_page"),
    path("pages/<int:pk>/access/", access.access, name="page_access"),
    path("pages/<int:pk>/owner/", keeping.owner, name="page_owner"),
]
