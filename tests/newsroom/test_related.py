"""What stands beside an article: looked for backwards, right after every change, and cheap while lists grow."""

from pathlib import Path

import pytest

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom import reading
from stoppress.newsroom.models import Article, Series, Topic
from stoppress.pagestore import actions, outbox
from stoppress.pagestore.models import BakeTask
from tests.conftest import SmallPublication
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory
from tests.newsroom.test_pages import page
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db


def earlier(store: Path, article: Article) -> str:
    return page(store, article.public_path).partition("related-stories")[2].partition("</section>")[0]


def test_older_stories_on_the_same_topic_come_before_others(publication: SmallPublication, store: Path) -> None:
    topic = Topic.objects.create(name="Tides", slug="tides")
    same = ArticleFactory(section=publication.local, headline="The old flood", topics=[topic])
    ArticleFactory(section=publication.world, headline="Something else")
    article = ArticleFactory(section=publication.world, headline="The new flood", topics=[topic])
    found = earlier(store, article)
    assert 0 < found.index("The old flood") < found.index("Something else")
    assert "The new flood" not in earlier(store, same)
    newsroom.unpublish_page(same)
    assert "The old flood" not in earlier(store, article)
    Article.objects.get(pk=same.pk).save_revision().publish()
    assert "The old flood" in earlier(store, article)
    oracle.assert_true(store.parent / "fresh")


def test_a_new_story_makes_no_old_page_stale(publication: SmallPublication) -> None:
    topic = Topic.objects.create(name="Tides", slug="tides")
    for _ in range(3):
        ArticleFactory(section=publication.world, topics=[topic])
    actions.drain()
    fresh = ArticleFactory(section=publication.world, topics=[topic], slug="fresh")
    while outbox.derive() is not None:
        continue
    queued = BakeTask.objects.filter(priority__lt=9).values_list("address__subject", flat=True)
    assert [subject for subject in queued if subject.startswith("article:")] == [f"article:{fresh.pk}"]


def test_each_part_of_a_series_says_where_it_stands(publication: SmallPublication, store: Path) -> None:
    series = Series.objects.create(name="Letters", slug="letters")
    parts = [
        ArticleFactory(section=publication.world, headline=f"Letter {n}", fields={"series": series}) for n in range(3)
    ]
    middle = page(store, parts[1].public_path)
    assert "part 2 of 3" in middle
    nav = middle.partition('class="series-nav"')[2].partition("</nav>")[0]
    assert nav.index("Letter 0") < nav.index("Letter 2")
    newsroom.unpublish_page(parts[0])
    assert "part 1 of 2" in page(store, parts[1].public_path)
    oracle.assert_true(store.parent / "fresh")


@pytest.mark.parametrize(
    ("body", "minutes"),
    [
        ([], 0),
        ([{"type": "text", "value": "<p>Short.</p>", "id": "x"}], 0),
        ([{"type": "text", "value": "<p>" + "word " * 116 + "</p>"}], 1),
        ([{"type": "text", "value": "<p>" + "word " * 700 + "</p>"}], 3),
        ([{"type": "text", "value": "<p>" + "雪" * 1500 + "</p>"}], 3),
        ([{"type": "image", "value": {"image": 7, "alt": "word " * 900, "caption": ""}}], 0),
    ],
)
def test_how_long_it_takes_to_read(body: list[dict[str, object]], minutes: int) -> None:
    assert reading.minutes(body) == minutes


@pytest.mark.parametrize(("pictured", "shown"), [(2, 0), (3, 3)])
def test_earlier_stories_show_their_pictures_where_each_has_one(
    publication: SmallPublication, store: Path, pictured: int, shown: int
) -> None:
    picture = PictureFactory()
    for number in range(3):
        ArticleFactory(section=publication.world, lead_picture=picture if number < pictured else None)
    below = page(store, ArticleFactory(section=publication.world).public_path).partition("related-stories")[2]
    assert below.count("<article ") == 3
    assert below.count("<img") == shown


@pytest.mark.parametrize(
    ("words", "more", "design", "has_rail"),
    [
        (600, (), "standard", True),
        (600, (), "obituary", False),
        (600, ({"type": "pull_quote", "value": {"quote": "Well.", "attribution": ""}},), "standard", False),
        (60, (), "standard", False),
    ],
)
def test_earlier_stories_stand_beside_a_text_that_has_room(
    publication: SmallPublication,
    store: Path,
    words: int,
    more: tuple[dict[str, object], ...],
    design: str,
    has_rail: bool,
) -> None:
    ArticleFactory(section=publication.world, headline="Before")
    body = [{"type": "text", "value": f"<p>{'word ' * words}</p>"}, *more]
    article = ArticleFactory(section=publication.world, body=body, fields={"design": design})
    html = page(store, article.public_path)
    assert (" has-rail" in html) == has_rail
    end = html.rindex("</article>") if has_rail else html.index("</article>")
    assert html.count("related-stories") == 1
    assert (html.index("related-stories") < end) == has_rail
