"""Bringing replies from elsewhere: in bulk, as often as one likes, and without a mail to anybody."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.comments import keys, vault
from stoppress.comments.actions.arranging import Spot, arrange, settle
from stoppress.comments.actions.placing import thread_on
from stoppress.comments.actions.restore import PUBLIC_ID, keep_past, open_reports
from stoppress.comments.actions.submit import LONGEST_NAME
from stoppress.comments.models import Comment, Decision, State, Thread, Writer
from stoppress.comments.past import Past
from stoppress.comments.text import fingerprint, one_line, typed, website_of
from stoppress.pagestore.actions import mark

AT_ONCE = 400
"""Rows in one statement."""
LONGEST_BROUGHT = 65_535
"""Longer than what is written here may be: what was public once is not cut to our taste. WordPress holds no more."""
IMPORTED = "imported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A reply as another system has it, in plain text.

    Attributes:
        id: what tells it from all others, ``wordpress:1f2e3d4c:17``; kept as ``Comment.imported_id``.
        parent: id of what it answers; empty for the subject itself.
        email: of its writer; sealed by the vault, and not kept when it is none.
        address: of the machine that it came from; not kept when the reply is older than we keep them.
        edited_at: when its writer changed it last.
        confirmed_at: when its writer had shown that the address is theirs; ``None`` where that is not known.
        is_staff, is_author, is_answerer, is_pick, pick_note, recommended: as the pages showed it.
        public_id: what links to it call it; another one is found where it is taken.
        writer: id of its writer among ``people`` of :func:`bring`, where the other system is one of ours.
        place: among the replies beside it, there; ``None`` when it had none. One that was taken back comes with its
            place and without a word.
        past: what happened to it; without it nothing is known but its state.
    """

    id: str
    parent: str
    state: State
    name: str
    text: str
    made_at: datetime
    website: str = ""
    email: str = ""
    address: str = ""
    edited_at: datetime | None = None
    is_staff: bool = False
    is_author: bool = False
    is_answerer: bool = False
    is_followed: bool = False
    is_account: bool = False
    is_proven: bool = False
    confirmed_at: datetime | None = None
    signal: str = ""
    decided_for: str = ""
    is_pick: bool = False
    pick_note: str = ""
    recommended: int = 0
    public_id: str = ""
    writer: str = ""
    place: int | None = None
    past: Past | None = None


@dataclass(slots=True)
class Brought:
    """What became of them, counted by the state that they came with."""

    new: Counter[State] = field(default_factory=Counter)
    as_before: Counter[State] = field(default_factory=Counter)
    left_out: Counter[State] = field(default_factory=Counter)


Tell = Callable[[str, str], None]
"""Told what of a reply could not be kept as it was, and its id."""


def bring(subject: str, replies: Iterable[Incoming], tell: Tell, people: Mapping[str, int] | None = None) -> Brought:
    """Bring the replies to one subject, all or none; those that came before stay as they are here.

    They keep their states, whatever the checks would say. Nothing is sent, and the signals of single replies are not
    given.

    Args:
        replies: in any order; read once, a few hundred at a time.
        people: primary keys of their writers by what the replies call them, from
            :func:`~stoppress.comments.actions.restore.bring_people`.
    """
    brought = Brought()
    with transaction.atomic():
        thread = thread_on(subject)
        spots: dict[str, Spot] = {}
        for batch in _batches(replies):
            known = _known(thread, batch)
            forgotten = vault.forgotten({one.email for one in batch if one.email})
            fresh: list[Incoming] = []
            for one in batch:
                if one.id in spots:
                    tell("reply that is in the file twice, the first one taken", one.id)
                    brought.left_out[one.state] += 1
                elif one.id in known:
                    brought.as_before[one.state] += 1
                elif forgotten.get(one.email):
                    tell("reply of somebody who wanted to be forgotten", one.id)
                    brought.left_out[one.state] += 1
                elif not typed(one.text) and one.state != State.REMOVED:
                    tell("reply without a word", one.id)
                    brought.left_out[one.state] += 1
                else:
                    brought.new[one.state] += 1
                    spots[one.id] = Spot(0, one.parent, one.state, one.made_at, number=len(spots), rank=one.place)
                    fresh.append(_nameless(one) if one.email in forgotten else one)
            for one, comment in zip(fresh, _store(thread, fresh, tell, people or {}), strict=True):
                spots[one.id].pk = comment.pk
            _mark_lists(thread, fresh)
        if spots:
            settle(thread, spots, tell)
            arrange(thread, spots)
    return brought


def _nameless(one: Incoming) -> Incoming:
    """It without a trace of whoever wanted to be forgotten."""
    return replace(one, name=_("Deleted"), website="", email="", address="", writer="")


def _batches(replies: Iterable[Incoming]) -> Iterator[list[Incoming]]:
    rest = iter(replies)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch


def _known(thread: Thread, batch: Sequence[Incoming]) -> set[str]:
    """Those that came before, or were written here before they went out."""
    ids, public = [one.id for one in batch], {one.public_id: one.id for one in batch if one.public_id}
    here = set(Comment.objects.filter(imported_id__in=ids).values_list("imported_id", flat=True))
    if public:
        written = Comment.objects.filter(thread=thread, public_id__in=public).values_list("public_id", flat=True)
        here |= {public[one] for one in written}
    return here


