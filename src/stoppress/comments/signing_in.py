"""Which reader is signed in. A cookie says so, which browsers send below ``/-/replies/``: no page is baked there."""

import time

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from stoppress.comments.models import Writer

COOKIE = "stoppress_reader"
KEPT_SECONDS = 30 * 86_400
_SALT = "stoppress.comments.signed-in"


def signed_in(request: HttpRequest) -> Writer | None:
    """The reader whose mail address this browser has shown to be theirs; ``has_account`` says whether they also have a
    name of their own. ``None`` for guests, and for the desk's people, whom ``request.user`` tells."""
    try:
        public_id, since = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    writer = Writer.objects.filter(public_id=public_id, is_verified=True).first()
    if writer is None or (writer.signed_out_at is not None and since <= writer.signed_out_at.timestamp()):
        return None
    return writer


def let_in(response: HttpResponseBase, writer: Writer) -> None:
    """Let whoever gets ``response`` in as ``writer``."""
    response.set_cookie(
        COOKIE,
        signing.dumps([writer.public_id, time.time()], salt=_SALT),
        max_age=KEPT_SECONDS,
        path=_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def let_out(response: HttpResponseBase) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path=_path(), samesite="Lax")


def _path() -> str:
    """Above the drawer itself, since the form to write a reply wants to know it as well."""
    return reverse("comments:my").removesuffix("my/")
