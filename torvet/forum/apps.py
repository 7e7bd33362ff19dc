from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "torvet.forum"
    label = "forum"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.forum import kinds  # noqa: F401, PLC0415
