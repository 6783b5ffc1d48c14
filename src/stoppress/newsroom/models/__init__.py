"""The newsroom's tables, one noun a file."""

from stoppress.newsroom.models.authors import Author
from stoppress.newsroom.models.kills import Kill
from stoppress.newsroom.models.pages import Article, Byline, Home, PublicPage, Section, public_path
from stoppress.newsroom.models.publication import BUCKET, ListEntry, Publication

__all__ = [
    "BUCKET",
    "Article",
    "Author",
    "Byline",
    "Home",
    "Kill",
    "ListEntry",
    "PublicPage",
    "Publication",
    "Section",
    "public_path",
]
