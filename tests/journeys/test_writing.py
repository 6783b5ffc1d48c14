"""Written by several, and put right: a sentence is corrected by the keyboard, and two editors meet in one article."""

import re
from contextlib import suppress
from itertools import count

import pytest
from playwright.sync_api import APIResponse, Request, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.journeys.browser import Browser
from tests.journeys.desk import Desk
from tests.journeys.server import Reader, work
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey

HARBOUR = "/world/seen-at-the-harbour/"
NOTICE = "We wrote that it happened. It did not."


@pytest.fixture(scope="module")
def tree(common_tree: Tree) -> Tree:
    """One for both: each has a story of its own."""
    return common_tree


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


def is_autosave(request: Request) -> bool:
    """Whether the desk saves by itself."""
    return request.method == "POST" and "json" in request.headers["accept"] and "/pages/add/" in request.url


def test_publishing_waits_for_the_draft_that_saves_itself(tree: Tree, browser: Browser) -> None:
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_answer(route: Route) -> None:
        if is_autosave(route.request):
            held.append((route, route.fetch()))
        else:
            route.continue_()

    with browser.page() as page:
        desk = Desk(tree, page)
        desk.sign_in("editor")
        desk.begin("World")
        page.route("**/pages/add/newsroom/article/*/", hold_the_answer)
        headline = page.get_by_role("textbox", name="Headline")
        tries = count(1)

        def is_saved() -> bool:
            with suppress(PlaywrightTimeout), page.expect_request(is_autosave, timeout=3000):
                headline.fill(f"A ferry is late, {next(tries)}")
                headline.press("Tab")
            return bool(held)

        eventually(is_saved, "the desk to save by itself")
        headline.fill("A ferry is late again")
        headline.press("Tab")
        desk.press_publish()
        route, answer = held[0]
        assert page.url == route.request.url
        route.fulfill(response=answer)
        desk.hear("published")
        assert desk.find("World", "A ferry is late again") == answer.json()["pk"]
        expect(page.get_by_role("table").get_by_role("link", name=re.compile("A ferry is late"))).to_have_count(1)


def test_two_editors_on_one_article_lose_no_word(tree: Tree, browser: Browser) -> None:
    with browser.page() as first, browser.page() as second:
        one, other = Desk(tree, first), Desk(tree, second)
        one.sign_in("editor")
        other.sign_in("chief")
        story = one.find("World", "Old story 64")
        one.open(f"pages/{story}/edit/")
        other.open(f"pages/{story}/edit/")

        # The desk saves what changes after it has taken stock of the form; nobody types as early as a test.
        tries = count(1)

        def is_saved() -> bool:
            one.write_standfirst(f"What the editor wrote, {next(tries)}.")
            return any(text.startswith("What the editor wrote") for text in standfirsts(tree, story))

        eventually(is_saved, "the desk to save by itself")
        # The chief's words are not saved over the editor's by themselves, and stay in the form.
        other.write_standfirst("What the chief wrote.")
        expect(second.locator("#w-autosave-indicator")).to_contain_text("paused")
        second.get_by_role("button", name="Save draft").first.click()
        # Asked first, if the window has heard of the editor's version by now.
        answer = second.locator(".messages li, [role=dialog]").filter(has_text=re.compile("saved|updated"))
        expect(answer.first).to_be_visible()
        if second.get_by_role("dialog").count():
            second.get_by_role("dialog").get_by_role("button", name="Save draft").click()
        expect(second.locator(".messages")).to_contain_text(re.compile("saved|updated"))
        expect(second.get_by_role("textbox", name="Standfirst")).to_have_value("What the chief wrote.")
    texts = standfirsts(tree, story)
    assert "What the chief wrote." in texts
    assert any(text.startswith("What the editor wrote") for text in texts)


def standfirsts(tree: Tree, story: int) -> list[str]:
    """What the versions of an article say under its headline."""
    found: list[str] = work(tree.root, "drafts", str(story))[0]["standfirsts"]
    return found
