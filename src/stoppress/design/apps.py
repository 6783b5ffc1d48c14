from django.apps import AppConfig

from stoppress.core import hooks


class DesignConfig(AppConfig):
    name = "stoppress.design"
    label = "design"

    def ready(self) -> None:
        from stoppress.design import hookspecs  # noqa: PLC0415 - the others do the same

        hooks.add_hookspecs(hookspecs)
