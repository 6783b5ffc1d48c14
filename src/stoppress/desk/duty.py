"""What the desk does about who owes it a second factor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stoppress.accounts.actions.second_factors import duty_of
from stoppress.accounts.models import User

OPEN_TO_ALL = (
    "mfa_index",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_javascript_catalog",
    "wagtailadmin_sprite",
)


class SecondFactorRule:
    """Who owes a second factor and is past the date gets no further than to where it is set up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(reverse("wagtailadmin_home")) and self._is_barred(request):
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _is_barred(request: HttpRequest) -> bool:
        if request.path_info.startswith(tuple(reverse(name) for name in OPEN_TO_ALL)):
            return False
        user = request.user
        duty = duty_of(user) if isinstance(user, User) else None
        return duty is not None and duty.is_due
