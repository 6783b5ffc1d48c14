"""What pages of replies show. Reads; records every key that it shows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.utils.safestring import SafeString
from django.utils.text import Truncator

from stoppress.comments import keys
from stoppress.comments.models import Comment, State, Thread
from stoppress.comments.text import shown
from stoppress.core.prepared import Prepared
from stoppress.core.recorder import depends_on

DEEPEST_INDENT = 3
"""Four levels are set apart, counted from 0; what is deeper says whom it replies to."""
FACES = 8
PICKS_SHOWN = 3
PICK_CHARACTERS = 280
ANSWERS_SHOWN = 50
RECOMMENDED_SHOWN = 25
_THREAD = Prepared(lambda subject: Thread.objects.filter(subject=subject), (Thread, "subject"))


@dataclass(slots=True)
class Node:
    """A reply as a page shows it, with those to it.

    Attributes:
        text: as HTML.
        is_gone: it is not shown, but others replied to it.
        answers_to: public id of what it answers; empty for the subject itself.
        replying_to: the name of whom it answers, where the page can't show it by its place.
        face: number of a neutral drawing, the same for one writer.
        more: addresses of pages with further replies under it.
        path: where it stands, on a page that shows it out of its place.
    """

    public_id: str
    name: str
    website: str
    text: SafeString | str
    made_at: datetime
    edited_at: datetime | None
    is_staff: bool
    is_author: bool
    is_answerer: bool
    is_account: bool
    is_pick: bool
    pick_note: str
    recommended: int
    is_gone: bool
    replying_to: str
    answers_to: str
    face: int
    initial: str
    answers: list["Node"] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    path: str = ""


@dataclass(frozen=True, slots=True)
class Pick:
    """What an editor points out.

    Attributes:
        path: where the reply stands.
        text: the beginning of it, as HTML.
        note: the editor's.
    """

    path: str
    name: str
    text: SafeString | str
    note: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A reader's question with the answer to it.

    Attributes:
        question, text: as HTML.
        name: of who answers.
        path: where the answer stands.
    """

    asked_by: str
    question: SafeString | str
    name: str
    text: SafeString | str
    path: str


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of replies.

    Attributes:
        thread: that it belongs to; ``None`` before anybody replied.
        newer, older: addresses of the neighbours; empty for none.
        number: of an older page; ``None`` for the first.
        picks: on the first page.
        answers: on the first page of a thread of questions and answers.
        orders: of the thread's other orders, which there are: ``oldest``, ``recommended``.
    """

    thread: Thread | None
    nodes: Sequence[Node]
    newer: str
    older: str
    number: int | None
    picks: Sequence[Pick] = ()
    answers: Sequence[Answered] = ()
    orders: Sequence[str] = ()

    @property
    def count(self) -> int:
        """Replies of any depth."""
        return 0 if self.thread is None else self.thread.count


def foot_of(subject: str) -> Thread | None:
    """The thread on a subject as its own page tells of it: how many replies, and whether one may reply."""
    depends_on(keys.count(subject))
    return thread_of(subject)


def thread_of(subject: str) -> Thread | None:
    """The thread on a subject, if anybody ever replied."""
    found: Thread | None = _THREAD.first(subject)
    return found


def thread_page(subject: str, path: str, number: int | None) -> ThreadPage | None:
    """The newest replies to a subject, or an older page; ``None`` when there is no such page.

    Args:
        path: of the first page of replies.
        number: of an older page, from 1, the oldest.
    """
    thread = thread_of(subject)
    depends_on(keys.newest(subject))
    newest = newest_run(thread)
    if number is None:
        depends_on(keys.count(subject))
        buckets = [newest, newest - 1] if newest else [0]
    elif 1 <= number <= newest:
        buckets = [number - 1]
    else:
        return None
    nodes = _run(subject, thread, buckets, path)
    picks = _picks(subject, thread, path, newest) if number is None else ()
    if number is None:
        older = f"{path}page/{newest - 1}/" if newest > 1 else ""
        newer = ""
    else:
        older = f"{path}page/{number - 1}/" if number > 1 else ""
        newer = f"{path}page/{number + 1}/" if number < newest - 1 else path
    answers = _answers(subject, thread, path, newest) if number is None else ()
    return ThreadPage(thread, nodes, newer, older, number, picks, answers, _orders(thread, newest))


def oldest_page(subject: str, path: str, number: int) -> ThreadPage | None:
    """The replies from the first on, as far as no more are to come between them; ``None`` when there is no such page.

    Args:
        path: of the first page of replies, where the newest are; it follows the last of these.
        number: from 1.
    """
    thread = thread_of(subject)
    depends_on(keys.newest(subject))
    newest = newest_run(thread)
    if not 1 <= number <= newest:
        return None
    nodes = _run(subject, thread, [number - 1], path)[::-1]
    before = "" if number == 1 else f"{path}oldest/" if number == 2 else f"{path}oldest/page/{number - 1}/"
    after = f"{path}oldest/page/{number + 1}/" if number < newest else path
    return ThreadPage(thread, nodes, after, before, number, orders=_orders(thread, newest))


def recommended_page(subject: str, path: str) -> ThreadPage | None:
    """The replies that were recommended most, whatever they stand under; ``None`` before any was.

    Args:
        path: of the first page of replies.
    """
    thread = thread_of(subject)
    depends_on(keys.recommended(subject), keys.newest(subject))
    found = Comment.objects.filter(thread=thread, recommended__gt=0)
    if thread is None or not found.exists():
        return None
    shown_ones = found.filter(state=State.APPROVED).select_related("root", "parent").order_by("-recommended", "-pk")
    newest = newest_run(thread)
    nodes = []
    for comment in shown_ones[:RECOMMENDED_SHOWN]:
        node = _node(comment, "")  # whom it answers is seen in its place
        node.path = path_to(comment, path, newest)
        nodes.append(node)
    return ThreadPage(thread, nodes, "", "", None, orders=_orders(thread, newest))


def path_to(comment: Comment, path: str, newest: int) -> str:
    """Where a reply stands that readers see, and where in the page.

    Args:
        path: of the first page of replies.
        newest: the newest run of roots.
    """
    root = comment.root or comment
    here = f"#r-{comment.public_id}"
    if comment.root_id is not None and (part := (comment.place or 0) // keys.REPLIES_ON_A_PAGE):
        return f"{path}under/{root.public_id}/{part}/{here}"
    run = (root.place or 0) // keys.ROOTS_ON_A_PAGE
    return f"{path}{here}" if run >= newest - 1 else f"{path}page/{run + 1}/{here}"


def newest_run(thread: Thread | None) -> int:
    """Number of the newest run of roots, from 0."""
    return 0 if thread is None or not thread.roots else (thread.roots - 1) // keys.ROOTS_ON_A_PAGE


def _orders(thread: Thread | None, newest: int) -> list[str]:
    orders = ["oldest"] if newest else []
    if Comment.objects.filter(thread=thread, recommended__gt=0).exists():
        orders.append("recommended")
    return orders


def _picks(subject: str, thread: Thread | None, path: str, newest: int) -> list[Pick]:
    depends_on(keys.picks(subject))
    found = Comment.objects.filter(thread=thread, is_pick=True, state=State.APPROVED)
    return [
        Pick(path_to(one, path, newest), one.name, shown(Truncator(one.text).chars(PICK_CHARACTERS)), one.pick_note)
        for one in found.select_related("root").order_by("-made_at", "-pk")[:PICKS_SHOWN]
    ]


def _answers(subject: str, thread: Thread | None, path: str, newest: int) -> list[Answered]:
    depends_on(keys.answers(subject))
    if thread is None or thread.questions_from is None:
        return []
    found = Comment.objects.filter(
        thread=thread, is_answerer=True, state=State.APPROVED, parent__state=State.APPROVED, parent__is_answerer=False
    )
    return [
        Answered(one.parent.name, shown(one.parent.text), one.name, shown(one.text), path_to(one, path, newest))
        for one in found.select_related("parent", "root").order_by("-made_at", "-pk")[:ANSWERS_SHOWN]
        if one.parent is not None
    ]


def _run(subject: str, thread: Thread | None, buckets: Sequence[int], path: str) -> list[Node]:
    """The roots in some runs of places, and what stands under them; the newest first."""
    depends_on(*(keys.bucket(subject, one) for one in buckets))
    roots = list(
        Comment.objects.filter(
            thread=thread,
            root=None,
            place__gte=buckets[-1] * keys.ROOTS_ON_A_PAGE,
            place__lt=(buckets[0] + 1) * keys.ROOTS_ON_A_PAGE,
        ).order_by("-place")
    )
    below = Comment.objects.filter(root__in=roots, place__lt=keys.REPLIES_ON_A_PAGE).order_by("place")
    return _trees(roots, below.select_related("parent"), path)


def under_page(subject: str, path: str, public_id: str, number: int) -> ThreadPage | None:
    """Further replies under one reply to the subject; ``None`` when there is no such page.

    Args:
        number: from 1; the replies before it stand with the reply itself.
    """
    roots = Comment.objects.filter(thread__subject=subject, public_id=public_id, root=None)
    root = roots.select_related("thread").first()
    if root is None or number < 1 or number * keys.REPLIES_ON_A_PAGE >= root.replies:
        return None
    depends_on(keys.under(subject, root.pk, number), keys.root(subject, root.pk))
    first = number * keys.REPLIES_ON_A_PAGE
    below = Comment.objects.filter(root=root, place__gte=first, place__lt=first + keys.REPLIES_ON_A_PAGE)
    nodes = _trees([root], below.order_by("place").select_related("parent"), path)
    for node in nodes:
        node.more = []
    return ThreadPage(root.thread, nodes, _page_of(root, path), "", number)


def _page_of(root: Comment, path: str) -> str:
    """The first page of replies; the reply is there, or on one that is linked from there."""
    return f"{path}#r-{root.public_id}"


def _trees(roots: Sequence[Comment], below: Iterable[Comment], path: str) -> list[Node]:
    nodes: dict[int, Node] = {}
    levels: dict[int, int] = {}
    holders: dict[int, Node] = {}
    for root in roots:
        node = nodes[root.pk] = holders[root.pk] = _node(root, "")
        levels[root.pk] = 0
        pages = -(-root.replies // keys.REPLIES_ON_A_PAGE)
        node.more = [f"{path}under/{root.public_id}/{number}/" for number in range(1, pages)]
    for comment in below:
        above = comment.parent_id if comment.parent_id in nodes else comment.root_id
        if above is None:
            continue
        is_set_apart = above == comment.parent_id and levels[above] < DEEPEST_INDENT
        holder = nodes[above] if levels[above] < DEEPEST_INDENT else holders[above]
        nodes[comment.pk] = _node(comment, "" if is_set_apart else _name_of(comment.parent))
        levels[comment.pk] = min(levels[above] + 1, DEEPEST_INDENT)
        holders[comment.pk] = holder
        holder.answers.append(nodes[comment.pk])
    top = [_pruned(nodes[root.pk]) for root in roots]
    return [node for node in top if node is not None]


def _name_of(comment: Comment | None) -> str:
    return comment.name if comment is not None and comment.state == State.APPROVED else ""


def _pruned(top: Node) -> Node | None:
    """Without what is not shown and nobody replied to; as a loop, since threads are as deep as people argue."""
    order: list[Node] = [top]
    for node in order:
        order += node.answers
    kept: set[int] = set()
    for node in reversed(order):
        node.answers = [one for one in node.answers if id(one) in kept]
        if not node.is_gone or node.answers or node.more:
            kept.add(id(node))
    return top if id(top) in kept else None


def _node(comment: Comment, replying_to: str) -> Node:
    is_gone = comment.state != State.APPROVED
    name = "" if is_gone else comment.name
    return Node(
        public_id=comment.public_id,
        name=name,
        website="" if is_gone else comment.website,
        text="" if is_gone else shown(comment.text),
        made_at=comment.made_at,
        edited_at=comment.edited_at,
        is_staff=comment.is_staff and not is_gone,
        is_author=comment.is_author and not is_gone,
        is_answerer=comment.is_answerer and not is_gone,
        is_account=comment.is_account and not is_gone,
        is_pick=comment.is_pick and not is_gone,
        pick_note=comment.pick_note if comment.is_pick and not is_gone else "",
        recommended=0 if is_gone else comment.recommended,
        is_gone=is_gone,
        replying_to="" if is_gone else replying_to,
        answers_to=comment.parent.public_id if comment.parent is not None else "",
        face=0 if is_gone else int(sha256(f"{comment.writer_id or comment.name}".encode()).hexdigest(), 16) % FACES,
        initial=name[:1].upper(),
    )
