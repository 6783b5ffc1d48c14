"""Writes the sample publication."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from django.utils import timezone

from stoppress.audience.actions import connect_with
from stoppress.audience.models import Connections, Link
from stoppress.demo import STRAPLINE, TITLE
from stoppress.demo.about import ABOUT_US
from stoppress.demo.faces import FACES
from stoppress.demo.films import FILES
from stoppress.demo.people import PEOPLE
from stoppress.demo.pictures import ALT, CREDIT, draw
from stoppress.demo.shelves import ABOUT, GUESTS, SERIES, STORIES, TOPICS
from stoppress.demo.stories import all_stories
from stoppress.demo.stories.form import Story
from stoppress.demo.stories.more import HELD_BACK, PLANNED, REPRINTED, REPRINTED_NOTE
from stoppress.media.actions import add_attachment, add_picture
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom.actions import (
    Draft,
    create_author,
    create_section,
    create_shelf,
    create_static_page,
    publish_article,
    schedule_article,
    set_portrait,
    update_article,
)
from stoppress.newsroom.models import Article, Author, Home, Section, Series, Shelf, StaticPage, Topic
from stoppress.newsroom.models import Story as RunningStory
from stoppress.newsroom.setup import create_publication

S = TypeVar("S", bound=Shelf)
SECTIONS = (
    ("world", "World", "World news: what happens beyond the breakwater."),
    ("local", "Local", "Local news from Skerry Bay, its quays and its hills."),
    ("sports", "Sports", "Results, races and what the coach said."),
)
BELOW_SPORTS = ("on-the-water", "On the water", "Whatever floats, and whoever swims after it.")
CONNECTIONS = (
    ("Mastodon", "https://social.example/@harbourgazette"),
    ("The harbour, by feed", "/topic/harbour/feed/"),
    ("Letters to the editor", "mailto:letters@gazette.example"),
)
NEWSLETTER = "mailto:news@gazette.example"
IMPRINT = "The Harbour Gazette, Fish Street 1, Skerry Bay.\n\nA sample: the town and its people are invented."
# A story is known by this identity for good, so that retitling, moving or killing it doesn't bring a second one.
_NAMESPACE = uuid.UUID("6a1d5a0e-6f0c-4c53-9a5e-2f5b7f1c6e10")


def create(progress: Callable[[int, int], None] | None = None) -> int:
    """Write what is missing of the sample publication and return how many articles that was.

    Safe to repeat, also after an interruption: a story, an author or a section that is there stays as it is.

    Args:
        progress: called with how many stories are done and how many there are.
    """
    home = create_publication(TITLE)
    sections = _found(home)
    pictures = _Pictures()
    authors = _authors(pictures)
    drafted = partial(_draft, authors=authors, shelves=_Shelves(), pictures=pictures, files=_Files())
    stories = all_stories()
    known = set(Article.objects.values_list("translation_key", flat=True))
    written = 0
    for number, story in enumerate(stories, 1):
        if _identity(story.slug) not in known:
            publish_article(sections[story.section], drafted(story))
            written += 1
        if progress is not None:
            progress(number, len(stories))
    tomorrow = timezone.now() + timedelta(days=1)
    for story, fields in ((PLANNED, {}), (HELD_BACK, {"embargo_until": tomorrow})):
        if _identity(story.slug) not in known:
            draft = drafted(story)
            draft = replace(draft, published_at=None, fields={**draft.fields, **fields})
            schedule_article(sections[story.section], draft, tomorrow)
    return written


def print_again() -> bool:
    """Give readers a second text of a story that they have had, so that there is a history to look at.

    Safe to repeat: one that somebody has changed since, or taken off, stays as it is. Returns whether there was one.
    """
    article = Article.objects.filter(translation_key=_identity(REPRINTED.slug), live=True, updated_at=None).first()
    if article is None or (article.title, len(article.body.raw_data)) != (REPRINTED.headline, len(REPRINTED.body)):
        return False
    drafted = _draft(
        REPRINTED,
        {author.slug: author for author in Author.objects.filter(slug__in=REPRINTED.authors)},
        _Shelves(),
        _Pictures(),
        _Files(),
    )
    # The same blocks with other words, as at the desk: else all of it would count as taken out and put in.
    known = [block.get("id") for block in article.body.raw_data]
    body = [{**block, "id": pk} for block, pk in zip(drafted.body, known, strict=True)]
    told = {"updated_at": REPRINTED.published_at, "update_note": REPRINTED_NOTE}
    update_article(article, replace(drafted, body=body, published_at=None, fields={**drafted.fields, **told}))
    return True


def _found(home: Home) -> dict[str, Section]:
    """Sections, static pages and where else the paper can be met."""
    if not home.search_description:
        home.search_description = STRAPLINE
        home.save()
    sections = {slug: _section(home, slug, title, standfirst) for slug, title, standfirst in SECTIONS}
    sections["on-the-water"] = _section(sections["sports"], *BELOW_SPORTS)
    if not Connections.objects.exists():
        connect_with([Link(*link) for link in CONNECTIONS], NEWSLETTER, IMPRINT)
    for slug, title, body in ABOUT_US:
        if not StaticPage.objects.child_of(home).filter(slug=slug).exists():
            create_static_page(home, title, slug, body)
    return sections


def _authors(pictures: "_Pictures") -> dict[str, Author]:
    authors = {slug: _author(slug) for slug in PEOPLE} | {slug: _guest(slug) for slug in GUESTS}
    for slug in FACES:
        if authors[slug].portrait is None:
            set_portrait(authors[slug], pictures.get(f"portrait-{slug}"))
    return authors


class _Pictures:
    """Draws a picture when the first story asks for it; later ones, and later runs, share it."""

    def __init__(self) -> None:
        found = Picture.objects.filter(credit=CREDIT, title__in=ALT, withdrawn_at=None)
        self._by_name: dict[str, Picture] = {picture.title: picture for picture in found}

    def get(self, name: str) -> Picture:
        if name not in self._by_name:
            self._by_name[name] = add_picture(draw(name), f"{name}.jpg", name, CREDIT, ALT[name])
        return self._by_name[name]


class _Files:
    """Makes a file when the first story asks for it; later runs find it."""

    def __init__(self) -> None:
        titles = [title for title, _make in FILES.values()]
        found = Attachment.objects.filter(title__in=titles, withdrawn_at=None)
        self._by_title: dict[str, Attachment] = {attachment.title: attachment for attachment in found}

    def get(self, name: str) -> Attachment:
        title, make = FILES[name]
        if title not in self._by_title:
            self._by_title[title] = add_attachment(make(), name, title)
        return self._by_title[title]


def _identity(slug: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, slug)


def _section(home: Home | Section, slug: str, title: str, standfirst: str) -> Section:
    section: Section | None = Section.objects.child_of(home).filter(slug=slug).first()
    return section or create_section(home, title, slug, standfirst)


def _author(slug: str) -> Author:
    name, bio = PEOPLE[slug]
    return Author.objects.filter(slug=slug).first() or create_author(name, slug, bio)


def _guest(slug: str) -> Author:
    name, job, bio = GUESTS[slug]
    return Author.objects.filter(slug=slug).first() or create_author(name, slug, bio, job)


class _Shelves:
    """Topics, running stories and series, by slug."""

    def __init__(self) -> None:
        self.topics = self._made(Topic, TOPICS)
        self.stories = self._made(RunningStory, STORIES)
        self.series = self._made(Series, SERIES)

    @staticmethod
    def _made(kind: type[S], written: Mapping[str, tuple[str, str]]) -> dict[str, S]:
        return {
            slug: kind._default_manager.filter(slug=slug).first() or create_shelf(kind, name, slug, description)
            for slug, (name, description) in written.items()
        }


def _draft(story: Story, authors: Mapping[str, Author], shelves: _Shelves, pictures: _Pictures, files: _Files) -> Draft:
    about = dict(ABOUT.get(story.slug, {}))
    topics, credits, corrections = (about.pop(name, ()) for name in ("topics", "credits", "corrections"))
    if "story" in about:
        about["story"] = shelves.stories[about["story"]]
    if "series" in about:
        about["series"] = shelves.series[about["series"]]
    return Draft(
        topics=[shelves.topics[slug] for slug in topics],
        credits=[(authors[slug], role) for slug, role in credits],
        corrections=corrections,
        headline=story.headline,
        slug=story.slug,
        standfirst=story.standfirst,
        body=[_numbered(block, pictures, files) for block in story.body],
        authors=[authors[slug] for slug in story.authors],
        lead_picture=pictures.get(story.picture) if story.picture else None,
        lead_alt=ALT[story.picture] if story.picture else "",
        lead_caption=story.caption,
        published_at=story.published_at,
        fields={"translation_key": _identity(story.slug), **about},
    )


def _numbered(part: Any, pictures: _Pictures, files: _Files) -> Any:
    """A block, or a part of one, with numbers in place of the names of pictures, files and stories."""
    if isinstance(part, list):
        return [_numbered(item, pictures, files) for item in part]
    if not isinstance(part, Mapping):
        return part
    made = {name: _numbered(value, pictures, files) for name, value in part.items()}
    if image := part.get("image"):
        made["image"] = pictures.get(image).pk
        if "alt" in made:
            made["alt"] = ALT[image]
    for name in ("document", "captions"):
        if part.get(name):
            made[name] = files.get(part[name]).pk
    if slug := part.get("page"):
        made["page"] = Article.objects.filter(translation_key=_identity(slug)).values_list("pk", flat=True).first()
    return made
