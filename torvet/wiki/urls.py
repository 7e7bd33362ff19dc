from django.urls import path

from torvet.wiki import views

urlpatterns = [
    path("spaces/<int:pk>/pages/", views.tree, name="space_pages"),
    path("spaces/<int:pk>/pages/new/", views.new, name="new_page"),
    path("pages/to-confirm/", views.overdue, name="pages_to_confirm"),
    path("pages/<int:pk>/", views.page, name="page"),
    path("pages/<int:pk>/edit/", views.edit, name="edit_page"),
    path("pages/<int:pk>/history/", views.history, name="page_history"),
    path("pages/<int:pk>/place/", views.place, name="place_page"),
    path("pages/<int:pk>/confirmation/", views.confirm, name="confirm_page"),
    path("pages/<int:pk>/owner/", views.owner, name="page_owner"),
]
