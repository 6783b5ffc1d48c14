"""The oracle: after any sequence of writes the store equals a fresh bake of everything, byte for byte."""

from pathlib import Path

import brotli
from django.conf import settings
from django.utils import timezone
from wagtail.models import Page

from stoppress.core import hooks
from stoppress.newsroom.models import SHELVES, Article, Home, ListEntry, Section, StaticPage
from stoppress.pagestore import actions
from stoppress.pagestore.layout import PENDING
from stoppress.pagestore.models import Address, BakeTask, Mark


def files(root: Path) -> dict[str, bytes]:
    """Every file below ``root/pages``; brotli by content, since the idle worker packs it tighter."""
    found = {}
    for path in sorted((root / "pages").rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            name = path.relative_to(root / "pages").as_posix()
            found[name] = brotli.decompress(content) if path.suffix == ".br" else content
    return found


def assert_true(scratch: Path) -> None:
    """Drain the queue, then compare the store with a fresh one and the addresses with Wagtail's own tree."""
    report = actions.drain()
    assert report.failed == []
    assert not Mark.objects.filter(not_before=None).exists()
    assert not BakeTask.objects.exists()
    actions.bake_afresh(scratch)
    store, fresh = files(Path(settings.STOPPRESS_STORE)), files(scratch)
    assert sorted(store) == sorted(fresh)
    differing = [name for name in fresh if store[name] != fresh[name]]
    assert differing == [], store[differing[0]].decode() + "\n---- fresh ----\n" + fresh[differing[0]].decode()
    assert not [name for name in store if name.endswith(PENDING)]
    assert live_addresses() == expected_addresses()
    assert lists() == expected_lists()


def live_addresses() -> dict[str, str]:
    """Subject → path of every page that the store holds to be live, lists and machine files left out."""
    live = Address.objects.filter(state=Address.State.LIVE).values_list("subject", "path")
    return {
        subject: path
        for subject, path in live
        if subject.partition(":")[0] in {"home", "section", "article", "static", "day", "month", "year", *SHELVES}
        and "/" not in subject
    }


def expected_addresses() -> dict[str, str]:
    """The same, from Wagtail's tree alone."""
    nouns = {Home: "home", Section: "section", Article: "article", StaticPage: "static"}
    expected = {}
    for page in Page.objects.live().filter(depth__gte=2, alias_of=None).exclude(first_published_at=None).specific():
        if not page.get_view_restrictions().exists() and not getattr(page, "is_embargoed", False):
            expected[f"{nouns[type(page)]}:{page.pk}"] = page.public_path
    filled = expected_lists()
    for name in (name for name in filled if name.startswith("day:")):
        year, month, day = name[4:8], name[8:10], name[10:]
        expected |= {f"year:{year}": f"/archive/{year}/", f"month:{year}{month}": f"/archive/{year}/{month}/"}
        expected[name] = f"/archive/{year}/{month}/{day}/"
    for kind in SHELVES.values():
        expected |= {shelf.key: shelf.public_path for shelf in kind._default_manager.all() if shelf.key in filled}
    return expected


def lists() -> dict[str, set[int]]:
    """Who is on show in each list."""
    found: dict[str, set[int]] = {}
    for name, page_id in ListEntry.objects.filter(is_present=True).values_list("list", "publication_id"):
        found.setdefault(name, set()).add(page_id)
    return found


def expected_lists() -> dict[str, set[int]]:
    """The same, from the articles themselves."""
    expected: dict[str, set[int]] = {}
    for article in Article.objects.live().filter(alias_of=None).exclude(first_published_at=None):
        if article.get_view_restrictions().exists() or article.is_embargoed:
            continue
        names = ["all", *(f"section:{pk}" for pk in Section.objects.ancestor_of(article).values_list("pk", flat=True))]
        names += [f"author:{byline.author_id}" for byline in article.bylines.all()]
        names += [f"topic:{use.topic_id}" for use in article.topics.all()]
        names += [one.key for one in (article.story, article.series) if one]
        names.append(f"day:{timezone.localtime(article.first_published_at):%Y%m%d}")
        for name in names:
            expected.setdefault(name, set()).add(article.pk)
    return expected


def unmarked() -> list[str]:
    """What a worker would mark when it starts."""
    return [key for pieces in hooks.call().find_unmarked() for keys in pieces for key in keys]
