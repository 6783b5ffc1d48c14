"""Searching through the real server, without scripts: the index follows, and a flood of searches harms no reader."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.journeys.server import Reader, Reply, work
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey

FLOOD = 80
TOO_OFTEN = 429


@pytest.fixture(scope="module")
def place(common_place: Path) -> Path:
    """One for both: nobody writes what the other one looks for."""
    return common_place


@pytest.fixture(scope="module")
def tree(common_tree: Tree) -> Tree:
    """Its running server."""
    return common_tree


def answered(reader: Reader, asked: str) -> Reply:
    """The answer to a search; who looks too often waits, as is said to them."""

    def ask() -> Reply | None:
        reply = reader.get(f"/-/search/?q={asked}")
        return None if reply.status == TOO_OFTEN else reply

    reply = eventually(ask, f"an answer to {asked[:50]}")
    assert reply is not None
    return reply


def test_the_index_follows_what_is_published(place: Path, tree: Tree, reader: Reader) -> None:
    # What was published before is found after the first start.
    found = reader.sees("/-/search/?q=harbor+OR+harbour", "<mark>harbour</mark>", "/world/seen-at-the-harbour/")
    assert re.search(r'<form [^>]*action="/-/search/" method="get" role="search">', found.text)
    assert found.headers["cache-control"] == "private, max-age=10"
    assert "script-src 'self'" in found.headers["content-security-policy"]
    reader.sees("/-/search/?q=old+story&sort=newest", 'href="/-/search/page/2/?q=old+story&amp;sort=newest"')
    reader.sees("/-/search/page/7/?q=old+story&sort=newest", "/world/old-story-0/")

    os.kill(tree.children()["tasks"], signal.SIGKILL)
    work(place, "publish", "local", "lighthouse", "1")
    reader.sees("/-/search/?q=lighthouses", "/local/lighthouse-0/", "<mark>lighthouse</mark>")

    assert "/world/old-story-1/" in answered(reader, "%22old+story+1%22").text
    work(place, "unsettle")  # unpublishes it
    assert "/world/old-story-1/" not in answered(reader, "%22old+story+1%22").text

    for hostile in ("%00", "%FF%22*", "a" * 7000, "%22" * 2000, "%27%29%3B+DROP+TABLE+search_entry%3B--"):
        assert answered(reader, hostile).status == 200


def test_a_flood_of_searches_harms_no_reader(tree: Tree, reader: Reader) -> None:
    reader.sees("/-/search/?q=story", "/world/old-story-")
    with ThreadPoolExecutor(8) as crowd:
        searches = [crowd.submit(reader.get, f"/-/search/?q=story+{number}") for number in range(FLOOD)]
        pages = [reader.get("/world/").status for _ in range(FLOOD)]
    assert set(pages) == {200}
    answers = [search.result() for search in searches]
    assert {answer.status for answer in answers} <= {200, 429, 503}
    assert {answer.status for answer in answers} & {429, 503}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status != 200)
    assert reader.get("/desk/login/").status == 200
