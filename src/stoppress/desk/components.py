"""Every component of the reader pages with its states, on one page: for those who make themes, and for looking."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from stoppress.core.subject import Subject, SubjectState
from stoppress.newsroom import looks, pages
from stoppress.newsroom.figures import Figure, Size
from stoppress.newsroom.replies import RepliesLink

SIZES = ("lead", "feature", "standard", "plain", "compact", "brief")
WHEN = datetime(2020, 10, 6, 15, 20, tzinfo=UTC)
LONG = (
    "After eleven years, four ministers, two floods and a nesting pair of ospreys that nobody was allowed to disturb, "
    "the bridge opens to traffic, in one direction only"
)
SUBJECT = Subject("article:0", "/local/sample/", "A sample", "/local/", (), WHEN, SubjectState.LIVE, "en")


@permission_required("wagtailadmin.access_admin")
def components(request: HttpRequest) -> HttpResponse:
    """The page; it is rendered with the public templates and style sheets, a theme's included."""
    context = {
        "site": pages.SiteInfo(),
        "canonical": request.build_absolute_uri(),
        "headline": _("Components"),
        "tabs": [pages.Tab("World", "#world", False), pages.Tab("Local", "#local", True)],
        "subtabs": [pages.Tab("Council", "#council", True), pages.Tab("Harbour", "#harbour", False)],
        "sizes": [(size, list(_cards(size))) for size in SIZES],
        "designs": [(name, look.label or _("Report")) for name, look in looks.LOOKS.items()],
        "crumbs": [pages.Label("Local", "#local")],
        "figure": _figure(),
        "related": [card for _state, card in _cards("compact")][:4],
        "ranked": [card for _state, card in _cards("brief")],
        "lead_more": pages.More(
            pages.Label("The harbour wall", "#story"), [card for _state, card in _cards("compact")][:3]
        ),
        "replies": RepliesLink(12, "#replies", is_open=True),
        "newer_path": "#newer",
        "older_path": "#older",
        "part": pages.Part(
            pages.Label("Letters from the north", "#series"),
            2,
            4,
            pages.Label("On salt", "#"),
            pages.Label("On ice", "#"),
        ),
        "subject": SUBJECT,
        "published_at": WHEN,
        "updated_at": WHEN,
        "update_note": _("The company has printed it again, forwards."),
        "minutes": 4,
    }
    return render(request, "desk/components.html", context)


def _figure() -> Figure:
    address = static("desk/sample.svg")
    return Figure(
        src=address,
        srcset="",
        width=960,
        height=640,
        alt=_("A sample picture"),
        caption=_("What the picture shows."),
        credit=_("Who made it"),
        largest=address,
        shared=Size(address, 960, 640),
    )


def _cards(size: str) -> Iterator[tuple[str, pages.Card]]:
    """States of a card, each with what is special about it."""
    states: tuple[tuple[str, dict[str, Any]], ...] = (
        (_("with a picture"), {"figure": _figure()}),
        (_("without a picture"), {}),
        (_("opinion"), {"design": "opinion", "byline": "Inga Solheim"}),
        (_("very long, with a kicker"), {"headline": LONG, "kicker": "Developing"}),
        (_("from right to left"), {"headline": "مكتبة على رصيف الميناء تفتح أبوابها للبحّارة"}),
    )
    for number, (state, more) in enumerate(states):
        values: dict[str, Any] = {
            "headline": "Council votes to raise the harbour wall",
            "standfirst": "The vote was 11 to 4. Work begins after the herring.",
            "byline": "Orla Nesset",
            "section_title": "Local",
            "section_path": "#local",
            "figure": None,
        }
        yield (
            state,
            pages.Card(
                key=f"article:{number}", path=f"#{size}-{number}", published_at=WHEN, size=size, **{**values, **more}
            ),
        )
