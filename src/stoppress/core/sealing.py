"""Secrets at rest: sealed with a key that is not in the database, and digests that only this instance can make."""

import base64
import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBrokenError(Exception):
    """What was sealed can't be opened: by another key, or it was changed."""


def seal(text: str, purpose: str) -> str:
    """``text`` so that only :func:`unseal` with the same ``purpose`` gives it back (a Fernet token)."""
    return _fernet(purpose).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, purpose: str) -> str:
    """What was sealed.

    Raises:
        SealBrokenError: the instance has another secret key now, or the text is not what was stored.
    """
    try:
        return _fernet(purpose).decrypt(sealed.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise SealBrokenError("What was sealed can't be opened with this instance's secret key.") from error


def digest(text: str, purpose: str) -> str:
    """A keyed digest (HMAC-SHA-256, 64 hexadecimal digits): equal for equal texts, no use without the key."""
    key = _derived(f"{purpose}.digest", settings.SECRET_KEY)
    return hmac.new(key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _fernet(purpose: str) -> MultiFernet:
    return _fernets(purpose, settings.SECRET_KEY)


@lru_cache(maxsize=32)  # derived at each reply, they would cost more than all that is done with them
def _fernets(purpose: str, secret: str) -> MultiFernet:
    """The first seals; the second opens what older versions sealed by the bare purpose: second factors."""
    keys = (_derived(info, secret) for info in (f"{purpose}.seal", purpose))
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


@lru_cache(maxsize=32)
def _derived(purpose: str, secret: str) -> bytes:
    # RFC 5869, so that no two purposes share a key and none of them is the key itself.
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
