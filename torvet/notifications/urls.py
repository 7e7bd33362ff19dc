"""`/told/`: what somebody was told."""

from django.urls import path

from torvet.notifications import views

urlpatterns = [
    path("told/", views.told, name="told"),
    path("told/badge/", views.badge, name="told_badge"),
    path("told/read/", views.read, name="told_read"),
    path("told/who/", views.who, name="told_who"),
    path("told/<int:pk>/", views.open_one, name="told_one"),
]
