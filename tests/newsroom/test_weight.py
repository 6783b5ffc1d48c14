"""A text article with one picture stays light: what a reader's browser asks for, and how much of it there is."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from stoppress.design.storage import StaticFilesStorage
from tests.conftest import SmallPublication
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory
from tests.newsroom.test_pages import page

pytestmark = pytest.mark.django_db

DESIGN = Path(__file__).parents[2] / "src/stoppress/design/static"
ASKED_FOR = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script [^>]*src|img [^>]*?src)="([^"]+)"')
KILOBYTE = 1024


def packed(content: bytes) -> int:
    """Bytes on the way to the reader."""
    return len(gzip.compress(content, 6))


def test_a_text_article_with_one_picture_is_light(publication: SmallPublication, store: Path) -> None:
    authors = [AuthorFactory()]
    for _ in range(5):
        ArticleFactory(section=publication.world, authors=authors)
    words = "<p>" + " ".join(f"The {n}th boat came in at dawn and left at noon." for n in range(150)) + "</p>"
    article = ArticleFactory(
        section=publication.world,
        authors=authors,
        lead_picture=PictureFactory(),
        body=[{"type": "text", "value": words}],
    )
    html = page(store, article.public_path)
    asked = set(ASKED_FOR.findall(html))
    sheets = sorted(one for one in asked if one.endswith(".css"))
    scripts = sorted(one for one in asked if one.endswith(".js"))
    assert 1 + len(asked) <= 8
    assert [one for one in asked if not one.startswith(("/static/", "/media/"))] == []
    assert packed(html.encode()) <= 25 * KILOBYTE
    assert [Path(one).name for one in sheets] == ["stoppress.css"]
    paths = {f"design/{file.name}": (StorageOf(DESIGN), f"design/{file.name}") for file in DESIGN.glob("design/*.css")}
    whole = StaticFilesStorage._whole("design/stoppress.css", paths)  # type: ignore[arg-type]
    assert whole is not None
    assert "@import" not in whole
    assert "--paper" in whole
    assert packed(whole.encode()) <= 15 * KILOBYTE
    assert sum(packed((DESIGN / one.removeprefix("/static/")).read_bytes()) for one in scripts) <= 10 * KILOBYTE


def test_the_picture_at_the_top_is_asked_for_at_once_and_keeps_its_place(
    publication: SmallPublication, store: Path
) -> None:
    article = ArticleFactory(section=publication.world, lead_picture=PictureFactory())
    for path in (article.public_path, "/world/", "/"):
        lead = re.findall(r"<img [^>]*>", page(store, path))[0]
        assert 'fetchpriority="high"' in lead
        assert "lazy" not in lead
        assert 'width="640" height="400"' in lead


class StorageOf:
    """Files of a folder, as the static files' finders give them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, name: str) -> Any:
        """The file."""
        return (self._folder / name).open("rb")