def _taken(ids: Sequence[str]) -> set[str]:
    return set(Comment.objects.filter(public_id__in=ids).values_list("public_id", flat=True)) if ids else set()


def _mark_lists(thread: Thread, fresh: Sequence[Incoming]) -> None:
    """What is shown of replies besides where they stand."""
    subject = thread.subject
    if any(one.is_pick for one in fresh):
        mark(keys.picks(subject))
    if any(one.is_answerer for one in fresh):
        mark(keys.answers(subject))
    if any(one.recommended for one in fresh):
        mark(keys.recommended(subject), keys.newest(subject), keys.look_again(subject))


def _store(thread: Thread, fresh: Sequence[Incoming], tell: Tell, people: Mapping[str, int]) -> list[Comment]:
    """Rows for them, each with its decision; where they stand is settled when all are there."""
    writers = vault.writers_of(list(dict.fromkeys(one.email for one in fresh if one.email)))
    taken = _taken([one.public_id for one in fresh if one.public_id])
    comments = [_comment(thread, one, tell) for one in fresh]
    for one, comment in zip(fresh, comments, strict=True):
        writer = writers.get(one.email)
        comment.writer_id = people.get(one.writer) or (writer.pk if writer is not None else None)
    for one, comment in zip(fresh, comments, strict=True):
        if PUBLIC_ID.fullmatch(one.public_id) and one.public_id not in taken:
            comment.public_id = one.public_id
            taken.add(one.public_id)
    Comment.objects.bulk_create(comments)
    Decision.objects.bulk_create(
        [
            Decision(comment=comment, state=comment.state, phase="import", reason=IMPORTED)
            for one, comment in zip(fresh, comments, strict=True)
            if one.past is None or not one.past.decisions
        ]
    )
    keep_past([(comment, one.past) for one, comment in zip(fresh, comments, strict=True) if one.past is not None])
    oldest = timezone.now() - vault.KEPT
    for one, comment in zip(fresh, comments, strict=True):
        if one.address and comment.made_at > oldest:
            vault.note_machine(comment, one.address, comment.made_at)
        if one.email and one.email not in writers:
            tell("reply whose writer has no mail address that could be one", one.id)
    _count_for_writers(comments)
    return comments


def _comment(thread: Thread, one: Incoming, tell: Tell) -> Comment:
    name, website, text = one_line(one.name), website_of(one.website), typed(one.text)
    reports, reported_at = open_reports(one.past) if one.past is not None else (0, None)
    if one.state == State.REMOVED:
        name, text = name or _("Deleted"), ""
    if vault.gives_away(name, one.email):
        tell("name of a writer that is a mail address, left out", one.id)
        name = _("Anonymous")
    if not name:
        tell("reply without a name", one.id)
        name = _("Anonymous")
    if len(name) > LONGEST_NAME:
        tell("name of a writer that is too long, cut", one.id)
        name = f"{name[: LONGEST_NAME - 1].rstrip()}…"
    if one_line(one.website) and not website:
        tell("website of a writer that is no address, left out", one.id)
    if len(text) > LONGEST_BROUGHT:
        tell(f"what follows the first {LONGEST_BROUGHT:,} characters of a reply", one.id)
        text = f"{text[: LONGEST_BROUGHT - 1].rstrip()}…"
    return Comment(
        thread=thread,
        name=name,
        website=website,
        text=text,
        fingerprint=fingerprint(text) if text else "",
        state=one.state,
        made_at=min(one.made_at, timezone.now()),
        edited_at=min(one.edited_at, timezone.now()) if one.edited_at else None,
        is_staff=one.is_staff,
        is_author=one.is_author,
        is_answerer=one.is_answerer,
        is_followed=one.is_followed,
        is_account=one.is_account,
        is_proven=one.is_proven,
        confirmed_at=min(one.confirmed_at, timezone.now()) if one.confirmed_at else None,
        signal=one.signal,
        decided_for=one.decided_for,
        is_pick=one.is_pick,
        pick_note=one.pick_note,
        recommended=one.recommended,
        reports=reports,
        reported_at=reported_at,
        imported_id=one.id,
    )


def _count_for_writers(comments: Sequence[Comment]) -> None:
    """Add to their records, those with the same sums at once."""
    good: Counter[int] = Counter()
    bad: Counter[int] = Counter()
    for one in comments:
        if one.writer_id is not None:
            good[one.writer_id] += one.state == State.APPROVED
            bad[one.writer_id] += one.state in {State.REFUSED, State.SPAM}
    alike: dict[tuple[int, int], list[int]] = {}
    for pk in good:
        alike.setdefault((good[pk], bad[pk]), []).append(pk)
    for (approved, refused), pks in alike.items():
        if approved or refused:
            theirs = Writer.objects.filter(pk__in=pks)
            theirs.update(approved=F("approved") + approved, refused=F("refused") + refused)
