from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "stoppress.design"
    label = "design"
