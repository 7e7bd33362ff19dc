from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "torvet.ideas"
    label = "ideas"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.ideas import kinds  # noqa: F401, PLC0415
