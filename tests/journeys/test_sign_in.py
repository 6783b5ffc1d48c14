"""Signing in with more than a password: an app's codes, a passkey after the password, and a passkey alone."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browser import Browser
from tests.journeys.work import PASSWORD
from tests.tree import Tree

pytestmark = pytest.mark.journey

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code_of(secret: str, steps: int = 0) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value  # noqa: PLC0415 - needs settings

    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


class Door:
    """The desk's door, at the name that passkeys need."""

    def __init__(self, tree: Tree, page: Page) -> None:
        self.page = page
        self.address = f"http://localhost:{tree.port}/desk/"

    def knock(self) -> None:
        """Come with a password."""
        page = self.page
        page.goto(self.address)
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def leave(self) -> None:
        """Forget who one was."""
        self.page.context.clear_cookies()

    def again(self) -> None:
        """Show the password once more."""
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Continue").click()

    def open_overview(self) -> None:
        """By the page of one's own account."""
        page = self.page
        page.goto(f"{self.address}account/")
        page.get_by_role("tab", name="More actions").click()
        page.get_by_role("link", name="Signing in").click()

    def is_in(self) -> None:
        """The desk's first screen shows."""
        self.page.wait_for_url(self.address)
        expect(self.page.get_by_role("navigation").first).to_be_visible()


def with_authenticator(page: Page) -> Any:
    """A device that makes passkeys, in the browser (Chrome DevTools Protocol, WebAuthn)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devtools


def test_with_codes_of_an_app_and_with_a_passkey(tree: Tree, browser: Browser) -> None:
    with browser.page() as page:
        door = Door(tree, page)
        devtools = with_authenticator(page)
        door.knock()
        door.is_in()
        door.open_overview()
        page.get_by_role("link", name="Add an app").click()
        door.again()
        secret = page.locator("code").inner_text()
        page.get_by_label("Authenticator code").fill(code_of(secret, -1))
        page.get_by_role("button", name="Add the app").click()
        expect(page.locator("ol.codes li")).to_have_count(10)
        codes = page.locator("ol.codes li").all_inner_texts()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert download.value.path().read_text().split() == codes

        door.leave()
        door.knock()
        page.get_by_label("Code from your app").fill("000000")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("status").get_by_text("Incorrect code")).to_be_visible()
        page.get_by_label("Code from your app").fill(code_of(secret))
        page.get_by_role("button", name="Sign in", exact=True).click()
        door.is_in()

        door.open_overview()
        page.get_by_role("link", name="Add a passkey").click()
        door.again()
        page.get_by_role("textbox", name="Name").fill("My laptop")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("My laptop: signs you in without a password")).to_be_visible()

        door.leave()
        door.knock()
        page.get_by_role("button", name="Use a passkey").click()
        door.is_in()

        door.leave()
        page.goto(door.address)
        page.get_by_role("button", name="Sign in with a passkey").click()
        door.is_in()

        door.leave()
        devtools.send("WebAuthn.disable")
        page.goto(door.address)
        expect(page.get_by_label("Username")).to_be_visible()
        door.knock()
        page.get_by_label("Code from your app").fill(codes[0])
        page.get_by_role("button", name="Sign in", exact=True).click()
        door.is_in()
        page.goto(f"{door.address}security/")
        expect(page.get_by_text(re.compile(r"9\s+are left"))).to_be_visible()
