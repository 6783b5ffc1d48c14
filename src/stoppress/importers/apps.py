from django.apps import AppConfig


class ImportersConfig(AppConfig):
    name = "stoppress.importers"
    label = "importers"
