"""Making an export well-formed leaves what is well-formed alone."""

from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stoppress.importers.wordpress.repair import MAX_REPAIRS_KEPT, Repairer

letters = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff\ufffd"), max_size=80)
pieces = st.one_of(
    letters.map(
        lambda text: "".join(c for c in text if c.isprintable() or c in "\n\t").replace("&", "").replace("<", "")
    ),
    st.sampled_from(["&amp;", "&lt;", "&#65;", "&#x1F6A4;", "&quot;", "<b>x</b>", '<b a="1&amp;2"/>']),
    st.sampled_from(["<![CDATA[ & && &#0; <b> ]]>", "<!-- & ]]> &nbsp; -->", "<?note a & b?>"]),
)
well_formed = st.lists(pieces, max_size=12).map(lambda parts: "<r>" + "".join(parts).replace("]]>x", "") + "</r>")


def repaired(text: str, sizes: list[int] | None = None) -> tuple[str, Repairer]:
    repairer = Repairer()
    out = []
    position = 0
    for size in sizes or [len(text) or 1]:
        out.append(repairer.feed(text[position : position + size]))
        position += size
    out += [repairer.feed(text[position:]), repairer.close()]
    return "".join(out), repairer


@given(well_formed, st.lists(st.integers(1, 40), max_size=30))
@example("<r>&amp;<![CDATA[]]></r>", [1] * 24)
def test_what_is_well_formed_passes_unchanged(text: str, sizes: list[int]) -> None:
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError:  # a stray end of CDATA, made of pieces
        return
    result, repairer = repaired(text, sizes)
    assert result == text
    assert repairer.count == 0


@given(
    st.lists(
        st.sampled_from([*"&<>]![CDATA-?;#x0 1ab\n\x01\x0b\ufffd", "&nbsp;", "<![CDATA[", "]]>", "<!--", "-->"])
    ).map("".join),
    st.lists(st.integers(1, 9), max_size=40),
)
def test_how_the_file_arrives_makes_no_difference(text: str, sizes: list[int]) -> None:
    whole, one = repaired(text)
    parts, other = repaired(text, sizes)
    assert whole == parts
    assert [(r.line, r.column, r.what) for r in one.repairs] == [(r.line, r.column, r.what) for r in other.repairs]
    assert whole.count("\n") == text.count("\n")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<")))
def test_any_text_becomes_readable(text: str) -> None:
    result, _ = repaired(f"<r>{text}</r>")
    ElementTree.fromstring(result)


@pytest.mark.parametrize(
    ("text", "expected", "what"),
    [
        ("<r>a & b</r>", "<r>a &amp; b</r>", "a bare “&”"),
        ("<r>caf&eacute;</r>", "<r>caf&amp;eacute;</r>", "a bare “&”"),
        ('<r a="x&y"/>', '<r a="x&amp;y"/>', "a bare “&”"),
        ("<r>a ]]> b</r>", "<r>a ]]&gt; b</r>", "a stray “]]>”"),
        ("<r>a\x0bb</r>", "<r>ab</r>", "a control character (U+000B)"),
        ("<r><![CDATA[a\x01b]]></r>", "<r><![CDATA[ab]]></r>", "a control character (U+0001)"),
        ("<r>&#8;</r>", "<r></r>", "a reference to a character that XML has not (&#8;)"),
    ],
)
def test_each_kind_of_damage_is_mended_and_named(text: str, expected: str, what: str) -> None:
    result, repairer = repaired(text)
    assert result == expected
    assert [repair.what for repair in repairer.repairs] == [what]


def test_the_place_is_that_in_the_file() -> None:
    _, repairer = repaired("<r>\nfine\n  a & b</r>")
    assert (repairer.repairs[0].line, repairer.repairs[0].column) == (3, 5)
    assert repairer.repairs[0].near == "a & b</r>"


def test_a_flood_of_damage_is_counted_not_kept() -> None:
    _, repairer = repaired("<r>" + "&" * 1000 + "</r>")
    assert repairer.count == 1000
    assert len(repairer.repairs) == MAX_REPAIRS_KEPT
