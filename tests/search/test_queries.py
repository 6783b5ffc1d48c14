"""What readers type is understood, and what nobody can understand does no harm."""

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stoppress.search.engines import engine
from stoppress.search.queries import LONGEST_QUERY, MOST_TERMS, parse
from stoppress.search.words import words

HOSTILE = [
    '"',
    '""" OR ""',
    "*",
    "a*b* -*",
    "NEAR(a b, 2)",
    "headline : x ^ a",
    "{a b} : c + d",
    "a AND AND b NOT",
    "OR OR OR",
    "-",
    '- - -"',
    "'; DROP TABLE search_entry; --",
    "x' UNION SELECT password FROM accounts_user --",
    "a & b | !c <-> (d):*A",
    "'a':1A,2",
    "\\' \\\\",
    "%s %(x)s {0} {{ 7*7 }} {% now %}",
    ".*(a+)+$ [^a]",
    "\x00a\x00",
    "a\u202ecba\u2066\u200f",
    "😀 👩‍👩‍👧‍👦 ☃",
    "\ud83d",
    "ﷺ ½ ﬁ İı ß ẞ",
    "٣٤ ๔ Ⅷ",
    "हिन्दी ไทย ខ្មែរ 한국어",
    "e" + "\u0301" * 3000,
    "a" * 10_000,
    "ab " * 4_000,
    '"' * 10_000,
    "-a " * 3_000,
    "\n\t\r\x0b\x85\u2028",
    "¤all ·harbour",
]


@pytest.mark.parametrize(
    ("typed", "groups", "excluded"),
    [
        ("Harbour strikes", [["harbour"], ["strike"]], []),
        ('"harbour strikes" dock', [["harbour strike"], ["dock"]], []),
        ('"harbour strikes', [["harbour strike"]], []),
        ("a OR b OR c d", [["a", "b", "c"], ["d"]], []),
        ("OR a OR", [["a"]], []),
        ("a or b", [["a"], ["or"], ["b"]], []),
        ('dock -strike -"long night"', [["dock"]], ["strike", "long night"]),
        ("covid-19", [["covid 19"]], []),
        ("O’Neill", [["o neill"]], []),
        ("– a -- -b", [["a"]], ["b"]),
        ("北京欢迎", [["北 京 欢 迎"]], []),
        ("Éléphant STRAẞE", [["eleph"], ["strass"]], []),
    ],
)
def test_what_is_understood(typed: str, groups: list[list[str]], excluded: list[str]) -> None:
    query = parse(typed)
    assert [[" ".join(term.stems) for term in group] for group in query.groups] == groups
    assert [" ".join(term.stems) for term in query.excluded] == excluded


def test_only_the_last_word_may_be_half_typed() -> None:
    wanted = {"one two": [False, True], "one tw": [False, False], "on* two": [False, True], "x 京": [False, False]}
    assert {typed: [term.is_prefix for term in parse(typed).wanted] for typed in wanted} == wanted
    assert [term.is_prefix for term in parse('one "two"').wanted] == [False, False]


@given(st.text(max_size=400) | st.text(alphabet='ab"-* |OR()\u0301京\u202e\x00', max_size=400))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_typed_is_understood(typed: str) -> None:
    query = parse(typed)
    assert len(query.text) <= LONGEST_QUERY
    assert len(query.wanted) + len(query.excluded) <= 2 * MOST_TERMS
    assert parse(query.text).text == query.text
    for term in (*query.wanted, *query.excluded):
        assert all(stem and not set(stem) & set("\"'\\ *:&|!()\u00a4\u00b7\x00") for stem in term.stems)
    for word in words(typed):
        assert word.start < word.end <= len(typed)
        # Looking a word up again finds the same, or a reader could not find what they copied.
        assert [again.stem for again in words(typed[word.start : word.end])].count(word.stem) >= 1


@pytest.mark.django_db
def test_hostile_queries_are_harmless() -> None:
    client = Client()
    for typed in HOSTILE:
        for address in ("/-/search/", "/-/search/page/1/", "/-/search/suggest/"):
            answer = client.get(address, {"q": typed.encode("utf-8", "surrogatepass")}, REMOTE_ADDR="")
            assert answer.status_code == 200, typed
    for raw in ("q=%00", "q=%FF%FE", "q=%ED%A0%80", "q", "q=a&q=b", "q=%", "section=9" + "9" * 400, "section=²"):
        assert client.get(f"/-/search/?{raw}&q=x", REMOTE_ADDR="").status_code == 200, raw
    for raw in ("date=202613", "date=0000", "date=000001", "date=٢٠٢٦", "design=none", "sort=drop", "topic=-1"):
        assert client.get(f"/-/search/?{raw}", REMOTE_ADDR="").status_code == 200, raw


@pytest.mark.django_db
@given(st.lists(st.text(alphabet="ab \"-*é京ा\u0301Ⅷﷺ'\\:&|!()", max_size=60), min_size=1, max_size=5))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_every_query_is_a_sound_statement(typed: list[str]) -> None:
    with connection.cursor() as cursor:
        for one in typed:
            for is_ranked in (True, False):
                cursor.execute(*engine().select(parse(one), ["\u00a4section\u00b73"], 5, is_ranked))
                assert cursor.fetchall() == []
