from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "stoppress.search"
    label = "search"

    def ready(self) -> None:
        from stoppress.search import handlers  # noqa: PLC0415 - models are ready only now

        handlers.connect()
