from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "torvet.activity"
    label = "activity"
