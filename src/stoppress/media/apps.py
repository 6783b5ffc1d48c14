from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "stoppress.media"
    label = "media"

    def ready(self) -> None:
        from stoppress.media import handlers  # noqa: PLC0415 - models are ready only now

        handlers.connect()
