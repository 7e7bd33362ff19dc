from django.urls import path

from torvet.ideas.views import deciding, ideas, rooms, saying

urlpatterns = [
    path("ideas/", rooms.overview, name="ideas"),
    path("ideas/overdue/", rooms.overdue, name="overdue_ideas"),
    path("ideas/rooms/new/", rooms.new, name="new_idea_room"),
    path("ideas/new/", ideas.new, name="new_idea"),
    path("ideas/similar/", ideas.similar, name="similar_ideas"),
    path("ideas/readers/", ideas.readers, name="idea_readers"),
    path("ideas/<int:pk>/", ideas.idea, name="idea"),
    path("ideas/<int:pk>/vote/", saying.vote, name="support_idea"),
    path("ideas/<int:pk>/vote/delete/", saying.take_back, name="take_back_support"),
    path("ideas/<int:pk>/support/", saying.support, name="idea_support"),
    path("ideas/<int:pk>/input/", saying.give_input, name="idea_input"),
    path("ideas/<int:pk>/stage/", deciding.stage, name="move_idea"),
    path("ideas/<int:pk>/decider/", deciding.decider, name="idea_decider"),
    path("ideas/<int:pk>/merge/", deciding.merge, name="merge_idea"),
    path("ideas/<int:pk>/merge/delete/", deciding.separate, name="separate_idea"),
    path("spaces/<int:pk>/ideas/", rooms.room, name="idea_room"),
    path("spaces/<int:pk>/ideas/settings/", rooms.settings, name="idea_room_settings"),
    path("spaces/<int:pk>/ideas/closing/", rooms.close, name="close_idea_room"),
    path("spaces/<int:pk>/ideas/closing/delete/", rooms.reopen, name="reopen_idea_room"),
    path("spaces/<int:pk>/ideas/export.csv", rooms.export, name="export_ideas"),
]
