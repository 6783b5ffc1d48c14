"""Mail addresses that nobody may ever hear of, in whatever form: as they are, encoded, or as a digest of them."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.message import Message
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import brotli

WORD, NEST = "hushq", "canary-nest.example"
"""Each address begins with the word and ends with the nest; nothing else of the tests has either."""
WINDOW = 12
"""A digest that is cut is one still: so many characters of it in a row are enough."""
_RUN = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % WINDOW)
_DIGESTS = ("md5", "sha1", "sha256")
_INNER = 16
"""Characters from the start of a sealed text that are the same for all of them, and more."""


def address(entrance: str) -> str:
    """The address that comes in by ``entrance``, in mixed case: folding makes another text of it."""
    return f"{WORD.title()}.{entrance.title()}@{NEST.title()}"


def spellings(one: str) -> Iterator[str]:
    """Every way in which somebody would write ``one`` before taking a digest of it."""
    local, _at, host = one.partition("@")
    for text in (
        one,
        one.lower(),
        one.upper(),
        f"{local}@{host.lower()}",
        f"{local.lower()}@{host}",
        local,
        local.lower(),
    ):
        for before, after in (
            ("", ""),
            (" ", " "),
            ("", "\n"),
            ("", "\r\n"),
            (" ", ""),
            ("", " "),
            ("mailto:", ""),
            ("<", ">"),
        ):
            yield f"{before}{text}{after}"


class Ears:
    """Hears any of ``addresses``, and any of ``secrets``: texts that stand for them inside, such as keyed digests."""

    def __init__(self, addresses: Iterable[str], secrets: Iterable[str] = ()) -> None:
        self._needles: dict[bytes, str] = {}
        for one in addresses:
            for spelt in spellings(one):
                self._listen_for(spelt, one)
        for secret in secrets:
            self._needles[secret.encode()[_INNER : _INNER + WINDOW]] = "what stands for one inside"

    def _listen_for(self, spelt: str, one: str) -> None:
        raw = spelt.encode()
        for name in _DIGESTS:
            digest = hashlib.new(name, raw, usedforsecurity=False).digest()
            forms = (
                digest.hex(),
                digest.hex().upper(),
                base64.b64encode(digest).decode(),
                base64.urlsafe_b64encode(digest).decode(),
            )
            for form in forms:
                self._needles[form.encode()[:WINDOW]] = f"{name} of {one}"
        for shift in range(3):
            # Where it begins in a longer text decides which of three forms base64 has.
            whole = base64.b64encode(b"\0" * shift + raw)
            self._needles[whole[4 : 4 + WINDOW]] = f"base64 of {one}"

    def hear(self, content: bytes) -> set[str]:
        """What of the addresses is in ``content``."""
        heard = {
            self._needles[part] for run in _RUN.findall(content) for part in _windows(run) if part in self._needles
        }
        text = content.decode("utf-8", "replace")
        for form in (
            text,
            unescape(text),
            unquote(text),
            text.replace("=\n", "").replace("=40", "@"),
            _from_json(text),
        ):
            small = form.casefold()
            heard |= {f"“{word}”" for word in (WORD, NEST) if word in small}
        return heard

    def hear_file(self, file: Path) -> set[str]:
        """The same for a file, whose name counts too."""
        content = file.read_bytes()
        unpack = {".gz": gzip.decompress, ".br": brotli.decompress}.get(file.suffix, bytes)
        return self.hear(unpack(content)) | self.hear(str(file).encode())

    def hear_mail(self, raw: bytes) -> set[str]:
        """What is heard in a mail apart from its recipient in the one header that has to say it."""
        mail = message_from_bytes(raw)
        recipients = mail.get_all("To", [])
        del mail["To"]
        heard = self.hear("\n".join(f"{name}: {value}" for name, value in mail.items()).encode())
        for part in mail.walk():
            heard |= self.hear(_body(part))
        return heard | ({"several recipients"} if len(recipients) != 1 or "," in recipients[0] else set())


def _windows(run: bytes) -> Iterator[bytes]:
    for start in range(len(run) - WINDOW + 1):
        yield run[start : start + WINDOW]


def _from_json(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _body(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
