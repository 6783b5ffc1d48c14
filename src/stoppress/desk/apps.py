from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "stoppress.desk"
    label = "desk"
