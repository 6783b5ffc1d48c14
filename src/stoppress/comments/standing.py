"""Whether somebody may write at the moment. Reads."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stoppress.comments.models import Ban, Writer


def ban_in_force(writer: Writer, now: datetime) -> Ban | None:
    """What keeps ``writer`` out at ``now``: the one that lasts longest."""
    in_force = Ban.objects.filter(Q(until=None) | Q(until__gt=now), writer=writer, lifted_at=None)
    found = list(in_force.order_by("-at"))
    return max(found, key=lambda one: (one.until is None, one.until or now), default=None)


def ban_in_words(ban: Ban) -> str:
    """What whoever is kept out reads."""
    words = {"why": ban.reason}
    if ban.until is None:
        return _("You can't reply at the moment: %(why)s") % words
    words["until"] = date_format(timezone.localtime(ban.until), "DATETIME_FORMAT")
    return _("You can't reply until %(until)s: %(why)s") % words
