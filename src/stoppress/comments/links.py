"""Signed links: to one's own reply, and to confirm a mail address. Who has one may do what it is for, no more."""

from django.core import signing
from django.urls import reverse

from stoppress.comments.models import Comment

OWN, CONFIRM, UNFOLLOW = "stoppress.comments.own", "stoppress.comments.confirm", "stoppress.comments.unfollow"
CONFIRM_SECONDS = 7 * 86_400


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
