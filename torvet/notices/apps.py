from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "torvet.notices"
    label = "notices"

    def ready(self) -> None:
        # Known to the floors below from the first request on.
        from torvet.entries.extras import show_above, show_act  # noqa: PLC0415
        from torvet.notices.actions.passing import LEAVERS  # noqa: PLC0415
        from torvet.notices.views.panel import act, panel  # noqa: PLC0415
        from torvet.people.leaving import follow_leavers  # noqa: PLC0415

        follow_leavers(LEAVERS)
        show_above(panel)
        show_act(act)
