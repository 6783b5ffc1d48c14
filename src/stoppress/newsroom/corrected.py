"""Corrections as readers meet them: with the article, at the sentence, and in feeds."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from stoppress.newsroom import keys, passages
from stoppress.newsroom.models import BUCKET, Article, Correction, CorrectionEntry, Publication
from stoppress.newsroom.prose import Anchor, Prose, Selector
from stoppress.newsroom.structured import stamp
from stoppress.pagestore.hookspecs import Live
from stoppress.pagestore.models import Priority

FRONT = "/corrections/"


@dataclass(frozen=True, slots=True)
class Notice:
    """A correction with its article.

    Attributes:
        anchor: the fragment that leads to the sentence on the article's page, ``#…``; empty when it stands nowhere.
        thanks: name of the reader who reported it.
    """

    pk: int
    text: str
    at: datetime
    quote: str
    place: str
    selector: Selector
    anchor: str
    thanks: str = ""

    @property
    def name(self) -> str:
        """The notice's own id on the article's page."""
        return f"correction-{self.pk}"


def told(article: Article) -> list[Correction]:
    """What readers of an article are told that it got wrong, oldest first."""
    if article.pk is None:
        return []
    return list(Correction.objects.filter(article_id=article.pk, withdrawn_at=None).order_by("at", "pk"))


def stored(corrections: Sequence[Correction]) -> str:
    """As :attr:`Publication.corrections` keeps them; empty for none."""
    if not corrections:
        return ""
    return json.dumps([[one.pk, one.text, stamp(one.at)] for one in corrections], ensure_ascii=False)


def in_feed(publication: Publication) -> list[tuple[int, str, str]]:
    """Id, text and time (ISO 8601) of what an article's readers are told, oldest first."""
    return [(pk, text, at) for pk, text, at in json.loads(publication.corrections or "[]")]


def notices(article: Article) -> list[Notice]:
    """An article's, oldest first, each with the way to its sentence."""
    found = []
    for one in told(article):
        selector = Selector(one.replacement if one.is_applied else one.quote, one.prefix, one.suffix)
        anchor = ""
        if one.place == "title":
            anchor = "#headline"
        elif one.place == "standfirst":
            anchor = "#standfirst"
        elif one.place and one.place not in passages.FIELDS and passages.find(article, one.place, selector) is not None:
            anchor = f"#corrected-{one.pk}"
        found.append(Notice(one.pk, one.text, one.at, one.quote, one.place, selector, anchor, one.thanks))
    return found


def anchored(rendered: str, about: Sequence[Notice]) -> str:
    """A block's markup with an anchor at each sentence that was corrected, and a link to what was wrong with it."""
    prose = Prose(rendered)
    anchors = []
    for one in about:
        if one.anchor and (span := prose.find(one.selector)) is not None:
            day = date_format(timezone.localtime(one.at), "DATE_FORMAT")
            mark = format_html(
                ' <a class="corrected-mark" href="#{}" aria-label="{}">{}</a>',
                one.name,
                _("Corrected on %(day)s: what was wrong") % {"day": day},
                _("corrected"),
            )
            anchors.append(Anchor(*span, one.anchor[1:], mark))
    return prose.anchored(anchors)


def addresses() -> list[Live]:
    """Where the list of all corrections has pages."""
    older = [older_page(number) for number in range(1, newest_bucket() + 1)]
    return [Live(FRONT, keys.CORRECTIONS, Priority.FRONT), *older]


def older_page(number: int) -> Live:
    """Where its older page ``number`` is."""
    return Live(f"{FRONT}page/{number}/", keys.older_page(keys.CORRECTIONS, number), Priority.FRONT)


def newest_bucket() -> int:
    """Number of the newest bucket of the list of all."""
    last = CorrectionEntry.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) // BUCKET
