"""Forms of the second step: allauth's, but they can't be tried without end, however many processes there are."""

import struct
from typing import Any

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stoppress.accounts.actions import TooOftenError, count_sign_in, forgive_sign_in
from stoppress.accounts.actions.second_factors import claim_code, count_code, forgive_codes

TOO_OFTEN = "too_often"
NAME_LENGTH = 60


def too_often(error: TooOftenError) -> forms.ValidationError:
    """The refusal; its ``params`` say for how many seconds."""
    words = ngettext(
        "Too many attempts. Try again in %(count)d minute.",
        "Too many attempts. Try again in %(count)d minutes.",
        error.minutes,
    )
    params = {"count": error.minutes, "seconds": error.seconds}
    return forms.ValidationError(words, code=TOO_OFTEN, params=params)


def seconds_to_wait(form: forms.BaseForm) -> int | None:
    """How long whoever sent this form has to wait, if they came too often."""
    for errors in form.errors.as_data().values():
        for error in errors:
            if error.code == TOO_OFTEN:
                return int((error.params or {}).get("seconds", 60))
    return None


class ThrottledCode:
    """Counts a code before it is looked at; one that was right is not taken twice."""

    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = _("Code from your app, or a recovery code")
        field.max_length = 32
        field.widget.attrs = {"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}

    def clean_code(self) -> str:
        """The code.

        Raises:
            ValidationError: it is wrong or was used, or there were too many attempts, whether or not it is right.
        """
        try:
            count_code(self.user)
        except TooOftenError as error:
            raise too_often(error) from error
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not claim_code(self.user, code):
            raise forms.ValidationError(_("This code was used. Wait for the next one."), code="used")
        forgive_codes(self.user)
        return code


class CodeForm(ThrottledCode, AuthenticateForm):
    """The second step of signing in."""


class CodeAgainForm(ThrottledCode, ReauthenticateForm):
    """Who is signed in shows again that it is them."""


class PasswordAgainForm(PasswordForm):
    """The same with the password."""

    def clean_password(self) -> str:
        """The password.

        Raises:
            ValidationError: it is wrong, or there were too many attempts.
        """
        name = self.user.get_username()
        try:
            count_sign_in(name, "")
        except TooOftenError as error:
            raise too_often(error) from error
        password = str(super().clean_password())
        forgive_sign_in(name, "")
        return password


MALFORMED = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, struct.error)
"""What reading a made-up passkey can raise, depending on where it goes wrong."""


def _not_accepted() -> forms.ValidationError:
    return forms.ValidationError(_("The passkey was not accepted. Try again."), code="incorrect_code")


class SoundPasskey:
    """A passkey that shows somebody's name: nonsense is refused, whatever is wrong with it."""

    def clean_credential(self) -> Authenticator:
        """Whose it is.

        Raises:
            ValidationError: nobody's.
        """
        try:
            found: Authenticator = super().clean_credential()  # type: ignore[misc]
        except MALFORMED as error:
            raise _not_accepted() from error
        return found


class PasskeyForm(SoundPasskey, LoginWebAuthnForm):
    """A passkey alone."""


class PasskeySecondForm(SoundPasskey, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyAgainForm(SoundPasskey, ReauthenticateWebAuthnForm):
    """Who is signed in shows again that it is them."""


class NewPasskeyForm(AddWebAuthnForm):
    """A new passkey, with a name to know it by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.max_length = _("Name"), NAME_LENGTH
        name.widget.attrs["maxlength"] = NAME_LENGTH
        alone = self.fields["passwordless"]
        alone.label, alone.initial = _("Sign in with it alone, without the password"), True
        alone.help_text = _("Your device then asks for your finger, your face or a PIN.")

    def clean_name(self) -> str:
        """No longer than a line."""
        return str(super().clean_name())[:NAME_LENGTH]

    def clean(self) -> dict[str, Any]:
        """The passkey.

        Raises:
            ValidationError: it is none, or not for here.
        """
        try:
            return dict(super().clean())
        except MALFORMED as error:
            raise _not_accepted() from error
