from django.urls import path

from torvet.wiki.views import handover, interview, keeping, pages, tree

urlpatterns = [
    path("spaces/<int:pk>/pages/", tree.tree, name="space_pages"),
    path("spaces/<int:pk>/pages/new/", pages.new, name="new_page"),
    path("pages/to-confirm/", keeping.overdue, name="pages_to_confirm"),
    path("pages/<int:pk>/", pages.page, name="page"),
    path("pages/<int:pk>/edit/", pages.edit, name="edit_page"),
    path("pages/<int:pk>/history/", pages.history, name="page_history"),
    path("pages/<int:pk>/place/", tree.place, name="place_page"),
    path("pages/<int:pk>/confirmation/", keeping.confirm, name="confirm_page"),
    path("pages/<int:pk>/owner/", keeping.owner, name="page_owner"),
    path("handover/", handover.own, name="own_handover"),
    path("handover/asked/<int:pk>/", handover.answer_asked, name="answer_asked"),
    path("handover/interview/", interview.begin, name="interview"),
    path("handover/interview/<int:number>/", interview.question, name="interview_question"),
    path("handover/notes/", interview.take, name="take_answer"),
    path("handover/notes/<int:pk>/", interview.note, name="handover_note"),
    path("people/<int:pk>/handover/", handover.handover, name="handover"),
    path("people/<int:pk>/handover/successor/", handover.successor, name="handover_successor"),
    path("people/<int:pk>/handover/nobody/", handover.nobody, name="handover_nobody"),
    path("people/<int:pk>/handover/showing/", handover.show, name="show_handover"),
    path("people/<int:pk>/handover/quiet/", handover.quiet, name="quiet_handover"),
]
