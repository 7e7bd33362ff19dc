from django.urls import URLPattern, path

from torvet.notices.views import asking, audit, confirming, keeping, paper

urlpatterns: list[URLPattern] = [
    path("to-confirm/", confirming.to_confirm, name="to_confirm"),
    path("e/<int:pk>/must-read/", asking.ask, name="ask_to_confirm"),
    path("notices/", keeping.notices, name="notices"),
    path("notices/<int:pk>/", keeping.notice, name="notice"),
    path("notices/<int:pk>/confirmation/", confirming.confirm, name="confirm_notice"),
    path("notices/<int:pk>/date/", keeping.more_time, name="notice_date"),
    path("notices/<int:pk>/reminder/", keeping.remind, name="notice_reminder"),
    path("notices/<int:pk>/closing/", keeping.close, name="close_notice"),
    path("notices/<int:pk>/change/", keeping.judge, name="notice_change"),
    path("notices/<int:pk>/export.csv", audit.export, name="notice_export"),
    path("notices/<int:pk>/audit/", audit.audit, name="notice_audit"),
    path("notices/<int:pk>/print/", paper.sheet, name="notice_print"),
    path("notices/<int:pk>/paper/", paper.signed, name="notice_paper"),
]
