"""Streams JSON objects from a file: one a line, one after the other, or in one large list. No Django."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from stoppress.importers.discussions.records import UNCHANGED
from stoppress.importers.errors import ExportUnreadable

CHUNK = 256 * 1024
MAX_OBJECT = 16 * 2**20
"""Characters of one object."""
_BETWEEN = re.compile(r"[ \t\r\n,]*")


def objects(path: Path) -> Iterator[dict[str, Any]]:
    """Each object in ``path``.

    Raises:
        ExportUnreadable: it is no JSON, holds something else, or breaks off.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from _objects(path, file)
    except OSError as error:
        raise ExportUnreadable(f"{path}: {error.strerror or error}. {UNCHANGED}") from error
    except UnicodeDecodeError as error:
        raise ExportUnreadable(f"{path}: it is no text in UTF-8. {UNCHANGED}") from error


def _objects(path: Path, file: TextIO) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    text, at, count = "", 0, 0
    is_list, is_over, is_at_end = False, False, False
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if is_over and at < len(text):
            raise _wrong(path, count, "something follows the end of the list")
        if not count and not is_list and text.startswith("[", at):
            is_list, at = True, at + 1
        elif is_list and text.startswith("]", at):
            is_list, is_over, at = False, True, at + 1
        elif at < len(text) and (found := _next(path, decoder, text, at, count, is_at_end=is_at_end)) is not None:
            yield found[0]
            count, at = count + 1, found[1]
        elif is_at_end:
            if is_list:
                raise _wrong(path, count, "the list breaks off")
            return
        else:
            # Twice as much each time, so that a long object is not begun over and over.
            chunk = file.read(max(CHUNK, len(text) - at))
            is_at_end = not chunk
            text, at = text[at:] + chunk, 0


def _next(
    path: Path, decoder: json.JSONDecoder, text: str, at: int, count: int, *, is_at_end: bool
) -> tuple[dict[str, Any], int] | None:
    """The object that begins there and where it ends; ``None`` when there is not all of it yet."""
    try:
        found, end = decoder.raw_decode(text, at)
    except RecursionError:
        raise _wrong(path, count, "it is nested too deep") from None
    except ValueError as error:
        if is_at_end:
            raise _wrong(path, count, "it is no JSON, or breaks off") from error
        if len(text) - at > MAX_OBJECT:
            raise _wrong(path, count, f"it is no JSON, or longer than {MAX_OBJECT:,} characters") from error
        return None
    if not isinstance(found, dict):
        raise _wrong(path, count, "it is no object")
    return found, end


def _wrong(path: Path, count: int, why: str) -> ExportUnreadable:
    return ExportUnreadable(f"{path}: object {count + 1}: {why}. {UNCHANGED}")
