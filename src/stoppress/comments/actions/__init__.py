"""The only place where replies are written, whatever the entrance: form, import, moderator."""

from stoppress.comments.actions.appeals import OwnDecisionError, appeal, decide_appeal
from stoppress.comments.actions.breaking import begin_breaking, end_breaking, keep_calm
from stoppress.comments.actions.bring import Brought, Incoming, bring
from stoppress.comments.actions.confirm import confirm
from stoppress.comments.actions.drawer import ask_for_drawer, mute, name_account, open_drawer, sign_out_everywhere
from stoppress.comments.actions.erasing import Erased, resume_erasing
from stoppress.comments.actions.filters import change_filter, delete_filter, save_filter
from stoppress.comments.actions.follow import note_told, unfollow, unfollow_all
from stoppress.comments.actions.forget import erase_person, export_person
from stoppress.comments.actions.moderate import (
    DecidedMeanwhileError,
    Seen,
    ban,
    caution,
    decide,
    keep,
    lift_ban,
    pick,
    undo,
    unpick,
)
from stoppress.comments.actions.own import change_own, remove_own
from stoppress.comments.actions.questions import end_question_time, set_question_time
from stoppress.comments.actions.recommend import count_recommendations, recommend
from stoppress.comments.actions.reporting import Complaint, report
from stoppress.comments.actions.restore import bring_people, bring_settings
from stoppress.comments.actions.restore_desk import bring_breaking, bring_filter
from stoppress.comments.actions.rules import freeze, set_close_days, set_mode, set_section_rules, thaw
from stoppress.comments.actions.silence import allow_mail, end_silence, is_silenced, silence
from stoppress.comments.actions.submit import NotTakenError, Reply, submit
from stoppress.comments.actions.tidy import overdue, tidy

__all__ = [
    "Brought",
    "Complaint",
    "DecidedMeanwhileError",
    "Erased",
    "Incoming",
    "NotTakenError",
    "OwnDecisionError",
    "Reply",
    "Seen",
    "allow_mail",
    "appeal",
    "ask_for_drawer",
    "ban",
    "begin_breaking",
    "bring",
    "bring_breaking",
    "bring_filter",
    "bring_people",
    "bring_settings",
    "caution",
    "change_filter",
    "change_own",
    "confirm",
    "count_recommendations",
    "decide",
    "decide_appeal",
    "delete_filter",
    "end_breaking",
    "end_question_time",
    "end_silence",
    "erase_person",
    "export_person",
    "freeze",
    "is_silenced",
    "keep",
    "keep_calm",
    "lift_ban",
    "mute",
    "name_account",
    "note_told",
    "open_drawer",
    "overdue",
    "pick",
    "recommend",
    "remove_own",
    "report",
    "resume_erasing",
    "save_filter",
    "set_close_days",
    "set_mode",
    "set_question_time",
    "set_section_rules",
    "sign_out_everywhere",
    "silence",
    "submit",
    "thaw",
    "tidy",
    "undo",
    "unfollow",
    "unfollow_all",
    "unpick",
]
