"""The only place where replies are written, whatever the entrance: form, import, moderator."""

from stoppress.comments.actions.bring import Brought, Incoming, bring
from stoppress.comments.actions.follow import note_told, unfollow, unfollow_all
from stoppress.comments.actions.moderate import (
    DecidedMeanwhileError,
    Seen,
    ban,
    decide,
    lift_ban,
    pick,
    set_mode,
    undo,
    unpick,
)
from stoppress.comments.actions.own import change_own, remove_own
from stoppress.comments.actions.questions import end_question_time, set_question_time
from stoppress.comments.actions.recommend import count_recommendations, recommend
from stoppress.comments.actions.submit import NotTakenError, Reply, confirm_mail, submit
from stoppress.comments.actions.tidy import tidy

__all__ = [
    "Brought",
    "DecidedMeanwhileError",
    "Incoming",
    "NotTakenError",
    "Reply",
    "Seen",
    "ban",
    "bring",
    "change_own",
    "confirm_mail",
    "count_recommendations",
    "decide",
    "end_question_time",
    "lift_ban",
    "note_told",
    "pick",
    "recommend",
    "remove_own",
    "set_mode",
    "set_question_time",
    "submit",
    "tidy",
    "undo",
    "unfollow",
    "unfollow_all",
    "unpick",
]
