"""Walking the blocks of a body: which pictures and files they name, and putting our numbers in the place of paths."""

import html
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from stoppress.importers.wordpress.context import Block

# As in newsroom.blocks: a picture always stands under the one name, a file under one of the others.
PICTURE, FILE, CAPTIONS = "image", "document", "captions"


def pictures_in(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """Every struct in ``blocks`` that names a picture, in reading order."""
    for block in blocks:
        yield from _structs_with(block["value"], {PICTURE})


def files_in(blocks: Sequence[Block]) -> list[str]:
    """The path of every file that ``blocks`` name, each once."""
    structs = (struct for block in blocks for struct in _structs_with(block["value"], {FILE, CAPTIONS}))
    return list(dict.fromkeys(path for struct in structs for name in (FILE, CAPTIONS) if (path := struct.get(name))))


def _structs_with(value: Any, names: Collection[str]) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if any(value.get(name) for name in names):
            yield value
        for inner in value.values():
            yield from _structs_with(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from _structs_with(inner, names)


def filled(blocks: Sequence[Block], pictures: Mapping[str, int], files: Mapping[str, int]) -> list[Block]:
    """``blocks`` with numbers for paths.

    What shows a picture that is not in ``pictures`` is left out; a file that is not in ``files`` leaves a link.
    """
    body = []
    for block in blocks:
        kind, value = block["type"], block["value"]
        match kind:
            case "image":
                value = _picture(value, pictures)
            case "gallery":
                shown = [found for one in value["pictures"] if (found := _picture(one, pictures))]
                value = {**value, "pictures": shown} if shown else None
            case "audio" | "video" | "document" | "data" if value[FILE] in files:
                value = {**value, FILE: files[value[FILE]]}
                if kind == "video":
                    value |= {PICTURE: pictures.get(value[PICTURE]), CAPTIONS: files.get(value[CAPTIONS])}
            case "audio" | "video" | "document" | "data":
                kind, value = "text", f"<p>{link_to(value[FILE], value['title'])}</p>"
        if value is not None:
            body.append({"type": kind, "value": value})
    return body


def _picture(value: dict[str, Any], pictures: Mapping[str, int]) -> dict[str, Any] | None:
    number = pictures.get(value[PICTURE])
    return None if number is None else {**value, PICTURE: number}


def link_to(path: str, title: str) -> str:
    """A link to where a file of the old site was."""
    return f'<a href="/wp-content/uploads/{quote(path)}">{html.escape(title or path, quote=False)}</a>'
