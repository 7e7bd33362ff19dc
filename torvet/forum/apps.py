from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "torvet.forum"
    label = "forum"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.entries.extras import show_above, show_act  # noqa: PLC0415
        from torvet.forum import kinds  # noqa: F401, PLC0415
        from torvet.forum.views import beside  # noqa: PLC0415
        from torvet.spaces.tabs import show_tab  # noqa: PLC0415

        # Fora and discussions
        show_above(beside.where_it_stands)
        show_act(beside.offer_place)
        show_act(beside.offer_split)
        show_act(beside.offer_merge)
        show_tab(beside.tab)
