from django.apps import AppConfig


class WikiConfig(AppConfig):
    name = "torvet.wiki"
    label = "wiki"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.entries.actions.attach import keep_files_named_by  # noqa: PLC0415
        from torvet.entries.extras import show_above, show_act  # noqa: PLC0415
        from torvet.entries.knowing import ask_with  # noqa: PLC0415
        from torvet.people.leaving import follow_leavers  # noqa: PLC0415
        from torvet.wiki import kinds  # noqa: PLC0415
        from torvet.wiki.actions.leaving import LEAVERS  # noqa: PLC0415
        from torvet.wiki.queries.approval import files_in_working_texts  # noqa: PLC0415
        from torvet.wiki.queries.knowing import owners  # noqa: PLC0415
        from torvet.wiki.queries.suggestions import files_in_suggestions  # noqa: PLC0415
        from torvet.wiki.views.making import became_page, offer_page  # noqa: PLC0415

        follow_leavers(LEAVERS)
        keep_files_named_by(files_in_working_texts)
        keep_files_named_by(files_in_suggestions)
        ask_with(owners, kinds=[kinds.PAGE.key])
        show_above(became_page)
        show_act(offer_page)
