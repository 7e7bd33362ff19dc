from django.urls import path

from torvet.forum.views import anonymous, arranging, asking, discussions, experts, keeping, lists, questions

urlpatterns = [
    # Fora and discussions
    path("forum/", lists.overview, name="fora"),
    path("forum/threads/", lists.everywhere, name="threads"),
    path("forum/answers/", lists.answering, name="answering"),
    path("forum/new/", keeping.new, name="new_forum"),
    path("spaces/<int:pk>/forum/", lists.forum, name="space_forum"),
    path("spaces/<int:pk>/forum/new/", discussions.new, name="new_discussion"),
    path("spaces/<int:pk>/forum/settings/", keeping.settings, name="forum_settings"),
    path("spaces/<int:pk>/forum/delete/", keeping.close, name="close_forum"),
    path("spaces/<int:pk>/forum/parts/", keeping.add_part, name="add_sub_forum"),
    path("spaces/<int:pk>/forum/parts/<int:sub>/", keeping.part, name="sub_forum"),
    path("spaces/<int:pk>/forum/parts/<int:sub>/place/", keeping.move_part, name="move_sub_forum"),
    path("spaces/<int:pk>/forum/parts/<int:sub>/delete/", keeping.remove_part, name="remove_sub_forum"),
    path("threads/<int:pk>/solved/", discussions.solve, name="solve_thread"),
    path("threads/<int:pk>/solved/delete/", discussions.unsolve, name="unsolve_thread"),
    path("threads/<int:pk>/place/", discussions.place, name="thread_place"),
    path("threads/<int:pk>/split/", arranging.split, name="split_thread"),
    path("threads/<int:pk>/merge/", arranging.merge, name="merge_thread"),
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
    # Who may know
    path("questions/<int:pk>/experts/", experts.ask, name="question_experts"),
    path("questions/asked/", experts.asked, name="asked_of_me"),
    path("questions/asked/<int:pk>/not-now/", experts.not_now, name="answer_not_now"),
    path("questions/asked/<int:pk>/not-my-field/", experts.not_my_field, name="not_my_field"),
    path("settings/fields/", experts.own_fields, name="own_fields"),
    path("settings/fields/<int:pk>/delete/", experts.return_to_field, name="return_to_field"),
]
