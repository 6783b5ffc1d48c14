"""What happened, for the rooms above."""

from django.dispatch import Signal

comment_submitted = Signal()
"""A reply was stored. ``comment``."""
comment_decided = Signal()
"""It was decided of a reply, by a phase or a person. ``comment``, ``before`` (its state until then, or ``None``)."""
