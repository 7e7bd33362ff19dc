from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "torvet.config"
    label = "config"
