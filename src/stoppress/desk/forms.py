"""Forms of the desk's own screens."""

from contextlib import suppress
from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm
from wagtail.models import Page

from stoppress.accounts.actions import TooOftenError, ask_for_reset, count_sign_in, forgive_sign_in
from stoppress.accounts.models import Role, SignInRule, User
from stoppress.accounts.permissions import may_give
from stoppress.core.network import client_address
from stoppress.newsroom.addresses import public_path
from stoppress.newsroom.models import Home, Section


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
        address = client_address(self.request)
        try:
            count_sign_in(name, address)
        except TooOftenError as error:
            words = ngettext(
                "Too many attempts to sign in. Try again in %(count)d minute, or set a new password.",
                "Too many attempts to sign in. Try again in %(count)d minutes, or set a new password.",
                error.minutes,
            )
            params = {"count": error.minutes, "seconds": error.seconds}
            raise forms.ValidationError(words, code="too_often", params=params) from error
        cleaned = dict(super().clean())
        forgive_sign_in(name, address)
        return cleaned


class ResetForm(PasswordResetForm):
    """Wagtail's, but nobody's mailbox is filled: past the limit it says what it always says, and sends nothing."""

    def save(self, *, request: HttpRequest, **_: Any) -> None:
        """Have the mail sent, if there is an account for it."""
        with suppress(TooOftenError):
            ask_for_reset(self.cleaned_data["email"], client_address(request))


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A section by its address, or the whole publication."""

    def label_from_instance(self, obj: Page) -> str:
        return f"{public_path(obj.url_path)} {obj.title}"


class InviteForm(forms.Form):
    """Whom to invite, as what.

    Args:
        by: who invites; only roles that they may give are offered.
    """

    email = forms.EmailField(label=_("Mail address"), max_length=254, help_text=_("The invitation goes there."))
    username = forms.CharField(label=_("Name to sign in with"), max_length=150)
    role = forms.ChoiceField(label=_("Role"))
    section = PlaceField(
        label=_("Section"),
        queryset=Page.objects.none(),
        required=False,
        help_text=_("For a section editor: where they publish, with all that is below it."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(role.value, role.label) for role in Role if may_give(by, role)]
        cast("forms.ChoiceField", self.fields["role"]).choices = offered
        pages = Page.objects.type(Home, Section).order_by("url_path")
        cast("PlaceField", self.fields["section"]).queryset = pages

    def take(self, error: forms.ValidationError) -> None:
        """Show what the action found wrong beside the field that it is about."""
        for name, texts in error.message_dict.items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)


class RulesForm(forms.Form):
    """Which roles need a second factor, and how long the desk only reminds."""

    roles = forms.MultipleChoiceField(
        label=_("Who needs a second factor"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A superuser counts as a publisher."),
    )
    grace_days = forms.IntegerField(
        label=_("Days to set one up"),
        min_value=0,
        max_value=365,
        help_text=_("So long the desk only reminds; then it opens for nothing else. Counted from when you save this."),
    )

    def __init__(self, data: Any = None) -> None:
        rules = list(SignInRule.objects.all())
        days = max((rule.grace_days for rule in rules), default=14)
        super().__init__(data, initial={"roles": [rule.role for rule in rules], "grace_days": days})

    def grace(self) -> dict[Role, int]:
        """What was chosen, as the action takes it."""
        return {Role(name): self.cleaned_data["grace_days"] for name in self.cleaned_data["roles"]}


class KillForm(forms.Form):
    """Why a story goes. The record is append-only."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the record: who killed it and when is noted too."),
    )


class EmergencyForm(forms.Form):
    """Why a story goes out that only one person has seen."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The audit log keeps it, with your name and the time."),
    )
