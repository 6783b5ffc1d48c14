from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "stoppress.demo"
    label = "demo"
