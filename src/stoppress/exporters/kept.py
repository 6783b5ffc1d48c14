"""What is kept of replies besides what readers see: who wrote them, what was decided, reported and appealed against,
what moderators ask for, and when everything was read first.

It comes with drafts only, and with addresses only when somebody asked for them. Nothing of it is another record's
number but ``writer``: decisions and reports stand inside of their reply, so that a line says all there is of it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

from stoppress.accounts.models import User
from stoppress.comments import vault
from stoppress.comments.models import (
    SITE,
    Appeal,
    BreakingNews,
    Comment,
    Decision,
    Report,
    SavedFilter,
    Statement,
    Thread,
    Writer,
)

BATCH = 200
NOUN = "article"


class Kept:
    """Reads it.

    Args:
        with_addresses: mail addresses too, and the names of accounts that are such.
    """

    def __init__(self, *, with_addresses: bool) -> None:
        self._with_addresses = with_addresses

    def of_replies(self, batch: Sequence[Comment]) -> dict[int, dict[str, Any]]:
        """By reply, what only its newsroom knows of it."""
        pks = [one.pk for one in batch]
        decisions: dict[int, list[Decision]] = {}
        rows = Decision.objects.filter(comment__in=pks).select_related("by").order_by("pk")
        for one in rows:
            decisions.setdefault(one.comment_id, []).append(one)
        statements = {one.decision_id: one for one in Statement.objects.filter(decision__comment__in=pks)}
        appeals = {
            one.decision_id: one for one in Appeal.objects.filter(decision__comment__in=pks).select_related("by")
        }
        reports: dict[int, list[Report]] = {}
        for report in Report.objects.filter(comment__in=pks).order_by("pk"):
            reports.setdefault(report.comment_id, []).append(report)
        found = {}
        for comment in batch:
            own = decisions.get(comment.pk, [])
            numbers = {decision.pk: number for number, decision in enumerate(own)}
            found[comment.pk] = {
                "writer": comment.writer_id,
                "place": comment.place,
                "pick_note": comment.pick_note,
                "is_followed": comment.is_followed,
                "is_account": comment.is_account,
                "is_proven": comment.is_proven,
                "confirmed_at": comment.confirmed_at,
                "signal": comment.signal,
                "decided_for": comment.decided_for,
                "decisions": [self._decision(one, statements.get(one.pk), appeals.get(one.pk)) for one in own],
                "reports": [self._report(one, numbers) for one in reports.get(comment.pk, [])],
            }
        return found

    def of_thread(self, thread: Thread) -> dict[str, Any]:
        """What the newsroom has set for a thread."""
        return {
            "mode": thread.mode,
            "close_days": thread.close_days,
            "answerers": [self._account(one) for one in thread.answerers.order_by("pk")],
        }

    def writers(self) -> Iterator[dict[str, Any]]:
        """Everybody who ever wrote, or has an account with us."""
        rows = Writer.objects.select_related("user").prefetch_related("bans__by", "bans__lifted_by", "cautions__by")
        last = 0
        while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
            last = batch[-1].pk
            emails = vault.emails_of([one.pk for one in batch]) if self._with_addresses else {}
            for one in batch:
                line = self._writer(one)
                yield {**line, "email": emails.get(one.pk)} if self._with_addresses else line

    def filters(self) -> Iterator[dict[str, Any]]:
        """Questions to the queues that moderators keep. What they are on and by whom stands in them by name, and beside
        them by number: elsewhere both are called otherwise."""
        for one in SavedFilter.objects.select_related("user").order_by("pk"):
            asked = dict(parse_qsl(one.query))
            noun, _colon, number = asked.get("on", "").partition(":")
            yield {
                "kind": "filter",
                "id": one.pk,
                "by": self._account(one.user),
                "name": one.name,
                "queue": one.queue,
                "query": one.query,
                "is_shared": one.is_shared,
                "article": int(number) if noun == NOUN and number.isdecimal() else None,
                "writer": Writer.objects.filter(public_id=asked.get("by", "")).values_list("pk", flat=True).first(),
            }

    def breaking(self, articles_among: Callable[[Collection[int]], set[int]]) -> Iterator[dict[str, Any]]:
        """When everything was read first, on one article or everywhere.

        Args:
            articles_among: says which of these articles come.
        """
        rows = BreakingNews.objects.select_related("by", "ended_by").order_by("pk")
        scopes = set(rows.order_by().exclude(scope=SITE).values_list("scope", flat=True))
        numbers = {int(number) for noun, _colon, number in (one.partition(":") for one in scopes) if noun == NOUN}
        here = articles_among(numbers)
        for one in rows:
            article = None if one.scope == SITE else int(one.scope.rpartition(":")[2])
            if article is None or (article in here and one.scope == f"{NOUN}:{article}"):
                yield {
                    "kind": "breaking",
                    "id": one.pk,
                    "article": article,
                    "notice": one.notice,
                    "began_at": one.began_at,
                    "ends_at": one.ends_at,
                    "by": self._account(one.by),
                    "is_automatic": one.is_automatic,
                    "looked_at": one.looked_at,
                    "calm_since": one.calm_since,
                    "most": one.most,
                    "ended_at": one.ended_at,
                    "ended_how": one.ended_how,
                    "ended_by": self._account(one.ended_by),
                }

    def _writer(self, one: Writer) -> dict[str, Any]:
        return {
            "kind": "writer",
            "id": one.pk,
            "public_id": one.public_id,
            "name": one.display_name,
            "account": self._account(one.user),
            "is_verified": one.is_verified,
            "mutes_mail": one.mutes_mail,
            "since": one.made_at,
            "bans": [
                {
                    "reason": ban.reason,
                    "at": ban.at,
                    "until": ban.until,
                    "by": self._account(ban.by),
                    "lifted_at": ban.lifted_at,
                    "lifted_by": self._account(ban.lifted_by),
                }
                for ban in sorted(one.bans.all(), key=lambda ban: ban.pk)
            ],
            "cautions": [
                {"text": caution.text, "at": caution.at, "by": self._account(caution.by)}
                for caution in sorted(one.cautions.all(), key=lambda caution: caution.pk)
            ],
        }

    def _decision(self, one: Decision, statement: Statement | None, appeal: Appeal | None) -> dict[str, Any]:
        return {
            "state": one.state,
            "phase": one.phase,
            "reason": one.reason,
            "note": one.note,
            "at": one.at,
            "by": self._account(one.by),
            "statement": None
            if statement is None
            else {
                "facts": statement.facts,
                "is_legal": statement.is_legal,
                "clause": statement.clause,
                "is_automated": statement.is_automated,
                "redress": statement.redress,
            },
            "appeal": None
            if appeal is None
            else {
                "text": appeal.text,
                "made_at": appeal.made_at,
                "is_granted": appeal.is_granted,
                "answer": appeal.answer,
                "decided_at": appeal.decided_at,
                "by": self._account(appeal.by),
            },
        }

    def _report(self, one: Report, numbers: dict[int, int]) -> dict[str, Any]:
        line = {
            "ground": one.ground,
            "text": one.text,
            "name": one.name,
            "state": one.state,
            "made_at": one.made_at,
            "decision": numbers.get(one.decision_id) if one.decision_id is not None else None,
        }
        if self._with_addresses:
            line["email"] = vault.opened(one.sealed) if one.sealed else None
        return line

    def _account(self, user: User | None) -> str | None:
        """The name of an account; people may have chosen their mail address for one."""
        if user is None or ("@" in user.username and not self._with_addresses):
            return None
        return user.username
