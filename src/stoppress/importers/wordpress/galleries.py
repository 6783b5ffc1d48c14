"""Which pictures a ``[gallery]`` shows, and in which order."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

MAX_PICTURES = 500
"""Pictures in one gallery."""
ATTRIBUTES = ("ids", "include", "exclude", "id", "orderby", "order", "type")
"""What is read of a ``[gallery]`` or a ``[playlist]``."""


class Listed(Protocol):
    """An attachment, as far as its order goes."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def date(self) -> str: ...
    @property
    def order(self) -> int: ...


def chosen(
    wish: Mapping[str, str],
    own: str,
    by_id: Callable[[str], Listed | None],
    of_post: Callable[[str], Sequence[Listed]],
) -> list[str]:
    """Ids of the pictures of a gallery, as WordPress would order them; ids that are not in the export among them.

    Args:
        wish: the shortcode's attributes.
        own: id of the post that it stands in.
        by_id: the picture with an id.
        of_post: the pictures that were uploaded to a post.
    """
    named = re.findall(r"\d+", wish.get("ids") or wish.get("include") or "")
    if named:
        ids = list(dict.fromkeys(named)) if not wish.get("ids") else named
    else:
        without = set(re.findall(r"\d+", wish.get("exclude", "")))
        ids = [found.id for found in of_post(wish.get("id") or own) if found.id not in without]
    by = (wish.get("orderby") or ("post__in" if wish.get("ids") else "menu_order id")).lower().split()
    known = [found for number in ids if (found := by_id(number)) is not None]
    # By chance there, as they are listed here.
    if by[0] in {"post__in", "rand"}:
        return ids
    is_down = wish.get("order", "").lower() == "desc"
    for name in reversed(by):
        known.sort(key=_KEYS.get(name, _KEYS["menu_order"]), reverse=is_down)
    there = {found.id for found in known}
    return [*(found.id for found in known), *(number for number in ids if number not in there)]


def _number(found: Listed) -> int:
    return int(found.id) if found.id.isdecimal() and len(found.id) < 20 else 0


_KEYS: dict[str, Callable[[Listed], tuple[int, str]]] = {
    "menu_order": lambda found: (found.order, ""),
    "id": lambda found: (_number(found), ""),
    "title": lambda found: (0, found.title.lower()),
    "post_title": lambda found: (0, found.title.lower()),
    "date": lambda found: (0, found.date),
    "post_date": lambda found: (0, found.date),
}
