from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "stoppress.accounts"
    label = "accounts"
