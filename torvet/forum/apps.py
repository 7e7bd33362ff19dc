from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "torvet.forum"
    label = "forum"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.entries.extras import show_act  # noqa: PLC0415
        from torvet.forum import kinds  # noqa: F401, PLC0415
        from torvet.forum.views.questions import offer_same  # noqa: PLC0415

        show_act(offer_same)
