"""The search page as readers use it, on whichever engine."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom.models import Topic
from stoppress.search import limits
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, AuthorFactory
from tests.search.conftest import Page

pytestmark = pytest.mark.django_db
Look = Callable[..., Page]
Settle = Callable[[], None]
FOUND: list[tuple[str, set[str]]] = [
    ("dockers", {"Harbour strike ends"}),  # standfirst
    ("CAFE", {"Harbour strike ends"}),  # body, without its accent
    ("election", {"Harbour strike ends"}),  # another form of the word
    ("okafor", {"Harbour strike ends", "A day at the harbour"}),  # byline
    ("ёлкин", {"Council votes on the budget"}),
    ("елкин", {"Council votes on the budget"}),
    ("osterhavn", {"Harbour strike ends"}),  # dateline
    ("weather", {"Harbour strike ends"}),  # topic
    ("labour", {"Harbour strike ends"}),  # kicker
    ("zuzana", {"A day at the harbour"}),
    ("harbour strike", {"Harbour strike ends", "Council votes on the budget"}),
    ('"harbour strike"', {"Harbour strike ends"}),
    ("“harbour strike”", {"Harbour strike ends"}),
    ("harbour -strike", {"A day at the harbour"}),
    ('harbour -"nine days"', {"Council votes on the budget", "A day at the harbour"}),
    ("dockers OR zuzana", {"Harbour strike ends", "A day at the harbour"}),
    ("counc", {"Council votes on the budget"}),  # half typed
    ("counc harbour", set()),  # only the last word may be
    ("counc* harbour", {"Council votes on the budget"}),
    ("北京", {"北京欢迎你"}),
    ("京北", set()),
    ("ニュース", {"北京欢迎你"}),
    ("الاخبار", {"الأخبار العاجلة"}),
    ("القاهره", {"الأخبار العاجلة"}),
]


def text(*paragraphs: str) -> list[dict[str, str]]:
    return [{"type": "text", "value": "".join(f"<p>{one}</p>" for one in paragraphs)}]


@pytest.fixture
def paper(publication: SmallPublication, settle: Settle) -> SmallPublication:
    """Five articles, of which each has something of its own."""
    ada, bolat = AuthorFactory(name="Ada Okafor"), AuthorFactory(name="Болат Ёлкин")
    tides = Topic.objects.create(name="Tides and weather", slug="tides")
    ArticleFactory(
        section=publication.world,
        headline="Harbour strike ends",
        standfirst="Dockers return after nine days.",
        body=text("The café at the quay was full.", "Nobody had expected elections."),
        authors=[ada],
        topics=[tides],
        published_at=datetime(2025, 3, 1, tzinfo=UTC),
        fields={"dateline_place": "Østerhavn", "kicker": "Labour"},
    )
    ArticleFactory(
        section=publication.local,
        headline="Council votes on the budget",
        standfirst="The harbour gets less.",
        body=text("A strike is possible, the union said."),
        authors=[bolat],
        published_at=datetime(2026, 5, 2, tzinfo=UTC),
        fields={"design": "opinion"},
    )
    ArticleFactory(
        section=publication.local,
        headline="A day at the harbour",
        body=[{"type": "quote", "value": {"quote": "I &lt;3 boats", "attribution": "Zuzana"}}],
        authors=[ada],
        published_at=datetime(2026, 6, 3, tzinfo=UTC),
    )
    ArticleFactory(section=publication.sports, headline="北京欢迎你", body=text("東京でニュースを読む人々。"))
    ArticleFactory(section=publication.sports, headline="الأخبار العاجلة", body=text("وصل الوفد إلى القاهرة"))
    settle()
    return publication


def test_what_is_found(paper: SmallPublication, look: Look) -> None:
    pages = {asked: look(asked) for asked, _ in FOUND}
    assert {page.status for page in pages.values()} == {200}
    assert {asked: set(page.headlines) for asked, page in pages.items()} == dict(FOUND)


def test_the_best_comes_first_or_the_newest(paper: SmallPublication, look: Look) -> None:
    assert look("harbour strike").headlines == ["Harbour strike ends", "Council votes on the budget"]
    assert look("harbour strike", sort="newest").headlines == ["Council votes on the budget", "Harbour strike ends"]


def test_a_phrase_in_the_headline_comes_before_one_in_the_text(
    publication: SmallPublication, settle: Settle, look: Look
) -> None:
    """Of old and new: the older one would come last by its age."""
    for number, headline in ((1, "Ferry fares rise"), (2, "Prices"), (3, "More prices")):
        ArticleFactory(
            section=publication.local,
            headline=headline,
            body=text("They say that ferry fares rise again."),
            published_at=datetime(2020 + 2 * number, 3, 1, tzinfo=UTC),
        )
    settle()
    assert look('"ferry fares"').headlines == ["Ferry fares rise", "More prices", "Prices"]


def test_a_snippet_shows_why_and_is_safe(publication: SmallPublication, settle: Settle, look: Look) -> None:
    long = "Word after word. " * 60
    ArticleFactory(
        section=publication.world,
        headline="Tom &amp; <script>alert(1)</script> Ferry",
        standfirst="",
        body=text(f"{long} The <b>fer</b>ries &lt;img src=x onerror=alert(1)&gt; sail. {long}"),
    )
    settle()
    page = look("ferry")
    assert page.snippets == [s for s in page.snippets if "<mark>ferries</mark> &lt;img src=x" in s and len(s) < 400]
    assert page.snippets[0].startswith("… ")
    assert "Tom &amp;amp; &lt;script&gt;alert(1)&lt;/script&gt; <mark>Ferry</mark>" in page.text
    assert "<img src=x" not in page.text
    assert "<script>alert" not in page.text


def test_facets_count_and_narrow_down(paper: SmallPublication, look: Look) -> None:
    page = look("harbour")
    assert page.heading == "3 results for “harbour”"
    assert page.facet("section") == {"Local": "2", "World": "1"}
    assert page.facet("author") == {"Ada Okafor": "2", "Болат Ёлкин": "1"}
    assert page.facet("date") == {"2026": "2", "2025": "1"}
    assert page.facet("design") == {"Report": "2", "Opinion": "1"}
    local = look(address=page.link("Local"))
    assert set(local.headlines) == {"Council votes on the budget", "A day at the harbour"}
    assert local.facet("author") == {"Ada Okafor": "1", "Болат Ёлкин": "1"}
    both = look(address=local.link("Ada Okafor"))
    assert both.headlines == ["A day at the harbour"]
    assert both.link("Local") == page.link("Ada Okafor")  # taken away again
    year = look(address=page.link("2026"))
    assert set(year.facet("date")) == {"2026", "June 2026", "May 2026"}
    assert look(address=year.link("May 2026")).headlines == ["Council votes on the budget"]
    assert look(address=page.link("Opinion")).headlines == ["Council votes on the budget"]


def test_an_empty_search_shows_the_form_and_what_there_is(paper: SmallPublication, look: Look) -> None:
    for asked in ("", "   ", None):
        page = look(asked)
        assert page.status == 200
        assert 'role="search"' in page.text
        assert page.headlines == []
        assert page.facet("section") == {"Local": "2", "Sports": "2", "World": "1"}
    assert len(look(address=look("").link("Local")).headlines) == 2
    assert look("-harbour").headlines  # all but these
    assert "no word" in look("!?😀").text


def test_pages_have_their_number_in_the_path(publication: SmallPublication, settle: Settle, look: Look) -> None:
    for number in range(23):
        ArticleFactory(
            section=publication.world,
            headline=f"Tide {number}",
            published_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number),
        )
    settle()
    seen = [look("tide", sort="newest", address=address).headlines for address in _pages(3)]
    assert [len(one) for one in seen] == [10, 10, 3]
    assert [name for one in seen for name in one] == [f"Tide {n}" for n in reversed(range(23))]
    assert 'href="/-/search/page/3/?q=tide&amp;sort=newest"' in look("tide", "/-/search/page/2/", sort="newest").text
    for address in ("/-/search/page/4/", "/-/search/page/0/", "/-/search/page/99999/", "/-/search/page/²/"):
        assert look("tide", address).status == 404


def _pages(count: int) -> list[str]:
    return ["/-/search/", *(f"/-/search/page/{number}/" for number in range(2, count + 1))]


def test_what_the_answer_says_of_itself(paper: SmallPublication, look: Look) -> None:
    page = look("harbour")
    assert page.headers["Cache-Control"] == "private, max-age=10"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page.text
    assert 'rel="canonical"' not in page.text
    assert "Set-Cookie" not in page.headers
    assert "Vary" not in page.headers
    assert Client().post("/-/search/", {"q": "harbour"}).status_code == 405
    assert Client().head("/-/search/?q=harbour").status_code == 200


def test_suggestions_as_one_types(paper: SmallPublication) -> None:
    def suggested(q: str) -> list[str]:
        answer = Client().get("/-/search/suggest/", {"q": q})
        return [one["headline"] for one in json.loads(answer.content)["suggestions"]]

    assert suggested("harb") == ["A day at the harbour", "Harbour strike ends"]
    assert suggested("strike har") == ["Harbour strike ends"]
    assert suggested("okaf") == ["A day at the harbour", "Harbour strike ends"]
    assert suggested("北") == ["北京欢迎你"]
    assert suggested("quay") == []  # only what a headline or a name says
    for nothing in ("", "h", "*", '"', "\x00"):
        assert suggested(nothing) == []


def test_did_you_mean(paper: SmallPublication, look: Look) -> None:
    page = look("habrour strike")
    assert page.headlines == []
    assert '<a href="/-/search/?q=harbour+strike">' in page.text
    assert "Did you mean" not in look("harbour qqqqq").text


def test_as_many_queries_in_a_larger_archive(publication: SmallPublication, settle: Settle, look: Look) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert look("tide").status == 200
        return len(captured)

    tides = [Topic.objects.create(name=f"Topic {n}", slug=f"topic-{n}") for n in range(3)]
    for number in range(30):
        ArticleFactory(
            section=[publication.world, publication.local][number % 2],
            headline=f"Tide {number}",
            authors=[AuthorFactory()],
            topics=tides[: number % 3 + 1],
        )
        if number in {4, 29}:
            settle()
            look("tide")
            if number == 4:
                few = queries()
    assert queries() <= few
    assert few <= 18


def test_a_flood_is_turned_away(paper: SmallPublication, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = limits.Gate(at_once=0, waiting=1, patience=0)
    monkeypatch.setattr(limits, "GATE", closed)
    page = look("harbour")
    assert (page.status, page.headers["Retry-After"], page.headers["Cache-Control"]) == (503, "5", "no-store")
    assert 'value="harbour"' in page.text  # no word is lost
    assert Client().get("/-/search/suggest/", {"q": "harb"}).status_code == 503


def test_who_asks_all_the_time_waits(paper: SmallPublication, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ALLOWANCE", limits.Allowance(most=3, per_second=0.01))
    assert [look("harbour").status for _ in range(5)] == [200, 200, 200, 429, 429]
    assert int(look("harbour").headers["Retry-After"]) > 50
    assert Client(REMOTE_ADDR="192.0.2.7").get("/-/search/?q=harbour").status_code == 200
    # Who has a whole IPv6 network is one subscriber.
    asked = [Client(REMOTE_ADDR=f"2001:db8::{n}").get("/-/search/?q=harbour").status_code for n in range(4)]
    assert asked == [200, 200, 200, 429]


def test_what_takes_too_long_is_broken_off(
    paper: SmallPublication, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i), 0 AS place FROM n",
        "postgresql": "SELECT 0 AS place, 0 AS rank FROM pg_sleep(30)",
    }[connection.vendor]
    engine = "stoppress.search.engines." + connection.vendor
    monkeypatch.setattr(f"{engine}.select", lambda *_: (f"SELECT place, 0 AS rank FROM ({slow}) s", []))
    monkeypatch.setattr("stoppress.search.results.SEARCH_SECONDS", 0.05)
    assert look("harbour").status == 503
    monkeypatch.undo()
    assert look("harbour").status == 200


def test_older_than_the_newest_thousand_is_said(
    paper: SmallPublication, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stoppress.search.results.DEPTH", 2)
    page = look("harbour")
    assert page.heading == "The newest 2 results for “harbour”"
    assert set(page.headlines) == {"A day at the harbour", "Council votes on the budget"}


def test_nothing_can_be_posted_to_the_search(publication: SmallPublication) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/-/search/", {"q": "ferry"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "Nothing can be sent here" in answer.content.decode()
    assert client.post("/-/search/suggest/").status_code == 405
    unsigned = client.post("/desk/login/", {"username": "x", "password": "y"})
    assert unsigned.status_code == 403
    assert "This form was not taken" in unsigned.content.decode()
    assert "Django" not in unsigned.content.decode()
