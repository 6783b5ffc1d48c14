"""A crawl for what readers must not hear of: every file of the store, every address, every screen of the desk."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from stoppress.accounts.models import Role
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from stoppress.pagestore.serve.asgi import Front
from tests.conftest import SmallPublication
from tests.crawler import Crawler, patterns
from tests.factories.accounts import somebody
from tests.pagestore.oracle import files
from tests.secrets import NEVER_SEEN, STATES, Secret, come_about, crawl, leaks, without, word_of, write

pytestmark = pytest.mark.django_db

SEEDS = ["/", "/robots.txt", "/sitemap.xml", "/sitemap/news.xml", "/archive/", "/feed/", "/nowhere/", "/-/search/?q="]
THEIRS = re.compile(rb"xq[a-z]+x(picture|title|credit|alt|file|content|exif|comment)")
"""What the photo desk is there for: pictures and files, but not what they are used in."""
HIDDEN = [state for state in STATES if state != "live"]
AT_THE_DESK = ("embargoed", "killed")


@pytest.fixture
def crawler(store: Path, settings: Any, tmp_path: Path) -> Iterator[Crawler]:
    front = Front(
        {"store": store, "media": settings.MEDIA_ROOT, "static": str(tmp_path), "app_socket": str(tmp_path / "no.sock")}
    )
    yield Crawler(front)
    front.close()


def test_no_reader_hears_of_what_is_not_for_readers(
    publication: SmallPublication,
    crawler: Crawler,
    store: Path,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    secrets = [write(publication.world, state) for state in STATES]
    assert actions.drain().failed == []
    addresses = Address.objects.values_list("path", flat=True)
    seen = leaks("".join(addresses).encode(), *STATES)
    assert set(seen) == set(STATES) - NEVER_SEEN
    with django_capture_on_commit_callbacks(execute=True):
        for secret in secrets:
            come_about(secret)
    assert actions.drain().failed == []
    for name, content in files(store).items():
        is_page = not name.endswith((".tombstone", ".gz"))
        assert leaks(content + (name.encode() if is_page else b""), *HIDDEN) == [], name

    seeds = [*SEEDS, *(SEEDS[-1] + word_of(state) for state in STATES), *addresses]
    for secret in secrets:
        seeds += [*secret.guesses, *(screens(secret) if secret.state in AT_THE_DESK else ())]
    found = crawl(crawler.get, seeds)
    for target, reply in found.items():
        assert leaks(reply, *HIDDEN) == [], f"{target}\n{reply.decode('utf-8', 'replace')}"
    heard_at = {target for target, reply in found.items() if leaks(reply, "live")}
    assert {"/", "/world/", "/feed/", "/feed/atom/", "/sitemap/0.xml", "/sitemap/news.xml"} <= heard_at
    assert {f"/{noun}/{word_of('live')}{noun}/" for noun in ("author", "topic", "story", "series")} <= heard_at
    pictures = [target for target in found if target.startswith("/media/images/")]
    assert pictures
    assert not [target for target in pictures if b"exif" in found[target].lower()]

    public = {file: file.read_bytes() for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()}
    assert [file for file, content in public.items() if leaks(content, "live")]
    assert not [file for file, content in public.items() if leaks(content, "killed", *NEVER_SEEN)]
    killed = next(secret for secret in secrets if secret.state == "killed")
    assert not killed.picture.renditions.exists()


def test_who_has_no_right_to_a_page_finds_no_word_of_it_at_the_desk(publication: SmallPublication) -> None:
    secrets = [write(publication.world, state) for state in AT_THE_DESK]
    for secret in secrets:
        come_about(secret)
    found: list[str] = []
    for role in (Role.OPERATOR, Role.PHOTO_DESK):
        client = Client(raise_request_exception=False)
        client.force_login(somebody(role))
        opened = 0
        for target in [target for secret in secrets for target in screens(secret)]:
            if role is Role.OPERATOR and target.startswith("/desk/reports/audit-log/"):
                continue  # which they are there to read
            reply = client.get(target)
            assert reply.status_code < 500, target
            content = b"".join(reply) if reply.streaming else reply.content
            small = without(target, content).lower()
            if role is Role.PHOTO_DESK:
                small = THEIRS.sub(b"", small)
            opened += reply.status_code == 200
            found += [f"{role}: {target} {state}" for state in leaks(small, *AT_THE_DESK)]
        assert opened
    assert found == [], "\n".join(found)


def screens(secret: Secret) -> Iterator[str]:
    """Every address that Django knows, with the numbers of ``secret`` wherever it takes one."""
    for pattern, names in patterns(get_resolver()):
        # One logs out, one fails to show how that looks.
        if any(word in pattern for word in ("logout", "failwhale")) or not pattern.startswith(("desk/", "-/", "_util")):
            continue
        for number in {n for noun in nouns_of(pattern) for n in secret.numbers[noun]}:
            yield "/" + re.sub(r"<[^>]*>", lambda found, n=number: value(found[0], n, secret), pattern)  # type: ignore[misc]
            if not names:
                break


def nouns_of(pattern: str) -> list[str]:
    """What the numbers in an address may be of."""
    if "revision" in pattern:
        return ["page", "revision"]
    for word in ("images", "documents"):
        if word in pattern:
            return [word.removesuffix("s")]
    return ["other"] if "snippets" in pattern else ["page"]


def value(parameter: str, number: int, secret: Secret) -> str:
    """What stands for one parameter of an address."""
    words = {
        "str:app_label": "newsroom",
        "slug:app_label": "newsroom",
        "model_name": "article",
        "filename": f"{secret.word}file.csv",
        "revision_id": str(secret.numbers["revision"][0]),
        "filter_spec": "width-320",
        "type": "page",
        "action": "unpublish",
    }
    inner = parameter.strip("<>")
    return next((word for name, word in words.items() if name in inner), str(number))
