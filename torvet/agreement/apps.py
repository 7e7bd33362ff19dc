from django.apps import AppConfig


class AgreementConfig(AppConfig):
    name = "torvet.agreement"
    label = "agreement"
