"""Taking reports of replies in, and ending them. Whoever reads may report, without an account."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.actions.throttle import Limit, TooOftenError, count
from stoppress.comments import vault
from stoppress.comments.actions.placing import settle, thread_on
from stoppress.comments.actions.submit import LONGEST_NAME, NotTakenError
from stoppress.comments.models import Comment, Decision, Report, ReportGround, ReportState, State
from stoppress.comments.tasks import tell_reporter
from stoppress.comments.text import MOST_CHARACTERS, one_line, typed
from stoppress.core.network import subscriber

REPORTS_OF_MACHINE = Limit("reports from an address", 10, 600, is_audited=False)
MAILS_TO_REPORTER = Limit("mails about reports to a mail address", 10, 86_400, is_audited=False)
DECISIONS_TO_REPORTER = Limit("mails about decisions on reports to a mail address", 50, 86_400, is_audited=False)
"""More, since whoever reports is to hear what became of it; bounded, since a stranger may have typed the address."""
GRACE = timedelta(minutes=5)
"""So long can a decision be undone before anybody hears of it."""
OF_THE_LAW = frozenset({ReportGround.ILLEGAL, ReportGround.CHILDREN})
ENDS = {
    State.APPROVED: ReportState.DISMISSED,
    State.REFUSED: ReportState.UPHELD,
    State.SPAM: ReportState.UPHELD,
    State.REMOVED: ReportState.GONE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What somebody reports.

    Attributes:
        is_sincere: they believe in good faith that what they say is true and complete; asked where the law is named.
        address: of the machine that sent it; empty when unknown.
    """

    ground: str
    text: str = ""
    name: str = ""
    email: str = ""
    is_sincere: bool = False
    address: str = ""


def report(comment: Comment, notice: Complaint) -> Report:
    """Keep a report of a reply, and hold the reply if enough have reported it and the newsroom wants that.

    Raises:
        NotTakenError: it was not kept, and why; whoever sent it still has it in the form.
    """
    ground, text, name, email = _read(notice)
    try:
        count([(REPORTS_OF_MACHINE, subscriber(notice.address))])
    except TooOftenError as error:
        raise NotTakenError(_("That was often. Try again in %d minutes.") % error.minutes, "rate") from None
    with transaction.atomic():
        thread = thread_on(comment.thread.subject)
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if comment.state != State.APPROVED:
            raise NotTakenError(_("This reply is no longer shown."), "gone")
        network = vault.network_digest(notice.address)
        digest = vault.mail_digest(email) if email else ""
        same = Report.objects.filter(comment=comment, ground=ground, network=network, state=ReportState.OPEN)
        if digest:  # somebody else of the same network wants to hear of it as well
            same = same.filter(digest=digest)
        before = same.exclude(network="").first() if ground not in OF_THE_LAW else None
        if before is not None:
            return before
        made = Report.objects.create(
            comment=comment,
            ground=ground,
            text=text,
            name=name,
            sealed=vault.sealed(email) if email else "",
            digest=digest,
            network=network,
        )
        comment.reports += 1
        comment.reported_at = comment.reported_at or made.made_at
        comment.save(update_fields=["reports", "reported_at"])
        if _is_enough(comment):
            settle(comment, thread, State.HELD, "reported", phase="reports")
        if email and _may_mail(MAILS_TO_REPORTER, made.digest):
            tell_reporter.enqueue(made.pk)
    return made


def end_reports(comment: Comment, decision: Decision) -> None:
    """End what waits of a reply as ``decision`` says. Called inside a transaction, with the reply locked."""
    state = ENDS.get(State(comment.state))
    if state is None or not comment.reports:
        return
    waiting = list(Report.objects.filter(comment=comment, state=ReportState.OPEN))
    Report.objects.filter(pk__in=[one.pk for one in waiting]).update(state=state, decision=decision)
    _recount(comment)
    for one in {one.digest: one for one in waiting if one.sealed}.values():  # one mail to each of them
        if _may_mail(DECISIONS_TO_REPORTER, one.digest):
            tell_reporter.using(run_after=timezone.now() + GRACE).enqueue(one.pk, decision.pk)


def reopen_reports(comment: Comment, decision: Decision) -> None:
    """Let what ``decision`` ended wait again. Called as :func:`end_reports` is."""
    if Report.objects.filter(decision=decision).update(state=ReportState.OPEN, decision=None):
        _recount(comment)


def _recount(comment: Comment) -> None:
    waiting = Report.objects.filter(comment=comment, state=ReportState.OPEN).order_by("made_at")
    times = list(waiting.values_list("made_at", flat=True))
    comment.reports, comment.reported_at = len(times), times[0] if times else None
    comment.save(update_fields=["reports", "reported_at"])


def _read(notice: Complaint) -> tuple[ReportGround, str, str, str]:
    if notice.ground not in ReportGround.values:
        raise NotTakenError(_("Say what is wrong with it."), "no-ground", "ground")
    ground = ReportGround(notice.ground)
    text, name, email = typed(notice.text), one_line(notice.name), notice.email.strip()
    if len(text) > MOST_CHARACTERS:
        raise NotTakenError(_("At most %d characters.") % MOST_CHARACTERS, "too-long", "text")
    if len(name) > LONGEST_NAME:
        raise NotTakenError(_("A name has at most %d characters.") % LONGEST_NAME, "long-name", "name")
    if ground in OF_THE_LAW and not text:
        raise NotTakenError(
            _("Say which law it breaks, and how: somebody has to be able to judge it."), "empty", "text"
        )
    if ground is ReportGround.ILLEGAL and not name:
        words = _("Say who you are: a notice that something breaks the law needs a name and a mail address.")
        raise NotTakenError(words, "no-name", "name")
    if (email or ground is ReportGround.ILLEGAL) and not vault.is_mail(email):
        raise NotTakenError(_("This is no mail address. It will not be published."), "no-mail", "email")
    if ground in OF_THE_LAW and not notice.is_sincere:
        words = _("Confirm that, as far as you know, what you say is true and complete.")
        raise NotTakenError(words, "no-confirmation", "is_sincere")
    return ground, text, name, email


def _is_enough(comment: Comment) -> bool:
    """Whether as many people as the newsroom has set, each from elsewhere, reported what nobody has decided on."""
    most = settings.STOPPRESS_COMMENTS_HOLD_AFTER_REPORTS
    if not most or comment.is_staff or comment.is_pick:
        return False
    read = Decision.objects.filter(comment=comment, by__isnull=False, state=State.APPROVED)
    if read.filter(at__gte=comment.edited_at or comment.made_at).exists():
        return False  # somebody has read it as it is now, and let it stand
    waiting = Report.objects.filter(comment=comment, state=ReportState.OPEN)
    networks = waiting.exclude(network="").values("network").distinct().count()
    return networks + min(1, waiting.filter(network="").count()) >= most


def _may_mail(limit: Limit, digest: str) -> bool:
    try:
        count([(limit, digest)])
    except TooOftenError:
        return False
    return True
