"""Readers reply, and moderators read: with scripts and without, by mouse and by keys, on one running server."""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Browser
from tests.journeys.desk import Desk
from tests.journeys.server import Reader, serving, work
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey

HARBOUR = "/world/seen-at-the-harbour/"
REPLIES = f"{HARBOUR}comments/"
MANY = 200


@pytest.fixture(scope="module")
def tree(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """The running server of this file, where everything is read first."""
    place = shutil.copytree(template, tmp_path_factory.mktemp("replies") / "gazette")
    with (place / "stoppress.toml").open("a", encoding="utf-8") as settings:
        settings.write('comments = "hold-first"\n')
    work(place, "moderators")
    with serving(place) as running:
        yield running


class Post:
    """What our mails say, as they lie in their folder."""

    def __init__(self, tree: Tree) -> None:
        self._folder = tree.root / "data" / "mail"

    def link(self, to: str, kind: str) -> str:
        """The newest link of a kind that went to somebody; waits for it."""

        def find() -> str:
            found = ""
            for file in sorted(self._folder.glob("*.log"), key=lambda one: one.stat().st_mtime):
                for mail in file.read_text(encoding="utf-8").split("-" * 79):
                    if f"To: {to}" in mail and (link := re.search(rf"/-/replies/{kind}/\S+", mail)):
                        found = link[0]
            return found

        return eventually(find, f"a mail to {to} with a link to {kind}")


def write(page: Page, text: str, name: str) -> None:
    """Fill in the form and send it."""
    page.get_by_label("Comment").fill(text)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(f"{name.lower()}@example.org")
    page.get_by_role("button", name="Post comment").click()
    expect(page.get_by_role("status")).to_contain_text("An editor reads it")


def decide(desk: Desk, page: Page, queue: str, key: str, name: str) -> None:
    """Press a key on somebody's reply."""
    desk.open(f"newsroom/replies/{queue}/")
    row = page.locator("#moderation-list > li").filter(has=page.get_by_role("heading", name=name, exact=True))
    row.focus()
    page.keyboard.press(key)
    if key == "r":
        page.keyboard.press("Enter")
    expect(page.locator("#moderation-said")).to_contain_text("Refused" if key == "r" else "Approved")


def test_a_reply_from_the_first_word_to_the_last(tree: Tree, browser: Browser) -> None:
    post, reader = Post(tree), Reader(tree)
    with (
        browser.page(has_scripts=False) as ada,
        browser.page() as ben,
        browser.page(has_scripts=False) as eva,
        browser.page() as first,
        browser.page(has_scripts=False) as second,
    ):
        mia, noor = Desk(tree, first), Desk(tree, second)
        mia.sign_in("mia")
        noor.sign_in("noor")

        # Ada writes, changes a word, and shows that the address is hers.
        ada.goto(f"{tree.address}{HARBOUR}")
        ada.get_by_role("link", name="Click to comment").click()
        write(ada, "The crane was red.", "Ada")
        own = ada.url
        ada.get_by_label("Change it").fill("The crane was orange.")
        ada.get_by_role("button", name="Change").click()
        expect(ada.locator(".reply-text")).to_contain_text("orange")
        ada.goto(tree.address + post.link("ada@example.org", "confirm"))
        ada.get_by_role("button", name="It was me").click()
        expect(ada.get_by_role("status")).to_contain_text("the address is yours")

        # Mia lets it through; Ben answers, from its page.
        decide(mia, first, "held", "a", "Ada")
        reader.sees(REPLIES, "The crane was orange.")
        ben.goto(f"{tree.address}{REPLIES}")
        ben.get_by_role("link", name="Reply to Ada").click()
        write(ben, "It was the light.", "Ben")
        decide(mia, first, "held", "a", "Ben")
        reader.sees(REPLIES, "It was the light.")

        # Eva reports Ada's, and Mia refuses it.
        eva.goto(f"{tree.address}{REPLIES}")
        eva.get_by_role("link", name="Report what Ada wrote").click()
        eva.get_by_label("It insults, threatens or harasses somebody").check()
        eva.get_by_label("What should we know?").fill("It insults the crane.")
        eva.get_by_role("button", name="Report it").click()
        expect(eva.get_by_role("status")).to_contain_text("reads your report")
        decide(mia, first, "reported", "r", "Ada")
        reader.sees(REPLIES, "no longer shown", without="orange")

        # Ada appeals; Noor, not Mia, restores it.
        ada.goto(own)
        expect(ada.locator(".body")).to_contain_text("It insults or threatens somebody")
        ada.get_by_role("link", name="Appeal against it").click()
        ada.get_by_label("Why is the decision wrong?").fill("A crane is no person.")
        ada.get_by_role("button", name="Appeal").click()
        expect(ada.get_by_role("status")).to_contain_text("Somebody else than who decided")
        mia.open("newsroom/replies/appeals/")
        expect(first.locator("#moderation-list")).to_contain_text("Somebody else has to look")
        noor.open("newsroom/replies/appeals/")
        second.get_by_role("button", name="Restore the reply").click()
        expect(second.locator(".messages")).to_contain_text("restored")
        reader.sees(REPLIES, "The crane was orange.")

        empty_the_drawer(tree, post, ada)
        reader.sees(REPLIES, "no longer shown", "It was the light.", without="orange")


def empty_the_drawer(tree: Tree, post: Post, ada: Page) -> None:
    """Ada takes everything back, by the link to all that is hers."""
    ada.goto(f"{tree.address}/-/replies/my/")
    ada.get_by_label("Email").fill("ada@example.org")
    ada.get_by_role("button", name="Send me the link").click()
    expect(ada.get_by_role("status")).to_contain_text("on its way")
    ada.goto(tree.address + post.link("ada@example.org", "my/in"))
    ada.get_by_role("button", name="Open my replies").click()
    ada.get_by_role("button", name="Take it back").click()
    ada.get_by_role("button", name="Take it back for good").click()
    expect(ada.locator(".mine")).to_contain_text("You took it back")


def test_two_hundred_replies_by_keys(tree: Tree, browser: Browser) -> None:
    before = work(tree.root, "replies")[0]["states"]
    work(tree.root, "hold", "seen-at-the-harbour", str(MANY))
    rows = "#moderation-list > li"
    with browser.page() as page:
        desk = Desk(tree, page)
        desk.sign_in("mia")
        desk.open("newsroom/replies/held/")
        page.locator(rows).first.focus()
        began, pressed = time.monotonic(), 0
        while True:
            expect(page.locator(rows).first).to_be_focused()
            here = page.locator(rows).count()
            for _ in range(here):
                page.keyboard.press("a")
            pressed += here
            if pressed >= MANY:
                break
            expect(page.get_by_role("link", name="The next ones")).to_be_focused()
            address = page.url
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url, old=address: url != old)
        took = time.monotonic() - began

        def approved() -> int:
            now = work(tree.root, "replies")[0]["states"]
            return int(now["approved"]) - int(before.get("approved", 0))

        eventually(lambda: approved() == MANY, "every reply that a key was pressed on to be approved")
    print(f"{pressed} replies by keys in {took:.1f} s")  # noqa: T201 - for who runs it with -s
    Reader(tree).sees(REPLIES, f"What I say is number {MANY - 1}.")


