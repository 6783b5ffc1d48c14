"""What readers and moderators do to replies: see :mod:`tests.pagestore.acts`."""

from datetime import timedelta

from django.contrib.auth.models import Permission
from django.utils import timezone

from stoppress.accounts.models import User
from stoppress.comments import actions as replies
from stoppress.comments.models import Comment, State
from stoppress.core import hooks
from tests.pagestore.acts import Act, _articles, _pick


def _moderator() -> User:
    user, is_new = User.objects.get_or_create(username="moderator")
    if is_new:
        user.user_permissions.add(Permission.objects.get(codename="change_comment", content_type__app_label="comments"))
    return User.objects.get(pk=user.pk)


def reply(n: int, m: int) -> None:
    """To a story, or to what somebody said there; now and then what somebody else has said already."""
    article = _pick(_articles().filter(live=True), n)
    subject = hooks.call().subject_of_key(key=f"article:{article.pk}") if article else None
    if subject is None:
        return
    above = _pick(Comment.objects.filter(thread__subject=subject.key, state=State.APPROVED), m) if m % 2 else None
    number = Comment.objects.count() if m % 7 else 0
    sent = replies.Reply(
        name=f"Reader {m}",
        email=f"reader{number}@example.org",
        text=f"I have thought of this {number} times",
        to=above.public_id if above else "",
    )
    try:
        replies.submit(subject, sent)
    except replies.NotTakenError:
        return


def reply_often(n: int, m: int) -> None:
    for number in range(7):
        reply(n, 2 * (m + number))


def decide(n: int, m: int) -> None:
    if one := _pick(Comment.objects.exclude(state=State.REMOVED), n):
        state = (State.APPROVED, State.REFUSED, State.SPAM, State.HELD)[m % 4]
        replies.decide(one, state, "other", _moderator())


def change_reply(n: int, m: int) -> None:
    if one := _pick(Comment.objects.filter(state__in=[State.APPROVED, State.HELD]), n):
        try:
            replies.change_own(one, f"On second thoughts, {m}")
        except replies.NotTakenError:
            return


def take_back(n: int, m: int) -> None:
    if one := _pick(Comment.objects, n):
        replies.remove_own(one)


def pick(n: int, m: int) -> None:
    if one := _pick(Comment.objects.filter(state=State.APPROVED), n):
        if m % 3:
            replies.pick(one, f"Note {m}" if m % 2 else "", _moderator())
        else:
            replies.unpick(one, _moderator())


def recommend(n: int, m: int) -> None:
    if one := _pick(Comment.objects, n):
        for number in range(m % 4 + 1):
            replies.recommend(one, f"192.0.2.{m + number}", "A browser")
        replies.count_recommendations(timezone.now() + timedelta(minutes=1))


REPLY_ACTS: list[Act] = [reply, reply, reply_often, decide, change_reply, take_back, pick, recommend]
