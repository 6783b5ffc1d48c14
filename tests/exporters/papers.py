"""Publications to export: a whole one with everything in it, and what readers must not see beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from stoppress.media.models import Picture
from stoppress.newsroom import actions
from stoppress.newsroom.models import Article, Byline, Home, Series, Story, Topic
from tests.factories.media import AttachmentFactory, PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory, DraftFactory

HOSTILE = "End ]]> of <script>alert(1)</script> & \"quotes\" 'too' [gallery ids=1] \x00\x0b\ud800\uffff \\ 🗞 \u202eabc"
"""Everything that a careless writer of files falls over."""
IN_BODY = HOSTILE.replace("\x00", "").replace("\ud800", "")
"""The same as far as every database keeps it in JSON."""
PUBLISHED = datetime(2024, 5, 1, 8, 0, tzinfo=UTC)
CHANGED = datetime(2024, 5, 2, 9, 30, tzinfo=UTC)
SECRET = "CANARY-4471"


@dataclass(frozen=True)
class Paper:
    """What was made."""

    harbour: Article
    market: Article
    quay: Picture
    home: Home


def words(text: str) -> list[dict[str, Any]]:
    """A body of one paragraph."""
    return [{"type": "text", "value": f"<p>{text}</p>"}]


def ordinary(home: Home) -> Paper:
    """Two sections, one inside the other; two articles and a static page that use what every system has."""
    sports = actions.create_section(home, "Sports & Games", "sports", "Who won.")
    rowing = actions.create_section(sports, "Rowing", "rowing")
    ada, tom = AuthorFactory(name="Ada Okafor", slug="ada-okafor"), AuthorFactory(name="Tom O'Neil", slug="tom-oneil")
    storms = actions.create_shelf(Topic, "Storms <2024>", "storms-2024", "Wind & water.")
    tides = actions.create_shelf(Topic, "Tides", "tides")
    quay = PictureFactory(title="The quay", colour="navy", alt="A navy field")
    market = PictureFactory(title="The market", colour="olive", alt="")
    first = ArticleFactory(
        section=rowing,
        headline="Seen at the harbour & <em>beyond</em>",
        slug="seen-at-the-harbour",
        standfirst="Ferries < 3 & counting.",
        authors=[ada],
        topics=[storms, tides],
        lead_picture=quay,
        lead_alt="Boats at dawn",
        lead_caption="The quay on Monday",
        published_at=PUBLISHED,
        changed_at=CHANGED,
        fields={"design": "gallery"},
        body=[
            {"type": "text", "value": '<p data-block-key="a">One <b>bold</b> &amp; [sic] word.</p><p></p>'},
            {"type": "text", "value": '<p>Two: <a href="https://example.org/?a=1&amp;b=2">there</a>.</p>'},
            {"type": "subheading", "value": "What came after"},
            {"type": "image", "value": {"image": market.pk, "alt": "Stalls", "caption": "Open “late”"}},
            {"type": "image", "value": {"image": quay.pk, "alt": "", "caption": ""}},
            {"type": "quote", "value": {"quote": "It rose.\n\nThen it fell.", "attribution": "A witness"}},
            {"type": "text", "value": "<ul><li>one</li><li>two <i>more</i></li></ul><p>End.</p>"},
        ],
    )
    second = ArticleFactory(
        section=sports,
        headline="Market day",
        slug="market-day",
        authors=[tom],
        topics=[tides],
        published_at=PUBLISHED + timedelta(days=1),
        body=words(f'See <a linktype="page" id="{first.pk}">the harbour</a>.'),
    )
    actions.create_static_page(home, "About us", "about", words("Who we are."), is_in_footer=False)
    return Paper(first, second, quay, home)


def every_block(paper: Paper) -> Article:
    """An article with each kind of block, hostile words, a correction and everything else that it can have."""
    file, film = AttachmentFactory(filename="tides.csv"), AttachmentFactory(filename="film.mp4", content=b"film")
    sound = AttachmentFactory(filename="sound.mp3", content=b"sound")
    captions = AttachmentFactory(filename="film.vtt", content=b"WEBVTT\n")
    picture = {"image": paper.quay.pk, "alt": IN_BODY, "caption": IN_BODY, "is_decorative": False}
    table = {
        "caption": "Ferries",
        "columns": [{"type": "text", "heading": "Day"}, {"type": "number", "heading": "Number"}],
        "rows": [{"values": ["Monday", "1,204"]}, {"values": [IN_BODY]}],
    }
    return ArticleFactory(
        section=actions.create_section(paper.home, "Everything", "everything"),
        headline=HOSTILE,
        slug="every-block",
        standfirst=HOSTILE,
        authors=[AuthorFactory(name=HOSTILE, slug="hostile")],
        credits=[(AuthorFactory(name="Lens", slug="lens"), Byline.Role.PHOTOGRAPHY)],
        corrections=[("It was a Tuesday.", CHANGED)],
        published_at=PUBLISHED,
        fields={
            "story": actions.create_shelf(Story, "The long storm", "long-storm", "So far."),
            "series": actions.create_shelf(Series, "Seven harbours", "seven-harbours"),
            "kicker": "Weather",
            "dateline_place": "Port Amber",
            "dateline_at": PUBLISHED,
            "updated_at": CHANGED,
            "update_note": "The ferry is back.",
        },
        body=[
            {"type": "text", "value": f"<p>{IN_BODY}</p><p onclick=\"x()\">x<a href='javascript:x()'>y</a></p>"},
            {"type": "subheading", "value": IN_BODY[:200]},
            {"type": "image", "value": picture},
            {"type": "gallery", "value": {"title": "All", "pictures": [picture, picture]}},
            {"type": "quote", "value": {"quote": IN_BODY, "attribution": IN_BODY}},
            {"type": "pull_quote", "value": {"quote": "It rose.", "attribution": ""}},
            {"type": "fact_box", "value": {"title": "Tides", "text": "<p>Twice.</p>", "points": ["Up", "Down"]}},
            {
                "type": "timeline",
                "value": {
                    "title": "",
                    "entries": [{"at": "2024-05-01T07:30:00Z", "label": "", "text": "<p>Wind.</p>"}],
                },
            },
            {"type": "table", "value": {"table": table, "has_row_headers": True, "source": "The port"}},
            {"type": "audio", "value": {"document": sound.pk, "title": "Waves", "caption": "", "transcript": ""}},
            {
                "type": "video",
                "value": {"document": film.pk, "title": "Storm", "image": paper.quay.pk, "captions": captions.pk},
            },
            {"type": "data", "value": {"document": file.pk, "title": "", "rows": 2, "note": "Per day"}},
            {"type": "related_link", "value": {"page": paper.market.pk, "url": "", "title": ""}},
            {"type": "related_link", "value": {"page": None, "url": "https://example.org/", "title": "Elsewhere"}},
            {"type": "embed", "value": {"url": "https://vimeo.com/123456", "title": "A film", "caption": "2008"}},
            {"type": "hologram", "value": {"from": "the future"}},
        ],
    )


def hidden(paper: Paper) -> Sequence[Article]:
    """What readers must not see: an embargo, a plan, something taken off, a draft, the next version, a kill."""
    later = timezone.now() + timedelta(days=30)
    picture = PictureFactory(title=SECRET, colour="red")
    topic = actions.create_shelf(Topic, f"Topic {SECRET}", "secret-topic")
    story = actions.create_shelf(Story, f"Story {SECRET}", "secret-story")
    author = AuthorFactory(name=f"Author {SECRET}", slug="secret-author")
    section = paper.market.get_parent().specific

    def draft(number: int, **more: Any) -> Any:
        file = AttachmentFactory(filename=f"secret-{number}.pdf", title=SECRET, content=b"%PDF-1.4")
        body = [*words(SECRET), {"type": "document", "value": {"document": file.pk, "title": SECRET}}]
        fields = {"story": story, **more}
        return DraftFactory(
            headline=f"{SECRET} {number}",
            slug=f"secret-{number}",
            standfirst=SECRET,
            authors=[author],
            topics=[topic],
            lead_picture=picture,
            body=body,
            fields=fields,
        )

    embargoed = actions.publish_article(section, draft(1, embargo_until=later))
    planned = actions.schedule_article(section, draft(2), later)
    taken_off = actions.publish_article(section, draft(3))
    actions.unpublish_page(taken_off)
    written = Article(title=f"{SECRET} 4", slug="secret-4", live=False)
    section.add_child(instance=written)
    written.standfirst = SECRET
    written.save_revision()
    killed = actions.publish_article(section, draft(5))
    actions.kill_article(killed, "A court said so.")
    nextly = Article.objects.get(pk=paper.market.pk)
    nextly.title = f"{SECRET} 6"
    nextly.save_revision()
    actions.create_section(paper.home, f"Section {SECRET}", "secret-section").unpublish()
    # A public article may point at a hidden one.
    linking = Article.objects.get(pk=paper.harbour.pk)
    block = {"type": "related_link", "value": {"page": embargoed.pk, "url": "", "title": ""}}
    link = {"type": "text", "value": f'<p><a linktype="page" id="{planned.pk}">Soon</a></p>'}
    linking.body = [*linking.body.raw_data, block, link]
    linking.save_revision().publish()
    return embargoed, planned, taken_off, written, killed, nextly
