"""Walking the blocks of a body: which pictures they name, and putting our numbers in the place of the old paths."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stoppress.importers.wordpress.context import Block

# As in newsroom.blocks: a picture always stands under this name.
PICTURE = "image"


def pictures_in(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """Every struct in ``blocks`` that names a picture, in reading order."""
    for block in blocks:
        yield from _structs_with(block["value"], PICTURE)


def _structs_with(value: Any, name: str) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get(name):
            yield value
        for inner in value.values():
            yield from _structs_with(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _structs_with(inner, name)


def filled(blocks: Sequence[Block], pictures: Mapping[str, int]) -> list[Block]:
    """``blocks`` with numbers for paths; what shows a picture that is not in ``pictures`` is left out."""
    body = []
    for block in blocks:
        value = block["value"]
        match block["type"]:
            case "image":
                value = _picture(value, pictures)
            case "gallery":
                shown = [found for one in value["pictures"] if (found := _picture(one, pictures))]
                value = {**value, "pictures": shown} if shown else None
        if value is not None:
            body.append({"type": block["type"], "value": value})
    return body


def _picture(value: dict[str, Any], pictures: Mapping[str, int]) -> dict[str, Any] | None:
    number = pictures.get(value[PICTURE])
    return None if number is None else {**value, PICTURE: number}
