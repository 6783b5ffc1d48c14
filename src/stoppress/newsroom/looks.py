"""What an article looks like: the one place that goes from its design to templates, styles and sizes.

Its display and design also stand on the page as ``data-`` attributes, so that a style sheet can follow them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy, pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ARTICLE = "newsroom/article.html"
SHELF = "newsroom/shelf.html"
COLUMN = "(min-width: 64rem) 58rem, 88vw"
ASIDE = "(min-width: 64rem) 20rem, (min-width: 28rem) 26rem, 88vw"
PAGE = "(min-width: 80rem) 75rem, 88vw"
"""How wide the picture at the top is, as the ``sizes`` of HTML's images.

On a telephone it is 92vw wide. Told 88, a browser takes a file that is a twentieth less sharp rather than one that is
half as heavy again.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What follows from a design.

    Attributes:
        label: what readers are told that it is, above the headline and on cards; empty for a report.
        has_styles: whether ``design/designs.css`` has rules for it.
        lead_sizes: of the picture at the top.
        on_top: kinds of blocks of which the first is lifted out of the body to the top of the page.
        has_contents: whether its subheadings are listed at the top.
        has_portrait: whether its first writer is shown.
        has_rail: whether there is room beside its text for earlier stories.
    """

    label: "str | _StrPromise" = ""
    has_styles: bool = True
    lead_sizes: str = COLUMN
    on_top: frozenset[str] = frozenset()
    has_contents: bool = False
    has_portrait: bool = False
    has_rail: bool = True


REPORT = Look(has_styles=False)
LOOKS: dict[str, Look] = {
    "standard": REPORT,
    "feature": Look(lead_sizes=PAGE),
    "opinion": Look(label=gettext_lazy("Opinion"), has_portrait=True),
    "gallery": Look(label=pgettext_lazy("design", "Pictures"), has_rail=False),
    "video": Look(label=pgettext_lazy("design", "Video"), on_top=frozenset({"video", "embed"})),
    "explainer": Look(label=gettext_lazy("Explainer"), has_contents=True),
    "obituary": Look(label=gettext_lazy("Obituary"), lead_sizes=ASIDE, has_rail=False),
}


def look_of(design: str) -> Look:
    """The look of a design; a report's for one that we don't know."""
    return LOOKS.get(design, REPORT)


def templates_of(design: str) -> list[str]:
    """Templates for an article of ``design``, the first that exists is taken: ``newsroom/article_opinion.html``."""
    return [f"newsroom/article_{design}.html", ARTICLE]


def shelf_templates(noun: str) -> list[str]:
    """The same for an author, a topic, a story or a series: ``newsroom/shelf_story.html``."""
    return [f"newsroom/shelf_{noun}.html", SHELF]
