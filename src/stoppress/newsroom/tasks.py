"""What follows from many articles at once and can wait."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from modelsearch.backends import get_search_backends
from wagtail.models import ReferenceIndex, WorkflowState

from stoppress.accounts.models import User
from stoppress.comments.unwanted import is_wanted, no_mail_address
from stoppress.core.mail import MailError, send
from stoppress.core.sealing import SealBrokenError, unseal
from stoppress.newsroom import mails
from stoppress.newsroom.models import Article, ErrorReport

log = logging.getLogger("stoppress.newsroom")

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""After which a mail that could not be sent is tried again."""
MAIL_OF_REPORTS = "stoppress.newsroom.reports.mail"
"""For what the addresses of readers who report errors are sealed."""


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


@task()
def tell_of_take_over(other: int, by: int, article: int, note: str) -> None:
    """Write to whoever had an article locked that somebody else has taken it over, and why."""
    people = User.objects.in_bulk([other, by])
    page = Article.objects.filter(pk=article).first()
    if page is None or other not in people or not people[other].is_active or not people[other].email:
        return
    name = str(people[by]) if by in people else ""
    about = {"name": name, "title": page.title, "note": note}
    subject = _("%(name)s has taken over “%(title)s”") % about
    words = _(
        "%(name)s has taken over “%(title)s”, which you had locked.\n\n%(note)s\n\nWhat you saved is in the article's "
        "history. What you had not saved is still in your window: copy it before you close it."
    )
    try:
        send(subject, words % about, people[other].email)
    except MailError as error:
        log.error("Account %d was not told of a take-over: %s", other, error)


@task()
def tell_of_error(report_id: int, attempt: int = 0) -> None:
    """Tell a reader what became of the error that they reported, and forget their address.

    It says what an editor says and nothing that came with the report: the address may be somebody else's. Who
    wants no mail from us gets none.

    Args:
        attempt: how often it was tried before.
    """
    report = ErrorReport.objects.select_related("article", "correction").filter(pk=report_id).first()
    if report is None or not report.sealed or report.state == ErrorReport.State.OPEN:
        return
    context = {
        "title": report.article.title,
        "address": settings.BASE_URL + report.article.public_path,
        "publication": settings.STOPPRESS_TITLE,
        "correction": report.correction.text if report.correction is not None else "",
        "reason": report.reason,
    }
    subject = _("What became of the error in “%(title)s”") % context
    try:
        email = unseal(report.sealed, MAIL_OF_REPORTS)
        if is_wanted(email):
            context["no_mail"] = no_mail_address(email)
            send(subject, render_to_string("newsroom/error_told.txt", context), email)
    except SealBrokenError as error:
        log.error("Whoever reported error %d can't be told: %s", report_id, error)
    except MailError as error:
        log.error("Whoever reported error %d was not told: %s", report_id, error)
        if attempt < len(PAUSES):
            tell_of_error.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(report_id, attempt + 1)
            return
    ErrorReport.objects.filter(pk=report_id).update(sealed="")
