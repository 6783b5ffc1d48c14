"""The tables of replies."""

from stoppress.comments.models.filters import SavedFilter
from stoppress.comments.models.following import NoMail, Notice
from stoppress.comments.models.people import Ban, Machine, Mailbox, Writer
from stoppress.comments.models.regard import Recommendation
from stoppress.comments.models.rules import SITE, BreakingNews, Edition, SectionRules, SpentProof
from stoppress.comments.models.spam import SpamModel
from stoppress.comments.models.threads import Comment, Decision, Mode, State, Thread
from stoppress.comments.models.trust import (
    Appeal,
    Caution,
    Erasure,
    Forgotten,
    Report,
    ReportGround,
    ReportState,
    Statement,
)

__all__ = [
    "SITE",
    "Appeal",
    "Ban",
    "BreakingNews",
    "Caution",
    "Comment",
    "Decision",
    "Edition",
    "Erasure",
    "Forgotten",
    "Machine",
    "Mailbox",
    "Mode",
    "NoMail",
    "Notice",
    "Recommendation",
    "Report",
    "ReportGround",
    "ReportState",
    "SavedFilter",
    "SectionRules",
    "SpamModel",
    "SpentProof",
    "State",
    "Statement",
    "Thread",
    "Writer",
]
