from django.apps import AppConfig

from stoppress.core import hooks


class MediaConfig(AppConfig):
    name = "stoppress.media"
    label = "media"

    def ready(self) -> None:
        from stoppress.media import handlers  # noqa: PLC0415 - models are ready only now
        from stoppress.media import hooks as own_hooks  # noqa: PLC0415 - as above

        handlers.connect()
        hooks.register(own_hooks)
