"""The form under *Leave a Reply*."""

import secrets
import time
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

OPENED = "stoppress.comments.opened"


class ReplyForm(forms.Form):
    """Looks at nothing: the action does, so that every entrance is judged alike. It keeps what was typed.

    Args:
        is_known: whoever writes is signed in.
        has_name: and has a name that is theirs alone.
    """

    name = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.CharField(label=_("Email"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    website = forms.CharField(label=_("Website"), required=False, widget=forms.URLInput(attrs={"autocomplete": "url"}))
    text = forms.CharField(
        label=_("Comment"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"})
    )
    follow = forms.BooleanField(label=_("Mail me when somebody replies to this"), required=False)
    to = forms.CharField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, widget=forms.HiddenInput)
    """Of work, where replies come in a wave; see :mod:`stoppress.comments.proofs`."""
    once = forms.CharField(required=False, widget=forms.HiddenInput)
    """Tells this form from every other: sent twice, it is one reply."""
    surname = forms.CharField(required=False)
    """People don't see it."""

    def __init__(self, *args: Any, is_known: bool = False, has_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_known:
            del self.fields["email"]
        if has_name:
            del self.fields["name"]
        for name in ("name", "email", "text"):
            if name in self.fields:
                self.fields[name].widget.attrs["required"] = True


def new_once() -> str:
    """What tells a form from every other."""
    return secrets.token_urlsafe(15)


def opened_now() -> str:
    """What says, signed, when a form was opened."""
    return signing.dumps(round(time.time(), 1), salt=OPENED)


def seconds_since(opened: str) -> float | None:
    """How long a form was open; ``None`` when that can't be known, as for one on a baked page.

    Args:
        opened: what :func:`opened_now` said of it.
    """
    if not opened:
        return None
    try:
        since = float(signing.loads(opened, salt=OPENED, max_age=86_400))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return max(0.0, time.time() - since)
