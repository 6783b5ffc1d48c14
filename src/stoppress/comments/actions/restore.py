"""Bringing back what an export of our own says besides replies: people, what was decided and reported, settings.

What is here already stays as it is; nobody is told of anything.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, User
from stoppress.comments import keys, vault
from stoppress.comments.actions.placing import thread_on
from stoppress.comments.models import (
    Appeal,
    Ban,
    Caution,
    Comment,
    Decision,
    Report,
    ReportState,
    Statement,
    Thread,
    Writer,
)
from stoppress.comments.past import Past, PastAppeal, PastBan, PastDecision, PastReport, Person, Settings
from stoppress.comments.text import name_key
from stoppress.pagestore.actions import mark

Tell = Callable[[str, str], None]
M = TypeVar("M", bound=models.Model)
PUBLIC_ID = re.compile(r"[\w-]{8,16}", re.ASCII)
"""It stands in addresses."""
NEW, AS_BEFORE, LEFT_OUT = "new", "as before", "left out"


def bring_people(people: Iterable[Person], tell: Tell) -> tuple[dict[str, int], dict[str, int]]:
    """Bring those who write; somebody whose mail address is known here is who they are here.

    Returns:
        Their primary keys by the ids of the file, and how many were new, as before, and left out.
    """
    found: dict[str, int] = {}
    counts = dict.fromkeys((NEW, AS_BEFORE, LEFT_OUT), 0)
    for one in people:
        with transaction.atomic():
            writer, is_new = _writer(one)
            if writer is None:
                tell("somebody who wanted to be forgotten", one.id)
                counts[LEFT_OUT] += 1
                continue
            if is_new:
                _describe(writer, one, tell)
            measures = _measures(writer, one)
        found[one.id] = writer.pk
        counts[NEW if is_new or measures else AS_BEFORE] += 1
    return found, counts


def bring_settings(subject: str, settings: Settings, tell: Tell) -> bool:
    """Bring what a newsroom had set for a thread, where nothing is set or said yet; returns whether it was."""
    if settings == Settings():
        return False
    with transaction.atomic():
        thread = thread_on(subject)
        is_used = Comment.objects.filter(thread=thread).exists() or thread.answerers.exists()
        if is_used or _settings_of(thread) != _settings_of(Thread(subject=subject)):
            return False
        for name, value in _settings_of(settings).items():
            setattr(thread, name, value)
        thread.save()
        people = accounts_by_name(settings.answerers)
        for name in settings.answerers:
            if name not in people:
                tell("account of somebody who answers, which is not here", f"{subject}: {name}")
        thread.answerers.set(people.values())
        audit.record(Event.REPLY_RULES, subject, mode=thread.mode, close_days=thread.close_days, imported=True)
        mark(*(key(subject) for key in (keys.look_again, keys.count, keys.newest, keys.answers)))
    return True


def open_reports(past: Past) -> tuple[int, datetime | None]:
    """How many reports of it wait, and since when."""
    times = [one.made_at for one in past.reports if one.state == ReportState.OPEN]
    return len(times), min(times, default=None)


def keep_past(pasts: Sequence[tuple[Comment, Past]]) -> None:
    """Store what happened to replies that were just stored. Called inside a transaction."""
    names = {one.by for _comment, past in pasts for one in past.decisions}
    names |= {one.appeal.by for _comment, past in pasts for one in past.decisions if one.appeal is not None}
    people = accounts_by_name(names)
    decisions = [(_decision(comment, one, people), one) for comment, past in pasts for one in past.decisions]
    _keep_dated([(row, one.at) for row, one in decisions], "at")
    rows = [(row, one.statement) for row, one in decisions if one.statement is not None]
    Statement.objects.bulk_create(
        Statement(
            decision=row,
            facts=one.facts,
            is_legal=one.is_legal,
            clause=one.clause,
            is_automated=one.is_automated,
            redress=one.redress,
        )
        for row, one in rows
    )
    appeals = [(row, one.appeal) for row, one in decisions if one.appeal is not None]
    _keep_dated([(_appeal(row, one, people), one.made_at) for row, one in appeals], "made_at")
    own: dict[int, list[Decision]] = {}
    for row, _one in decisions:
        own.setdefault(row.comment_id, []).append(row)
    reports = [(comment, one) for comment, past in pasts for one in past.reports]
    _keep_dated([(_report(comment, one, own.get(comment.pk, [])), one.made_at) for comment, one in reports], "made_at")


def _writer(one: Person) -> tuple[Writer | None, bool]:
    if one.email and vault.is_mail(one.email):
        if one.email in vault.forgotten([one.email]):
            return None, False
        known = vault.writer_with(one.email)
        return (known, False) if known is not None else (vault.writer_of(one.email), True)
    known = Writer.objects.filter(public_id=one.public_id).first() if one.public_id else None
    return (known, False) if known is not None else (Writer.objects.create(), True)


def _describe(writer: Writer, one: Person, tell: Tell) -> None:
    """Let somebody who was never here be whom the file says."""
    if PUBLIC_ID.fullmatch(one.public_id) and not Writer.objects.filter(public_id=one.public_id).exists():
        writer.public_id = one.public_id
    writer.is_verified, writer.mutes_mail = one.is_verified, one.mutes_mail
    writer.made_at = min(one.since or timezone.now(), timezone.now())
    if key := name_key(one.name):
        if Writer.objects.filter(name_key=key).exists() or vault.gives_away(one.name, one.email):
            tell("name of an account that somebody has here, left out", one.id)
        else:
            writer.display_name, writer.name_key = one.name, key
    user = accounts_by_name([one.account]).get(one.account)
    if user is not None and not Writer.objects.filter(user=user).exists():
        writer.user = user
    writer.save()


def _measures(writer: Writer, one: Person) -> int:
    """Keep bans and cautions that are not here; returns how many."""
    people = accounts_by_name(
        [
            *(ban.by for ban in one.bans),
            *(ban.lifted_by for ban in one.bans),
            *(caution.by for caution in one.cautions),
        ]
    )
    known = set(writer.bans.values_list("at", flat=True)) if one.bans else set()
    bans = [ban for ban in one.bans if ban.at not in known]
    _keep_dated([(_ban(writer, ban, people), ban.at) for ban in bans], "at")
    known = set(writer.cautions.values_list("at", flat=True)) if one.cautions else set()
    cautions = [caution for caution in one.cautions if caution.at not in known]
    told = [(Caution(writer=writer, text=said.text, by=people.get(said.by)), said.at) for said in cautions]
    _keep_dated(told, "at")
    return len(bans) + len(cautions)


def _keep_dated(rows: Sequence[tuple[M, datetime]], field: str) -> None:
    """Store rows of one table with their own times: as they are stored, they get the time of now."""
    if not rows:
        return
    table = type(rows[0][0])._default_manager
    table.bulk_create([row for row, _at in rows])
    for row, at in rows:
        setattr(row, field, at)
    table.bulk_update([row for row, _at in rows], [field], batch_size=200)


def _decision(comment: Comment, one: PastDecision, people: Mapping[str, User]) -> Decision:
    by = people.get(one.by)
    return Decision(comment=comment, state=one.state, phase=one.phase, reason=one.reason, note=one.note, by=by)


def _appeal(decision: Decision, one: PastAppeal, people: Mapping[str, User]) -> Appeal:
    return Appeal(
        decision=decision,
        text=one.text,
        is_granted=one.is_granted,
        answer=one.answer,
        decided_at=one.decided_at,
        by=people.get(one.by),
    )


def _ban(writer: Writer, one: PastBan, people: Mapping[str, User]) -> Ban:
    return Ban(
        writer=writer,
        reason=one.reason,
        until=one.until,
        by=people.get(one.by),
        lifted_at=one.lifted_at,
        lifted_by=people.get(one.lifted_by),
    )


def _report(comment: Comment, one: PastReport, decisions: Sequence[Decision]) -> Report:
    is_known = one.decision is not None and one.decision < len(decisions)
    is_kept = bool(one.email) and vault.is_mail(one.email) and one.email not in vault.forgotten([one.email])
    return Report(
        comment=comment,
        ground=one.ground,
        text=one.text,
        name=one.name,
        sealed=vault.sealed(one.email) if is_kept else "",
        digest=vault.mail_digest(one.email) if is_kept else "",
        state=one.state,
        decision=decisions[one.decision] if is_known and one.decision is not None else None,
    )


def accounts_by_name(names: Iterable[str]) -> dict[str, User]:
    """Those of these accounts that are here."""
    wanted = {name for name in names if name}
    return {one.username: one for one in User.objects.filter(username__in=wanted)} if wanted else {}


def _settings_of(found: Thread | Settings) -> dict[str, object]:
    names = ("mode", "close_days", "frozen_at", "frozen_note", "questions_from", "questions_until", "answered_by")
    return {name: getattr(found, name) for name in names}
