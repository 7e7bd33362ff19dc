from django.urls import URLPattern, path

from torvet.spaces.views import coming, company, directory, inviting, joining, members, settings

urlpatterns: list[URLPattern] = [
    path("spaces/", directory.spaces, name="spaces"),
    path("spaces/new/", directory.new, name="new_space"),
    path("spaces/<int:pk>/members/", members.members, name="space_members"),
    path("spaces/<int:pk>/members/<int:membership>/delete/", members.remove, name="remove_space_member"),
    path("spaces/<int:pk>/members/<int:membership>/standing/", members.standing, name="space_standing"),
    path("spaces/<int:pk>/settings/", settings.settings, name="space_settings"),
    path("spaces/<int:pk>/archive/", settings.archive, name="archive_space"),
    path("spaces/<int:pk>/archive/delete/", settings.reopen, name="reopen_space"),
    path("spaces/<int:pk>/membership/", coming.membership, name="join_space"),
    path("spaces/<int:pk>/membership/delete/", coming.leave, name="leave_space"),
    path("spaces/<int:pk>/involvement/", coming.involvement, name="involvement"),
    path("spaces/<int:pk>/requests/", coming.requests, name="space_requests"),
    path("spaces/<int:pk>/requests/delete/", coming.withdraw_request, name="withdraw_request"),
    path("spaces/<int:pk>/requests/<int:asked>/", coming.answer, {"is_let_in": True}, name="let_in"),
    path(
        "spaces/<int:pk>/requests/<int:asked>/delete/", coming.answer, {"is_let_in": False}, name="turn_down"
    ),
    path("spaces/<int:pk>/invitations/", inviting.invitations, name="space_invitations"),
    path("spaces/<int:pk>/invitations/guests/", inviting.guest_invitations, name="guest_invitations"),
    path("spaces/invitations/<int:pk>/", inviting.acceptance, name="accept_invitation"),
    path("spaces/invitations/<int:pk>/delete/", inviting.withdrawal, name="withdraw_invitation"),
    path("invitations/<str:key>/", joining.invitation, name="invitation"),
    path("people/<int:pk>/spaces/", directory.member_spaces, name="member_spaces"),
    path("manage/invitations/", company.invitations, name="company_invitations"),
    path("manage/log/", company.changes, name="log"),
]
