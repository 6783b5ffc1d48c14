"""The worst night of the year: one switch at the desk, a sum in the reader's browser, and pages that follow."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Browser
from tests.journeys.desk import Desk
from tests.journeys.server import Reader, serving

pytestmark = pytest.mark.journey

HARBOUR = "/world/seen-at-the-harbour/"


def test_a_wave_is_read_first_and_browsers_do_a_sum(place: Path, browser: Browser) -> None:
    with (place / "stoppress.toml").open("a", encoding="utf-8") as settings:
        settings.write('comments = "open"\n')
    with serving(place) as tree, browser.page() as moderator, browser.page() as page:
        reader, desk = Reader(tree), Desk(tree, moderator)
        desk.sign_in("chief")
        desk.open("newsroom/replies/rules/")
        moderator.get_by_role("button", name="Switch it on").click()
        expect(moderator.get_by_role("button", name="Switch it off")).to_be_visible()

        page.goto(f"{tree.address}{HARBOUR}")
        page.get_by_role("link", name="Click to comment").click()
        expect(page.get_by_role("note")).to_contain_text("This story is moving fast")
        reply(page, "Ada", "The boats are out, I can see them.")
        desk.open("newsroom/replies/held/")
        moderator.get_by_role("button", name="Approve").last.click()
        reader.sees(f"{HARBOUR}comments/", "The boats are out", "This story is moving fast", "data-proof=")

        # The baked form does not say when it was opened, so nobody is too fast for it.
        page.goto(f"{tree.address}{HARBOUR}comments/")
        reply(page, "Ben", "They are back by now, all of them.")
        desk.open("newsroom/replies/held/")
        expect(moderator.locator(".moderation-fired").first).to_contain_text("Everything is read first for now")
        expect(moderator.locator(".moderation-fired", has_text="no proof of work")).to_have_count(0)
        desk.open("newsroom/replies/rules/")
        moderator.get_by_role("button", name="Switch it off").click()
        expect(moderator.get_by_role("button", name="Switch it on")).to_be_visible()
        reader.sees(f"{HARBOUR}comments/", "The boats are out", without="data-proof=")


def reply(page: Page, name: str, text: str) -> None:
    """Write it, and send it as soon as the browser has done its sum."""
    page.get_by_label("Comment").fill(text)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(f"{name.lower()}@example.org")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_text("An editor reads it before others see it")).to_be_visible()
