from django.apps import AppConfig


class PageStoreConfig(AppConfig):
    name = "stoppress.pagestore"
    label = "pagestore"
