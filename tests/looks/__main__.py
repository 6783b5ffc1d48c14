"""Photograph the sample publication: every page type at each width, light and dark, and a few that need more.

``python -m tests.looks [--address http://127.0.0.1:8000] [--only home,article] [FOLDER]``. Without an address it makes
a publication of its own and serves it while it works.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TextIO

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.browser import ARGUMENTS, EXECUTABLE
from tests.journeys.server import serving
from tests.looks.pages import DESK, PUBLIC, RIGHT_TO_LEFT
from tests.tree import stoppress

WIDTHS = (320, 768, 1280)
SCHEMES = ("light", "dark")
TALLEST = 9000
"""A picture that is higher than this many pixels shows no more."""
LOADED = """() => Promise.all([...document.images].map(one => {
    one.loading = "eager";
    return one.decode().catch(() => {});
}))"""
TURNED = """() => {
    document.documentElement.dir = "rtl";
    // Laid out anew: marks of lists would otherwise stay where they were.
    document.body.hidden = true;
    document.body.getBoundingClientRect();
    document.body.hidden = false;
}"""
ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Take the pictures; the exit code says whether every page answered."""
    wanted = _arguments()
    if EXECUTABLE is None:
        say("No Chromium here (apt-get install chromium).", sys.stderr)
        return 1
    place = nullcontext((wanted.address, wanted.password)) if wanted.address else _own_publication()
    only = set(wanted.only.split(",")) if wanted.only else set()
    with place as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            return _photograph(browser, address, password, wanted.folder, only)
        finally:
            browser.close()


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
def _own_publication() -> Iterator[tuple[str, str]]:
    folder = Path(tempfile.mkdtemp(prefix="stoppress-screenshots-"))
    try:
        made = stoppress("demo", folder / "demo", "--no-serve", folder=folder)
        if made.returncode != 0:
            raise SystemExit(made.stderr)
        with serving(folder / "demo") as tree:
            yield tree.address, (folder / "demo/data/keys/demo_password").read_text(encoding="ascii")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _photograph(browser: Browser, address: str, password: str, folder: Path, only: set[str]) -> int:
    failed = 0
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page = context.new_page()
            for name, path in PUBLIC.items():
                if not only or name in only:
                    failed += _take(page, address + path, folder / f"{name}-{width}-{scheme}.png")
            for name in RIGHT_TO_LEFT:
                if scheme == "light" and (not only or f"{name}-rtl" in only):
                    failed += _take(page, address + PUBLIC[name], folder / f"{name}-{width}-rtl.png", is_rtl=True)
            if scheme == "light" and width == WIDTHS[-1] and (not only or "print" in only):
                page.goto(address + PUBLIC["article"])
                page.pdf(path=folder / "article.pdf", format="A4", prefer_css_page_size=True)
            if password and any(not only or name in only for name in DESK):
                # The desk is known by this name: passkeys can't be bound to a number.
                desk = address.replace("127.0.0.1", "localhost")
                _sign_in(page, desk, password)
                for name, path in DESK.items():
                    failed += _take(page, desk + path, folder / f"{name}-{width}-{scheme}.png")
            context.close()
    say(f"{len(list(folder.glob('*.png')))} pictures are in {folder}.")
    return 1 if failed else 0


def _take(page: Page, address: str, file: Path, *, is_rtl: bool = False) -> int:
    answer = page.goto(address)
    if is_rtl:
        page.evaluate(TURNED)
    # Pictures further down load when they are near.
    page.evaluate(LOADED)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    high = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
    clip = {"x": 0, "y": 0, "width": page.viewport_size["width"], "height": high}  # type: ignore[index]
    page.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]
    if wide > 0:
        say(f"{file.name}: {wide} pixels stand out at the side", sys.stderr)
    if answer is None or answer.status >= 500:
        say(f"{address} answered {answer and answer.status}", sys.stderr)
        return 1
    return int(wide > 0)


def _sign_in(page: Page, address: str, password: str) -> None:
    page.goto(address + "/desk/")
    if page.locator("input[type=password]").count():
        page.locator("input[type=text], input[name=login]").first.fill("editor")
        page.fill("input[type=password]", password)
        with page.expect_navigation():
            page.keyboard.press("Enter")


if __name__ == "__main__":
    sys.exit(main())
