"""axe finds nothing on any kind of page, in light and dark, on a telephone and on a desk."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import prepared
from tests.journeys.browser import Browser
from tests.journeys.server import Reader, serving
from tests.looks.pages import DESK
from tests.tree import Tree, inside, stoppress

pytestmark = pytest.mark.journey

KIND = re.compile(r'<body class="([^"]*)"')
DESIGN = re.compile(r'data-(?:design|display)="([^"]+)"')
SCHEMES, WIDTHS = ("light", "dark"), (320, 1280)
REPLIES = "/world/kyrgyzstan-opposition-says-it-has-taken-power/comments/"
WITHOUT_A_FILE = ("/-/search/", "/-/search/?q=harbour", "/-/search/?q=xyzzy", "/corrections/", REPLIES, "/nowhere/")
OPEN = """() => {
    for (const one of document.querySelectorAll('#moderation-list > li:nth-child(n + 4)')) one.remove();
    for (const one of document.querySelectorAll('.moderation details')) one.open = true;
}"""
"""What opens counts too; three replies have all that twenty-five have."""
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample publication, baked."""
    folder = tmp_path_factory.mktemp("sample") / "demo"
    prepared.lay_migrated(folder / "data" / "db" / "stoppress.sqlite3")
    made = stoppress("demo", folder, "--no-serve")
    assert made.returncode == 0, made.stderr
    story = folder / f"data/store/pages{REPLIES.removesuffix('comments/')}index.html"
    assert 'class="replies-count"' in story.read_text(encoding="utf-8"), "what is made before the first start is whole"
    return folder


@pytest.fixture(scope="module")
def tree(sample: Path) -> Iterator[Tree]:
    with serving(sample) as running:
        yield running


def one_of_each_kind(sample: Path) -> list[str]:
    """A page of each kind that the sample has, articles by design and display."""
    store = sample / "data" / "store" / "pages"
    found: dict[tuple[str, ...], str] = {}
    for file in sorted(store.rglob("*.html")):
        html = file.read_text(encoding="utf-8")
        kind = KIND.search(html)
        if kind is not None:
            path = file.relative_to(store).as_posix().removesuffix("index.html")
            found.setdefault((kind[1], *DESIGN.findall(html)[:2]), f"/{path}")
    return [*found.values(), *WITHOUT_A_FILE]


def test_replies_below_the_story_by_keyboard(tree: Tree, browser: Browser) -> None:
    """They open in place, new ones are offered, and what one is writing stays."""
    story = REPLIES.removesuffix("comments/")
    # A story follows its replies some seconds later.
    Reader(tree).sees(story, '"replies-count">(')
    with browser.page() as page:
        page.route("**/latest.json", lambda route: route.fulfill(json={"count": 1000, "seconds": 20}))
        page.clock.install()
        page.goto(f"http://127.0.0.1:{tree.port}{story}")
        page.get_by_role("link", name=re.compile("^Click to comment")).focus()
        page.get_by_role("link", name=re.compile("^Click to comment"), expanded=False).press("Enter")
        expect(page.get_by_role("heading", name="Editors’ picks")).to_be_focused()
        assert page.url.endswith(story)
        expect(page.locator(".face").first).to_have_css("border-radius", "50%")
        written = page.get_by_label(re.compile("^Comment"))
        written.fill("Half a thought")
        page.clock.fast_forward(6_000)
        news = page.get_by_role("link", name=re.compile(r"^\d+ new replies$"))
        news.press("Enter")
        expect(news).to_have_count(0)
        expect(page.get_by_role("heading", name="What readers say")).to_be_focused()
        expect(written).to_have_value("Half a thought")
        page.get_by_role("button", name=re.compile("^Recommend what")).first.press("Enter")
        expect(page.get_by_role("button", name=re.compile("^Recommended what"), pressed=True)).to_have_count(1)
        page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
        assert [found["help"] for found in page.evaluate(RUN)] == []
        # What could not be sent is there for whoever comes back.
        page.route("**/-/replies/to/**", lambda route: route.fulfill(body="Later, please.", content_type="text/plain"))
        page.get_by_label(re.compile("^Name")).fill("Ada")
        page.get_by_label(re.compile("^Email")).fill("ada@example.org")
        page.get_by_role("button", name="Post comment").press("Enter")
        expect(page.get_by_text("Later, please.")).to_be_visible()
        page.go_back()
        expect(written).to_have_value("Half a thought")


def test_marked_words_go_along_to_the_report(tree: Tree, browser: Browser) -> None:
    with browser.page() as page:
        page.goto(f"http://127.0.0.1:{tree.port}{REPLIES.removesuffix('comments/')}")
        words = page.locator(".body p").nth(1)
        said = words.text_content() or ""
        words.evaluate("it => getSelection().selectAllChildren(it)")
        link = page.get_by_role("link", name=re.compile("^Report a factual error in “"))
        link.press("Enter")
        expect(page.locator("blockquote.reply-parent")).to_contain_text(said.split()[0])
        page.get_by_label(re.compile("^What is wrong")).fill("It was the day before.")
        page.get_by_role("button", name="Send").press("Enter")
        expect(page.get_by_role("status")).to_have_text("Thank you. An editor looks at it.")


def test_axe_finds_nothing(sample: Path, tree: Tree, browser: Browser) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    paths = one_of_each_kind(sample)
    assert len(paths) >= 12, paths
    complaints: list[str] = []
    with browser.page() as page:
        page.goto(f"http://127.0.0.1:{tree.port}{REPLIES}")
        form = page.locator("form.reply-form").get_attribute("action")
        assert form
        page.goto(f"http://127.0.0.1:{tree.port}{REPLIES.removesuffix('comments/')}")
        report = page.locator("[data-report]").get_attribute("href")
        assert report
        paths += [form, report, f"{report}?sentence=whole"]
        for path in paths:
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    page.goto(f"http://127.0.0.1:{tree.port}{path}")
                    page.evaluate(axe)
                    for found in page.evaluate(RUN):
                        where = [" ".join(node["target"]) for node in found["nodes"][:3]]
                        complaints.append(f"{path} {scheme} {width}: {found['help']} {where}")
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    if wide > width:
                        complaints.append(f"{path} {scheme} {width}: is {wide} wide")
    assert not complaints, "\n".join(complaints)


def test_axe_finds_nothing_at_the_moderators_desk(sample: Path, tree: Tree, browser: Browser) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    numbers = json.loads(inside(sample, "tests.looks.prepare"))
    screens = [path.format(**numbers) for name, path in DESK.items() if name.startswith("desk-moderation")]
    address = f"http://localhost:{tree.port}"
    complaints: list[str] = []
    with browser.page() as page:
        page.goto(f"{address}/desk/login/")
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill((sample / "data/keys/demo_password").read_text(encoding="ascii"))
        page.get_by_role("button", name="Sign in", exact=True).press("Enter")
        page.wait_for_url(f"{address}/desk/")
        for path in screens:
            page.goto(address + path)
            page.evaluate(axe)
            page.evaluate(OPEN)
            for scheme, width in product(SCHEMES, WIDTHS):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
                page.set_viewport_size({"width": width, "height": 900})
                for found in page.evaluate(RUN):
                    where = [" ".join(node["target"]) for node in found["nodes"][:3]]
                    complaints.append(f"{path} {scheme} {width}: {found['help']} {where}")
                wide = page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    complaints.append(f"{path} {scheme} {width}: is {wide} wide")
    assert len(screens) > 12
    assert not complaints, "\n".join(complaints)
