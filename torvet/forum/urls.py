from django.urls import path

from torvet.forum.views import arranging, discussions, keeping, lists

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
]
