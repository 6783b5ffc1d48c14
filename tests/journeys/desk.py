"""The desk as an editor uses it: by its buttons, in a browser."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.work import PASSWORD
from tests.tree import Tree, eventually


class Desk:
    """Somebody at the desk. Every method ends when the desk says that it is done."""

    def __init__(self, tree: Tree, page: Page) -> None:
        self.page = page
        self._address = f"{tree.address}/desk/"

    def sign_in(self, username: str) -> None:
        """Come in by the front door."""
        self.page.goto(self._address)
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(self._address)

    def write(self, section: str, headline: str, standfirst: str, text: str, author: str, picture: str) -> int:
        """Write and publish an article; returns its id."""
        page = self.page
        self.begin(section)
        page.get_by_role("textbox", name="Headline").fill(headline)
        page.get_by_role("textbox", name="Standfirst").fill(standfirst)
        expect(page.locator("[name=slug]")).not_to_have_value("")
        page.get_by_role("button", name="Add Author").click()
        page.get_by_role("button", name="Choose author").click()
        self._choose(author)
        page.get_by_role("button", name="Choose an image").click()
        self._choose(picture)
        page.get_by_role("button", name="Insert a block").first.click()
        page.get_by_role("option", name="Text", exact=True).click()
        page.locator(".public-DraftEditor-content").click()
        page.keyboard.type(text)
        # The editor hands its text to the form a quarter of a second after the last key.
        expect(page.locator("[name=body-0-value]")).to_have_value(re.compile(re.escape(text)))
        self._publish()
        return self._id_in(page.locator(".messages").get_by_role("link", name="Edit"))

    def begin(self, section: str) -> None:
        """Open the form of a new article."""
        self._enter(section)
        self.page.get_by_role("link", name="Add child page").first.click()
        self.page.get_by_role("link", name="Article", exact=True).click()
        # A headline that is there before the page's scripts are makes no slug.
        self.page.wait_for_url("**/pages/add/newsroom/article/**", wait_until="load")
        self.page.wait_for_load_state("networkidle")

    def find(self, section: str, headline: str) -> int:
        """The id of a story in the section's newest."""
        self._enter(section)
        return self._id_in(self.page.get_by_role("table").get_by_role("link", name=headline, exact=True))

    def retitle(self, page_id: int, headline: str) -> None:
        """Give it another headline and publish."""
        self.open(f"pages/{page_id}/edit/")
        self.page.get_by_role("textbox", name="Headline").fill(headline)
        self._publish()

    def write_standfirst(self, text: str) -> None:
        """Write it and leave the rest to the desk, which saves by itself."""
        self.page.get_by_role("textbox", name="Standfirst").fill(text)

    def readdress(self, page_id: int, slug: str) -> None:
        """Give it another slug and publish."""
        self.open(f"pages/{page_id}/edit/")
        self.page.get_by_role("tab", name="Promote").click()
        self.page.get_by_role("textbox", name="Slug").fill(slug)
        self._publish()

    def republish(self, page_id: int) -> None:
        """Publish it as it is."""
        self.open(f"pages/{page_id}/edit/")
        self._publish()

    def mark_last_sentence(self, page_id: int) -> str:
        """Go to the last sentence of what readers have, by the keyboard alone, and say what is right; returns it."""
        page = self.page
        self.open(f"pages/{page_id}/edit/")
        self._action("Correct")
        page.locator("input[name=sentence]").first.focus()
        page.keyboard.press("Space")
        for _ in range(2):  # from the top backwards: to the story as a whole, and to the sentence before it
            page.keyboard.press("ArrowUp")
        marked = page.locator("label.sentence").filter(has=page.locator("input:checked")).inner_text()
        page.keyboard.press("Enter")
        expect(page.locator("blockquote.wrong")).to_have_text(marked)
        return marked

    def tell_readers(self, notice: str, right: str) -> None:
        """Write the notice and the right sentence, and send both out."""
        self.page.get_by_label("Notice for readers").fill(notice)
        self.page.get_by_label("The right sentence").fill(right)
        self.page.get_by_role("button", name="Tell readers").click()
        self.hear("are told")

    def move(self, page_id: int, section: str) -> None:
        """Move it to another section."""
        page = self.page
        self.open(f"pages/{page_id}/edit/")
        self._action("Move")
        page.get_by_role("button", name="Actions").last.click()
        page.get_by_role("button", name="Choose another page").click()
        self._choose(section)
        page.get_by_role("button", name="Confirm").click()
        page.get_by_role("button", name="Yes, move this page").click()
        self.hear("moved")

    def unpublish(self, page_id: int) -> None:
        """Take it off for now."""
        self.open(f"pages/{page_id}/edit/")
        self._action("Unpublish")
        self.page.get_by_role("button", name="Yes, unpublish it").click()
        self.hear("unpublished")

    def kill(self, page_id: int, reason: str) -> None:
        """Take it off for good."""
        self.open(f"pages/{page_id}/edit/")
        self._action("Kill")
        self.page.get_by_label("Reason").fill(reason)
        self.page.get_by_role("button", name="Kill this story").click()
        self.hear("is killed")

    def delete(self, page_id: int) -> None:
        """Delete it, with its history."""
        self.open(f"pages/{page_id}/delete/")
        self.page.get_by_role("button", name="Yes, delete it").click()
        self.hear("deleted")

    def actions(self, page_id: int) -> list[str]:
        """What the desk offers to do with it."""
        self.open(f"pages/{page_id}/edit/")
        return [text.strip() for text in self._menu().get_by_role("link").all_inner_texts()]

    def is_refused(self, place: str) -> bool:
        """Whether the desk sends one away from ``place``."""
        self.open(place)
        return "you do not have permission" in self.page.locator(".messages").inner_text()

    def open(self, place: str) -> None:
        """Go to a screen below the desk's address."""
        self.page.goto(self._address + place)
        # The desk's own scripts take the form over when they have loaded; before that a click is lost.
        self.page.wait_for_load_state("networkidle")

    def _enter(self, section: str) -> None:
        self.open("pages/")
        for title in ("The Journey Gazette", section):
            row = self.page.get_by_role("row").filter(has=self.page.get_by_role("link", name=title, exact=True))
            row.get_by_role("link", name=re.compile("child pages", re.IGNORECASE)).first.click()
            self.page.wait_for_load_state("networkidle")

    @staticmethod
    def _id_in(link: Locator) -> int:
        found = re.search(r"/pages/(\d+)/", link.get_attribute("href") or "")
        assert found is not None
        return int(found[1])

    def _action(self, name: str) -> None:
        self._menu().get_by_role("link", name=name, exact=True).click()

    def _menu(self) -> Locator:
        """The open menu of what one can do with the page."""
        menu = self.page.locator("[data-tippy-root]").filter(has=self.page.get_by_role("link", name="History"))

        def is_open() -> bool:
            if not menu.is_visible():
                self.page.get_by_role("button", name="Actions").first.click()
            return menu.is_visible()

        eventually(is_open, "the menu to open")
        return menu

    def _choose(self, name: str) -> None:
        window = self.page.locator(".modal-content")
        window.locator("a").filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$")).click()
        expect(window).to_have_count(0)

    def press_publish(self) -> None:
        """Press the button, and look no further."""
        self.page.get_by_role("button", name="More actions").click()
        self.page.get_by_role("button", name="Publish", exact=True).click()

    def _publish(self) -> None:
        self.press_publish()
        self.hear("published")

    def hear(self, words: str) -> None:
        """Wait until the desk says so."""
        expect(self.page.locator(".messages")).to_contain_text(words)
