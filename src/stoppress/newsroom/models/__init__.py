"""The newsroom's tables, one noun a file."""

from stoppress.newsroom.models.corrections import Correction, CorrectionEntry
from stoppress.newsroom.models.errors import ErrorReport
from stoppress.newsroom.models.fronts import Edition, Front, FrontSlot
from stoppress.newsroom.models.kills import Kill
from stoppress.newsroom.models.pages import (
    Article,
    ArticleTopic,
    Byline,
    Home,
    PublicPage,
    Section,
    StaticPage,
)
from stoppress.newsroom.models.publication import BUCKET, ListEntry, Publication
from stoppress.newsroom.models.shelves import SHELVES, Author, Series, Shelf, Story, Topic
from stoppress.newsroom.models.times import MissedTime
from stoppress.newsroom.models.versions import Version
from stoppress.newsroom.models.workflow import SectionDesk

__all__ = [
    "BUCKET",
    "SHELVES",
    "Article",
    "ArticleTopic",
    "Author",
    "Byline",
    "Correction",
    "CorrectionEntry",
    "Edition",
    "ErrorReport",
    "Front",
    "FrontSlot",
    "Home",
    "Kill",
    "ListEntry",
    "MissedTime",
    "PublicPage",
    "Publication",
    "Section",
    "SectionDesk",
    "Series",
    "Shelf",
    "StaticPage",
    "Story",
    "Topic",
    "Version",
]
