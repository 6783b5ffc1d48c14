"""Forms of the desk's own screens."""

from contextlib import suppress
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm

from stoppress.accounts.actions import TooOftenError, address_of, ask_for_reset, count_sign_in, forgive_sign_in


class SignInForm(LoginForm):
    """Wagtail's, but it can't be tried without end."""

    def clean(self) -> dict[str, Any]:
        """Count the attempt, then look at the password.

        Raises:
            ValidationError: the password is wrong, or there were too many attempts, whether or not it is right.
        """
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return dict(super().clean())
        address = address_of(self.request)
        try:
            count_sign_in(name, address)
        except TooOftenError as error:
            words = ngettext(
                "Too many attempts to sign in. Try again in %(count)d minute, or set a new password.",
                "Too many attempts to sign in. Try again in %(count)d minutes, or set a new password.",
                error.minutes,
            )
            raise forms.ValidationError(words % {"count": error.minutes}, code="too_often") from error
        cleaned = dict(super().clean())
        forgive_sign_in(name, address)
        return cleaned


class ResetForm(PasswordResetForm):
    """Wagtail's, but nobody's mailbox is filled: past the limit it says what it always says, and sends nothing."""

    def save(self, *, request: HttpRequest, **_: Any) -> None:
        """Have the mail sent, if there is an account for it."""
        with suppress(TooOftenError):
            ask_for_reset(self.cleaned_data["email"], address_of(request))


class KillForm(forms.Form):
    """Why a story goes. The record is append-only."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the record: who killed it and when is noted too."),
    )
