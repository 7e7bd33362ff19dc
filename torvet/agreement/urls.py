from django.urls import URLPattern, path

from torvet.agreement import views

urlpatterns: list[URLPattern] = [
    path("agreement/", views.agreement, name="agreement"),
    path("agreement/smallest-group/", views.smallest_group, name="smallest_group"),
    path("agreement/<slug:key>/", views.term, name="term"),
]
