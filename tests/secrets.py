"""Stories that readers must not hear of, each full of words of its own, so that whatever leaks says whence it came."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any

from django.conf import settings
from django.utils import timezone
from PIL import Image
from wagtail.models import PageViewRestriction

from stoppress.media.actions import add_attachment, add_picture
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom import actions
from stoppress.newsroom.actions import Draft, create_author, create_shelf
from stoppress.newsroom.models import Article, ArticleTopic, Byline, Section, Series, Story, Topic

DAY = timedelta(days=1)
STATES = (
    "live",
    "embargoed",
    "embargoedlate",
    "scheduled",
    "draft",
    "redrafted",
    "expired",
    "unpublished",
    "restricted",
    "killed",
    "deleted",
)
"""What becomes of them. The first is the control: a search that does not find it finds nothing."""
NEVER_SEEN = {"embargoed", "scheduled", "draft", "redrafted"}
"""Those that no reader ever saw."""
LINK = re.compile(rb"""(?:href|src|content|action)=["']([^"']+)["']|<loc>([^<]+)</loc>|"url": ?"([^"]+)\"""")
EXIF_DESCRIPTION = 0x010E
GPS = 0x8825


@dataclass
class Secret:
    """One of them, and the numbers by which Wagtail addresses what belongs to it."""

    state: str
    article: Any
    picture: Picture
    attachment: Attachment
    numbers: dict[str, list[int]] = field(default_factory=dict)

    @property
    def word(self) -> str:
        """Every word of it begins like this."""
        return word_of(self.state)

    @property
    def guesses(self) -> list[str]:
        """Where somebody who knows its words would look."""
        places = [f"/world/{self.word}slug/"]
        places += [f"/{noun}/{self.word}{noun}/" for noun in ("author", "topic", "story", "series")]
        return [*places, *(place + feed for place in places[1:] for feed in ("feed/", "feed/atom/", "feed/json/"))]


def word_of(state: str) -> str:
    """The canary of ``state``."""
    return f"xq{state}x"


def write(section: Section, state: str) -> Secret:
    """Write one as it is before its fate: live where it ever was, otherwise never seen."""
    word = word_of(state)
    picture = add_picture(_photograph(word), f"{word}picture.jpg", f"{word}title", f"{word}credit", f"{word}alt")
    attachment = add_attachment(f"{word}content".encode(), f"{word}file.csv", f"{word}file")
    shelves = {kind.noun: create_shelf(kind, f"{word}{kind.noun}", f"{word}{kind.noun}") for kind in (Story, Series)}
    author = create_author(f"{word}author", f"{word}author", f"{word}bio")
    topic = create_shelf(Topic, f"{word}topic", f"{word}topic", f"{word}about")
    fields: dict[str, Any] = {**shelves, "kicker": f"{word}kicker", "dateline_place": f"{word}place"}
    if state == "embargoed":
        fields["embargo_until"] = timezone.now() + DAY
    body = [
        {"type": "text", "value": f"<p>{word}body</p>"},
        {"type": "image", "value": {"image": picture.pk, "alt": f"{word}inner", "caption": f"{word}caption"}},
        {"type": "document", "value": {"document": attachment.pk, "title": f"{word}document", "note": ""}},
    ]
    draft = Draft(
        headline=f"{word}headline",
        slug=f"{word}slug",
        standfirst=f"{word}standfirst",
        body=body,
        authors=[author],
        lead_picture=picture,
        lead_alt=f"{word}lead",
        lead_caption=f"{word}leadcaption",
        topics=[topic],
        corrections=[(f"{word}correction", timezone.now())],
        fields=fields,
    )
    if state == "scheduled":
        article = actions.schedule_article(section, draft, timezone.now() + DAY)
    elif state in {"draft", "redrafted"}:
        article = _draft(section, draft, state)
    else:
        article = actions.publish_article(section, draft)
    secret = Secret(state, article, picture, attachment)
    secret.numbers = {
        "page": [article.pk],
        "image": [picture.pk],
        "document": [attachment.pk],
        "revision": list(article.revisions.values_list("pk", flat=True)),
        "other": [author.pk, topic.pk, *(shelf.pk for shelf in shelves.values())],
    }
    return secret


def _draft(section: Section, draft: Draft, state: str) -> Any:
    """Never published; or live with words of no interest, and these in a later draft."""
    if state == "redrafted":
        article = actions.publish_article(section, Draft(headline="Harmless", slug="harmless"))
    else:
        article = Article(title=draft.headline, slug=draft.slug, live=False)
        Section.objects.get(pk=section.pk).add_child(instance=article)
    article.title, article.standfirst, article.body = draft.headline, draft.standfirst, list(draft.body)
    article.lead_picture, article.lead_alt, article.lead_caption = draft.lead_picture, draft.lead_alt, "-"
    article.bylines = [Byline(author=author) for author in draft.authors]
    article.topics = [ArticleTopic(topic=topic) for topic in draft.topics]
    for name, value in draft.fields.items():
        setattr(article, name, value)
    article.save_revision()
    return article


def come_about(secret: Secret) -> None:
    """Let its fate come about."""
    article, state = secret.article, secret.state
    if state == "embargoedlate":
        article.embargo_until = timezone.now() + DAY
        article.save()
    elif state == "expired":
        article.expire_at = timezone.now() - timedelta(seconds=1)
        article.save()
        actions.unpublish_page(article)
    elif state == "unpublished":
        actions.unpublish_page(article)
    elif state == "restricted":
        PageViewRestriction.objects.create(page=article, restriction_type="login")
    elif state == "killed":
        actions.kill_article(article, f"{secret.word}reason")
    elif state == "deleted":
        actions.delete_page(article)


def _photograph(word: str) -> bytes:
    """A picture that says in itself where it was taken, and of what."""
    exif = Image.Exif()
    exif[EXIF_DESCRIPTION] = f"{word}exif"
    exif.get_ifd(GPS)[1] = "N"
    file = io.BytesIO()
    Image.new("RGB", (400, 300), (len(word) * 9, 40, 90)).save(file, "JPEG", exif=exif, comment=f"{word}comment")
    return file.getvalue()


def leaks(text: bytes, *states: str) -> list[str]:
    """Which of ``states`` are heard of in ``text``."""
    small = text.lower()
    return [state for state in states if word_of(state).encode() in small]


def without(target: str, reply: bytes) -> bytes:
    """A reply but for the words that were asked for."""
    for part in filter(None, {target, *target.split("/"), *target.split("=")[1:]}):
        if "xq" in part:
            reply = reply.replace(part.encode(), b"")
    return reply


def crawl(get: Callable[[str], bytes], seeds: Sequence[str]) -> dict[str, bytes]:
    """Follow every link there is from ``seeds``; returns every reply by its address."""
    found: dict[str, bytes] = {}
    waiting = list(seeds)
    while waiting:
        target = waiting.pop()
        if target in found:
            continue
        found[target] = get(target)
        for link in LINK.findall(found[target]):
            address = unescape(next(filter(None, link)).decode("utf-8", "replace"))
            address = address.removeprefix(settings.BASE_URL)
            if address.startswith("/") and not address.startswith(("//", "/static/")):
                waiting.append(address.partition("#")[0])
    return found
