"""Until when a picture is shown, where it is cropped, and what is said of it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from stoppress.core.recorder import recording
from stoppress.media.models import Picture
from stoppress.newsroom import figures
from stoppress.pagestore import actions
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory
from tests.newsroom.test_pages import page

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def with_rights_until(moment: datetime | None, **more: Any) -> Picture:
    picture = PictureFactory(**more)
    picture.rights_expire_at = moment
    picture.save()
    return picture


def test_no_page_shows_a_picture_when_the_right_to_it_has_ended(
    publication: SmallPublication, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = timezone.now() + DAY
    picture = with_rights_until(end, colour="red")
    also = with_rights_until(end + DAY, colour="blue")
    body = [
        {"type": "image", "value": {"image": picture.pk, "alt": "In the text", "caption": ""}},
        {"type": "gallery", "value": {"pictures": [{"image": pk, "alt": "Many"} for pk in (picture.pk, also.pk)]}},
    ]
    article = ArticleFactory(section=publication.world, lead_picture=picture, lead_alt="On top", body=body)
    everywhere = (article.public_path, "/world/", "/")
    shown = {path: page(store, path) for path in everywhere}
    assert all("<img" in html for html in shown.values())
    assert shown[article.public_path].count("<img") == 4
    assert set(Address.objects.filter(path__in=everywhere).values_list("valid_until", flat=True)) == {end}

    monkeypatch.setattr(timezone, "now", lambda: end)
    worker = Worker(Layout(store))
    worker.expire()
    worker.close()
    html = page(store, article.public_path)
    assert html.count("<img") == 1
    assert "og:image" not in html
    assert not [path for path in ("/world/", "/") if "<img" in page(store, path)]
    assert Address.objects.get(path=article.public_path).valid_until == end + DAY


def test_a_longer_right_brings_it_back(publication: SmallPublication, store: Path) -> None:
    picture = with_rights_until(timezone.now() - DAY)
    article = ArticleFactory(section=publication.world, lead_picture=picture)
    assert "<img" not in page(store, article.public_path)
    picture.rights_expire_at = None
    picture.save()
    assert "<img" in page(store, article.public_path)


def test_a_picture_without_sizes_and_without_rights_is_not_shown(publication: SmallPublication) -> None:
    picture = with_rights_until(timezone.now() - DAY)
    picture.renditions.all().delete()
    with recording() as record:
        assert figures.figure(picture.pk) is None
    assert record.valid_until is None


@pytest.mark.parametrize(
    ("size", "focus", "classes"),
    [
        ((400, 400), None, ""),
        ((400, 400), (200, 200), "fy2"),
        ((400, 400), (10, 10), "fy0"),
        ((400, 400), (200, 390), "fy4"),
        ((800, 200), (0, 100), "fx0"),
        ((800, 200), (400, 100), "fx2"),
        ((800, 200), (590, 100), "fx4"),
        ((640, 400), (640, 0), "fx4 fy0"),
    ],
)
def test_a_crop_goes_where_the_focal_point_is(
    publication: SmallPublication, size: tuple[int, int], focus: tuple[int, int] | None, classes: str
) -> None:
    picture = PictureFactory(width=size[0], height=size[1])
    if focus is not None:
        picture.focal_point_x, picture.focal_point_y = focus
        picture.focal_point_width = picture.focal_point_height = 1
        picture.save()
    shown = figures.figure(picture.pk)
    assert shown is not None
    assert shown.focus == classes


def test_a_card_follows_a_new_focal_point(publication: SmallPublication, store: Path) -> None:
    picture = PictureFactory(width=800, height=200)
    ArticleFactory(section=publication.world, lead_picture=picture)
    assert 'class="fx' not in page(store, "/world/")
    picture.focal_point_x = picture.focal_point_y = picture.focal_point_width = picture.focal_point_height = 10
    picture.save()
    assert '<img class="fx0"' in page(store, "/world/")


def test_a_lead_picture_that_is_only_for_looks_says_nothing(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(
        section=publication.world, lead_picture=PictureFactory(), fields={"lead_is_decorative": True}
    )
    for path in (article.public_path, "/world/"):
        html = page(store, path)
        assert 'alt=""' in html
        assert "A teal field" not in html
    article.lead_is_decorative = False
    article.save_revision().publish()
    assert 'alt="A teal field"' in page(store, "/world/")
    assert actions.drain().failed == []


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [(640, 427, ""), (640, 130, "wide"), (640, 1000, "tall"), (300, 200, "small"), (640, 0, "wide"), (640, 640, "")],
)
def test_what_a_crop_would_spoil_is_shown_whole(width: int, height: int, shape: str) -> None:
    assert figures.Figure("/x.jpg", "", width, height, "", "", "").shape == shape
