from django.urls import URLPattern, path

from torvet.entries.views import threads
from torvet.forum.views import experts

# Who may know
_EXPERTS: list[URLPattern] = [
    path("questions/<int:pk>/experts/", experts.ask, name="question_experts"),
    path("questions/asked/", experts.asked, name="asked_of_me"),
    path("questions/asked/<int:pk>/not-now/", experts.not_now, name="answer_not_now"),
    path("questions/asked/<int:pk>/not-my-field/", experts.not_my_field, name="not_my_field"),
    path("settings/fields/", experts.own_fields, name="own_fields"),
    path("settings/fields/<int:pk>/delete/", experts.return_to_field, name="return_to_field"),
]

urlpatterns: list[URLPattern] = [
    path("questions/<int:pk>/", threads.thread, name="question"),
    *_EXPERTS,
]
