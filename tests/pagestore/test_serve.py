"""The front, called as a server calls it: files, redirects, tombstones, conditions, codings and hostile paths."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import AsyncMock

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoppress.pagestore.layout import Layout, is_sound, normal
from stoppress.pagestore.serve.pages import accepted
from stoppress.pagestore.serve.proxy import Busy, TooLarge, TooSlow
from tests.pagestore.site import Site

STORY = "/world/story/"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path / "site")
    yield site
    site.front.close()
    site.writer.close()


def test_a_page_in_every_coding(site: Site) -> None:
    site.bake(STORY, "<h1>News</h1>" * 50)
    plain, packed, best = (
        site.get(STORY),
        site.get(STORY, accept_encoding="gzip"),
        site.get(STORY, accept_encoding="gzip, br"),
    )
    assert plain.body == gzip.decompress(packed.body) == brotli.decompress(best.body)
    assert [reply.headers.get("content-encoding") for reply in (plain, packed, best)] == [None, "gzip", "br"]
    assert len({reply.headers["etag"] for reply in (plain, packed, best)}) == 3
    assert plain.headers["vary"] == "accept-encoding"
    assert "set-cookie" not in plain.headers


def test_a_new_version_is_seen_at_once(site: Site) -> None:
    site.bake(STORY, "old")
    assert site.get(STORY).body == b"old"
    site.bake(STORY, "new")
    assert site.get(STORY).body == b"new"


def test_conditions(site: Site) -> None:
    site.bake(STORY, "text")
    first = site.get(STORY, accept_encoding="gzip")
    again = site.get(STORY, accept_encoding="gzip", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert site.get(STORY, if_none_match="*").status == 304
    assert site.get(STORY, if_none_match=f'W/"x", W/{first.headers["etag"]}').status == 304
    assert site.get(STORY, if_modified_since=first.headers["last-modified"]).status == 304
    assert site.get(STORY, if_modified_since="yesterday, or so").status == 200
    assert site.get(STORY, if_none_match='"other"', if_modified_since=first.headers["last-modified"]).status == 200


def test_head_has_the_headers_and_no_body(site: Site) -> None:
    site.bake(STORY, "text")
    head = site.get(STORY, method="HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "4")


def test_a_page_can_only_be_read(site: Site) -> None:
    site.bake(STORY, "text")
    reply = site.get(STORY, method="POST")
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


def test_moved_and_gone(site: Site) -> None:
    site.bake("/410.html", "it is gone")
    site.bake("/404.html", "never was")
    site.bury("/world/old/", "/local/new/")
    site.bury("/world/bad/")
    assert site.get("/world/old/").headers["location"] == "/local/new/"
    assert site.get("/world/old/").status == 301
    assert site.get("/world/old").headers["location"] == "/local/new/"
    gone = site.get("/world/bad/")
    assert (gone.status, gone.body) == (410, b"it is gone")
    unknown = site.get("/world/never/")
    assert (unknown.status, unknown.body) == (404, b"never was")


def test_gone_and_back_again(site: Site) -> None:
    site.bake(STORY, "first")
    site.get(STORY)
    site.bury(STORY)
    assert site.get(STORY).status == 410
    site.bake(STORY, "again")
    assert site.get(STORY).body == b"again"


def test_an_address_without_its_slash_leads_to_the_page(site: Site) -> None:
    site.bake(STORY, "text")
    reply = site.get("/world/story")
    assert (reply.status, reply.headers["location"]) == (301, STORY)


def test_a_known_page_that_is_not_baked_is_a_miss_and_nobody_answers(site: Site) -> None:
    site.writer.announce([STORY])
    reply = site.get(STORY)
    assert (reply.status, reply.headers["retry-after"]) == (503, "2")


def test_who_reads_pages_is_told_of_trouble_by_one_of_the_paper_s_own(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
    plain = site.get("/-/search/", accept=browser)
    assert (plain.status, plain.headers["content-type"]) == (503, "text/plain; charset=utf-8")  # not baked yet
    for name in ("503", "503-sent", "413", "408"):
        site.bake(f"/{name}.html", f"Den avisa: {name} " * 30)
    asked = site.get("/-/search/", accept=browser, accept_encoding="gzip")
    assert gzip.decompress(asked.body).startswith(b"Den avisa: 503 ")
    assert (asked.status, asked.headers["retry-after"], asked.headers["cache-control"]) == (503, "2", "no-store")
    assert (asked.headers["content-type"], "etag" in asked.headers) == ("text/html; charset=utf-8", False)
    assert b"restarting" in site.get("/-/search/", accept="application/json").body
    head = site.get("/-/search/", accept=browser, method="HEAD")
    assert (head.status, head.body, int(head.headers["content-length"]) > 400) == (503, b"", True)
    sent = site.get("/-/replies/", accept=browser, method="POST")
    assert (sent.status, sent.body.startswith(b"Den avisa: 503-sent ")) == (503, True)
    for error, name in ((TooLarge, "413"), (TooSlow, "408"), (Busy, "503-sent")):
        monkeypatch.setattr(site.front.proxy, "pass_on", AsyncMock(side_effect=error))
        refused = site.get("/-/replies/", accept=browser, method="POST")
        assert (refused.status, refused.body.startswith(f"Den avisa: {name} ".encode())) == (int(name[:3]), True)
    assert site.get("/503-sent.html").status == 503


def test_a_compressed_form_of_another_version_is_not_used(site: Site) -> None:
    """A crash between two renames."""
    site.bake(STORY, "old")
    stem = site.writer.layout.stem(STORY)
    site.bake("/other/", "new")
    Path(stem + ".html").write_bytes(b"new")
    site.writer.epoch.bump(STORY)
    assert site.get(STORY, accept_encoding="gzip, br").body == b"new"


@pytest.mark.parametrize(
    "path",
    [
        "/../stoppress.toml",
        "/world/../../epoch",
        "//etc/passwd",
        "/world//story/",
        "/world/story/index.html",
        "/world/story/index.html.gz",
        "/world/old/index.tombstone",
        "/.git/config",
        "/nul\0/",
        "/world/\\..\\x/",
        "/\udcff/",
        "/" + "a" * 300 + "/",
        "/" + "a/" * 2000,
        "/static/../data/db/stoppress.sqlite3",
        "/static/",
        "/media/../keys/secret_key",
        "/media/",
        "/media/images",
        "*",
        "",
    ],
)
def test_hostile_paths_find_nothing(site: Site, path: str) -> None:
    site.bake(STORY, "text")
    site.bury("/world/old/")
    (site.root / "media/images").mkdir()
    assert site.get(path).status == 404


def test_static_files_are_compressed_and_hashed_ones_last(site: Site) -> None:
    (site.root / "static/paper.0123456789ab.css").write_text("p { color: red }" * 100)
    reply = site.get("/static/paper.0123456789ab.css", accept_encoding="br")
    assert reply.headers["content-type"].startswith("text/css")
    assert "immutable" in reply.headers["cache-control"]
    assert brotli.decompress(reply.body).startswith(b"p {")


def test_a_purged_picture_is_gone_at_once(site: Site) -> None:
    picture = site.root / "media/images/x/y.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"RIFF")
    assert (site.get("/media/images/x/y.webp").status, site.get("/media/images/x/y.webp").body) == (200, b"RIFF")
    picture.unlink()
    assert site.get("/media/images/x/y.webp").status == 404


def test_an_unknown_kind_of_file_in_media_is_not_served(site: Site) -> None:
    (site.root / "media/page.html").write_text("<script>")
    (site.root / "media/x.svgz").write_text("x")
    assert site.get("/media/x.svgz").status == 404


def media_file(site: Site, name: str, content: bytes) -> str:
    file = site.root / "media/files/7/abc" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return f"/media/files/7/abc/{name}"


@pytest.mark.parametrize("name", ["plan.pdf", "ferries.csv", "notes.txt", "map.json", "all.zip"])
def test_documents_are_saved_and_never_opened_in_our_name(site: Site, name: str) -> None:
    reply = site.get(media_file(site, name, b"<script>alert(1)</script>"))
    assert reply.status == 200
    assert reply.headers["content-disposition"] == "attachment"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "html" not in reply.headers["content-type"]
    assert "immutable" in reply.headers["cache-control"]


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=-99", 200, b"0123456789", None),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=0-", 200, b"0123456789", None),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
        ("bytes=" + "9" * 40 + "-", 200, b"0123456789", None),
    ],
)
def test_a_player_may_jump(site: Site, asked: str, status: int, body: bytes, content_range: str | None) -> None:
    reply = site.get(media_file(site, "siren.mp3", b"0123456789"), range=asked)
    assert (reply.status, reply.body, reply.headers.get("content-range")) == (status, body, content_range)
    assert reply.headers["content-length"] == str(len(body))
    assert reply.headers["accept-ranges"] == "bytes"
    assert "content-disposition" not in reply.headers


def test_a_part_under_a_condition_is_answered_with_the_whole(site: Site) -> None:
    reply = site.get(media_file(site, "siren.mp3", b"0123456789"), range="bytes=0-3", if_range='"x"')
    assert (reply.status, reply.body) == (200, b"0123456789")
    assert site.get(media_file(site, "empty.mp3", b""), range="bytes=0-3").status == 200
    assert site.get("/media/files/7/abc/siren.mp3", "HEAD", range="bytes=0-3").body == b""


def test_nothing_that_runs_is_served_from_media(site: Site) -> None:
    for name in ("page.html", "run.js", "drawing.svg"):
        (site.root / "media" / name).write_text("<script>alert(1)</script>")
        assert site.get(f"/media/{name}").status == 404


def test_memory_is_bounded(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stoppress.pagestore.serve.pages.MEMORY_BYTES", 20_000)
    for number in range(30):
        site.bake(f"/world/{number}/", "x" * 3000)
        assert site.get(f"/world/{number}/").status == 200
    assert site.front.pages._bytes <= 20_000
    assert site.get("/world/0/").status == 200


@given(st.text())
def test_any_path_is_sound_or_not_and_never_leaves_the_store(path: str) -> None:
    if is_sound(path):
        stem = Path(Layout(Path("/store")).stem(normal(path)))
        assert ".." not in stem.parts
        assert stem.is_relative_to("/store/pages")


@given(st.binary(max_size=60))
def test_any_accept_encoding_is_understood(header: bytes) -> None:
    assert set(accepted(header)) <= {"br", "gzip"}


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (b"gzip, deflate, br", ("br", "gzip")),
        (b"gzip;q=1.0, br;q=0.5", ("gzip", "br")),
        (b"br;q=0, gzip", ("gzip",)),
        (b"*", ("br", "gzip")),
        (b"*;q=0", ()),
        (b"identity", ()),
        (b"gzip;q=hm", ()),
    ],
)
def test_codings_by_weight(header: bytes, wanted: tuple[str, ...]) -> None:
    assert accepted(header) == wanted
