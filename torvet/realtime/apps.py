from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    name = "torvet.realtime"
    label = "realtime"
