"""A reply's place on its thread's pages, the thread's count, and the marks that follow. Called inside a transaction."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import F

from stoppress.comments import keys
from stoppress.comments.models import Comment, Decision, State, Thread, Writer
from stoppress.comments.signals import comment_decided
from stoppress.core.prepared import Prepared
from stoppress.pagestore.actions import mark

DECIDES_NOTHING = frozenset({"picked", "unpicked", "kept", "undo"})
"""Reasons of people that leave a reply where it stands, or where it stood."""
JUDGE_NOTHING = frozenset({"own", "import"})
"""Phases in which nobody looks at what a reply says."""
FOUND_NOTHING = frozenset({"nothing-found", "service-fine"})
LONGEST_REASON = 60
_LOCKED = Prepared(
    lambda subjects: Thread.objects.select_for_update().filter(subject__in=subjects).order_by("pk"),
    (Thread, "subject"),
)


def thread_on(subject: str) -> Thread:
    """The locked thread on a subject; made if there is none."""
    locked = Thread.objects.select_for_update().filter(subject=subject)
    thread = locked.first()
    if thread is None:
        Thread.objects.get_or_create(subject=subject)
        thread = locked.get()
    return thread


def threads_on(subjects: Collection[str]) -> dict[str, Thread]:
    """As :func:`thread_on` for several, always locked in the same order."""
    threads = {thread.subject: thread for thread in _LOCKED.all([*subjects])}
    return threads | {subject: thread_on(subject) for subject in sorted(subjects) if subject not in threads}


def put_new(comments: Sequence[Comment]) -> None:
    """Store replies that have no row yet, each at its state and on its locked thread, as :func:`put` does with one."""
    shown = [one for one in comments if one.state == State.APPROVED]
    marked: list[str] = []
    for one in shown:
        marked += _give_place(one, one.thread)
        one.thread.count += 1
    Comment.objects.bulk_create(comments)
    for thread in {one.thread.pk: one.thread for one in shown}.values():
        Thread.objects.filter(pk=thread.pk).update(count=thread.count, roots=thread.roots)
    for one in shown:
        marked += keys_of(one, one.thread.subject, is_answered=False)
    if marked:
        mark(*marked)


def put(comment: Comment, thread: Thread, state: State) -> None:
    """Let ``comment`` stand at ``state``: give it its place, keep the count, and mark what shows it.

    Args:
        thread: locked.
    """
    is_new = comment.pk is None
    was_shown = not is_new and comment.state == State.APPROVED
    comment.state = state
    is_shown = state == State.APPROVED
    marked: list[str] = []
    if is_shown and comment.place is None:
        marked = _give_place(comment, thread)
    comment.save()
    if is_shown != was_shown:
        thread.count += 1 if is_shown else -1
        thread.save(update_fields=["count", "roots"])
    if is_shown or was_shown:
        mark(*marked, *keys_of(comment, thread.subject, is_answered=not is_new))


def mark_shown(comment: Comment, subject: str) -> None:
    """Mark the pages that show ``comment``, and what counts it."""
    mark(*keys_of(comment, subject))


def keys_of(comment: Comment, subject: str, *, is_answered: bool = True) -> list[str]:
    """What changes for readers when ``comment`` does.

    Args:
        is_answered: others may have answered it.
    """
    marked = [keys.look_again(subject)]
    root = comment.root or comment
    place = 0 if comment.root_id is None or comment.place is None else comment.place
    number, first_of_run = divmod(place, keys.REPLIES_ON_A_PAGE)
    # Where the root stands, the first replies to it do, and links to where the further ones are.
    if root.place is not None and (not number or not first_of_run):
        marked.append(keys.bucket(subject, root.place // keys.ROOTS_ON_A_PAGE))
    if comment.root_id is None and comment.replies > keys.REPLIES_ON_A_PAGE:
        marked.append(keys.root(subject, comment.pk))
    if comment.root_id is not None and comment.place is not None:
        if number:
            marked.append(keys.under(subject, root.pk, number))
        if is_answered:
            # Further down, on pages that don't show it, stands whom those who answered it are replying to.
            runs = comment.answers.filter(place__isnull=False).annotate(run=F("place") / keys.REPLIES_ON_A_PAGE)
            others = runs.exclude(run__in=[0, number]).order_by().values_list("run", flat=True).distinct()
            marked += [keys.under(subject, root.pk, run) for run in others]
    if comment.is_pick:
        marked.append(keys.picks(subject))
    if comment.thread.questions_from is not None:
        marked.append(keys.answers(subject))
    if comment.recommended:
        marked.append(keys.recommended(subject))
    return marked


def note(comment: Comment, reason: str, *, phase: str = "", words: str = "", by: object = None) -> Decision:
    """Write down what was decided of ``comment``, and why; the newest of it stands beside it, for the queues."""
    signal = signal_in(phase, reason) or comment.signal
    decided_for = reason if by is not None and reason not in DECIDES_NOTHING else comment.decided_for
    if (signal, decided_for) != (comment.signal, comment.decided_for):
        comment.signal, comment.decided_for = signal, decided_for
        comment.save(update_fields=["signal", "decided_for"])
    return Decision.objects.create(
        comment=comment, state=comment.state, phase=phase, reason=reason, note=words, by_id=getattr(by, "pk", None)
    )


def settle(
    comment: Comment, thread: Thread, state: State, reason: str, *, phase: str = "", words: str = "", by: object = None
) -> Decision:
    """Let a reply stand at ``state`` from now on, write down why, and keep its writer's record.

    Args:
        thread: locked, as ``comment`` is.
        reason: a short word; a longer one is cut.
        phase: which check decided; empty for a person.
        words: for its writer.
        by: who decided.
    """
    before = comment.state
    put(comment, thread, state)
    decision = note(comment, reason[:LONGEST_REASON], phase=phase, words=words, by=by)
    count_for_writer(comment, before)
    return decision


def signal_in(phase: str, reason: str) -> str:
    """What a check found; empty for none, or nothing."""
    if not phase or phase in JUDGE_NOTHING:
        return ""
    found = reason.removeprefix("changed: ").removeprefix("confirmed: ")
    return "" if found in FOUND_NOTHING else found


def note_new(comments: Sequence[Comment], why: Sequence[tuple[str, str, str]]) -> None:
    """As :func:`note` for replies that were just stored.

    Args:
        why: of each the phase, the reason and the words.
    """
    Decision.objects.bulk_create(
        Decision(comment=one, state=one.state, phase=phase, reason=reason, note=words)
        for one, (phase, reason, words) in zip(comments, why, strict=True)
    )


def count_new(comments: Sequence[Comment], known: Collection[int]) -> None:
    """As :func:`count_for_writer` for replies that were just stored.

    Args:
        known: primary keys of the writers whose record does not count theirs yet.
    """
    alike: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for one in comments:
        if one.writer_id is not None and one.writer_id in known:
            alike[record_of(one.state)].append(one.writer_id)
    for (approved, refused), pks in alike.items():
        if approved or refused:
            theirs = Writer.objects.filter(pk__in=pks)
            theirs.update(approved=F("approved") + approved, refused=F("refused") + refused)
    for one in comments:
        comment_decided.send(Comment, comment=one, before=None)


def record_of(state: str) -> tuple[int, int]:
    """What a reply that stands at ``state`` counts for in its writer's record: let through, and refused."""
    return int(state == State.APPROVED), int(state in {State.REFUSED, State.SPAM})


def count_for_writer(comment: Comment, before: str | None) -> None:
    """Keep a writer's record of what was let through and what was refused, and tell who listens."""
    good, bad = {State.APPROVED}, {State.REFUSED, State.SPAM}
    if comment.writer_id is not None and before != comment.state:
        Writer.objects.filter(pk=comment.writer_id).update(
            approved=F("approved") + (int(comment.state in good) - int(before in good)),
            refused=F("refused") + (int(comment.state in bad) - int(before in bad)),
        )
    comment_decided.send(Comment, comment=comment, before=before)


def _give_place(comment: Comment, thread: Thread) -> list[str]:
    """Its place; the caller saves it and the thread, and marks what is returned."""
    if comment.root_id is None:
        comment.place = thread.roots
        thread.roots += 1
        return [keys.newest(thread.subject)] if comment.place % keys.ROOTS_ON_A_PAGE == 0 else []
    root = Comment.objects.select_for_update().get(pk=comment.root_id)
    # One that was imported and is still held holds the place of what is shown below it.
    marked = _give_place(root, thread) if root.place is None else []
    comment.place = root.replies
    root.replies += 1
    root.save(update_fields=["place", "replies"])
    comment.root = root  # which has its place now
    return marked
