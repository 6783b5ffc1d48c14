"""Where allauth asks how we want it: nobody signs up, secrets are sealed, and passkeys belong to the public address."""

import base64
import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stoppress.core.network import client_address
from stoppress.core.sealing import SealBrokenError, seal, unseal

log = logging.getLogger("stoppress.accounts")

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
SEALED_FOR = "stoppress.accounts.second-factors.1"
QUIET_MESSAGES = frozenset({"account/messages/logged_in.txt"})


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by who may, never by who comes by."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def respond_user_inactive(self, _request: HttpRequest, _user: Any) -> HttpResponse:
        """As if there were no such account."""
        return redirect("wagtailadmin_login")

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kw: Any
    ) -> None:
        """The desk itself is enough of a welcome."""
        if message_template not in QUIET_MESSAGES:
            super().add_message(request, level, message_template, *args, **kw)


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: sealed, and tied to the host of ``base_url``."""

    def encrypt(self, text: str) -> str:
        return seal(text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed; after the secret key was changed, a fresh secret that no code fits."""
        try:
            return unseal(encrypted_text, SEALED_FOR)
        except SealBrokenError:
            log.error("A second factor was sealed with another secret key: 'stoppress user reset-two-factor' helps.")
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        """What a new passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey") if number == 1 else _("Passkey %(number)d") % {"number": number}

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The relying party (W3C WebAuthn 2, 5.4.2). Its id can't be an address, so on this machine it is localhost."""
        return {"id": relying_party(context.request), "name": settings.STOPPRESS_TITLE}


def relying_party(request: HttpRequest) -> str:
    """The host that passkeys belong to: that of ``base_url``, or localhost when that is how one came."""
    asked = request.get_host().rpartition(":")[0] or request.get_host()
    if asked == "localhost":
        return asked
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return "localhost" if host in LOOPBACK else host


def has_passkeys(request: HttpRequest) -> bool:
    """Whether a browser would make one here: over https, or on localhost."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return host == "localhost" or (request.is_secure() and host == relying_party(request))
