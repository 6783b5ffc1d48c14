"""Forms of the desk's own screens."""

from django import forms
from django.utils.translation import gettext_lazy as _


class KillForm(forms.Form):
    """Why a story goes. The record is append-only."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For the record: who killed it and when is noted too."),
    )
