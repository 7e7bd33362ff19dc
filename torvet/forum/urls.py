from django.urls import path

from torvet.forum.views import anonymous, asking, questions

urlpatterns = [
    # Questions
    path("questions/ask/", asking.ask, name="ask"),
    path("questions/ask/place/", asking.place, name="ask_place"),
    path("questions/ask/similar/", asking.similar, name="ask_similar"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/answers/", questions.give_answer, name="give_answer"),
    path("questions/<int:pk>/acceptance/", questions.accept, name="accept_answer"),
    path(
        "questions/<int:pk>/acceptance/delete/", questions.take_back_acceptance, name="take_back_acceptance"
    ),
    path("questions/<int:pk>/confirmation/", questions.confirm, name="confirm_answer"),
    path(
        "questions/<int:pk>/confirmation/delete/",
        questions.take_back_confirmation,
        name="take_back_confirmation",
    ),
    path("questions/<int:pk>/same/", questions.same, name="same_question"),
    path("questions/<int:pk>/same/delete/", questions.unmark_same, name="unmark_same"),
    path("questions/<int:pk>/with-key/", anonymous.with_key, name="question_with_key"),
    path("answers/<int:pk>/vote/", questions.vote, name="vote_for_answer"),
    path("answers/<int:pk>/vote/delete/", questions.take_back_vote, name="take_back_vote"),
]
