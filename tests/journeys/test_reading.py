"""A reader with nothing but HTTP, and one with a keyboard."""

import gzip
import re
import socket
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Route, expect

from tests.journeys.browser import Browser
from tests.journeys.server import Reader
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey

ARTICLE = "/world/old-story-7/"
LINK = re.compile(r'href="([^"]+)"')
ISLAND = re.compile(r'<script type="module" fetchpriority="low" src="/static/[\w/.-]+\.island\.[0-9a-f]+\.js">')
SHEET = re.compile(r'<style(?: media="[^"]*")?>(.*?)</style>', re.DOTALL)
NAMED = re.compile(
    r'<meta http-equiv="Content-Security-Policy" content="style-src \'self\'((?: \'sha256-[\w+/=]+\')+)">'
)
INLINE = re.compile(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", re.IGNORECASE)


@pytest.fixture(scope="module")
def place(common_place: Path) -> Path:
    """One instance for all: nobody writes here."""
    return common_place


@pytest.fixture(scope="module")
def tree(common_tree: Tree) -> Tree:
    """Its running server."""
    return common_tree


def test_from_home_to_an_old_story_by_links_alone(reader: Reader) -> None:
    home = reader.sees("/", "The Journey Gazette")
    assert "/world/" in LINK.findall(home.text)
    section = reader.sees("/world/", "Old story 64", without="Old story 7<")
    older = re.search(r'<a class="older" href="([^"]+)"', section.text)
    assert older is not None
    oldest = re.search(r'<a class="older" href="([^"]+)"', reader.sees(older[1], "Old story 25").text)
    assert oldest is not None
    page = reader.sees(oldest[1], "Old story 7")
    assert ARTICLE in LINK.findall(page.text)
    article = reader.sees(ARTICLE, "<h1", "Old story 7, as it happened.", "Ada Okafor", "Published on")
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"', article.text)


def test_pages_need_no_script_and_allow_nothing_inline_but_named_sheets(reader: Reader) -> None:
    for target in ("/", "/world/", ARTICLE, "/world/seen-at-the-harbour/", "/404.html"):
        page = reader.get(target)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        named = NAMED.search(page.text)
        assert named is not None
        sheets = [b64encode(sha256(sheet.encode()).digest()).decode() for sheet in SHEET.findall(page.text)]
        assert named[1].split() == [f"'sha256-{digest}'" for digest in sheets]
        # Blocks that machines read are no scripts; islands add to what is there already.
        ours = page.text.count('<script type="application/ld+json">') + len(ISLAND.findall(page.text))
        assert page.text.count("<script") == ours
        assert INLINE.search(SHEET.sub("", page.text)) is None
        assert page.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in page.headers
        assert page.headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("target", ["/", ARTICLE, "/feed/", "/sitemap.xml"])
def test_every_coding_is_the_same_page_with_a_tag_of_its_own(reader: Reader, target: str) -> None:
    plain = reader.get(target)
    packed = reader.get(target, accept_encoding="gzip")
    squeezed = reader.get(target, accept_encoding="gzip, deflate, br, zstd")
    assert "content-encoding" not in plain.headers
    assert (packed.headers["content-encoding"], squeezed.headers["content-encoding"]) == ("gzip", "br")
    assert gzip.decompress(packed.body) == brotli.decompress(squeezed.body) == plain.body
    assert len({reply.headers["etag"] for reply in (plain, packed, squeezed)}) == 3
    refused = reader.get(target, accept_encoding="gzip;q=0, br;q=0")
    assert "content-encoding" not in refused.headers


def test_a_page_that_one_has_is_not_sent_again(reader: Reader) -> None:
    for coding in ("identity", "gzip", "br"):
        first = reader.get(ARTICLE, accept_encoding=coding)
        again = reader.get(ARTICLE, accept_encoding=coding, if_none_match=first.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert reader.get(ARTICLE, if_none_match='"something-else"').status == 200
        dated = reader.get(ARTICLE, accept_encoding=coding, if_modified_since=first.headers["last-modified"])
        assert (dated.status, dated.body) == (304, b"")


def test_a_304_names_the_tag_of_the_form_that_would_have_been_sent(reader: Reader) -> None:
    """RFC 9110, 15.4.5: the same ETag as the 200 would have had."""
    for coding in ("identity", "gzip", "br"):
        tag = reader.get(ARTICLE, accept_encoding=coding).headers["etag"]
        assert reader.get(ARTICLE, accept_encoding=coding, if_none_match=tag).headers["etag"] == tag


def test_head_is_get_without_the_body(reader: Reader) -> None:
    picture = re.search(r'src="(/media/[^"]+)"', reader.get("/world/seen-at-the-harbour/").text)
    script = re.search(r'src="(/static/[^"]+\.js)"', reader.get(ARTICLE).text)
    assert picture is not None
    assert script is not None
    for target in ("/", ARTICLE, picture[1], script[1], "/nowhere/"):
        whole, head = reader.get(target), reader.get(target, method="HEAD")
        assert (head.status, head.body) == (whole.status, b"")
        ignored = {"date"}
        assert {k: v for k, v in head.headers.items() if k not in ignored} == {
            k: v for k, v in whole.headers.items() if k not in ignored
        }


def test_only_reading_is_allowed(reader: Reader) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        reply = reader.get(ARTICLE, method=method)
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def test_a_query_does_not_address_another_page(reader: Reader) -> None:
    assert reader.get(ARTICLE + "?utm_source=x").body == reader.get(ARTICLE).body


def test_a_missing_slash_leads_to_the_page(reader: Reader) -> None:
    reply = reader.get(ARTICLE.removesuffix("/"))
    assert (reply.status, reply.headers["location"]) == (301, ARTICLE)


HOSTILE = [
    "/nowhere/",
    "/world/nowhere/",
    "/world/page/0/x/",
    "//",
    "///",
    "//example.org/",
    "/.",
    "/..",
    "/../",
    "/..%2f",
    "/..%2f..%2f..%2fstoppress.toml",
    "/%2e%2e/%2e%2e/stoppress.toml",
    "/world/../../../stoppress.toml",
    "/world/%00/",
    "/%00",
    "/%ff",
    "/%ff/",
    "/%c0%ae%c0%ae/",
    "/%",
    "/%zz",
    "/\\",
    "/%5c..%5c",
    "/world%2findex.html",
    "/world/index.html",
    "/world/index.html.gz",
    "/world/index.html.br",
    "/index.html",
    "/index.pending",
    "/world/old-story-7/index.html",
    "/404.html.gz",
    "/sitemap.xml.gz",
    "/world/old-story-7/index.tombstone",
    "/" + "a" * 300 + "/",
    "/" + "a/" * 1500,
    "/%F0%9F%97%9E/",
    "/media/",
    "/media/../db/stoppress.sqlite3",
    "/media/..%2fdb%2fstoppress.sqlite3",
    "/media/%2e%2e/db/stoppress.sqlite3",
    "/media/%2e%2e/keys/secret_key",
    "/media//etc/passwd",
    "/media/images",
    "/media/images/",
    "/media/images/%00.webp",
    "/media/%ff.webp",
    "/media/" + "a" * 5000 + ".webp",
    "/static/",
    "/static/../keys/secret_key",
    "/static/%2e%2e/keys/secret_key",
    "/static/..%2fkeys%2fsecret_key",
    "/static//etc/passwd",
    "/static/%00",
    "/static/staticfiles.json/x",
    "/originals/",
    "/data/keys/secret_key",
    "/data/db/stoppress.sqlite3",
    "/stoppress.toml",
    "/store/epoch",
    "/epoch",
    "/run/lock",
]


@pytest.mark.parametrize("target", HOSTILE, ids=lambda target: repr(target[:40]))
def test_a_strange_address_is_not_found_and_leaks_nothing(tree: Tree, place: Path, target: str) -> None:
    reply = raw(tree.port, target.encode())
    assert reply[:12] in {b"HTTP/1.1 404", b"HTTP/1.1 400"}, reply[:200]
    for secret in (
        (place / "data/keys/secret_key").read_bytes(),
        b"SQLite format",
        b"root:x:0",
        b"annotated",
        b"base_url",
    ):
        assert secret not in reply


@pytest.mark.parametrize(
    "target",
    [b"/\xff/", b"/w\xc3\xb6rld/", b"/\x00/", b"/a b/", b"*", b"", b"http://elsewhere.example/world/x/"],
    ids=repr,
)
def test_bytes_that_no_browser_sends(tree: Tree, target: bytes) -> None:
    assert raw(tree.port, target)[:12] in {b"HTTP/1.1 404", b"HTTP/1.1 400"}


def test_originals_cannot_be_reached(place: Path, reader: Reader) -> None:
    originals = [path for path in (place / "data/originals").rglob("*") if path.is_file()]
    assert originals
    for path in originals:
        name = path.relative_to(place / "data/originals").as_posix()
        content = path.read_bytes()
        for target in (
            f"/media/{name}",
            f"/originals/{name}",
            f"/media/../originals/{name}",
            f"/data/originals/{name}",
        ):
            reply = reader.get(target)
            assert reply.status in {400, 404}
            assert content not in reply.body


def test_by_keyboard(tree: Tree, browser: Browser) -> None:
    with browser.page() as page:
        page.goto(tree.address + "/")
        seen = []
        for _ in range(12):
            page.keyboard.press("Tab")
            seen.append(
                page.evaluate(
                    """() => {
                        const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
                        return {
                            text: e.textContent.trim(),
                            isShown: box.width > 0 && box.bottom > 0 && box.right > 0 && style.visibility === "visible",
                            outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
                        };
                    }"""
                )
            )
        assert seen[0]["text"] == "Skip to content"
        assert [stop for stop in seen if not (stop["isShown"] and stop["outline"])] == []
        assert {"World", "Local", "Sports"} <= {stop["text"] for stop in seen}
        page.goto(tree.address + "/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_somebody_elses_player_loads_when_the_reader_asks_and_not_before(tree: Tree, browser: Browser) -> None:
    with browser.page() as page:
        asked: list[str] = []

        def answer(route: Route) -> None:
            asked.append(route.request.url)
            route.fulfill(body="<!doctype html><title>Player</title><p>It plays.</p>", content_type="text/html")

        page.route(re.compile("^https:"), answer)
        page.goto(tree.address + "/local/film-night/")
        facade = page.get_by_role("link", name="Big Buck Bunny")
        expect(facade).to_contain_text("Load from YouTube")
        assert asked == []
        facade.press("Enter")
        expect(page.frame_locator("iframe[title='Big Buck Bunny']").get_by_text("It plays.")).to_be_visible()
        assert asked[0].startswith("https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ")
        assert page.evaluate("document.activeElement.tagName") == "IFRAME"


def test_a_wide_table_is_moved_by_keyboard_and_the_page_is_not(tree: Tree, browser: Browser) -> None:
    with browser.page() as page:
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(tree.address + "/local/film-night/")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        region = page.get_by_role("region", name="Seats and ticket sales")
        region.focus()
        page.keyboard.press("ArrowRight")
        # Not the browser's own waiting: it evaluates text, which the policy of our pages forbids.
        eventually(lambda: page.evaluate("document.querySelector('.scroll').scrollLeft > 0"), "the table moves")
        expect(region.get_by_role("columnheader")).to_have_count(8)
        expect(region.get_by_role("rowheader")).to_have_count(4)


def raw(port: int, target: bytes) -> bytes:
    """The whole answer to a request line with exactly these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)
