"""Files of renditions outlive their rows for a while, then go."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.storage import storages

from stoppress.media.actions import remove_orphans
from stoppress.media.models import Picture
from tests.factories.media import PictureFactory

pytestmark = pytest.mark.django_db
DAY = 86_400.0


@pytest.fixture
def files(ground: None, settings: Any, django_capture_on_commit_callbacks: Any) -> list[Path]:
    """The public files of one picture, a year old."""
    cache.clear()  # Wagtail's rendition of a picture with this number in a test before
    with django_capture_on_commit_callbacks(execute=True):
        picture = PictureFactory()
    made = [Path(settings.MEDIA_ROOT) / name for name in picture.renditions.values_list("file", flat=True)]
    assert made
    age(made, 365)
    return made


def age(files: list[Path], days: float) -> None:
    for file in files:
        os.utime(file, (time.time() - days * DAY,) * 2)


def test_a_file_in_use_stays_however_old_it_is(files: list[Path]) -> None:
    assert remove_orphans(7 * DAY) == 0
    assert all(file.exists() for file in files)


def test_a_replaced_file_is_kept_from_its_replacement_on(files: list[Path], settings: Any) -> None:
    names = [file.relative_to(settings.MEDIA_ROOT).as_posix() for file in files]
    Picture.objects.get().renditions.all().delete()
    for name in names:
        storages["renditions"].delete(name)  # as Wagtail's task does when a row goes
    assert remove_orphans(7 * DAY) == 0
    age(files, 8)
    assert remove_orphans(7 * DAY, is_dry=True) == len(files)
    assert all(file.exists() for file in files)
    assert remove_orphans(7 * DAY) == len(files)
    assert not any(file.exists() for file in files)


def test_a_file_that_went_already_is_no_trouble(files: list[Path], settings: Any) -> None:
    name = files[0].relative_to(settings.MEDIA_ROOT).as_posix()
    files[0].unlink()
    storages["renditions"].delete(name)
    assert remove_orphans(7 * DAY) == 0
