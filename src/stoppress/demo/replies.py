"""What readers of the sample say: some of it published, some still waiting at the desk. All invented."""

from django.utils import timezone

from stoppress.accounts.models import User
from stoppress.comments import actions
from stoppress.comments.models import Comment, State, Thread
from stoppress.comments.modes import standing_of
from stoppress.core import hooks
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import bake_paths

FOUNDING = "kyrgyzstan-opposition-says-it-has-taken-power"
SAID: tuple[tuple[str, str, str, str], ...] = (
    (
        "Meerim",
        "",
        "publish",
        "Thank you for saying of each line who said it. I have read four reports this morning and could not tell what "
        "anybody *knew*.",
    ),
    (
        "Jonas B.",
        "Meerim",
        "publish",
        "> what anybody knew\n\nNobody knows much, I fear. The report says so.",
    ),
    ("ليلى", "Meerim", "publish", "شكرا على هذا التقرير."),
    ("Old Harbour Hand", "", "publish", "Who pays for the windows?"),
    ("Desk", "Old Harbour Hand", "staff", "We have asked, and will write what we hear."),
    ("A. Passenger", "", "hold", "My cousin is there and says the shops are open again. Is that so everywhere?"),
    ("Kettle", "Old Harbour Hand", "hold", "The same people as always."),
    ("Best Prices", "", "hold", "See https://one.example and https://two.example and https://three.example for more!"),
)
"""Who, whom they answer, what becomes of it, and what they say; see :func:`create_replies`."""

WHY_PICKED = "This is what we hoped somebody would notice."
"""The editor's note on the first of them."""


def show_replies() -> None:
    """Bake the leading story with the number of its replies, which otherwise follows some seconds after they came."""
    lead = Article.objects.filter(slug=FOUNDING, live=True).first()
    subject = hooks.call().subject_of_key(key=f"article:{lead.pk}") if lead is not None else None
    if subject is not None:
        bake_paths([subject.url])


def create_replies(editor: User) -> int:
    """Let readers reply to the leading story, and ``editor`` let through what is to be read; returns how many came.

    Safe to repeat: a thread that is there stays as it is. Where replies are closed none come.
    """
    lead = Article.objects.filter(slug=FOUNDING, live=True).first()
    if lead is None or Thread.objects.filter(subject=f"article:{lead.pk}").exists():
        return 0
    subject = hooks.call().subject_of_key(key=f"article:{lead.pk}")
    if subject is None or not standing_of(subject, None).is_open(timezone.now()):
        return 0  # a sample of an older version has settings that take none
    made: dict[str, Comment] = {}
    for number, (name, to, what, text) in enumerate(SAID, 1):
        above = made[to].public_id if to else ""
        reply = actions.Reply(name=name, email=f"reader{number}@example.org", text=text, to=above)
        comment = actions.submit(subject, reply, editor if what == "staff" else None)
        if what == "publish" and comment.state == State.HELD:
            comment = actions.decide(comment, State.APPROVED, "fine", editor)
        made[name] = comment
    actions.pick(made["Meerim"], WHY_PICKED, editor)
    return len(made)
