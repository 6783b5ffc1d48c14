"""The reader takes real exports, damaged ones where that is safe, and nothing else."""

import codecs
import gzip
import io
from pathlib import Path

import pytest

from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.wordpress import reader
from stoppress.importers.wordpress.reader import Export
from stoppress.importers.wordpress.records import Author, Category, Item
from tests.importers.wxr import HOST, REAL, Post, export, needs_real_export


def items(path: Path) -> list[Item]:
    return [record for record in Export(path) if isinstance(record, Item)]


def put(folder: Path, content: str | bytes) -> Path:
    file = folder / "export.xml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_reads_every_value(tmp_path: Path) -> None:
    post = Post(
        7,
        "A ]]> & B",
        "<p>Hello</p>",
        tags=("ferries",),
        meta={"_thumbnail_id": "9", "_edit_lock": "secret"},
        comments=[("1", "comment"), ("0", ""), ("1", "pingback")],
        is_sticky=True,
    )
    source = Export(put(tmp_path, export(post)))
    records = list(source)
    [item] = [record for record in records if isinstance(record, Item)]
    assert (item.id, item.title, item.body, item.is_sticky) == ("7", "A ]]> & B", "<p>Hello</p>", True)
    assert item.meta == {"_thumbnail_id": "9"}
    assert item.comments == {("1", "comment"): 1, ("0", "comment"): 1, ("1", "pingback"): 1}
    assert [(filing.taxonomy, filing.slug) for filing in item.filings] == [
        ("category", "world"),
        ("post_tag", "ferries"),
    ]
    assert Author("anna", "Anna Lindqvist") in records
    assert Category("3", "rowing", "sports", "Rowing") in records
    assert (source.site.title, source.site.link, source.site.version) == ("The Old Paper", HOST, "1.2")


def test_an_address_that_is_none_ends_nothing(tmp_path: Path) -> None:
    source = Export(put(tmp_path, export(Post(1)).replace(f"<link>{HOST}</link>", "<link>http://[old.example</link>")))
    assert list(source)
    assert source.site.link in {"", HOST}


def test_the_version_of_the_format_makes_no_difference(tmp_path: Path) -> None:
    old = export(Post(1, excerpt="Before")).replace("export/1.2/", "export/1.0/")
    assert items(put(tmp_path, old))[0].excerpt == "Before"


def test_says_where_it_had_to_mend(tmp_path: Path) -> None:
    text = export(Post(1, "First"), Post(2, "Second", link=f"{HOST}/?a=1&b=2"))
    source = Export(put(tmp_path, text.replace("a=1&amp;b", "a=1&b")))
    assert [item.link for item in source if isinstance(item, Item)][1] == f"{HOST}/?a=1&b=2"
    [(repair, title)] = source.repairs
    assert title == "Second"
    assert repair.what == "a bare “&”"
    assert text.splitlines()[repair.line - 1].startswith("<item><title><![CDATA[Second")


@pytest.mark.parametrize("before", ["\n\n  ", "<br />\nWarning: headers already sent in plugin.php\n", "\ufeff"])
def test_skips_what_a_plugin_put_before_the_declaration(tmp_path: Path, before: str) -> None:
    assert len(items(put(tmp_path, before + export(Post(1))))) == 1


@pytest.mark.parametrize(
    ("encoding", "declared"), [("latin-1", "ISO-8859-1"), ("windows-1252", "windows-1252"), ("utf-16", "UTF-16")]
)
def test_reads_other_encodings(tmp_path: Path, encoding: str, declared: str) -> None:
    content = export(Post(1, "Café")).replace("UTF-8", declared).encode(encoding)
    assert items(put(tmp_path, content))[0].title == "Café"


def test_bytes_that_mean_nothing_are_shown_as_such(tmp_path: Path) -> None:
    source = Export(put(tmp_path, export(Post(1, "Café")).encode().replace("é".encode(), b"\xe9")))
    assert [item.title for item in source if isinstance(item, Item)] == ["Caf\ufffd"]
    assert source.repairs[0][0].what == "a character that can't be read"


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'
EXTERNAL = '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x03\x04rest", "zip archive"),
        (gzip.compress(b"<rss/>", mtime=0), "gzip archive"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        (b'{"posts": []}', "JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "binary file"),
        (b"Dear editor", "not XML"),
        (b'<?xml version="1.0"?><feed/>', "begins with <feed>"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>', "RSS feed"),
        (BOMB.encode(), "document type"),
        (EXTERNAL.encode(), "document type"),
        (codecs.BOM_UTF8 + b"<?xml version='1.0'?>\n<rss><a></b></rss>", "not XML in line 2"),
    ],
)
def test_refuses_other_files_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(ExportUnreadable) as refusal:
        items(put(tmp_path, content))
    message = str(refusal.value)
    assert words in message
    assert "Nothing was changed." in message
    assert "\n" not in message


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable, match="No such file"):
        items(tmp_path / "nowhere.xml")


def test_a_cut_off_download_is_told_as_such(tmp_path: Path) -> None:
    text = export(Post(1, "The last whole one"), Post(2, "Cut"))
    with pytest.raises(ExportUnreadable, match=r"ends in the middle, in line \d+, after the post “The last whole one”"):
        items(put(tmp_path, text[: text.index("Cut")]))


def test_an_endless_value_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_VALUE", 10_000)
    with pytest.raises(ExportUnreadable, match="longer than"):
        items(put(tmp_path, export(Post(1, body="x" * 10_001))))


def test_an_endless_tag_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_VALUE", 10_000)
    monkeypatch.setattr(reader, "CHUNK", 1000)
    with pytest.raises(ExportUnreadable, match="longer than any real one"):
        items(put(tmp_path, export(Post(1)).replace("<item>", f'<item a="{"x" * 50_000}">')))


class Endless(io.RawIOBase):
    """A beginning, and then two gigabytes of ``x``; ``taken`` is how far it was read."""

    def __init__(self, start: bytes) -> None:
        self._start = start
        self.taken = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.taken = offset
        return offset

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        content = self._start[self.taken : self.taken + size] or b"x" * min(size, 2**31 - self.taken)
        self.taken += len(content)
        return content


@pytest.mark.parametrize("begin", ['<item a="', "<item><title>", "<!--", "<?x ", '<item xmlns:a="'])
def test_two_gigabytes_are_refused_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: str) -> None:
    file = Endless((export().partition("</channel>")[0] + begin).encode())
    monkeypatch.setattr(Path, "open", lambda *_: file)
    with pytest.raises(ExportUnreadable, match=r"longer than .* Nothing was changed\."):
        items(tmp_path)
    assert file.taken < 20 * 2**20


def test_endless_depth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable, match="nested more than"):
        items(put(tmp_path, export(Post(1)).replace("<item>", "<item>" + "<a>" * 100_000)))


def test_endless_values_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable, match="more than 5000 values"):
        items(put(tmp_path, export(Post(1, tags=[f"t{n}" for n in range(5001)]))))


@needs_real_export
def test_both_forms_of_the_real_export_read_the_same() -> None:
    whole, broken = Export(REAL / "export.xml"), Export(REAL / "export-bare-ampersand.xml")
    assert list(whole) == list(broken)
    assert whole.repair_count == 0
    [(repair, title)] = broken.repairs
    assert (repair.line, repair.column, repair.what) == (801, 51, "a bare “&”")
    assert title.startswith("Ferry to end winter sailings")
