"""Replies to the sample in every state, so that each of the moderators' screens has something to show."""

from datetime import timedelta
from itertools import count, cycle
from typing import Any

from django.utils import timezone

from stoppress.accounts.actions import grant
from stoppress.accounts.models import Role, User
from stoppress.comments import actions
from stoppress.comments.models import SITE, BreakingNews, Comment, Decision, SavedFilter, State, Writer
from stoppress.core import hooks
from stoppress.newsroom.models import Article
from tests.looks.readers import give_drawers

STORIES = ("harbour-wall-vote", "a-wall-is-not-an-argument", "ferry-timetable-printed-backwards", "northern-dispatch")
LONG = (
    "> the wall will stand for a hundred years\n\nThat is what they said of the last one, and *I have the minutes*: in "
    "1974 the engineer spoke of **a hundred and twenty**. https://minutes.example/1974/harbour/wall/a-very-long-address-"
    "that-does-not-end-where-a-line-does-and-goes-on-for-a-while\n\nWho pays when it falls? Not those who vote for it."
)
SAID = (
    "Why is nobody asking the people who live behind it?",
    LONG,
    "I was there, and it was not so loud.",
    "الجدار ليس هو المشكلة، بل من يدفع ثمنه.",
    "Well reported. One question: who measured?",
    "See https://one.example and https://two.example and https://three.example and judge for yourselves.",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, as my uncle would say.",
    "Typical.",
)
NAMES = ("Anneke", "Old Harbour Hand", "T. Okonkwo-Featherstonehaugh of Upper Skerry", "ليلى", "Bo", "Reader 9", "Ines")
GROUNDS: tuple[dict[str, Any], ...] = (
    {"ground": "abuse", "text": "He calls the mayor a thief, and gives no reason."},
    {"ground": "spam"},
    {
        "ground": "illegal",
        "text": "Section 186 of the criminal code: he says as a fact that she took money.",
        "name": "Eva Lind",
        "email": "eva.lind@example.org",
        "is_sincere": True,
    },
)


def furnish(editor: User) -> dict[str, Any]:
    """Let readers write and moderators decide; says where things are. Done once."""
    subjects = {slug: hooks.call().subject_of_key(key=f"article:{pk}") for slug, pk in _numbers().items()}
    if not SavedFilter.objects.exists():
        _fill(list(subjects.values()), editor)
    banned = Writer.objects.filter(bans__lifted_at=None, bans__isnull=False).order_by("pk")[0]
    drawers = give_drawers(subjects[STORIES[3]], User.objects.get(username="mia"), editor)
    return {"banned": banned.public_id, "breaking": subjects[STORIES[0]].key, **drawers}


def _numbers() -> dict[str, int]:
    return {slug: Article.objects.get(slug=slug).pk for slug in STORIES}


class _Readers:
    """Everybody who writes."""

    def __init__(self, subjects: list[Any]) -> None:
        self._places, self._words, self._names = cycle(subjects), cycle(SAID), cycle(NAMES)
        self._numbers = count(1)

    def write(self, days: float, **more: Any) -> Comment:
        """A reply that is so many days old, with words and a name of its own unless given."""
        number = next(self._numbers)
        reply = {
            "name": next(self._names),
            "email": f"somebody{number}@example.org",
            "text": f"{next(self._words)} ({number})",
        }
        subject = more.pop("subject", None) or next(self._places)
        made = actions.submit(subject, actions.Reply(**{**reply, **more}))
        return _older(made, days)


def _fill(subjects: list[Any], editor: User) -> None:
    mia = User.objects.create_user("mia", first_name="Mia", last_name="Sandvik")
    grant(mia, Role.MODERATOR, None)
    mia = User.objects.get(pk=mia.pk)
    readers = _Readers(subjects)
    _refuse(readers, editor, mia)
    _approve(readers, editor, mia)
    _keep_out(readers, editor, mia)
    for _number in range(6):
        readers.write(1, trap="https://cheap.example", text="Cheap watches, cheap watches")
    actions.decide(readers.write(0.4), State.SPAM, "spam", mia)
    parent = Comment.objects.filter(state=State.APPROVED, thread__subject=subjects[1].key).latest("pk")
    for _number in range(20):
        readers.write(0.1, subject=subjects[1], to=parent.public_id, website="https://readers.example/blog")
    readers.write(0.1, seconds=0.5)
    actions.end_breaking(actions.begin_breaking(SITE, 2, "", editor), editor)
    actions.begin_breaking(subjects[0].key, 6, "", mia)
    BreakingNews.objects.filter(ended_at=None).update(began_at=timezone.now() - timedelta(hours=2), most=84)
    actions.save_filter(editor, "Many links", "held", "found=links")
    actions.save_filter(editor, "What the law forbids", "reported", "reported=illegal")
    actions.save_filter(mia, "Fast ones, newest first", "held", "found=too-fast&order=new", is_shared=True)


def _refuse(readers: _Readers, editor: User, mia: User) -> None:
    """By one or the other; most are appealed against, and some of that is decided."""
    for number in range(14):
        reason = ("insult", "off-topic", "untrue", "private", "unlawful")[number % 5]
        note = "" if number % 3 else "We print no names of children."
        refused = actions.decide(
            readers.write(number % 9 + 0.2), State.REFUSED, reason, (mia, editor)[number % 2], note
        )
        if number >= 9:
            continue
        decision = Decision.objects.filter(comment=refused).latest("pk")
        said = actions.appeal(decision, "It insults nobody. Read it again, please:\n\nit is about the wall.")
        if number < 5:
            answer = "We have read it once more."
            actions.decide_appeal(said, (editor, mia)[number % 2], is_granted=number < 2, answer=answer)


def _approve(readers: _Readers, editor: User, mia: User) -> None:
    """Some of them are reported."""
    for number in range(9):
        approved = actions.decide(readers.write(number + 0.05), State.APPROVED, "approved", mia)
        for complaint in GROUNDS[: number % 3 + 1] if number < 5 else ():
            actions.report(approved, actions.Complaint(address=f"203.0.113.{number}", **complaint))
        if number == 6:
            actions.pick(approved, "From somebody who was there.", editor)


def _keep_out(readers: _Readers, editor: User, mia: User) -> None:
    rude = {"name": "Hothead", "email": "hothead@example.org"}
    first = readers.write(0.3, **rude)
    for text in ("You are all bought.", "And the mayor most of all!", "Answer me!!"):
        _older(actions.decide(readers.write(0.2, text=text, **rude), State.REFUSED, "insult", mia), 0.2)
    assert first.writer is not None
    actions.caution(first.writer, "Please argue without calling people names.", mia)
    actions.lift_ban(actions.ban(first.writer, "Insults, again and again.", mia, _in(1)), editor)
    actions.ban(first.writer, "We asked you to stop calling people names.", mia, _in(7))


def _older(comment: Comment, days: float) -> Comment:
    Comment.objects.filter(pk=comment.pk).update(made_at=timezone.now() - timedelta(days=days))
    return Comment.objects.get(pk=comment.pk)


def _in(days: int) -> Any:
    return timezone.now() + timedelta(days=days)
