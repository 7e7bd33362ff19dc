from django.urls import path

from torvet.feed import views

urlpatterns = [
    path("", views.home, name="home"),
    path("feed/new/", views.new_posts, name="new_posts"),
    path("feed/rail/", views.rail, name="rail"),
    path("feed/seen/", views.seen, name="home_seen"),
    path("company/", views.company, name="company"),
    path("spaces/<int:pk>/", views.space, name="space"),
    path("spaces/<int:pk>/seen/", views.space_seen, name="space_seen"),
    path("people/<int:pk>/posts/", views.member_posts, name="member_posts"),
    path("topics/<str:name>/", views.topic, name="topic"),
    path("bookmarks/", views.bookmarks, name="bookmarks"),
]
