"""The only place where our own code writes in the newsroom."""

from stoppress.newsroom.actions.articles import (
    Draft,
    create_author,
    create_section,
    create_shelf,
    create_static_page,
    delete_page,
    kill_article,
    move_page,
    publish_article,
    schedule_article,
    set_portrait,
    unpublish_page,
    update_article,
    update_static_page,
)
from stoppress.newsroom.actions.bulk import NewArticle, Outcome, publish_articles
from stoppress.newsroom.actions.corrections import Mistake, correct_article, withdraw_correction
from stoppress.newsroom.actions.editions import cancel_edition, planned, publish_edition, roll_back
from stoppress.newsroom.actions.errors import FoundError, dismiss_error, forget_reporters, report_error
from stoppress.newsroom.actions.locks import take_over
from stoppress.newsroom.actions.revisions import prune_revisions
from stoppress.newsroom.actions.times import known_to, take_note, upcoming
from stoppress.newsroom.actions.versions import withhold_version

__all__ = [
    "Draft",
    "FoundError",
    "Mistake",
    "NewArticle",
    "Outcome",
    "cancel_edition",
    "correct_article",
    "create_author",
    "create_section",
    "create_shelf",
    "create_static_page",
    "delete_page",
    "dismiss_error",
    "forget_reporters",
    "kill_article",
    "known_to",
    "move_page",
    "planned",
    "prune_revisions",
    "publish_article",
    "publish_articles",
    "publish_edition",
    "report_error",
    "roll_back",
    "schedule_article",
    "set_portrait",
    "take_note",
    "take_over",
    "unpublish_page",
    "upcoming",
    "update_article",
    "update_static_page",
    "withdraw_correction",
    "withhold_version",
]
