"""What must not be kept."""

from stoppress.comments.vault import forget_machines


def tidy(*, is_dry: bool = False) -> int:
    """Forget where replies came from when the time is over; returns how many were forgotten.

    Args:
        is_dry: only count them.
    """
    return forget_machines(is_dry=is_dry)
