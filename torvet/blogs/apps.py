from django.apps import AppConfig


class BlogsConfig(AppConfig):
    name = "torvet.blogs"
    label = "blogs"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.blogs import kinds  # noqa: F401, PLC0415
