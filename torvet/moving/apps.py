from django.apps import AppConfig


class MovingConfig(AppConfig):
    name = "torvet.moving"
    label = "moving"
