from django.urls import path

from torvet.wiki.views import history, keeping, pages, remarks, suggestions, tree

urlpatterns = [
    path("spaces/<int:pk>/pages/", tree.tree, name="space_pages"),
    path("spaces/<int:pk>/pages/new/", pages.new, name="new_page"),
    path("pages/to-confirm/", keeping.overdue, name="pages_to_confirm"),
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
    path("pages/<int:pk>/owner/", keeping.owner, name="page_owner"),
]
