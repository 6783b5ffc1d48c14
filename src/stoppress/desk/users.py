"""Wagtail's application of users, with our screens. Loaded before any model: nothing may enter that imports one."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "stoppress.desk.people.PeopleViewSet"
