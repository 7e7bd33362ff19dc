from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "torvet.search"
    label = "search"

    def ready(self) -> None:
        from torvet.entries.similar import find_with  # noqa: PLC0415  # models are known from here on
        from torvet.search.similar import similar  # noqa: PLC0415

        find_with(similar)
