from django.urls import path

from torvet.blogs.views import articles, blogs, drafts, feed

urlpatterns = [
    path("blogs/", blogs.everything, name="blogs"),
    path("leaders/", blogs.leaders, name="leaders"),
    path("blogs/new/", blogs.new, name="new_blog"),
    path("blogs/<int:pk>/", blogs.blog, name="blog"),
    path("blogs/<int:pk>/settings/", blogs.settings, name="blog_settings"),
    path("blogs/<int:pk>/closing/", blogs.close, name="close_blog"),
    path("blogs/<int:pk>/closing/delete/", blogs.reopen, name="reopen_blog"),
    path("blogs/<int:pk>/delegates/", blogs.delegates, name="blog_delegates"),
    path("blogs/<int:pk>/delegates/<int:delegate>/delete/", blogs.end_delegate, name="end_delegate"),
    path("blogs/<int:pk>/feed/", feed.make, name="make_blog_feed"),
    path("blogs/<int:pk>/feed/delete/", feed.end, name="end_blog_feed"),
    path("blogs/<int:pk>/feed/<str:key>/", feed.feed, name="blog_feed"),
    path("blogs/<int:pk>/drafts/", drafts.drafts_of_blog, name="blog_drafts"),
    path("blogs/<int:pk>/drafts/new/", drafts.new, name="new_draft"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/edit/", drafts.edit, name="edit_draft"),
    path("drafts/<int:pk>/review/", drafts.submit, name="submit_draft"),
    path("drafts/<int:pk>/review/not-yet/", drafts.send_back, name="send_draft_back"),
    path("drafts/<int:pk>/publication/", drafts.publish, name="publish_draft"),
    path("drafts/<int:pk>/schedule/", drafts.schedule, name="schedule_draft"),
    path("drafts/<int:pk>/schedule/delete/", drafts.unschedule, name="unschedule_draft"),
    path("drafts/<int:pk>/removal/", drafts.discard, name="discard_draft"),
    path("articles/<int:pk>/", articles.article, name="article"),
    path("articles/<int:pk>/edit/", articles.edit, name="edit_article"),
    path("articles/<int:pk>/history/", articles.history, name="article_history"),
    path("articles/<int:pk>/history/<int:number>/", articles.version, name="article_version"),
]
