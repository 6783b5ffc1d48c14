"""Text as documents can hold it."""

import re

# Everything outside of XML's Char; HTML calls the same characters parse errors.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def without_controls(text: str) -> str:
    """``text`` without the characters that no XML document can hold (XML 1.0, section 2.2)."""
    return _FORBIDDEN.sub("", text)
