from django.apps import AppConfig


class IdeasConfig(AppConfig):
    name = "torvet.ideas"
    label = "ideas"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.entries.became import tell_also  # noqa: PLC0415
        from torvet.entries.extras import show_act  # noqa: PLC0415
        from torvet.ideas import kinds  # noqa: F401, PLC0415
        from torvet.ideas.actions.leaving import LEAVERS  # noqa: PLC0415
        from torvet.ideas.views.beside import carried_out, ideas_tab, keep_as_idea  # noqa: PLC0415
        from torvet.people.leaving import follow_leavers  # noqa: PLC0415
        from torvet.spaces.tabs import show_tab  # noqa: PLC0415

        follow_leavers(LEAVERS)
        show_act(keep_as_idea)
        tell_also(carried_out)
        show_tab(ideas_tab)
