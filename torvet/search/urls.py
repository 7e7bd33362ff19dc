"""`/search/`: one box over everything."""

from django.urls import path

from torvet.search import views

urlpatterns = [path("search/", views.search, name="search")]
