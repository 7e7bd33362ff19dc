from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "torvet.notifications"
    label = "notifications"
