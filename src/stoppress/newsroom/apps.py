from django.apps import AppConfig

from stoppress.core import hooks


class NewsroomConfig(AppConfig):
    name = "stoppress.newsroom"
    label = "newsroom"

    def ready(self) -> None:
        from stoppress.newsroom import handlers  # noqa: PLC0415 - models are ready only now
        from stoppress.newsroom import hooks as own_hooks  # noqa: PLC0415 - as above

        handlers.connect()
        hooks.register(own_hooks)
