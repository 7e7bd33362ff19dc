from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "torvet.forum"
    label = "forum"

    def ready(self) -> None:
        # Known to the core from the first request on; importing the module is what registers it.
        from torvet.entries.extras import show_above, show_act, show_below  # noqa: PLC0415
        from torvet.entries.knowing import ask_with  # noqa: PLC0415
        from torvet.entries.worth import keep_with  # noqa: PLC0415
        from torvet.forum import kinds  # noqa: PLC0415
        from torvet.forum.queries.answerers import answerers, best_answers  # noqa: PLC0415
        from torvet.forum.views import beside  # noqa: PLC0415
        from torvet.forum.views.experts import who_may_know, you_are_asked  # noqa: PLC0415
        from torvet.forum.views.questions import offer_confirmation, offer_same  # noqa: PLC0415
        from torvet.spaces.tabs import show_tab  # noqa: PLC0415

        # Fora and discussions
        show_above(beside.where_it_stands)
        show_act(beside.offer_place)
        show_act(beside.offer_split)
        show_act(beside.offer_merge)
        show_tab(beside.tab)
        # Questions
        show_act(offer_same)
        show_act(offer_confirmation)
        # Who may know
        ask_with(answerers, kinds=[kinds.QUESTION.key])
        keep_with(best_answers)
        show_above(you_are_asked)
        show_below(who_may_know)
