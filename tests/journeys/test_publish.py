"""Written at the desk, read at its address: publish, retitle, move, unpublish, kill, delete."""

import re

import pytest

from tests.journeys.browser import Browser
from tests.journeys.desk import Desk
from tests.journeys.server import Reader
from tests.tree import Tree

pytestmark = pytest.mark.journey

WRITTEN = "/world/a-bridge-opens/"
RENAMED = "/world/bridge-opens-at-dawn/"
MOVED = "/local/bridge-opens-at-dawn/"
HARBOUR = "/world/seen-at-the-harbour/"


@pytest.fixture(scope="module")
def tree(common_tree: Tree) -> Tree:
    """One for both: each has a story of its own."""
    return common_tree


def test_the_life_of_a_story(tree: Tree, reader: Reader, browser: Browser) -> None:
    with browser.page() as page:
        desk = Desk(tree, page)
        desk.sign_in("editor")
        before = reader.get("/").headers["etag"]
        story = desk.write(
            section="World",
            headline="A bridge opens",
            standfirst="After nine years the river can be crossed.",
            text="The first cyclist crossed at dawn.",
            author="Ada Okafor",
            picture="The market",
        )
        article = reader.sees(WRITTEN, "<h1", "A bridge opens", "The first cyclist crossed at dawn.", "Ada Okafor")
        assert re.search(r'Published on <time datetime="[\d-]+T[\d:]+Z"', article.text)
        picture = re.search(r'<img src="(/media/[^"]+)"', article.text)
        assert picture is not None
        assert reader.get(picture[1]).headers["content-type"] == "image/jpeg"
        smaller = re.search(r'<source type="image/webp" srcset="(/media/[^" ]+)', article.text)
        assert smaller is not None
        assert reader.get(smaller[1]).headers["content-type"] == "image/webp"
        for target in ("/", "/world/", "/feed/"):
            reader.sees(target, "A bridge opens", WRITTEN, "After nine years the river can be crossed.")
        reader.sees("/sitemap/0.xml", WRITTEN)
        assert reader.get("/", if_none_match=before).status == 200

        desk.retitle(story, "The bridge is open")
        reader.sees(WRITTEN, "The bridge is open", without="A bridge opens")
        for target in ("/", "/world/", "/feed/"):
            reader.sees(target, "The bridge is open", WRITTEN, without="A bridge opens")

        desk.readdress(story, "bridge-opens-at-dawn")
        reader.sees(RENAMED, "The bridge is open")
        reader.sees(WRITTEN, status=301, location=RENAMED)
        for target in ("/", "/world/", "/feed/", "/sitemap/0.xml"):
            reader.sees(target, RENAMED, without=WRITTEN)

        desk.move(story, "Local")
        reader.sees(MOVED, "The bridge is open", '<a href="/local/">Local</a>')
        for old in (WRITTEN, RENAMED):
            reader.sees(old, status=301, location=MOVED)
        reader.sees("/world/", without="The bridge is open")
        for target in ("/", "/local/", "/feed/", "/sitemap/0.xml"):
            reader.sees(target, MOVED, without=RENAMED)

        desk.unpublish(story)
        for gone in (WRITTEN, RENAMED, MOVED):
            reader.sees(gone, "taken down", status=410)
        for target in ("/", "/local/", "/feed/", "/sitemap/0.xml"):
            reader.sees(target, without=MOVED)

        desk.republish(story)
        reader.sees(MOVED, "The bridge is open")
        reader.sees(WRITTEN, status=301, location=MOVED)
        reader.sees("/local/", "The bridge is open", MOVED)

        assert reader.get(picture[1]).status == 200
        desk.kill(story, "The bridge is not open.")
        reader.sees(picture[1], status=404)
        for gone in (WRITTEN, RENAMED, MOVED):
            reader.sees(gone, "taken down", status=410, without="The bridge is open")
        for target in ("/", "/local/", "/feed/", "/sitemap/0.xml"):
            reader.sees(target, without=MOVED)
        assert desk.is_refused(f"pages/{story}/edit/")
        assert desk.is_refused(f"pages/{story}/history/")


def test_only_a_superuser_deletes(tree: Tree, reader: Reader, browser: Browser) -> None:
    reader.sees(HARBOUR, "Seen at the harbour")
    with browser.page() as page:
        desk = Desk(tree, page)
        desk.sign_in("chief")
        story = desk.find("World", "Seen at the harbour")
        assert "Delete" in desk.actions(story)
    with browser.page() as page:
        desk = Desk(tree, page)
        desk.sign_in("editor")
        offered = desk.actions(story)
        assert {"Edit", "Move", "Unpublish", "Kill"} <= set(offered)
        assert "Delete" not in offered
        assert desk.is_refused(f"pages/{story}/delete/")
        reader.sees(HARBOUR, "Seen at the harbour")
    with browser.page() as page:
        desk = Desk(tree, page)
        desk.sign_in("chief")
        desk.delete(story)
    reader.sees(HARBOUR, status=410)
    for target in ("/", "/world/", "/feed/", "/sitemap/0.xml"):
        reader.sees(target, without=HARBOUR)
