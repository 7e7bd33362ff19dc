from django.apps import AppConfig


class BlogsConfig(AppConfig):
    name = "torvet.blogs"
    label = "blogs"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.blogs import kinds  # noqa: F401, PLC0415
        from torvet.blogs.actions.leaving import LEAVERS  # noqa: PLC0415
        from torvet.blogs.queries.drafts import files_in_drafts, files_seen  # noqa: PLC0415
        from torvet.blogs.views.beside import became  # noqa: PLC0415
        from torvet.entries.actions.attach import keep_files_named_by  # noqa: PLC0415
        from torvet.entries.extras import show_below  # noqa: PLC0415
        from torvet.entries.models.attachment import see_waiting_files  # noqa: PLC0415
        from torvet.people.leaving import follow_leavers  # noqa: PLC0415

        follow_leavers(LEAVERS)
        keep_files_named_by(files_in_drafts)
        see_waiting_files(files_seen)
        show_below(became)
