"""What the newsroom tells the room of replies of its articles. Reads; never writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from stoppress.accounts.models import User
from stoppress.comments import keys as reply_keys
from stoppress.comments.models import Thread
from stoppress.comments.modes import Standing, standing_of
from stoppress.comments.pages import foot_of
from stoppress.comments.questions import question_time
from stoppress.core.prepared import Prepared
from stoppress.core.recorder import valid_until
from stoppress.core.subject import Subject, SubjectState
from stoppress.newsroom import keys
from stoppress.newsroom.models import Byline, Publication

_LIVE = Prepared(
    lambda pk, noun: Publication.objects.filter(pk=pk, noun=noun, is_live=True),
    (Publication, "page_id"),
    (Publication, "noun"),
)


@dataclass(frozen=True, slots=True)
class RepliesLink:
    """What an article's foot says of its replies.

    Attributes:
        path: where they are read, or the form while there are none; empty where neither is.
        notice: when one may ask whom, where readers' questions are answered.
    """

    count: int
    path: str
    is_open: bool
    notice: str = ""


class _Sections(Sequence[str]):
    """The sections that an article stands in, the nearest first; most who ask for a subject don't ask for these."""

    def __init__(self, one: Publication) -> None:
        self._one = one

    @cached_property
    def _found(self) -> tuple[str, ...]:
        return tuple(reversed(sections_at(place_of(self._one))))

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._found[index]

    def __len__(self) -> int:
        return len(self._found)


def subject_of_key(key: str) -> Subject | None:
    """The article behind ``article:42`` as a subject, if readers can see it now."""
    one = publication_of_key(key)
    return None if one is None else subject_of(one, _Sections(one))


def publication_of_key(key: str) -> Publication | None:
    """The article behind ``article:42``, if readers can see it now."""
    noun, _, pk = key.partition(":")
    if noun != Publication.Noun.ARTICLE or not (pk.isascii() and pk.isdigit()) or len(pk) > 18:
        return None
    found: Publication | None = _LIVE.first(int(pk), noun)
    return found


def is_author_of(key: str, user: User) -> bool | None:
    """Whether ``user`` is in the byline of the article behind ``article:42``; ``None`` for another kind of key."""
    noun, _, pk = key.partition(":")
    if noun != Publication.Noun.ARTICLE or not (pk.isascii() and pk.isdigit()) or len(pk) > 18:
        return None
    return bool(Byline.objects.filter(article_id=int(pk), author__user=user).exists())


def subject_of(one: Publication, sections: Sequence[str]) -> Subject:
    """An article as a subject.

    Args:
        sections: keys of the sections that it stands in, from the top; or lazily, the nearest first.
    """
    section = one.path.rstrip("/").rpartition("/")[0] + "/"
    return Subject(
        key=one.subject,
        url=one.path,
        title=one.headline,
        section_path=section,
        tags=(),
        published_at=one.published_at,
        state=SubjectState.LIVE if one.is_live else SubjectState.GONE,
        language=settings.STOPPRESS_LANGUAGE,
        sections=sections if isinstance(sections, _Sections) else tuple(reversed(sections)),
    )


def place_of(one: Publication) -> str:
    """Where in the tree an article's section stands, for the tabs; empty when it is gone."""
    found = Publication.objects.filter(pk=one.section_id or 0, is_live=True)
    return found.values_list("tree_path", flat=True).first() or ""


def sections_at(place: str) -> list[str]:
    """The keys of the sections that what stands at this place of the tree is in, from the top."""
    places = [place[:end] for end in range(Page.steplen, len(place) + 1, Page.steplen)]
    above = Publication.objects.filter(noun=Publication.Noun.SECTION, is_live=True, tree_path__in=places)
    return [keys.section(pk) for pk in above.order_by("tree_path").values_list("pk", flat=True)] if place else []


def link_of(subject: Subject) -> RepliesLink | None:
    """The link to an article's replies; ``None`` where there are none and nobody may write one."""
    thread = foot_of(subject.key)
    count = 0 if thread is None else thread.count
    can_write = standing_now(subject, thread).is_open(timezone.now())
    notice = notice_now(thread)
    if not count and not can_write:
        return RepliesLink(0, "", is_open=False, notice=notice) if notice else None
    path = f"{subject.url}comments/" if count else reverse("comments:write", args=[subject.key])
    return RepliesLink(count, path, can_write, notice)


def threads_of(page_ids: Iterable[int]) -> list[str]:
    """Which of these articles have replies, as the marks that let their addresses follow."""
    subjects = [keys.article(pk) for pk in page_ids]
    found = Thread.objects.filter(subject__in=subjects).values_list("subject", flat=True) if subjects else ()
    return [reply_keys.look_again(subject) for subject in found]


def notice_now(thread: Thread | None) -> str:
    """When one may ask whom; empty for a thread like others. It is true until that begins or ends."""
    time, now = question_time(thread), timezone.now()
    if time is None:
        return ""
    if (change := time.next_change(now)) is not None:
        valid_until(change)
    return time.notice(now)


def standing_now(subject: Subject, thread: Thread | None) -> Standing:
    """Who may reply at the moment; what is rendered is true until that ends."""
    standing = standing_of(subject, thread)
    now = timezone.now()
    if standing.opens_at is not None and standing.opens_at > now:
        valid_until(standing.opens_at)
    if standing.closes_at is not None and standing.is_open(now):
        valid_until(standing.closes_at)
    return standing