def all_at_once(page: Page) -> None:
    """The rest of the filter at once, and back, and once more; the filter stays."""
    rows = "#moderation-list > li"
    page.keyboard.press("1")
    expect(page.locator(rows)).to_have_count(4)
    page.locator(rows).first.focus()
    page.keyboard.press("Shift+X")
    bulk = page.get_by_role("group", name="With the ticked replies")
    bulk.get_by_role("button", name="Approve").press("Enter")
    expect(page.locator(".messages")).to_contain_text("4 replies are approved.")
    page.get_by_role("button", name="Undo all 4").press("Enter")
    expect(page.locator(rows)).to_have_count(4)
    expect(page.locator(".moderation-kept [aria-current]")).to_contain_text("Links first")
    page.get_by_role("button", name="Tick all").press("Enter")
    bulk.get_by_role("button", name="Approve").press("Enter")
    expect(page.locator(".messages")).to_contain_text("4 replies are approved.")


def test_two_moderators_on_one_filtered_queue(tree: Tree, browser: Browser) -> None:
    """By keys alone: neither does the other's work twice, and nothing is lost."""
    work(tree.root, "hold", "seen-at-the-harbour", "6", "links")
    rows, said = "#moderation-list > li", "#moderation-said"
    with browser.page() as first, browser.page() as second:
        mia, noor = Desk(tree, first), Desk(tree, second)
        mia.sign_in("mia")
        noor.sign_in("noor")
        mia.open("newsroom/replies/held/")
        first.keyboard.press("f")
        expect(first.get_by_label("What a check found")).to_be_focused()
        first.get_by_label("What a check found").select_option("links")
        first.get_by_role("button", name="Filter").press("Enter")
        first.get_by_text("Save this filter").press("Enter")
        first.get_by_label("Its name").fill("Links first")
        first.get_by_label("For all moderators").press("Space")
        first.get_by_role("button", name="Save", exact=True).press("Enter")
        expect(first.locator(".messages")).to_contain_text("“Links first” is saved")
        noor.open("newsroom/replies/held/")
        second.keyboard.press("1")
        expect(second.locator(".moderation-kept [aria-current]")).to_contain_text("Links first")
        for page in (first, second):
            expect(page.locator(rows)).to_have_count(6)

        # Mia keeps the first one's writer out and lets them in again, approves it, and refuses the second.
        first.locator(rows).first.focus()
        first.keyboard.press("b")
        first.keyboard.type("Links, again and again")
        first.keyboard.press("Enter")
        expect(first.locator(said)).to_contain_text("may not reply")
        first.keyboard.press("u")
        expect(first.get_by_role("button", name="Let them reply again")).to_have_count(0)
        first.keyboard.press("a")
        expect(first.locator(said)).to_contain_text("Approved")
        first.keyboard.press("r")
        first.keyboard.press("Enter")
        expect(first.locator(said)).to_contain_text("Refused")

        # Noor's page is older: she is told, nothing is changed, and what Mia has read she need not.
        second.locator(rows).first.focus()
        second.keyboard.press("s")
        expect(second.locator(said)).to_contain_text("Already decided: “Approved”, by mia")
        expect(second.locator(said)).to_contain_text("Nothing was changed. Decided by others meanwhile: 1.")
        expect(second.locator(rows).nth(1)).to_have_attribute("data-state", "refused")
        second.keyboard.press("n")
        expect(second.locator(rows).nth(2)).to_be_focused()

        all_at_once(second)
    states = work(tree.root, "replies")[0]["states"]
    assert (states.get("held", 0), states.get("spam", 0)) == (0, 0)
