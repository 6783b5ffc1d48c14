"""Why it was decided so of a reply, in words: the short reasons that are stored, as people read them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, Promise] = {
    "insult": _("It insults or threatens somebody"),
    "off-topic": _("It is not about the story"),
    "advertising": _("It advertises something"),
    "private": _("It gives away what is private to somebody"),
    "unlawful": _("It may break the law"),
    "untrue": _("It states as a fact what is known to be false"),
    "repeated": _("It was said here before"),
    "other": _("It does not keep to our rules for replies"),
}
"""What a moderator can refuse a reply for; its writer reads the same words."""

OF_THE_LAW = frozenset({"unlawful"})
"""Reasons that name the law; all others name our rules for replies."""

SIGNALS: dict[str, Promise] = {
    "trap": _("It filled the field that people don’t see"),
    "too-fast": _("It was sent faster than anybody types"),
    "staff-name": _("The name passes for one of the staff’s"),
    "piled-marks": _("Letters under heaps of marks"),
    "invisible": _("Many letters that can’t be seen"),
    "capitals": _("Capitals alone"),
    "copied": _("The same was sent to several stories"),
    "near-repeat": _("Almost the same was sent by this writer"),
    "links": _("Many links"),
    "held-word": _("A word that is read first"),
    "like-spam": _("It is like what was called spam"),
    "asked-elsewhere": _("A service elsewhere is asked"),
    "service-spam": _("A service elsewhere calls it spam"),
    "no-answer": _("A service elsewhere did not answer"),
    "breaking-news": _("Everything is read first for now"),
    "unproven": _("Everything is read first for now, and no proof of work came with it"),
    "hold-first": _("Everything is read first here"),
    "new-writer": _("A new writer"),
    "unconfirmed": _("The address is one that we know, and its owner has not said that it was they"),
    "not-signed-in": _("The address belongs to an account, and its writer was not signed in"),
    "reported": _("As many readers as the newsroom has set reported it"),
}
"""What a check can find in a reply, in the order of the checks."""

_WORDS: dict[str, Promise] = {
    **REFUSALS,
    "approved": _("Approved"),
    "spam": _("Taken for spam"),
    "picked": _("Picked"),
    "unpicked": _("No pick any more"),
    "undo": _("The decision before was undone"),
    "kept": _("Reported, read, and left as it is"),
    "appeal-granted": _("Its writer appealed and was right"),
    "erased": _("Its writer wanted to be forgotten"),
    "removed by its writer": _("Its writer took it back"),
    "imported": _("It came with an import, where it stood so"),
    "nothing-found": _("No check found anything"),
    "service-fine": _("A service elsewhere found nothing"),
    **SIGNALS,
}


def in_words(reason: str) -> str:
    """``reason`` as people read it; one that nobody translated stands as it is."""
    changed, colon, rest = reason.partition(": ")
    if colon and changed == "changed":
        return str(_("Changed by its writer: %s")) % in_words(rest)
    if colon and changed == "confirmed":
        return str(_("Its writer has shown that the address is theirs: %s")) % in_words(rest)
    return str(_WORDS.get(reason, reason))
