"""What a writer is told of a decision, written down when it is made. Called inside a transaction."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stoppress.comments.actions.reporting import GRACE
from stoppress.comments.models import Comment, Decision, State, Statement
from stoppress.comments.reasons import OF_THE_LAW, in_words
from stoppress.comments.tasks import tell_writer

RESTRICTING = frozenset({State.REFUSED, State.SPAM})


def give_reasons(comment: Comment, decision: Decision, reports: int) -> None:
    """Keep a statement of reasons for a decision by which a reply can't be seen, and send it when nobody undoes it.

    Args:
        reports: how many had reported it.
    """
    if comment.state not in RESTRICTING:
        return
    Statement.objects.create(
        decision=decision,
        facts=_facts(comment, reports),
        is_legal=decision.reason in OF_THE_LAW,
        clause=in_words(decision.reason),
        is_automated=bool(decision.phase),
        redress=_(
            "You can appeal once within six months; somebody else than who decided looks at it again. You may also "
            "turn to a body for the settlement of disputes out of court, or to a court."
        ),
    )
    # Of spam nobody is told (article 17, paragraph 2: deceptive commercial content in quantity).
    if comment.state == State.REFUSED and comment.writer is not None and comment.writer.is_verified:
        tell_writer.using(run_after=timezone.now() + GRACE).enqueue(decision.pk)


def _facts(comment: Comment, reports: int) -> str:
    at = date_format(timezone.localtime(comment.edited_at or comment.made_at), "DATETIME_FORMAT")
    read = _("Somebody at the paper has read the reply as it was written on %s.") % at
    if not reports:
        return f"{read} {_('Nobody had reported it.')}"
    said = ngettext("It had been reported by %d reader.", "It had been reported by %d readers.", reports)
    return f"{read} {said % reports}"
