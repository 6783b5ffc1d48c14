"""Pages looked at in a real browser: whether anything ran, and what the browser made of the markup."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Page as Window
from playwright.sync_api import Route

from tests.hostile import ELSEWHERE
from tests.journeys.browser import chromium

HERE = "http://paper.test"
FREE = (
    ".reply-text, .moderation-text, .reply-parent, .moderation-parent blockquote, .body > blockquote, "
    ".body section > blockquote, .moderation-appeal blockquote, .moderation-reports span, "
    ".reported > div, .reply-notice"
)
"""Where readers' words may be marked up, or at least have lines."""
ALLOWED = ("P", "BR", "STRONG", "EM", "BLOCKQUOTE", "A href", "A href rel", "A rel", "P class", "TIME datetime", "BDI")
SPY = """
window.__heard = [];
window.__ran = (n) => { window.__heard.push(`ran ${n}`); };
for (const name of ["alert", "confirm", "prompt", "print"])
  window[name] = (n) => { window.__heard.push(`${name} ${n}`); };
"""
STIR = """() => {
  const main = document.querySelector("main") || document.body;
  for (const one of main.querySelectorAll("*"))
    for (const name of ["load", "error", "focus", "toggle", "mouseover", "pointerenter", "animationstart", "begin"])
      one.dispatchEvent(new Event(name));
}"""
SHAPE = """([free, allowed]) => {
  const shape = [], strange = [], links = [];
  // Our own script sets it where it stands in the page, as soon as it is there.
  const names = (one) => one.getAttributeNames().filter((name) => name !== "aria-expanded").sort();
  const named = (one) => [one.tagName, ...names(one)].join(" ");
  for (const one of document.querySelectorAll("*")) {
    const holder = one.parentElement && one.parentElement.closest(free);
    if (!holder || one.matches(".reply-to")) shape.push(named(one));
    else if (!allowed.includes(named(one))) strange.push(named(one));
    if (one.getAttributeNames().some((name) => name.startsWith("on"))) strange.push(named(one));
    for (const name of ["href", "src", "action", "formaction", "xlink:href"])
      if (one.hasAttribute(name) && URL.canParse(one.getAttribute(name), document.baseURI)) {
        const scheme = new URL(one.getAttribute(name), document.baseURI).protocol;
        if (!["http:", "https:", "mailto:"].includes(scheme)) links.push(`${named(one)}: ${one.getAttribute(name)}`);
      }
  }
  return { shape, strange, links, words: document.body.innerText.length };
}"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it was sent, without the policy that would stop what must not even be there."""

    path: str
    body: bytes
    content_type: str = "text/html; charset=utf-8"


@dataclass(slots=True)
class Looked:
    """What a browser found.

    Attributes:
        heard: what ran, what was asked for elsewhere, and what it complained of.
        shape: every element outside of readers' own words, with the names of its attributes.
        strange: elements among readers' words that may not be there.
        links: addresses of another kind than those of the web.
    """

    path: str
    heard: list[str] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def looked_at(pages: Sequence[Shown]) -> list[Looked]:
    """Open each in the browser, stir every element, and see what is there.

    In a thread of its own, since the database may not be used where a browser is at work.
    """
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(_look_at_all, pages).result()


def _look_at_all(pages: Sequence[Shown]) -> list[Looked]:
    with chromium() as browser, browser.page() as window:
        window.add_init_script(SPY)
        return [_look(window, page) for page in pages]


def _look(window: Window, page: Shown) -> Looked:
    found = Looked(page.path)
    address = f"{HERE}/looked-at/"

    def answer(route: Route) -> None:
        asked = route.request.url
        parts = urlsplit(asked)
        file = finders.find(parts.path.removeprefix("/static/")) if parts.path.startswith("/static/") else None
        if asked == address:
            route.fulfill(status=200, body=page.body, content_type=page.content_type)
        elif file is not None:
            kind = guess_type(str(file))[0] or "application/octet-stream"
            route.fulfill(status=200, body=Path(str(file)).read_bytes(), content_type=kind)
        else:
            if parts.hostname == ELSEWHERE or not asked.startswith(HERE):
                found.heard.append(f"asked for {asked}")
            route.fulfill(status=204)

    window.unroute_all()
    window.route("**/*", answer)
    window.on("dialog", lambda dialog: found.heard.append(f"dialog {dialog.message}"))
    window.goto(address, wait_until="load")
    window.evaluate(STIR)
    result: dict[str, Any] = window.evaluate(SHAPE, [FREE, list(ALLOWED)])
    found.heard += window.evaluate("() => window.__heard")
    found.shape, found.strange, found.links = result["shape"], result["strange"], result["links"]
    if window.url.partition("#")[0] != address:
        found.heard.append(f"went to {window.url}")
    return found
