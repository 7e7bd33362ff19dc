from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "torvet.base"
    label = "base"
