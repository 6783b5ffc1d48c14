"""What follows from many articles at once and can wait."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from modelsearch.backends import get_search_backends
from wagtail.models import ReferenceIndex, WorkflowState

from stoppress.core.mail import MailError
from stoppress.newsroom import mails
from stoppress.newsroom.models import Article

log = logging.getLogger("stoppress.newsroom")

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""After which a mail that could not be sent is tried again."""


@task()
def send_workflow_mails(
    kind: str, state_id: int, by: int | None, only: Sequence[int] | None = None, attempt: int = 0
) -> None:
    """Tell who should know of what was submitted, approved or sent back.

    Args:
        kind: a value of :class:`~stoppress.newsroom.mails.Kind`.
        by: who did it, and need not be told.
        only: the ids of those who were not reached before.
        attempt: how often it was tried before.
    """
    state = WorkflowState.objects.filter(pk=state_id).first()
    if state is None or state.content_object is None:
        return
    missed = []
    for user in mails.recipients(mails.Kind(kind), state, by):
        if only is not None and user.pk not in only:
            continue
        try:
            mails.send(mails.Kind(kind), state, user)
        except MailError as error:
            log.error("A mail (%s) to account %d was not sent: %s", kind, user.pk, error)
            missed.append(user.pk)
    if missed and attempt < len(PAUSES):
        again = send_workflow_mails.using(run_after=timezone.now() + PAUSES[attempt])
        again.enqueue(kind, state_id, by, missed, attempt + 1)


@task()
def index_articles(pks: Sequence[int]) -> None:
    """Enter articles in the desk's search and in its index of what uses what; those that are gone are left out."""
    articles = list(Article.objects.filter(pk__in=pks))
    for article in articles:
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(article)
    if articles and getattr(Article, "search_auto_update", True):
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(Article, articles)
