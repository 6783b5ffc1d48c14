from django.apps import AppConfig

from stoppress.core import hooks


class AccountsConfig(AppConfig):
    name = "stoppress.accounts"
    label = "accounts"

    def ready(self) -> None:
        from stoppress.accounts import handlers, hookspecs  # noqa: PLC0415 - as above
        from stoppress.accounts import hooks as own_hooks  # noqa: PLC0415 - models are ready only now

        handlers.connect()
        hooks.add_hookspecs(hookspecs)
        hooks.register(own_hooks)
