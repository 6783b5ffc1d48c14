from django.apps import AppConfig


class NewsroomConfig(AppConfig):
    name = "stoppress.newsroom"
    label = "newsroom"
