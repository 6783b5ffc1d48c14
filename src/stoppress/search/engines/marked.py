"""What both engines know: words that no text can hold, since each begins with what is no letter, and their error."""


class TooSlowError(Exception):
    """A statement took more than its time and was broken off."""


ALL = "\u00a4all"
"""Stands in every row: what is left when nothing is asked for but what must not be there."""


def facet(name: str) -> str:
    """The mark of a facet: ``section:3``, ``design:opinion``, ``date:202611``."""
    return "\u00a4" + name.replace(":", "\u00b7")


def typed(word: str) -> str:
    """The mark of a word of a headline or name, as it is typed."""
    return f"\u00b7{word}"
