"""Photograph the sample publication: every page type and the desk's screens at each width, light and dark.

``python -m tests.looks [--address http://127.0.0.1:8000] [--only home,article] [FOLDER]``. Without an address it makes
two publications of its own, one in English and one in Arabic, and serves them while it works.
"""

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.journeys.browser import ARGUMENTS, EXECUTABLE
from tests.journeys.server import serving
from tests.looks.pages import ANSWERS, ARABIC, BROKEN, DESK, DRAWERS, OPEN_DESK, PUBLIC
from tests.tree import inside, stoppress

WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
DRAWER, COOKIE = "/-/replies/my/", "stoppress_reader"
TALLEST = 9000
"""A picture that is higher than this many pixels shows no more."""
LOADED = """() => Promise.all([...document.images].map(one => {
    one.loading = "eager";
    return one.decode().catch(() => {});
}))"""
TALL = "() => Math.max(...[...document.querySelectorAll('html, .content-wrapper, main')].map(one => one.scrollHeight))"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Place:
    """A publication that is being looked at.

    Attributes:
        password: of its user editor; empty when the desk is not looked at.
        numbers: what stands in braces in addresses.
        broken: its page for an error.
    """

    address: str
    password: str
    numbers: Mapping[str, int | str] = field(default_factory=dict)
    broken: str = ""

    def at(self, path: str) -> str:
        """An address, with its numbers.

        Raises:
            KeyError: one of them is not known.
        """
        return self.address + re.sub(r"\{(\w+)\}", lambda found: str(self.numbers[found[1]]), path)


def main() -> int:
    """Take the pictures; the exit code says whether every page answered."""
    wanted = _arguments()
    if EXECUTABLE is None:
        say("No Chromium here (apt-get install chromium).", sys.stderr)
        return 1
    only = set(wanted.only.split(",")) if wanted.only else set()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            if wanted.address:
                return _photograph(browser, Place(wanted.address, wanted.password), wanted.folder, only)
            if not only or not all(name.endswith("-ar") for name in only):
                with _own_publication("en") as place:
                    failed += _photograph(browser, place, wanted.folder, only)
            arabic = {name for name in ARABIC if not only or f"{name}-ar" in only}
            if arabic:
                with _own_publication("ar") as place:
                    failed += _photograph(browser, place, wanted.folder, arabic, "-ar")
        finally:
            browser.close()
    say(f"{len(list(wanted.folder.glob('*.png')))} pictures are in {wanted.folder}.")
    return min(failed, 1)


def say(words: str, stream: TextIO = sys.stdout) -> None:
    """A line for whoever ran this."""
    stream.write(words + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.looks", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--address", default="", help="of a publication that is served already")
    parser.add_argument("--password", default="", help="of its user editor, for the desk's pages")
    parser.add_argument("--only", default="", help="names of pages, with commas")
    return parser.parse_args()


@contextmanager
def _own_publication(language: str) -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="stoppress-screenshots-"))
    root = folder / "demo"
    try:
        made = stoppress("demo", root, "--no-serve", folder=folder, more={"STOPPRESS_LANGUAGE": language})
        if made.returncode != 0:
            raise SystemExit(made.stderr)
        with (root / "stoppress.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'language = "{language}"\n')
        with serving(root) as tree:
            said = json.loads(inside(root, "tests.looks.prepare"))
            broken = str(said.pop("broken"))
            password = (root / "data/keys/demo_password").read_text(encoding="ascii")
            yield Place(tree.address, password, said, broken)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _photograph(browser: Browser, place: Place, folder: Path, only: set[str], mark: str = "") -> int:
    """Take the pictures of one publication; returns how many pages failed."""
    public = {**OPEN_DESK, **PUBLIC} if not mark else PUBLIC
    shown = {name: path for name, path in public.items() if not only or name in only}
    desk = {name: path for name, path in DESK.items() if place.password and not mark and (not only or name in only)}
    if not place.numbers:
        shown, desk = ({name: path for name, path in one.items() if "{" not in path} for one in (shown, desk))
    failed = 0
    for width in WIDTHS:
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page = context.new_page()
            end = f"{width}-{scheme}{mark}.png"
            for name, path in shown.items():
                failed += _take(page, place.at(path), folder / f"{name}-{end}", ANSWERS.get(name, 200))
            failed += _take_drawers(page, place, folder, end, only)
            if place.broken and not mark and (not only or BROKEN in only):
                page.route(place.at("/broken/"), lambda route: _answer(route, place.broken))
                failed += _take(page, place.at("/broken/"), folder / f"{BROKEN}-{end}", 500)
            if scheme == "light" and width == WIDTHS[-1] and not mark and (not only or "print" in only):
                page.goto(place.at(PUBLIC["article"]))
                page.pdf(path=folder / "article.pdf", format="A4", prefer_css_page_size=True)
            if desk:
                _sign_in(page, place)
                for name, path in desk.items():
                    failed += _take(page, _at_the_desk(place, path), folder / f"{name}-{end}")
            context.close()
    return failed


def _answer(route: Route, html: str) -> None:
    route.fulfill(status=500, content_type="text/html; charset=utf-8", body=html)


def _take_drawers(page: Page, place: Place, folder: Path, end: str, only: set[str]) -> int:
    failed = 0
    for name in [name for name in DRAWERS if place.numbers and (not only or name in only)]:
        cookie = str(place.numbers[DRAWERS[name]])
        page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": place.at(DRAWER)}])
        failed += _take(page, place.at(DRAWER), folder / f"{name}-{end}")
        page.context.clear_cookies(name=COOKIE)
    return failed


def _at_the_desk(place: Place, path: str) -> str:
    """The desk is known by this name: passkeys can't be bound to a number."""
    return place.at(path).replace("127.0.0.1", "localhost")


def _take(page: Page, address: str, file: Path, expected: int = 200) -> int:
    answer = page.goto(address)
    # Pictures further down load when they are near.
    page.evaluate(LOADED)
    # The desk scrolls inside its window: all of it is seen in one that is high enough.
    size = page.viewport_size or {"width": WIDTHS[0], "height": 900}
    page.set_viewport_size({**size, "height": min(TALLEST, page.evaluate(TALL))})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    high = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": high}  # type: ignore[index]
    page.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]
    page.set_viewport_size(size)
    if wide > 0:
        say(f"{file.name}: {wide} pixels stand out at the side", sys.stderr)
    if answer is None or (answer.status >= 500 and answer.status != expected):
        say(f"{address} answered {answer and answer.status}", sys.stderr)
        return 1
    return int(wide > 0)


def _sign_in(page: Page, place: Place) -> None:
    page.goto(_at_the_desk(place, "/desk/"))
    if page.locator("input[type=password]").count():
        page.locator("input[type=text], input[name=login]").first.fill("editor")
        page.fill("input[type=password]", place.password)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    # Setting up a second factor asks for the password once more.
    page.goto(_at_the_desk(place, "/desk/security/app/add/"))
    if page.locator("input[type=password]").count():
        page.fill("input[type=password]", place.password)
        with page.expect_navigation():
            page.keyboard.press("Enter")


if __name__ == "__main__":
    sys.exit(main())
