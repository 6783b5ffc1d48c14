"""Telling readers what was wrong: the notice, and the right sentence in the place of the wrong one."""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision

from stoppress.accounts.models import User
from stoppress.core.text import without_controls
from stoppress.newsroom import passages
from stoppress.newsroom.actions.errors import settle_error
from stoppress.newsroom.models import Article, Correction, ErrorReport
from stoppress.newsroom.prose import Selector

LONGEST_NOTICE = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What was wrong.

    Attributes:
        text: for readers: what was wrong, and what is right.
        place: where the wrong sentence stands: a field's name or the id of a block; empty for the article as a whole.
        wrong: the sentence, with what stands around it.
        right: what takes its place, plain text, ``""`` to take it out; ``None`` leaves the article's text as it is.
        report: what a reader reported, if that is where it comes from.
        is_thanked: say who reported it, if they agreed to that.
    """

    text: str
    place: str = ""
    wrong: Selector = field(default_factory=lambda: Selector(""))
    right: str | None = None
    report: ErrorReport | None = None
    is_thanked: bool = False


def correct_article(article: Article, mistake: Mistake, user: User | None = None) -> Correction:
    """Tell readers at once what a live article got wrong; with ``mistake.right`` also put it right and publish that.

    Only that sentence of the live text is changed. A draft that is being written is not published with it: it stays
    the newest, planned or in its workflow as it was, and has the right sentence too where it had the wrong one.

    Raises:
        PermissionDenied: ``user`` may not publish it, or nobody reads it now.
        ValidationError: nothing was said, or the sentence is the same or stands there no more; nothing was written.
    """
    text = without_controls(mistake.text).strip()
    if not text:
        raise ValidationError({"text": _("Say what was wrong, and what is right.")})
    if len(text) > LONGEST_NOTICE:
        raise ValidationError({"text": _("Make it shorter: %(count)d letters at most.") % {"count": LONGEST_NOTICE}})
    with transaction.atomic():
        live = Article.objects.select_for_update().get(pk=article.pk)
        _require_open(live, user)
        if mistake.place and passages.find(live, mistake.place, mistake.wrong) is None:
            raise ValidationError(
                {"quote": _("This sentence stands there no more: the article was changed meanwhile. Mark it again.")}
            )
        made = Correction(
            article=live,
            text=text,
            corrects=live.live_revision_id,
            place=mistake.place,
            quote=mistake.wrong.exact,
            prefix=mistake.wrong.prefix,
            suffix=mistake.wrong.suffix,
            by=user,
            thanks=_thanked(live, mistake),
        )
        if mistake.place and mistake.right is not None:
            made.replacement, made.is_applied = " ".join(without_controls(mistake.right).split()), True
            if made.replacement == " ".join(mistake.wrong.exact.split()):
                # Readers would be told of a change, linked to a sentence that is as wrong as before.
                raise ValidationError(
                    {"right": _("This is the sentence as it stands. Change it, or untick that it is put right now.")}
                )
            made.fixed_in = _put_right(live, mistake.place, mistake.wrong, made.replacement, user).pk
        made.save()
        if mistake.report is not None and mistake.report.article_id == live.pk:
            settle_error(mistake.report, made, user)
        log(instance=live, action="stoppress.correct", user=user, data={"text": text, "correction": made.pk})
    return made


def withdraw_correction(correction: Correction, reason: str, user: User | None = None) -> None:
    """Show a correction no more, since it was itself wrong. It stays on record with who withdrew it, when and why.

    Raises:
        PermissionDenied: ``user`` may not publish the article.
        ValidationError: no reason was given.
    """
    if user is not None and not correction.article.permissions_for_user(user).can_publish():
        raise PermissionDenied(_("You may not publish this article."))
    reason = without_controls(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Say why. The record is for those who ask later.")})
    with transaction.atomic():
        found = Correction.objects.select_for_update().get(pk=correction.pk)
        if found.withdrawn_at is not None:
            return
        found.withdrawn_at, found.withdrawn_because, found.withdrawn_by = timezone.now(), reason, user
        found.save()
        log(
            instance=found.article,
            action="stoppress.withdraw_correction",
            user=user,
            data={"text": found.text, "reason": found.withdrawn_because, "correction": found.pk},
        )


def _thanked(live: Article, mistake: Mistake) -> str:
    report = mistake.report
    if report is None or report.article_id != live.pk:
        return ""
    return report.name if mistake.is_thanked and report.may_thank else ""


def _require_open(live: Article, user: User | None) -> None:
    if user is not None and not live.permissions_for_user(user).can_publish():
        raise PermissionDenied(_("You may not publish this article."))
    if not live.live or live.killed_at is not None or live.is_embargoed:
        raise PermissionDenied(_("Readers have not got this article now, so there is nothing to correct."))


def _put_right(live: Article, place: str, wrong: Selector, right: str, user: User | None) -> Revision:
    """Publish the live text with the right sentence, past the draft."""
    draft = live.get_latest_revision() if live.has_unpublished_changes else None
    _swap(live, place, wrong, right)
    live.last_published_at = timezone.now()
    # Not through Wagtail's publishing: that would unplan what is planned and end the workflow of the draft.
    live.full_clean()
    revision: Revision = live.save_revision(user=user, log_action=False, clean=False)
    live.live_revision = revision
    live.has_unpublished_changes = draft is not None
    live.save(clean=False)
    if draft is not None:
        _carry_on(live, draft, place, wrong, right, user)
    return revision


def _swap(article: Article, place: str, wrong: Selector, right: str) -> bool:
    found = passages.find(article, place, wrong)
    if found is None:
        return False
    passage, start, end = found
    source = passage.prose.replaced(start, end, right)
    if place == "title" and not source.strip():
        raise ValidationError({"right": _("An article can't be without a headline.")})
    passages.put(article, passage, source)
    return True


def _carry_on(live: Article, draft: Revision, place: str, wrong: Selector, right: str, user: User | None) -> None:
    """Make the draft the newest again, with the right sentence; its plan and its workflow go with it."""
    version = draft.as_object()
    _swap(version, place, wrong, right)
    carried: Revision = version.save_revision(user=draft.user or user, log_action=False, clean=False)
    if draft.approved_go_live_at is not None:
        carried.approved_go_live_at = draft.approved_go_live_at
        carried.save(update_fields=["approved_go_live_at"])
        Revision.objects.filter(pk=draft.pk).update(approved_go_live_at=None)
    state = live.current_workflow_task_state
    if state is not None and state.revision_id == draft.pk:
        state.revision = carried
        state.save(update_fields=["revision"])
