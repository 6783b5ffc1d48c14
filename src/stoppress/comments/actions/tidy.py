"""What must not be kept."""

from django.utils import timezone

from stoppress.comments.actions.recommend import forget_recommendations
from stoppress.comments.vault import forget_machines


def tidy(*, is_dry: bool = False) -> int:
    """Forget where replies and recommendations came from when the time is over; returns how many were forgotten.

    Args:
        is_dry: only count them.
    """
    return forget_machines(is_dry=is_dry) + forget_recommendations(timezone.now(), is_dry=is_dry)
