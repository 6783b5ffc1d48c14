"""The tables of replies."""

from stoppress.comments.models.following import Notice
from stoppress.comments.models.people import Ban, Machine, Mailbox, Writer
from stoppress.comments.models.regard import Recommendation
from stoppress.comments.models.rules import SITE, BreakingNews, SectionRules, SpentProof
from stoppress.comments.models.spam import SpamModel
from stoppress.comments.models.threads import Comment, Decision, Mode, State, Thread

__all__ = [
    "SITE",
    "Ban",
    "BreakingNews",
    "Comment",
    "Decision",
    "Machine",
    "Mailbox",
    "Mode",
    "Notice",
    "Recommendation",
    "SectionRules",
    "SpamModel",
    "SpentProof",
    "State",
    "Thread",
    "Writer",
]
