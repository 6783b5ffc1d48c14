from django.apps import AppConfig

from stoppress.core import hooks


class PageStoreConfig(AppConfig):
    name = "stoppress.pagestore"
    label = "pagestore"

    def ready(self) -> None:
        from stoppress.pagestore import checks, hookspecs  # noqa: F401, PLC0415 - name models, which are ready only now

        hooks.add_hookspecs(hookspecs)
