"""Taking over an article that somebody else has locked: politely, which is to say that they hear of it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from stoppress.accounts.models import User
from stoppress.core.text import without_controls
from stoppress.newsroom.models import Article
from stoppress.newsroom.tasks import tell_of_take_over

LONGEST_NOTE = 500


def take_over(article: Article, note: str, user: User) -> None:
    """Lock for ``user`` what somebody else has locked; they are told by mail, and the history says so.

    Nothing that the other has saved is touched; what stands unsaved in their window stays there.

    Args:
        note: for the other: why.

    Raises:
        PermissionDenied: ``user`` may not edit it, or may not take a lock from somebody.
        ValidationError: nobody else has it, or the note says nothing.
    """
    rights = article.permissions_for_user(user)
    if not rights.can_edit() or not rights.can_unlock() or not rights.can_lock():
        raise PermissionDenied(_("You may not take this article over."))
    note = " ".join(without_controls(note).split())[:LONGEST_NOTE]
    if not note:
        raise ValidationError({"note": _("Say why: the other reads it.")})
    with transaction.atomic():
        held = Article.objects.select_for_update().get(pk=article.pk)
        if not held.locked or held.locked_by_id in {None, user.pk}:
            raise ValidationError(_("Nobody else has locked this article now."))
        other = held.locked_by_id
        held.locked_by, held.locked_at = user, timezone.now()
        held.save(update_fields=["locked_by", "locked_at"], clean=False)
        log(instance=held, action="stoppress.take_over", user=user, data={"reason": note, "text": str(held.title)})
        transaction.on_commit(lambda: tell_of_take_over.enqueue(other, user.pk, held.pk, note))
