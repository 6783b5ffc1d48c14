"""Observing what was derived: the index looks at the same pages again."""

from collections.abc import Sequence
from typing import Any

from stoppress.newsroom.signals import publications_derived
from stoppress.search import actions


def connect() -> None:
    """Connect the receiver; called once from ``AppConfig.ready``."""
    publications_derived.connect(publications_were_derived, dispatch_uid="search.derived")


def publications_were_derived(page_ids: Sequence[int], **_: Any) -> None:
    """Note them in the same transaction, so that nothing is lost with a killed process."""
    actions.note(page_ids)
