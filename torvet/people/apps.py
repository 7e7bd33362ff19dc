from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "torvet.people"
    label = "people"
