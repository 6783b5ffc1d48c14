"""Proof of work, for times in which replies come in a wave: a sum that a browser does once, asked of nobody else.

The format is ALTCHA's second (PBKDF2 until the key begins as asked). A proof belongs to one subject, lapses, and counts
for one reply; spending it is an action's. Who brings none is held like everybody, and waits behind those who do.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha import create_challenge, verify_solution
from django.utils import timezone
from django.utils.crypto import salted_hmac

SALT = "stoppress.comments.proof"
ALGORITHM = "PBKDF2/SHA-256"
COST = 2_000
"""Rounds of one attempt: about a millisecond."""
PREFIX = "00"
"""With which the key must begin: 256 attempts on average."""
LASTS = timedelta(minutes=60)
"""So long may somebody write."""
LONGEST = 4_000
LARGEST_COUNTER = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that is sound.

    Attributes:
        nonce: of its challenge; one that was spent is worth nothing.
    """

    nonce: str
    lapses_at: datetime


def challenge_for(subject: str) -> dict[str, Any]:
    """A sum to do for a reply to ``subject``, as JSON."""
    made = create_challenge(
        ALGORITHM,
        COST,
        key_prefix=PREFIX,
        expires_at=timezone.now() + LASTS,
        data={"on": subject},
        hmac_secret=_secret(),
    )
    return dict(made.to_dict())


def read(text: str, subject: str) -> Proof | None:
    """What ``text`` proves for a reply to ``subject``; ``None`` for nothing, whatever is the matter with it."""
    sent = _parsed(text) if text and len(text) <= LONGEST else None
    if sent is None:
        return None
    if not verify_solution(text, _secret()).verified:
        return None
    parameters = sent["challenge"]["parameters"]
    if parameters.get("data") != {"on": subject}:
        return None
    return Proof(parameters["nonce"], datetime.fromtimestamp(parameters["expiresAt"], UTC))


def _parsed(text: str) -> dict[str, Any] | None:
    """A proof of the form that ours have: the library trusts what a stranger sends to be of the right kinds."""
    try:
        sent = json.loads(base64.b64decode(text, validate=True))
        parameters, solution = sent["challenge"]["parameters"], sent["solution"]
        texts = [sent["challenge"]["signature"], parameters["nonce"], parameters["salt"], solution["derivedKey"]]
        counter = solution["counter"]
        is_sound = (
            all(isinstance(one, str) and one.isascii() for one in texts)
            and type(counter) is int
            and 0 <= counter <= LARGEST_COUNTER
            and type(parameters["expiresAt"]) is int
            and parameters["algorithm"] == ALGORITHM
            and parameters["cost"] == COST
        )
        if is_sound:
            json.dumps(sent).encode()  # lone surrogates can be written in JSON and in nothing else
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        return None
    return sent if is_sound else None


def _secret() -> bytes:
    return salted_hmac(SALT, "", algorithm="sha256").digest()
