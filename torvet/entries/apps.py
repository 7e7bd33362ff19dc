from django.apps import AppConfig


class EntriesConfig(AppConfig):
    name = "torvet.entries"
    label = "entries"
