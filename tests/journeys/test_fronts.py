"""A front laid out in a browser: found, dragged, scheduled, given back; and two editors at one front."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Browser
from tests.journeys.desk import Desk
from tests.journeys.server import Reader
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey

AHEAD_SECONDS = 12
"""Enough to press a button in."""


@pytest.fixture(scope="module")
def tree(common_tree: Tree) -> Tree:
    """One for both: each has a front of its own."""
    return common_tree


class Board:
    """The board of a front in a window of its own."""

    def __init__(self, tree: Tree, page: Page, who: str, front: str) -> None:
        self.page = page
        desk = Desk(tree, page)
        desk.sign_in(who)
        desk.open("newsroom/fronts/")
        page.get_by_role("table").get_by_role("link", name=front, exact=True).click()
        self.place("Lead")

    def place(self, label: str) -> None:
        """Choose a place to work on."""
        self.page.get_by_role("list").get_by_role("link", name=label, exact=True).click()
        expect(self.page.locator("#front-work-title")).to_have_text(label)

    def type_and_take(self, words: str) -> None:
        """Find a story while typing, and take the first by the keys alone."""
        self.page.get_by_role("combobox", name="Find a story").press_sequentially(words)
        expect(self.page.get_by_role("listbox", name="Stories").get_by_role("option").first).to_contain_text(words)
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")

    def shows(self, place: int, *words: str) -> None:
        """The place holds these words, now or soon."""
        for one in words:
            expect(self.page.locator(".front-place").nth(place)).to_contain_text(one)

    def hears(self, words: str) -> None:
        expect(self.page.locator(".messages")).to_contain_text(words)


def headlines(reader: Reader, path: str = "/") -> list[str]:
    return re.findall(r'<h[34][^>]*><a href="[^"]+">([^<]+)<', reader.get(path).text)


def test_a_front_is_laid_out_scheduled_and_given_back(tree: Tree, reader: Reader, browser: Browser) -> None:
    with browser.page() as page:
        board = Board(tree, page, "chief", "The Journey Gazette")
        board.type_and_take("Seen at")
        board.shows(0, "Seen at the harbour", "Pinned")
        hit = page.locator("#front-hits li").filter(has_text="Old story 58")
        hit.drag_to(page.locator(".front-place").nth(1))
        board.shows(1, "Old story 58", "Pinned")
        page.locator(".front-place").nth(1).drag_to(page.locator(".front-place").nth(3))
        board.shows(3, "Old story 58", "Pinned")
        page.get_by_role("button", name="Change Beside the lead, place 3 with the place above").click()
        board.shows(2, "Old story 58", "Pinned")
        page.get_by_label("Note").fill("At noon")
        page.get_by_role("button", name="Publish now").click()
        board.hears("Edition 1 is live.")
        first = ["Seen at the harbour", "Film night", "Old story 58"]
        eventually(lambda: headlines(reader)[:3] == first, "the first edition")

        board.place("Lead")
        board.type_and_take("Film")
        board.shows(0, "Film night", "Pinned")
        due = int(time.time()) + AHEAD_SECONDS
        page.get_by_label("Or let it appear at").fill(datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%dT%H:%M:%S"))
        page.get_by_role("button", name="Schedule").click()
        board.hears("Edition 2 appears at")
        early: list[float] = []

        def is_there() -> bool:
            is_new = headlines(reader)[0] == "Film night"
            if is_new and time.time() < due:
                early.append(time.time())
            return is_new

        eventually(is_there, "the planned edition")
        assert early == []

        page.get_by_role("link", name="Editions").click()
        page.get_by_role("button", name="Give readers this again 1").click()
        board.hears("Edition 3 is live. It repeats edition 1")
        eventually(lambda: headlines(reader)[:3] == first, "the first edition again")
        page.get_by_role("link", name="Edition 3").click()
        expect(page.locator(".front-changes")).to_contain_text("Lead: “Film night” → “Seen at the harbour”")
        page.get_by_role("link", name="Preview").click()
        for width in ("As on a phone", "As on a desktop"):
            expect(
                page.frame_locator(f"iframe[title='{width}']").get_by_role("heading", level=3).first
            ).to_contain_text("Seen at the harbour")


def test_two_editors_at_one_front(tree: Tree, reader: Reader, browser: Browser) -> None:
    with browser.page() as one, browser.page() as two:
        ada, ben = Board(tree, one, "editor", "World"), Board(tree, two, "chief", "World")
        ada.type_and_take("Old story 17")
        ada.shows(0, "Old story 17", "You are here")
        ben.shows(0, "editor is here")  # without a reload
        ben.type_and_take("Old story 18")
        notice = two.get_by_role("alert")
        expect(notice).to_contain_text("editor is at “Lead”. Nothing was changed.")
        notice.get_by_role("button", name="Ask for this place").click()
        ada.shows(0, "chief asks for this place.")
        one.get_by_role("button", name="Let go").first.click()
        expect(two.locator(".front-place").first).not_to_contain_text("editor is here")
        ben.shows(0, "Old story 17")
        ben.type_and_take("Old story 18")
        ben.shows(0, "Old story 18", "You are here")
        ada.shows(0, "Old story 18", "chief is here")
        one.get_by_role("button", name="Publish now").click()
        ada.hears("Edition 1 is live.")
        eventually(lambda: headlines(reader, "/world/")[0] == "Old story 18", "the edition of both")
