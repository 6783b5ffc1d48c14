"""A real browser, as people at the desk and readers have one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

EXECUTABLE = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
PATIENCE_MILLISECONDS = 30_000


class Browser:
    """One Chromium; each page is somebody else's."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium

    @contextmanager
    def page(self, *, has_scripts: bool = True) -> Iterator[Page]:
        """A window with no cookies. A script that fails, a breach of the policy or a server error fails the test."""
        context = self._chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=has_scripts)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if is_complaint(message) else None)
        page.on(
            "response", lambda reply: complaints.append(f"{reply.status} {reply.url}") if reply.status >= 500 else None
        )
        try:
            yield page
        finally:
            context.close()
        assert complaints == [], complaints


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether the console shows an error that is not just a refused request: drafts save themselves before they can."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            yield Browser(running)
        finally:
            running.close()
