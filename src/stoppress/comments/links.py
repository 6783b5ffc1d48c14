"""Signed links: to one's own reply or all of them, and to confirm a mail address. Who has one may do what it is for."""

from django.core import signing
from django.urls import reverse

from stoppress.comments.models import Comment, Decision

OWN, CONFIRM, UNFOLLOW = "stoppress.comments.own", "stoppress.comments.confirm", "stoppress.comments.unfollow"
APPEAL = "stoppress.comments.appeal"
DRAWER = "stoppress.comments.drawer"
NO_MAIL = "stoppress.comments.no-mail"
CONFIRM_SECONDS = 7 * 86_400
DRAWER_SECONDS = 3_600


def own_path(comment: Comment) -> str:
    """Where its writer sees, changes and removes a reply."""
    return reverse("comments:own", args=[signing.dumps(comment.public_id, salt=OWN)])


def confirm_path(comment: Comment) -> str:
    """Where its writer says that the mail address is theirs."""
    return reverse("comments:confirm", args=[signing.dumps(comment.public_id, salt=CONFIRM)])


def unfollow_path(comment: Comment) -> str:
    """Where its writer stops mails about answers to it."""
    return reverse("comments:unfollow", args=[signing.dumps(comment.public_id, salt=UNFOLLOW)])


def followed_comment(token: str) -> Comment | None:
    """The reply that a link for stopping mails stands for."""
    return _comment(token, UNFOLLOW, None)


def drawer_path(sealed: str, onward: str) -> str:
    """Where whoever has a mail address gets at their replies.

    Args:
        sealed: the address, as the vault seals it.
        onward: the key of a subject that they wanted to reply to; empty for none.
    """
    return reverse("comments:enter", args=[signing.dumps([sealed, onward], salt=DRAWER)])


def drawer_of(token: str) -> tuple[str, str] | None:
    """What :func:`drawer_path` was made of; ``None`` when it has lapsed, or is none of ours."""
    try:
        sealed, onward = signing.loads(token, salt=DRAWER, max_age=DRAWER_SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return str(sealed), str(onward)


def no_mail_path(sealed: str) -> str:
    """Where whoever has a mail address stops all mails about replies and reported errors to it. It does not lapse.

    Args:
        sealed: the address, as the vault seals it.
    """
    return reverse("comments:no_mail", args=[signing.dumps(sealed, salt=NO_MAIL)])


def no_mail_of(token: str) -> str | None:
    """What :func:`no_mail_path` was made of; ``None`` when it is none of ours."""
    try:
        return str(signing.loads(token, salt=NO_MAIL))
    except signing.BadSignature:
        return None


def appeal_path(decision: Decision) -> str:
    """Where the writer says something against a decision."""
    return reverse("comments:appeal", args=[signing.dumps(decision.pk, salt=APPEAL)])


def appealed_decision(token: str) -> Decision | None:
    """The decision that a link for appeals stands for."""
    try:
        pk = signing.loads(token, salt=APPEAL)
    except signing.BadSignature:
        return None
    return Decision.objects.select_related("comment__thread").filter(pk=pk).first()


def own_comment(token: str) -> Comment | None:
    """The reply that an own link stands for."""
    return _comment(token, OWN, None)


def confirmed_comment(token: str) -> Comment | None:
    """The reply that a link for confirmation stands for, if it has not lapsed."""
    return _comment(token, CONFIRM, CONFIRM_SECONDS)


def _comment(token: str, salt: str, max_age: int | None) -> Comment | None:
    try:
        public_id = signing.loads(token, salt=salt, max_age=max_age)
    except signing.BadSignature:
        return None
    found: Comment | None = Comment.objects.select_related("thread", "writer").filter(public_id=public_id).first()
    return found
