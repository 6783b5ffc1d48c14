"""What must not be kept, or is of no use any more."""

from django.utils import timezone

from stoppress.comments.actions.erasing import resume_erasing
from stoppress.comments.actions.recommend import forget_recommendations
from stoppress.comments.models import SpentProof
from stoppress.comments.vault import forget_machines, kept_too_long


def overdue() -> int:
    """How many network addresses of those who replied are here for longer than they are told."""
    return kept_too_long()


def tidy(*, is_dry: bool = False) -> int:
    """Forget where replies and recommendations came from when the time is over; returns how many were forgotten.

    It also sees that those who asked to be erased are.

    Args:
        is_dry: only count them.
    """
    if not is_dry:
        resume_erasing()
        SpentProof.objects.filter(lapses_at__lt=timezone.now()).delete()
    return forget_machines(is_dry=is_dry) + forget_recommendations(timezone.now(), is_dry=is_dry)
