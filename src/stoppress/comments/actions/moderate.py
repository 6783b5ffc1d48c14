"""What moderators do. Everything is written down, and nothing of it is ever changed afterwards."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, User
from stoppress.comments import keys
from stoppress.comments.actions.appeals import GRANTED, OwnDecisionError, end_appeals, is_by
from stoppress.comments.actions.placing import DECIDES_NOTHING, mark_shown, note, settle, thread_on
from stoppress.comments.actions.reporting import GRACE, end_reports, reopen_reports
from stoppress.comments.actions.rights import require_moderator
from stoppress.comments.actions.telling import give_reasons
from stoppress.comments.models import Ban, Caution, Comment, Decision, State, Thread, Writer
from stoppress.comments.standing import refusal_in_force
from stoppress.comments.tasks import tell_ban, tell_caution
from stoppress.core.text import without_controls
from stoppress.pagestore.actions import mark

PICKED, UNPICKED = "picked", "unpicked"
LONGEST_NOTE = 300
"""Characters of an editor's note on a pick."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a moderator had before them when they decided.

    Attributes:
        edited_at: when its writer had last changed it: nobody approves words that they have not read.
    """

    state: State
    edited_at: datetime | None = None

    @classmethod
    def of(cls, comment: Comment) -> "Seen":
        """It as it is now."""
        return cls(State(comment.state), comment.edited_at)


class DecidedMeanwhileError(Exception):
    """The reply is no longer what the moderator saw; nothing was done. The text says what happened, by whom and when.

    Attributes:
        comment: as it is now.
    """

    def __init__(self, words: str, comment: Comment) -> None:
        super().__init__(words)
        self.comment = comment


def decide(
    comment: Comment, state: State, reason: str, user: User, words: str = "", seen: Seen | None = None
) -> Comment:
    """Let a reply through, refuse it, or call it spam.

    Args:
        reason: a short word, the same for the same cause.
        words: for its writer.
        seen: what ``user`` looked at; ``None`` decides whatever has happened meanwhile.

    Raises:
        DecidedMeanwhileError: somebody was faster, or its writer changed it.
        OwnDecisionError: it is their own, and somebody else has refused it.
        PermissionDenied: ``user`` is no moderator.
        ValueError: its writer took it back.
    """
    require_moderator(user)
    with transaction.atomic():
        thread, comment = _locked(comment, seen)
        _require_no_own_case(comment, user)
        _let_stand(comment, thread, state, reason, user, words)
    return comment


def undo(comment: Comment, user: User, seen: Seen | None = None) -> Comment:
    """Take back the newest decision of a person: the reply stands where it stood before.

    Raises:
        DecidedMeanwhileError: it is not what ``user`` looked at any more.
        OwnDecisionError: it is their own, and somebody else has refused it.
        PermissionDenied: ``user`` is no moderator.
        ValueError: nobody has decided anything of it, or its writer took it back.
    """
    require_moderator(user)
    with transaction.atomic():
        thread, comment = _locked(comment, seen)
        _require_no_own_case(comment, user)
        decisions = list(Decision.objects.filter(comment=comment).order_by("-pk")[:2])
        if not decisions or decisions[0].by_id is None:
            raise ValueError(_("Nobody has decided anything of this reply yet."))
        if decisions[0].reason in {PICKED, UNPICKED}:
            _set_pick(comment, thread, comment.pick_note, is_pick=decisions[0].reason == UNPICKED)
            note(comment, "undo", by=user)
            return comment
        if decisions[0].reason == GRANTED:
            raise ValueError(_("Its writer has been told that the appeal was right. Decide anew instead."))
        former = State(decisions[1].state) if len(decisions) > 1 else State.HELD
        comment.decided_for = _decided_before(comment, decisions[0], former)
        comment.save(update_fields=["decided_for"])
        if comment.state == former:
            note(comment, "undo", by=user)
        else:
            _let_stand(comment, thread, former, "undo", user, "")
        reopen_reports(comment, decisions[0])
    return comment


def keep(comment: Comment, user: User, seen: Seen | None = None) -> Comment:
    """Leave a reply that was reported as it is: what was said against it is answered.

    Raises:
        DecidedMeanwhileError: it is not what ``user`` looked at any more.
        PermissionDenied: ``user`` is no moderator.
        ValueError: nobody reports it, or readers don't see it.
    """
    require_moderator(user)
    with transaction.atomic():
        _thread, comment = _locked(comment, seen)
        if not comment.reports or comment.state != State.APPROVED:
            raise ValueError(_("No report of this reply waits."))
        end_reports(comment, note(comment, "kept", by=user))
    return comment


def pick(comment: Comment, words: str, user: User, seen: Seen | None = None) -> Comment:
    """Point out a reply that readers see, with a note or without; once more for another note.

    Raises:
        DecidedMeanwhileError: it is not what ``user`` looked at any more.
        PermissionDenied: ``user`` is no moderator.
        ValueError: readers don't see it, or the note is too long.
    """
    require_moderator(user)
    words = " ".join(without_controls(words).split())
    if len(words) > LONGEST_NOTE:
        raise ValueError(_("A note has at most %d characters.") % LONGEST_NOTE)
    with transaction.atomic():
        thread, comment = _locked(comment, seen)
        if comment.state != State.APPROVED:
            raise ValueError(_("Approve it first: only what readers see can be picked."))
        if (comment.is_pick, comment.pick_note) != (True, words):
            _set_pick(comment, thread, words, is_pick=True)
            note(comment, PICKED, words=words, by=user)
    return comment


def unpick(comment: Comment, user: User, seen: Seen | None = None) -> Comment:
    """Point it out no more; the note stays for whoever undoes this.

    Raises:
        DecidedMeanwhileError: it is not what ``user`` looked at any more.
        PermissionDenied: ``user`` is no moderator.
        ValueError: its writer took it back.
    """
    require_moderator(user)
    with transaction.atomic():
        thread, comment = _locked(comment, seen)
        if comment.is_pick:
            _set_pick(comment, thread, comment.pick_note, is_pick=False)
            note(comment, UNPICKED, by=user)
    return comment


def ban(writer: Writer, reason: str, user: User, until: datetime | None = None) -> Ban:
    """Let ``writer`` reply no more, until a time or for good; they are told why when they try.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: no reason is given, or the time is over already.
    """
    require_moderator(user)
    reason = without_controls(reason).strip()
    if not reason:
        raise ValueError(_("Say why; they will read it."))
    if until is not None and until <= timezone.now():
        raise ValueError(_("This time is over already."))
    with transaction.atomic():
        made = Ban.objects.create(writer=writer, reason=reason, until=until, by=user)
        audit.record(Event.WRITER_BANNED, writer.public_id, by=user, until=until.isoformat() if until else "")
        if writer.is_verified:
            tell_ban.using(run_after=timezone.now() + GRACE).enqueue(made.pk)
    return made


def lift_ban(ban: Ban, user: User) -> None:
    """Let them reply again; it is kept who did.

    Raises:
        PermissionDenied: ``user`` is no moderator.
    """
    require_moderator(user)
    with transaction.atomic():
        lifted = Ban.objects.filter(pk=ban.pk, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=user)
        if lifted:
            audit.record(Event.WRITER_LET_IN, ban.writer.public_id, by=user)


def caution(writer: Writer, text: str, user: User) -> Caution:
    """Tell ``writer`` something, by mail and beside their replies; nothing else comes of it.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: it says nothing.
    """
    require_moderator(user)
    text = without_controls(text).strip()
    if not text:
        raise ValueError(_("Say something; they will read it."))
    with transaction.atomic():
        made = Caution.objects.create(writer=writer, text=text, by=user)
        audit.record(Event.WRITER_CAUTIONED, writer.public_id, by=user)
        if writer.is_verified:
            tell_caution.enqueue(made.pk)
    return made


def _locked(comment: Comment, seen: Seen | None) -> tuple[Thread, Comment]:
    thread = thread_on(comment.thread.subject)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.state == State.REMOVED:
        raise ValueError(_("Its writer took this reply back."))
    if seen is not None and seen != Seen.of(comment):
        raise DecidedMeanwhileError(_what_happened(comment, seen), comment)
    return thread, comment


def _require_no_own_case(comment: Comment, user: User) -> None:
    refused = refusal_in_force(comment)
    if refused is not None and refused.by_id != user.pk and is_by(comment, user):
        raise OwnDecisionError(_("This reply is your own, and somebody else has refused it. You can appeal."))


def _set_pick(comment: Comment, thread: Thread, words: str, *, is_pick: bool) -> None:
    comment.is_pick, comment.pick_note = is_pick, words
    comment.save(update_fields=["is_pick", "pick_note"])
    mark_shown(comment, thread.subject)
    mark(keys.picks(thread.subject))


def _what_happened(comment: Comment, seen: Seen) -> str:
    if comment.edited_at != seen.edited_at:
        return _("Its writer has changed it meanwhile. Read it again.")
    last = Decision.objects.filter(comment=comment).select_related("by").order_by("-pk").first()
    words = {"state": State(comment.state).label, "who": last.by if last and last.by else _("the checks")}
    at = timezone.localtime(last.at if last else comment.made_at)
    words["at"] = date_format(at, "TIME_FORMAT" if at.date() == timezone.localdate() else "SHORT_DATETIME_FORMAT")
    return _("Already decided: “%(state)s”, by %(who)s at %(at)s. Nothing was changed.") % words


def _decided_before(comment: Comment, undone: Decision, former: State) -> str:
    """Why a person had let it stand where it stands once more; empty when none had."""
    of_people = Decision.objects.filter(comment=comment, by__isnull=False, pk__lt=undone.pk)
    last = of_people.exclude(reason__in=DECIDES_NOTHING).order_by("-pk").first()
    return last.reason if last is not None and last.state == former else ""


def _let_stand(comment: Comment, thread: Thread, state: State, reason: str, user: User, words: str) -> None:
    reports = comment.reports
    if comment.state == state:
        return
    reason, words = without_controls(reason), without_controls(words).strip()
    decision = settle(comment, thread, state, reason, words=words, by=user)
    end_appeals(comment, user)
    if reason == "undo":
        return
    end_reports(comment, decision)
    give_reasons(comment, decision, reports)
