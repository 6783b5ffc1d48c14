"""Addresses of replies that no page is baked for, below ``/-/``."""

from django.urls import path

from stoppress.comments import api, drawer, following, recommending, trust, views

app_name = "comments"
urlpatterns = [
    path("to/<str:subject>/", views.write, name="write"),
    path("proof/<str:subject>/", views.proof, name="proof"),
    path("own/<str:token>/", views.own, name="own"),
    path("api/to/<str:subject>/", api.send, name="api_send"),
    path("api/proof/<str:subject>/", api.proof, name="api_proof"),
    path("unfollow/<str:token>/", following.unfollow, name="unfollow"),
    path("unfollow/address/<str:token>/", following.no_mail, name="no_mail"),
    path("recommend/<str:public_id>/", recommending.recommend, name="recommend"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("report/<str:public_id>/", trust.report, name="report"),
    path("reported/", trust.reported, name="reported"),
    path("appeal/<str:token>/", trust.appeal, name="appeal"),
    path("my/", drawer.my, name="my"),
    path("my/in/<str:token>/", drawer.enter, name="enter"),
    path("my/replies.<slug:form>", drawer.export, name="export"),
]
