"""Mails about replies to one's own: noting that one went out, and stopping them."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from stoppress.comments.models import Comment, Notice, Writer

MOST_A_DAY = 10
"""Mails about replies to one address."""
DAY = timedelta(days=1)


def note_told(writer: Writer, comment: Comment) -> int:
    """Note that ``writer`` is told of ``comment``; returns which mail of the day it is, 0 when none may go out."""
    with transaction.atomic():
        # Two tasks at once must not both be the tenth.
        Writer.objects.select_for_update().get(pk=writer.pk)
        sent = Notice.objects.filter(writer=writer, sent_at__gte=timezone.now() - DAY).count()
        if sent >= MOST_A_DAY or not Notice.objects.get_or_create(writer=writer, comment=comment)[1]:
            return 0
    return sent + 1


def unfollow(comment: Comment) -> None:
    """No more mails about replies to ``comment``."""
    Comment.objects.filter(pk=comment.pk).update(is_followed=False)


def unfollow_all(writer: Writer) -> None:
    """No more mails about replies to anything that ``writer`` wrote so far."""
    Comment.objects.filter(writer=writer, is_followed=True).update(is_followed=False)
