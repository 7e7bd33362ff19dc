from django.conf import settings
from django.urls import URLPattern, path, re_path

from torvet.people.views import away, directory, doors, leaving, profile, units
from torvet.people.views import settings as own
from torvet.people.views.manage import company, members, places

urlpatterns: list[URLPattern] = [
    path("first-run/", doors.first_run, name="first_run"),
    path("sign-in/", doors.SignIn.as_view(), name="account_login"),
    path("sign-in/closed/", doors.ClosedAccount.as_view(), name="account_inactive"),
    path("sign-out/", doors.SignOut.as_view(), name="account_logout"),
    path("people/", directory.people, name="people"),
    path("people/pick/", directory.pick, name="pick"),
    path("people/<int:pk>/", profile.member, name="member"),
    path("people/<int:pk>/photo/", profile.photo, name="photo"),
    path("people/<int:pk>/leaving/", leaving.of_member, name="leaving"),
    path("people/<int:pk>/away/", away.of_member, name="away"),
    path("people/<int:pk>/away/<int:absence>/delete/", away.end, name="end_away"),
    path("people/<int:pk>/follow/", profile.follow, name="follow"),
    path("people/<int:pk>/follow/delete/", profile.unfollow, name="unfollow"),
    path("units/", units.units, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("settings/", own.profile, name="settings"),
    path("settings/photo/delete/", own.remove_photo, name="remove_photo"),
    path("settings/look/", own.look, name="look"),
    path("settings/password/", doors.Password.as_view(), name="account_change_password"),
    path("settings/browsers/", own.browsers, name="browsers"),
    path("settings/browsers/delete/", own.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("settings/leaving/", leaving.own, name="own_leaving"),
    path("settings/away/", away.own, name="own_away"),
    path("settings/tokens/", own.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/delete/", own.revoke_token, name="revoke_token"),
    path("manage/", members.members, name="administration"),
    path("manage/members/<int:pk>/", members.account, name="account"),
    path("manage/members/<int:pk>/deactivation/", members.deactivation, name="deactivation"),
    path("manage/members/<int:pk>/deactivation/delete/", members.reactivation, name="reactivation"),
    path("manage/units/", places.units, name="manage_units"),
    path("manage/units/<int:pk>/", places.unit, name="manage_unit"),
    path("manage/units/<int:pk>/delete/", places.remove_unit, name="remove_unit"),
    path("manage/sites/", places.sites, name="manage_sites"),
    path("manage/sites/<int:pk>/", places.site, name="manage_site"),
    path("manage/sites/<int:pk>/delete/", places.remove_site, name="remove_site"),
    path("manage/company/", company.company, name="manage_company"),
]

if settings.EMAIL_HOST:
    # Without mail nobody could be sent a way back in; the pages would promise what cannot come.
    urlpatterns += [
        path("sign-in/forgotten/", doors.Forgotten.as_view(), name="account_reset_password"),
        path("sign-in/forgotten/sent/", doors.ForgottenSent.as_view(), name="account_reset_password_done"),
        path(
            "sign-in/forgotten/done/",
            doors.NewPasswordSet.as_view(),
            name="account_reset_password_from_key_done",
        ),
        re_path(
            r"^sign-in/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
            doors.NewPassword.as_view(),
            name="account_reset_password_from_key",
        ),
    ]
