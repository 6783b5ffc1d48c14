"""Signing in: Wagtail's page for the password, allauth for what comes after it, and for passkeys instead of it."""

from typing import Any

from allauth.account.utils import perform_login
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.views.account import LoginView

from stoppress.accounts.actions.second_factors import duty_of, has_second_factor, set_rules
from stoppress.accounts.actions.sessions import end_sessions
from stoppress.accounts.adapters import has_passkeys
from stoppress.accounts.models import SignedIn, User
from stoppress.accounts.permissions import CHANGE_GROUPS
from stoppress.desk.forms import RulesForm
from stoppress.desk.second_factors import seconds_to_wait

TOO_MANY_REQUESTS = 429


class Throttled:
    """A form that was sent too often answers 429 and says when to come again (RFC 6585, RFC 9110)."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """The page again, with what is wrong."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        seconds = seconds_to_wait(form)
        if seconds is not None:
            response.status_code = TOO_MANY_REQUESTS
            response.headers["Retry-After"] = str(seconds)
        return response


class SignIn(Throttled, LoginView):
    """The front door of the desk."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        """The password was right: on to the second factor, or in."""
        self.request.session.set_expiry(settings.SESSION_COOKIE_AGE if form.cleaned_data.get("remember") else 0)
        answer: HttpResponseBase = perform_login(
            self.request, form.get_user(), email_verification="none", redirect_url=self.get_success_url()
        )
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "has_passkeys": has_passkeys(self.request)}


class SecondStep(Throttled, AuthenticateView):
    """A code or a passkey, after the password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "has_passkeys": has_passkeys(self.request)}


class PasskeyAlone(LoginWebAuthnView):
    """In by a passkey that knows whose it is."""


class PasswordAgain(Throttled, ReauthenticateView):
    """Before anything about signing in is changed."""


class CodeAgain(Throttled, CodeAgainView):
    """The same, with a code."""


def overview(request: HttpRequest) -> HttpResponse:
    """How one signs in, and where one is signed in.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    factors = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    codes = next((one.wrap() for one in factors if one.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "app": next((one for one in factors if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one.wrap() for one in factors if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else None,
        "has_second_factor": has_second_factor(user),
        "has_passkeys": has_passkeys(request),
        "duty": duty_of(user),
        "sessions": SignedIn.objects.filter(user=user).order_by("-seen_at"),
        "session_key": request.session.session_key,
        "may_set_rules": user.has_perm(CHANGE_GROUPS),
    }
    return render(request, "desk/security/overview.html", context)


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out one other browser, or all others.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    chosen = request.POST.get("session", "")
    only = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 19 else None
    if only is None and chosen != "others":
        return redirect("mfa_index")
    ended = end_sessions(request.user, only=only, but=request.session.session_key or "")
    if ended:
        messages.success(request, _("Signed out there."))
    return redirect("mfa_index")


def rules(request: HttpRequest) -> HttpResponse:
    """Which roles need a second factor.

    Raises:
        PermissionDenied: the user may not say what roles may do.
    """
    if not isinstance(request.user, User) or not request.user.has_perm(CHANGE_GROUPS):
        raise PermissionDenied
    form = RulesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_rules(form.grace(), by=request.user)
        messages.success(request, _("Kept."))
        return redirect("desk_sign_in_rules")
    return render(request, "desk/security/rules.html", {"form": form})
