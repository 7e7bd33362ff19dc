from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "torvet.search"
    label = "search"
