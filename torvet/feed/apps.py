from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "torvet.feed"
    label = "feed"
