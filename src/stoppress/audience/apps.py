from django.apps import AppConfig

from stoppress.core import hooks


class AudienceConfig(AppConfig):
    name = "stoppress.audience"
    label = "audience"

    def ready(self) -> None:
        from stoppress.audience import handlers  # noqa: PLC0415 - models are ready only now
        from stoppress.audience import hooks as own_hooks  # noqa: PLC0415 - as above

        handlers.connect()
        hooks.register(own_hooks)
