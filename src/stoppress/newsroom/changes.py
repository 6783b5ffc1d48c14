"""What changed between two versions of an article, for people: words within sentences, blocks by their names.

One reading serves the desk's comparison and the public history. It is made from what readers read; what only the desk
knows (plans, embargoes, comments) has no place here.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, passages
from stoppress.newsroom.models import Author
from stoppress.newsroom.prose import Prose

_WORD = re.compile(r"\s+|\w+(?:[’'.,]\w+)*|[^\w\s]")
AROUND = 12
"""Words that stay beside a change; more of the same are left out."""
LONG_WORDS = 4000
"""Words in a passage up to which it is compared word by word; a longer one is shown as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row.

    Attributes:
        kind: ``same``, ``new`` or ``old``.
    """

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is other than it was.

    Attributes:
        what: of what: “Headline”, “Text, 3rd”.
        how: what happened to it as a whole, in words; empty when only words in it changed.
        pieces: the words.
        pictures: ids of pictures: what stood there, and what stands there now, ``None`` for none.
    """

    what: str
    how: str = ""
    pieces: list[Piece] = field(default_factory=list)
    pictures: tuple[int | None, int | None] | None = None

    @property
    def marked(self) -> SafeString:
        """The words with ``<ins>`` and ``<del>``."""
        return marked(self.pieces)


def marked(pieces: Sequence[Piece]) -> SafeString:
    """Words with ``<ins>`` and ``<del>``, long stretches of the same cut."""
    tags = {"new": "<ins>{}</ins>", "old": "<del>{}</del>", "same": "{}"}
    last = len(pieces) - 1
    return format_html_join(
        "",
        "{}",
        (
            (format_html(tags[one.kind], _cut(one, is_first=place == 0, is_last=place == last)),)
            for place, one in enumerate(pieces)
        ),
    )


def words_changed(before: str, after: str) -> list[Piece]:
    """Two texts compared word by word."""
    if before == after:
        return [Piece("same", before)] if before else []
    ours, theirs = _WORD.findall(before), _WORD.findall(after)
    if not ours or not theirs or max(len(ours), len(theirs)) > LONG_WORDS:
        return [Piece(kind, words) for kind, words in (("old", before), ("new", after)) if words]
    found: list[Piece] = []
    for kind, i1, i2, j1, j2 in _opcodes(ours, theirs):
        if kind == "equal":
            found.append(Piece("same", "".join(ours[i1:i2])))
            continue
        if i2 > i1:
            found.append(Piece("old", "".join(ours[i1:i2])))
        if j2 > j1:
            found.append(Piece("new", "".join(theirs[j1:j2])))
    return found


def article_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What readers would notice between two revisions' contents, in reading order."""
    found = []
    for name in ("kicker", *passages.FIELDS, "lead_alt", "dateline_place", "update_note"):
        pieces = words_changed(_words(before.get(name)), _words(after.get(name)))
        if any(piece.kind != "same" for piece in pieces):
            found.append(Change(passages.field_label(name), pieces=pieces))
    names = [_credits(content) for content in (before, after)]
    if names[0] != names[1]:
        found.append(Change(_("Byline"), pieces=words_changed(*names)))
    if before.get("lead_picture") != after.get("lead_picture"):
        pictures = (before.get("lead_picture"), after.get("lead_picture"))
        found.append(Change(_("Lead picture"), _replaced(*pictures), pictures=pictures))
    return found + body_changes(_body(before), _body(after))


def body_changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Change]:
    """What is other between two raw bodies: blocks that came, went, moved, and words in those that stayed."""
    pairs = _paired(before, after)
    gone = [index for index in range(len(before)) if index not in {i for i, _j in pairs}]
    stayed = {j: i for i, j in pairs}
    moved = _moved([i for i, _j in sorted(pairs, key=lambda pair: pair[1])])
    names_before, names_after = _names(before), _names(after)
    found: list[tuple[float, Change]] = []
    for j, block in enumerate(after):
        if j not in stayed:
            found.append((j, _whole(names_after[j], _("Added"), block, "new")))
            continue
        i = stayed[j]
        found += [(j, change) for change in _within(names_after[j], before[i], block)]
        if i in moved:
            way = _("Moved up") if j < i else _("Moved down")
            found.append((j, Change(names_after[j], way, [Piece("same", _opening(block))])))
    for i in gone:
        place = max((j for k, j in pairs if k < i), default=-1) + 0.5
        found.append((place, _whole(names_before[i], _("Removed"), before[i], "old")))
    return [change for _place, change in sorted(found, key=lambda row: row[0])]


