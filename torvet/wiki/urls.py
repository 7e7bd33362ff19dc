from django.urls import path

from torvet.wiki.views import (
    access,
    approval,
    care,
    history,
    keeping,
    pages,
    remarks,
    reports,
    suggestions,
    tree,
)

urlpatterns = [
    path("spaces/<int:pk>/pages/", tree.tree, name="space_pages"),
    path("spaces/<int:pk>/pages/new/", pages.new, name="new_page"),
    path("spaces/<int:pk>/pages/care/", care.care, name="pages_care"),
    path("spaces/<int:pk>/pages/approval/", approval.in_space, name="pages_approval"),
    path("pages/to-confirm/", care.overdue, name="pages_to_confirm"),
    path("pages/<int:pk>/", pages.page, name="page"),
    path("pages/<int:pk>/edit/", pages.edit, name="edit_page"),
    path("pages/<int:pk>/history/", history.history, name="page_history"),
    path("pages/<int:pk>/history/<int:number>/", history.version, name="page_version"),
    path("pages/<int:pk>/history/<int:number>/restore/", history.restore, name="restore_page_version"),
    path("pages/<int:pk>/suggestions/", suggestions.suggestions, name="suggestions"),
    path("pages/<int:pk>/suggestions/new/", suggestions.new, name="new_suggestion"),
    path("pages/<int:pk>/suggestions/<int:suggestion>/", suggestions.suggestion, name="suggestion"),
    path("pages/<int:pk>/suggestions/<int:suggestion>/accept/", suggestions.accept, name="accept_suggestion"),
    path(
        "pages/<int:pk>/suggestions/<int:suggestion>/decline/", suggestions.decline, name="decline_suggestion"
    ),
    path(
        "pages/<int:pk>/suggestions/<int:suggestion>/withdraw/",
        suggestions.withdraw,
        name="withdraw_suggestion",
    ),
    path("pages/<int:pk>/suggestions/<int:suggestion>/notes/", suggestions.discuss, name="suggestion_notes"),
    path("pages/<int:pk>/remarks/", remarks.remarks, name="remarks"),
    path("pages/<int:pk>/remarks/new/", remarks.new, name="new_remark"),
    path("pages/<int:pk>/remarks/<int:remark>/dealt-with/", remarks.deal_with, name="deal_with_remark"),
    path(
        "pages/<int:pk>/remarks/<int:remark>/dealt-with/delete/", remarks.open_again, name="open_remark_again"
    ),
    path("pages/<int:pk>/place/", tree.place, name="place_page"),
    path("pages/<int:pk>/confirmation/", keeping.confirm, name="confirm_page"),
    path("pages/<int:pk>/access/", access.access, name="page_access"),
    path("pages/<int:pk>/owner/", keeping.owner, name="page_owner"),
    path("pages/<int:pk>/working/", approval.working, name="page_working"),
    path("pages/<int:pk>/approval/", approval.approve, name="approve_page"),
    path("pages/<int:pk>/approval/not-yet/", approval.not_yet, name="page_not_yet"),
    path("pages/<int:pk>/approval/setting/", approval.setting, name="page_approval"),
    path("pages/<int:pk>/reports/", reports.report, name="report_page"),
    path("pages/<int:pk>/reports/delete/", reports.take_back, name="take_back_report"),
    path("pages/<int:pk>/reports/<int:report>/answer/", reports.answer, name="answer_report"),
    path("pages/<int:pk>/linked/", care.linked, name="page_linked"),
]
