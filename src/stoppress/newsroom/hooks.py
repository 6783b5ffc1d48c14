"""What the newsroom answers when the page store asks, and accounts."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from stoppress.accounts.hookspecs import Rights
from stoppress.accounts.models import Role, User
from stoppress.core.hooks import hookimpl
from stoppress.core.subject import Subject
from stoppress.newsroom import pages, replies
from stoppress.newsroom.actions import derive, errors, times, unmarked
from stoppress.newsroom.models import Author
from stoppress.pagestore.hookspecs import Derivation

WRITING = frozenset({"wagtailcore.add_page"})
"""One's own drafts; what others wrote needs more."""
EDITING = WRITING | {f"wagtailcore.{verb}_page" for verb in ("change", "publish", "lock", "unlock")}
KILLS = frozenset({"newsroom.view_kill"})
"""To read the record of them."""
LAY_OUT_HOME = "newsroom.lay_out_home"
SHELVES = ("author", "topic", "story", "series")


@hookimpl
def derive_marks(keys: Sequence[str]) -> Derivation | None:
    return derive.derive(keys)


@hookimpl
def find_unmarked() -> Iterable[Collection[str]]:
    return unmarked.find_unmarked()


@hookimpl
def subject_of_key(key: str) -> Subject | None:
    return replies.subject_of_key(key)


@hookimpl
def is_author_of(key: str, user: User) -> bool | None:
    return replies.is_author_of(key, user)


@hookimpl
def names_of_staff() -> Iterable[str]:
    return Author.objects.values_list("name", flat=True)


@hookimpl
def records_of_person(is_theirs: Callable[[str], bool]) -> Iterable[dict[str, Any]]:
    return errors.records_of(is_theirs)


@hookimpl
def forget_person(is_theirs: Callable[[str], bool]) -> int:
    return errors.forget_reporter(is_theirs)


@hookimpl
def frame_of_page(subject: Subject | None) -> dict[str, Any]:
    one = replies.publication_of_key(subject.key) if subject is not None else None
    frame = pages.common("", replies.place_of(one) if one is not None else "")
    footer = render_to_string("newsroom/_footer.html", frame)
    return {**frame, "site_footer": footer, "canonical": "", "feeds": [], "crumbs": []}


@hookimpl
def keep_times(now: datetime) -> datetime | None:
    return times.keep_times(now)


@hookimpl
def rights_of_role(role: Role) -> Rights | None:
    shelving = frozenset(f"newsroom.{verb}_{noun}" for verb in ("add", "change") for noun in SHELVES)
    if role is Role.REPORTER:
        return Rights(pages=WRITING)
    if role is Role.SECTION_EDITOR:
        return Rights(pages=EDITING, anywhere=shelving | KILLS)
    if role is Role.PUBLISHER:
        deleting = {f"newsroom.delete_{noun}" for noun in SHELVES}
        return Rights(pages=EDITING, anywhere=shelving | KILLS | deleting | {LAY_OUT_HOME})
    return None
