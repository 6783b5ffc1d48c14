"""Three readers with a drawer each, and the links that they get by mail: what they see of their own replies."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from stoppress.accounts.models import User
from stoppress.comments import actions, vault
from stoppress.comments.links import appeal_path, drawer_path, own_path
from stoppress.comments.models import Comment, Decision, State, Writer
from stoppress.comments.signing_in import COOKIE, let_in

WRITES, NEW, KEPT_OUT = "ida.brandt@example.org", "nobody.yet@example.org", "hothead@example.org"
LINE = "The wall is sixty centimetres short of what the tide tables say, and has been since 1974."


def give_drawers(subject: Any, moderator: User, other: User) -> dict[str, str]:
    """Let a reader write on ``subject`` and moderators decide.

    Returns:
        Where the reader's own pages are, and the cookie of whoever has a drawer open.
    """
    removed = _said(subject, 9, "I should not have written this.")
    actions.remove_own(removed)
    lost = _refused(_said(subject, 8, "Everybody knows who paid for it."), "untrue", moderator)
    appeal = actions.appeal(lost, "It is in the minutes of May.")
    actions.decide_appeal(appeal, other, is_granted=False, answer="It is not in those that we have.")
    waits = _refused(_said(subject, 6.3, "Ask his wife."), "private", moderator)
    actions.appeal(waits, "She is the treasurer.")
    words = "Leave out the first word, and we print it."
    refused = _refused(_said(subject, 4.2, "Fools, and you print what they say."), "insult", moderator, words)
    published = actions.decide(_said(subject, 3.1, LINE), State.APPROVED, "approved", moderator)
    actions.pick(published, "From the tide tables.", moderator)
    answer = _said(subject, 1.4, "It was measured in **March**.", to=published.public_id, follow=True)
    actions.decide(answer, State.APPROVED, "approved", moderator)
    held = _said(subject, 0, "> in March\n\nBy whom? https://harbour.example/measured/2020/march/the-whole-of-the-wall")
    return {
        "enter_drawer": drawer_path(vault.sealed(NEW), ""),
        "own_held": own_path(held),
        "own_published": own_path(published),
        "own_refused": own_path(refused.comment),
        "own_appealed": own_path(lost.comment),
        "own_removed": own_path(removed),
        "appeal": appeal_path(refused),
        "appeal_waits": appeal_path(waits),
        "drawer": _opened(WRITES, "Ida Brandt"),
        "drawer_empty": _opened(NEW),
        "drawer_kept_out": _opened(KEPT_OUT),
    }


def _said(subject: Any, days: float, text: str, **more: Any) -> Comment:
    made = actions.submit(subject, actions.Reply(name="Ida", email=WRITES, text=text, **more))
    Comment.objects.filter(pk=made.pk).update(made_at=timezone.now() - timedelta(days=days))
    return Comment.objects.get(pk=made.pk)


def _refused(comment: Comment, reason: str, by: User, words: str = "") -> Decision:
    actions.decide(comment, State.REFUSED, reason, by, words)
    return Decision.objects.select_related("comment").filter(comment=comment).latest("pk")


def _opened(email: str, name: str = "") -> str:
    """The value of the cookie that a browser has after the button behind the link in the mail."""
    opened = actions.open_drawer(drawer_path(vault.sealed(email), "").rstrip("/").rpartition("/")[2])
    assert opened is not None
    if name:
        actions.name_account(opened[0], name)
    response = HttpResponse()
    let_in(response, Writer.objects.get(pk=opened[0].pk))
    return response.cookies[COOKIE].value
