from django.urls import path

from torvet.entries.views import changes, comments, composing, files, marks, reactions, threads, topics

urlpatterns = [
    path("e/<int:pk>/", threads.thread, name="entry"),
    path("e/<int:pk>/menu/", threads.menu, name="entry_menu"),
    path("e/<int:pk>/seen/", threads.seen, name="entry_seen"),
    path("e/<int:pk>/comments/", comments.comments, name="comments"),
    path("e/<int:pk>/answer/", comments.answer, name="answer"),
    path("e/<int:pk>/edit/", changes.edit, name="edit"),
    path("e/<int:pk>/history/", changes.history, name="history"),
    path("e/<int:pk>/removal/", changes.remove, name="remove"),
    path("e/<int:pk>/removal/delete/", changes.restore, name="restore"),
    path("e/<int:pk>/reactions/", reactions.reactions, name="reactions"),
    path("e/<int:pk>/reactions/delete/", reactions.take_back, name="take_back_reaction"),
    path("e/<int:pk>/bookmark/", marks.bookmark, name="bookmark"),
    path("e/<int:pk>/bookmark/delete/", marks.remove_bookmark, name="remove_bookmark"),
    path("e/<int:pk>/watch/", marks.watch, name="watch"),
    path("e/<int:pk>/watch/delete/", marks.stop_watching, name="stop_watching"),
    path("e/<int:pk>/mute/", marks.mute, name="mute"),
    path("e/<int:pk>/pin/", marks.pin, name="pin"),
    path("e/<int:pk>/pin/delete/", marks.unpin, name="unpin"),
    path("compose/", composing.compose, name="compose"),
    path("compose/readers/", composing.readers, name="readers"),
    path("files/", files.upload, name="upload"),
    path("files/<str:key>/thumb/", files.thumb, name="thumb"),
    path("files/<str:key>/<str:name>", files.file, name="file"),
    path("spaces/<int:pk>/files/", files.in_space, name="space_files"),
    path("topics/", topics.topics, name="topics"),
    path("topics/pick/", topics.pick, name="topic_pick"),
    path("topics/<str:name>/follow/", topics.follow, name="topic_follow"),
    path("topics/<str:name>/follow/delete/", topics.unfollow, name="topic_unfollow"),
]
