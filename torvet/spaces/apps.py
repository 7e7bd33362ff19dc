from django.apps import AppConfig


class SpacesConfig(AppConfig):
    name = "torvet.spaces"
    label = "spaces"
