"""Written by several, and put right: a sentence is corrected by the keyboard, and two editors meet in one article."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browser import Browser
from tests.journeys.desk import Desk
from tests.journeys.server import Reader
from tests.tree import Tree

pytestmark = pytest.mark.journey

HARBOUR = "/world/seen-at-the-harbour/"
NOTICE = "We wrote that it happened. It did not."


def test_a_sentence_is_corrected_by_the_keyboard(tree: Tree, reader: Reader, browser: Browser) -> None:
    with browser.page() as page:
        desk = Desk(tree, page)
        desk.sign_in("editor")
        story = desk.find("World", "Seen at the harbour")
        wrong = desk.mark_last_sentence(story)
        desk.tell_readers(NOTICE, f"{wrong[:-1]} not.")
    reader.sees(HARBOUR, NOTICE, "Corrected on", f"{wrong[:-1]} not.", "corrected-mark")
    reader.sees("/corrections/", NOTICE)
    reader.sees("/feed/atom/", NOTICE)
    with browser.page() as page:
        page.goto(f"{tree.address}/corrections/")
        page.get_by_role("link", name="Seen at the harbour").click()
        expect(page).to_have_url(re.compile(r"#correction-\d+$"))
        page.get_by_role("link", name="The sentence").click()
        expect(page.locator("span.corrected")).to_be_in_viewport()
