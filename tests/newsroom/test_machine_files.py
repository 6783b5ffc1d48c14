"""Files that machines look for, and the pages for when something is wrong."""

import errno
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from django.utils import timezone

from stoppress.core.trouble import Trouble, trouble_of
from stoppress.newsroom import keys
from stoppress.newsroom.models import Home
from stoppress.newsroom.views import server_error
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

SECURITY = "/.well-known/security.txt"


def baked(store: Path, name: str) -> str:
    assert actions.drain().failed == []
    return (store / "pages" / name).read_text(encoding="utf-8")


def test_crawlers_that_are_not_wanted_are_asked_to_stay_away(
    publication: SmallPublication, store: Path, settings: Any
) -> None:
    assert "User-agent: *\nDisallow: /desk/" in baked(store, "robots.txt")
    settings.STOPPRESS_REFUSED_CRAWLERS = ["GPTBot", "CCBot"]
    actions.bake_everything()
    assert "\nUser-agent: GPTBot\nUser-agent: CCBot\nDisallow: /\n\nSitemap: " in baked(store, "robots.txt")


def test_whom_to_tell_of_a_hole_is_said_once_the_settings_name_somebody(
    publication: SmallPublication, store: Path, settings: Any
) -> None:
    actions.drain()
    assert not Address.objects.filter(path=SECURITY).exists()
    assert oracle.unmarked() == []
    settings.STOPPRESS_SECURITY_CONTACT = "mailto:security@news.example"
    actions.mark(*oracle.unmarked())
    text = baked(store, SECURITY[1:])
    assert text.startswith("Contact: mailto:security@news.example\n")
    (said,) = re.findall(r"^Expires: (\S+)$", text, re.MULTILINE)
    expires = datetime.strptime(said, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=100) < expires - timezone.now() < timedelta(days=365)
    until = Address.objects.get(path=SECURITY).valid_until
    assert until is not None
    assert until < expires - timedelta(days=100)
    oracle.assert_true(store.parent / "fresh")
    settings.STOPPRESS_SECURITY_CONTACT = ""
    actions.mark(*oracle.unmarked())
    actions.drain()
    assert Address.objects.get(path=SECURITY).state == Address.State.GONE
    assert oracle.unmarked() == []


def test_error_pages_have_no_address_of_their_own(publication: SmallPublication, store: Path) -> None:
    for name in ("404.html", "410.html", *(f"{name}.html" for name in keys.TROUBLES)):
        assert 'rel="canonical"' not in baked(store, name)


def test_a_feed_without_items_is_as_old_as_the_publication(publication: SmallPublication, store: Path) -> None:
    began = Home.objects.get().first_published_at
    assert began is not None
    assert f"{began.year} " in baked(store, "feed/index.xml").partition("<lastBuildDate>")[2][:30]


def answer(method: str, error: Exception) -> tuple[int, str]:
    """What somebody sees whose request ended with ``error``."""
    try:
        raise RuntimeError("in a view") from error
    except RuntimeError:
        assert sys.exc_info()[1] is not None
        response = server_error(RequestFactory().generic(method, "/desk/"))
    return response.status_code, response.content.decode()


def test_an_error_says_whose_fault_it_is_and_what_became_of_the_words(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        status, text = answer("GET", ValueError("secret detail"))
        assert (status, "The fault is ours" in text, "secret" in text, "Go back" in text) == (500, True, False, False)
        status, text = answer("POST", OSError(errno.ENOSPC, "No space left on device"))
        assert (status, "The disk is full" in text, "Copy them" in text) == (503, True, True)
        status, text = answer("POST", OperationalError("connection refused"))
        assert (status, "database does not answer" in text) == (503, True)


def test_trouble_is_recognised_by_every_engines_words() -> None:
    assert trouble_of(OperationalError("database or disk is full")) == Trouble.DISK
    assert trouble_of(OperationalError('could not extend file "base/1": No space left on device')) == Trouble.DISK
    assert trouble_of(OSError(errno.EDQUOT, "Disk quota exceeded")) == Trouble.DISK
    assert trouble_of(OSError(errno.ENOENT, "No such file")) is None
    assert trouble_of(None) is None
