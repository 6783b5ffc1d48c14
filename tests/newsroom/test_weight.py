"""A text article with one picture stays light: what a reader's browser asks for, and how much of it there is."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.conftest import SmallPublication
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory
from tests.newsroom.test_pages import page

pytestmark = pytest.mark.django_db

ASKED_FOR = re.compile(r'<(?:link rel="(?:stylesheet|icon)" href|script [^>]*src|img [^>]*?src)="([^"]+)"')
SHEET = re.compile(r"<style>(.*?)</style>", re.DOTALL)
KILOBYTE = 1024
NOT_FOR_READERS = ("wagtail*", "admin", "desk", "mfa", "rest_framework", "taggit*", "allauth*")


@pytest.fixture
def collected(tmp_path: Path, settings: Any) -> Path:
    """Readers' static files with their hashed names, as in an instance."""
    hashed = {"BACKEND": "stoppress.design.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": hashed}
    settings.STATIC_ROOT = str(tmp_path)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(NOT_FOR_READERS))
    return tmp_path


def packed(content: bytes) -> int:
    """Bytes on the way to the reader."""
    return len(gzip.compress(content, 6))


def test_a_text_article_with_one_picture_is_light(publication: SmallPublication, store: Path, collected: Path) -> None:
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
    scripts = sorted(one for one in asked if one.endswith(".js"))
    assert scripts
    assert 1 + len(asked) <= 8
    assert [one for one in asked if not one.startswith(("/static/", "/media/"))] == []
    # A browser paints with its first answer: the one sheet stands in it.
    assert [one for one in asked if one.endswith(".css")] == []
    (sheet,) = SHEET.findall(html)
    assert "@import" not in sheet
    assert "--paper" in sheet
    assert packed(sheet.encode()) <= 15 * KILOBYTE
    assert packed(html.encode()) <= 25 * KILOBYTE
    assert sum(packed((collected / one.removeprefix("/static/")).read_bytes()) for one in scripts) <= 10 * KILOBYTE


def test_the_picture_at_the_top_is_asked_for_at_once_and_keeps_its_place(
    publication: SmallPublication, store: Path
) -> None:
    article = ArticleFactory(section=publication.world, lead_picture=PictureFactory())
    for path in (article.public_path, "/world/", "/"):
        lead = re.findall(r"<img [^>]*>", page(store, path))[0]
        assert 'fetchpriority="high"' in lead
        assert "lazy" not in lead
        assert 'width="640" height="400"' in lead