def _body(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    body = passages.raw_body(content.get("body"))
    return [block for block in body if isinstance(block, Mapping)]


def _credits(content: Mapping[str, Any]) -> str:
    """Who is named, in order."""
    ids = [int(one["author"]) for one in content.get("bylines") or () if str(one.get("author") or "").isdigit()]
    depends_on(*(keys.shelf("author", pk) for pk in ids))
    known = Author.objects.in_bulk(ids)
    return ", ".join(known[pk].name for pk in ids if pk in known)


def _words(value: object) -> str:
    return " ".join(str(value or "").split())


def _opcodes(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Those of difflib, with a lone space between two changes taken into them: it reads better."""
    codes = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    held: list[int] | None = None
    for place, (kind, i1, i2, j1, j2) in enumerate(codes):
        is_gap = kind == "equal" and "".join(ours[i1:i2]).isspace() and 0 < place < len(codes) - 1
        if kind != "equal" or is_gap:
            held = [held[0], i2, held[2], j2] if held else [i1, i2, j1, j2]
            continue
        if held:
            yield "replace", held[0], held[1], held[2], held[3]
            held = None
        yield kind, i1, i2, j1, j2
    if held:
        yield "replace", held[0], held[1], held[2], held[3]


def _paired(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Which block became which: by id, then those of the same content, since imports give new ids."""
    there = {block.get("id"): i for i, block in enumerate(before) if block.get("id")}
    pairs = []
    for j, block in enumerate(after):
        i = there.pop(block.get("id"), None) if block.get("id") else None
        if i is not None and before[i].get("type") == block.get("type"):
            pairs.append((i, j))
    taken_before, taken_after = {i for i, _j in pairs}, {j for _i, j in pairs}
    for j, block in enumerate(after):
        if j in taken_after:
            continue
        for i, other in enumerate(before):
            same = (other.get("type"), other.get("value")) == (block.get("type"), block.get("value"))
            if i not in taken_before and same:
                pairs.append((i, j))
                taken_before.add(i)
                break
    return pairs


def _moved(order: Sequence[int]) -> set[int]:
    """The fewest blocks that must have moved for the others to be in order (all but a longest rising run)."""
    best: list[tuple[int, int]] = []  # length of the longest run that ends here, and where it came from
    for place, value in enumerate(order):
        runs = [(best[k][0], k) for k in range(place) if order[k] < value]
        length, came = max(runs, default=(0, -1), key=lambda run: (run[0], -run[1]))
        best.append((length + 1, came))
    kept: set[int] = set()
    place = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    while place >= 0:
        kept.add(order[place])
        place = best[place][1]
    return set(order) - kept


def _names(body: Sequence[Mapping[str, Any]]) -> list[str]:
    """“Text 1”, “Text 2”, “Quote”: numbered where there are several of a kind."""
    kinds = [str(block.get("type")) for block in body]
    seen: dict[str, int] = {}
    names = []
    for kind in kinds:
        seen[kind] = seen.get(kind, 0) + 1
        label = passages.block_label(kind)
        names.append(f"{label} {seen[kind]}" if kinds.count(kind) > 1 else label)
    return names


def _whole(name: str, how: str, block: Mapping[str, Any], kind: str) -> Change:
    words = " ".join(one.prose.text for one in passages.block_passages(block)).strip()
    picture = _picture(block)
    pictures = None if picture is None else (None, picture) if kind == "new" else (picture, None)
    return Change(name, how, [Piece(kind, words)] if words else [], pictures)


def _within(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    if before.get("value") == after.get("value"):
        return
    old = {one.path: one for one in passages.block_passages(before)}
    new = {one.path: one for one in passages.block_passages(after)}
    seen = False
    for path in dict.fromkeys([*new, *old]):
        one = new.get(path) or old[path]
        pieces = words_changed(_read(old.get(path)), _read(new.get(path)))
        if any(piece.kind != "same" for piece in pieces):
            seen = True
            label = one.label.partition(" – ")[2]
            yield Change(f"{name} – {label}" if label else name, pieces=pieces)
    pictures = _picture(before), _picture(after)
    if pictures[0] != pictures[1]:
        seen = True
        yield Change(name, _replaced(*pictures), pictures=pictures)
    if not seen:
        yield Change(name, _("Changed in its form: emphasis, links or settings; the words are the same"))


def _read(passage: passages.Passage | None) -> str:
    return Prose(passage.source, is_markup=passage.is_markup).text if passage is not None else ""


def _picture(block: Mapping[str, Any]) -> int | None:
    value = block.get("value")
    found = value.get("image") if isinstance(value, Mapping) else None
    return found if isinstance(found, int) else None


def _replaced(before: int | None, after: int | None) -> str:
    if before is None:
        return _("Picture added")
    return _("Picture removed") if after is None else _("Another picture")


def _opening(block: Mapping[str, Any]) -> str:
    words = " ".join(one.prose.text for one in passages.block_passages(block)).split()
    return " ".join(words[: 2 * AROUND]) + (" …" if len(words) > 2 * AROUND else "")


def _cut(piece: Piece, *, is_first: bool, is_last: bool) -> str:
    """Words of the same, only those near a change."""
    words = re.findall(r"\S+\s*|\s+", piece.words)
    if piece.kind != "same" or len(words) <= 3 * AROUND:
        return piece.words
    if is_first and is_last:
        return piece.words
    head = "" if is_first else "".join(words[:AROUND])
    tail = "" if is_last else "".join(words[-AROUND:])
    return f"{head}… {tail}" if head.endswith((" ", "\n")) or not head else f"{head} … {tail}"
