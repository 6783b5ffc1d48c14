"""axe finds nothing on any kind of page, in light and dark, on a telephone and on a desk."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.journeys.browser import Browser
from tests.journeys.server import serving
from tests.tree import Tree, stoppress

pytestmark = pytest.mark.journey

KIND = re.compile(r'<body class="([^"]*)"')
DESIGN = re.compile(r'data-(?:design|display)="([^"]+)"')
SCHEMES, WIDTHS = ("light", "dark"), (320, 1280)
REPLIES = "/world/kyrgyzstan-opposition-says-it-has-taken-power/comments/"
WITHOUT_A_FILE = ("/-/search/", "/-/search/?q=harbour", "/-/search/?q=xyzzy", "/corrections/", REPLIES, "/nowhere/")
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample publication, baked."""
    folder = tmp_path_factory.mktemp("sample") / "demo"
    made = stoppress("demo", folder, "--no-serve")
    assert made.returncode == 0, made.stderr
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


def test_axe_finds_nothing(sample: Path, tree: Tree, browser: Browser) -> None:
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    paths = one_of_each_kind(sample)
    assert len(paths) >= 12, paths
    complaints: list[str] = []
    with browser.page() as page:
        page.goto(f"http://127.0.0.1:{tree.port}{REPLIES}")
        form = page.locator("form.reply-form").get_attribute("action")
        assert form
        paths.append(form)
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
