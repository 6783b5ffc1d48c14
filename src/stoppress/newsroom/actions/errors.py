"""Errors of fact that readers report: taking them in, dismissing them, and forgetting who they were."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from stoppress.accounts.models import User
from stoppress.core.network import subscriber
from stoppress.core.sealing import SealBrokenError, digest, seal, unseal
from stoppress.core.text import without_controls
from stoppress.newsroom.models import Article, Correction, ErrorReport
from stoppress.newsroom.prose import Selector
from stoppress.newsroom.tasks import MAIL_OF_REPORTS, tell_of_error

LONGEST_REPORT = 2_000
LONGEST_NAME = 80
LONGEST_QUOTE = 5_000
LONGEST_REASON = 1_000
LONGEST_MAIL = 254
"""RFC 5321, 4.5.3.1.3, less the brackets."""
NETWORK = "stoppress.newsroom.reports.network"
HOUR_MOST = 5
"""Reports from one network in an hour."""
MOST_THE_SAME = 50
"""So many of the same words are looked at."""
NETWORK_KEPT = timedelta(days=1)
MAIL_KEPT = timedelta(days=30)
"""How long the address of somebody is kept who could not be told, counted from the decision."""
State = ErrorReport.State


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundError:
    """What a reader found.

    Attributes:
        place: where the sentence stands; empty for the article as a whole.
        wrong: the sentence, with what stands around it.
        revision: id of the revision that the reader had.
        email: to be told what became of it; empty for nobody.
        may_thank: the correction may say who reported it, by ``name``.
        address: of the machine that sent it; empty when unknown.
    """

    text: str
    place: str = ""
    wrong: Selector = field(default_factory=lambda: Selector(""))
    revision: int | None = None
    name: str = ""
    email: str = ""
    may_thank: bool = False
    address: str = ""


def report_error(article: Article, found: FoundError) -> ErrorReport:
    """Take in what a reader says is wrong; the same sent twice is one, unless somebody else wants to hear of it.

    Raises:
        ValidationError: by field, why it was not taken; with the code ``rate`` when it came too soon after others.
    """
    text, name, email = _read(found)
    network = subscriber(found.address)
    network = digest(network, NETWORK) if network else ""
    with transaction.atomic():
        live = Article.objects.get(pk=article.pk)
        if not live.live or live.killed_at is not None or live.is_embargoed:
            raise ValidationError(_("This story is no longer here."))
        same = ErrorReport.objects.filter(article=live, quote=found.wrong.exact, text=text, state=State.OPEN)
        if (known := _as_sent(same, name, email)) is not None:
            return known
        recent = timezone.now() - timedelta(hours=1)
        if network and ErrorReport.objects.filter(network=network, made_at__gte=recent).count() >= HOUR_MOST:
            raise ValidationError(_("That was a lot in a short time. Wait a little and send it again."), code="rate")
        return ErrorReport.objects.create(
            article=live,
            revision=found.revision or live.live_revision_id,
            place=found.place[:64],
            quote=found.wrong.exact[:LONGEST_QUOTE],
            prefix=found.wrong.prefix[:64],
            suffix=found.wrong.suffix[:64],
            text=text,
            name=name,
            may_thank=found.may_thank and bool(name),
            sealed=seal(email, MAIL_OF_REPORTS) if email else "",
            network=network,
        )


def dismiss_error(report: ErrorReport, reason: str, user: User) -> ErrorReport:
    """Leave the story as it is, and say why; its reader is told if they left an address.

    Raises:
        PermissionDenied: ``user`` is not at the desk of its section.
        ValidationError: no reason was given, or it was decided meanwhile.
    """
    require_desk(report.article, user)
    reason = without_controls(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Say why. Whoever reported it reads it.")})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": _("Make it shorter: %(count)d letters at most.") % {"count": LONGEST_REASON}})
    with transaction.atomic():
        found = ErrorReport.objects.select_for_update().get(pk=report.pk)
        if found.state != State.OPEN:
            raise ValidationError(_("Somebody has decided this already. Nothing was changed."))
        for one in (found, *_the_same(found)):
            one.state, one.reason = State.DISMISSED, reason
            _close(one, user)
        log(instance=found.article, action="stoppress.dismiss_error", user=user, data={"reason": reason})
    return found


def settle_error(report: ErrorReport, correction: Correction, user: User | None) -> None:
    """``correction`` came of ``report``. Called inside the transaction that makes it."""
    found = ErrorReport.objects.select_for_update().get(pk=report.pk)
    for one in (found, *_the_same(found)):
        one.state, one.correction, one.reason = State.CORRECTED, correction, ""
        _close(one, user)


def forget_reporters(*, is_dry: bool = False) -> int:
    """Forget where reports came from after a day, and addresses that nobody could be reached at; returns how many.

    Args:
        is_dry: only count them.
    """
    now = timezone.now()
    networks = ErrorReport.objects.filter(made_at__lt=now - NETWORK_KEPT).exclude(network="")
    mails = ErrorReport.objects.filter(decided_at__lt=now - MAIL_KEPT).exclude(sealed="")
    if is_dry:
        return ErrorReport.objects.filter(Q(pk__in=networks.values("pk")) | Q(pk__in=mails.values("pk"))).count()
    return networks.update(network="") + mails.update(sealed="")


def records_of(is_theirs: Callable[[str], bool]) -> list[dict[str, Any]]:
    """What is kept of a reader who left a mail address with their reports, as records to be given out.

    Args:
        is_theirs: whether an address is the reader's.
    """
    return [
        {
            "record": "error-report",
            "on": report.article.title,
            "quote": report.quote,
            "text": report.text,
            "name": report.name,
            "may_thank": report.may_thank,
            "at": report.made_at.isoformat(),
            "state": report.state,
        }
        for report in _reports_of(is_theirs)
    ]


def forget_reporter(is_theirs: Callable[[str], bool]) -> int:
    """Forget who sent reports with a mail address; what they report stays. Returns how many there were.

    Args:
        is_theirs: whether an address is the reader's.
    """
    found = [report.pk for report in _reports_of(is_theirs)]
    return ErrorReport.objects.filter(pk__in=found).update(sealed="", name="", may_thank=False, network="")


def _reports_of(is_theirs: Callable[[str], bool]) -> Iterator[ErrorReport]:
    """Few have an address at any time: it is deleted when its owner has been told."""
    for report in ErrorReport.objects.exclude(sealed="").select_related("article").order_by("pk").iterator():
        with suppress(SealBrokenError):  # of another secret key: nobody can tell whose it was
            if is_theirs(unseal(report.sealed, MAIL_OF_REPORTS)):
                yield report


def require_desk(article: Article, user: User) -> None:
    """Pass who may decide of reports on ``article``.

    Raises:
        PermissionDenied: ``user`` is not at the desk of its section.
    """
    if not article.permissions_for_user(user).is_desk:
        raise PermissionDenied(_("You may not decide of this story."))


def _as_sent(same: QuerySet[ErrorReport], name: str, email: str) -> ErrorReport | None:
    """One of these that says all that was sent once more; ``None`` when a name or an address would be lost."""
    for one in same.order_by("pk")[:MOST_THE_SAME]:
        if name in {"", one.name} and (not email or _email_of(one).casefold() == email.casefold()):
            return one
    return None


def _the_same(report: ErrorReport) -> Iterator[ErrorReport]:
    """What others said in the same words of the same sentence: decided with ``report``, and they are told as well."""
    others = ErrorReport.objects.select_for_update().exclude(pk=report.pk).order_by("pk")
    yield from others.filter(article=report.article_id, quote=report.quote, text=report.text, state=State.OPEN)


def _email_of(report: ErrorReport) -> str:
    try:
        return unseal(report.sealed, MAIL_OF_REPORTS) if report.sealed else ""
    except SealBrokenError:  # of another secret key: nobody can tell whose it was
        return ""


def _close(report: ErrorReport, user: User | None) -> None:
    report.decided_at, report.decided_by = timezone.now(), user
    report.save()
    if report.sealed:
        tell_of_error.enqueue(report.pk)


def _read(found: FoundError) -> tuple[str, str, str]:
    text = without_controls(found.text).strip()
    name = " ".join(without_controls(found.name).split())
    email = without_controls(found.email).strip()
    wrong: dict[str, str] = {}
    if not text:
        wrong["text"] = _("Say what is wrong.")
    elif len(text) > LONGEST_REPORT:
        wrong["text"] = _("Make it shorter: %(count)d letters at most.") % {"count": LONGEST_REPORT}
    if len(name) > LONGEST_NAME:
        wrong["name"] = _("A name has at most %d characters.") % LONGEST_NAME
    if email:
        try:
            validate_email(email)
        except ValidationError:
            wrong["email"] = _("This is no mail address. Leave it empty if you want no answer.")
        if len(email) > LONGEST_MAIL:
            wrong["email"] = _("This mail address is too long.")
    if found.may_thank and not name:
        wrong.setdefault("name", _("Say by which name we may thank you, or untick that we may."))
    if wrong:
        raise ValidationError(wrong)
    return text, name, email
