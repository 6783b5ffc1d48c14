"""What an editor should know before readers do: an article looked at before it is published.

Warnings, not walls, except for those that the publisher makes mandatory (``required_checks``).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.media.models import Attachment, Picture
from stoppress.newsroom.headlines import LENGTHS
from stoppress.newsroom.models import Article, Byline, Publication
from stoppress.pagestore.models import Address

_LINK = re.compile(r'<a\b[^>]*?\b(?:linktype="(page|document)"[^>]*?\bid="(\d+)"|href="([^"]+)")')


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        code: which check found it; see ``required_checks`` in the settings.
        text: for the editor.
        field: of the form, where there is one.
    """

    code: str
    text: str
    field: str | None = None

    @property
    def is_required(self) -> bool:
        """Whether it keeps the article from being published."""
        return self.code in settings.STOPPRESS_REQUIRED_CHECKS


class IncompleteError(ValidationError):
    """An article lacks what the publisher has made mandatory.

    Attributes:
        page_id: which.
    """

    def __init__(self, page_id: int | None, findings: list[Finding]) -> None:
        super().__init__([ValidationError(one.text, code=one.code) for one in findings])
        self.page_id = page_id


def look(article: Article, *, has_byline: bool | None = None) -> list[Finding]:
    """What an editor should look at, in the order of the form.

    Args:
        has_byline: known from elsewhere (a form whose bylines are not saved yet).
    """
    if has_byline is None:
        has_byline = any(one.role == Byline.Role.WRITER for one in article.bylines.all())
    found = [*_headlines(article)]
    if not article.standfirst.strip():
        found.append(Finding("standfirst", _("There is no standfirst."), "standfirst"))
    if not has_byline:
        found.append(Finding("byline", _("There is no byline.")))
    body = [block for block in article.body.get_prep_value() if isinstance(block, Mapping)]
    return [*found, *_pictures(article, body), *_quotes(body), *_links(body)]


def require(article: Article) -> None:
    """Refuse to publish what lacks something mandatory.

    Raises:
        IncompleteError: says what is missing.
    """
    if not settings.STOPPRESS_REQUIRED_CHECKS:
        return
    missing = [one for one in look(article) if one.is_required]
    if missing:
        raise IncompleteError(article.pk, missing)


def _headlines(article: Article) -> Iterator[Finding]:
    names: dict[str, Callable[[int, int], str]] = {
        "title": lambda count, most: (
            _("The headline has %(count)d letters; %(most)d are enough.") % {"count": count, "most": most}
        ),
        "short_headline": lambda count, most: (
            _("The short headline has %(count)d letters; lists have room for %(most)d.")
            % {"count": count, "most": most}
        ),
        "seo_title": lambda count, most: (
            _("The headline for search has %(count)d letters; search engines show about %(most)d.")
            % {"count": count, "most": most}
        ),
        "share_headline": lambda count, most: (
            _("The headline for sharing has %(count)d letters; shares show about %(most)d.")
            % {"count": count, "most": most}
        ),
    }
    for name, say in names.items():
        count = len(getattr(article, name))
        if count > LENGTHS[name]:
            yield Finding("headline", say(count, LENGTHS[name]), name)


def _pictures(article: Article, body: list[Mapping[str, Any]]) -> Iterator[Finding]:
    used: list[tuple[int, bool, str | None]] = []
    if article.lead_picture_id:
        is_told = bool(article.lead_alt.strip() or article.lead_is_decorative)
        used.append((article.lead_picture_id, is_told, "lead_picture"))
    for value in _structs(body):
        # A film's poster says nothing that its title does not.
        if isinstance(value.get("image"), int) and "alt" in value:
            is_told = bool(str(value.get("alt") or "").strip() or value.get("is_decorative"))
            used.append((value["image"], is_told, "body"))
    pictures = Picture.objects.in_bulk({pk for pk, _is_told, _field in used})
    for pk, is_told, field in used:
        picture = pictures.get(pk)
        if picture is None:
            continue
        name = {"title": picture.title}
        if not is_told and not picture.description.strip():
            yield Finding("alt", _("Nobody has said what the picture “%(title)s” shows.") % name, field)
        if not picture.credit.strip():
            yield Finding("credit", _("The picture “%(title)s” has no credit.") % name, field)
        if picture.rights_expire_at is not None and picture.rights_expire_at <= timezone.now():
            yield Finding("rights", _("The right to show the picture “%(title)s” has ended.") % name, field)


def _quotes(body: list[Mapping[str, Any]]) -> Iterator[Finding]:
    for block in body:
        value = block.get("value")
        if block.get("type") == "quote" and isinstance(value, Mapping):
            words = str(value.get("quote") or "")
            if words.strip() and not str(value.get("attribution") or "").strip():
                start = words[:40] + ("…" if len(words) > 40 else "")
                yield Finding("quote", _("Nobody is named for the quote “%(start)s”.") % {"start": start}, "body")


def _links(body: list[Mapping[str, Any]]) -> Iterator[Finding]:
    """Those to pages and files of ours that are not there; nobody else is asked."""
    pages: set[int] = set()
    files: set[int] = set()
    addresses: list[str] = []
    for text in _texts(body):
        for kind, number, address in _LINK.findall(text):
            if address:
                addresses.append(address)
            else:
                (pages if kind == "page" else files).add(int(number))
    pages |= {value["page"] for value in _structs(body) if isinstance(value.get("page"), int)}
    live = set(Publication.objects.filter(pk__in=pages, is_live=True).values_list("pk", flat=True))
    kept = set(Attachment.objects.filter(pk__in=files).values_list("pk", flat=True))
    names = dict(Publication.objects.filter(pk__in=pages - live).values_list("pk", "headline"))
    for pk in sorted(pages - live):
        if pk in names:
            yield Finding("links", _("A link leads to “%(title)s”, which is not live.") % {"title": names[pk]}, "body")
        else:
            yield Finding("links", _("A link leads to a page that is not there."), "body")
    if files - kept:
        yield Finding("links", _("A link leads to a file that is not there."), "body")
    for path in dict.fromkeys(_own_path(address) for address in addresses):
        if path and not Address.objects.filter(path__in=(path, f"{path}/")).exclude(state=Address.State.GONE).exists():
            yield Finding("links", _("A link leads to %(path)s, where nothing is.") % {"path": path}, "body")


def _own_path(address: str) -> str:
    """The path of a page of ours; empty for anybody else's, for files and for the machine's own places."""
    address = address.replace("&amp;", "&")
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    own = urlsplit(settings.BASE_URL)
    if (parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return ""
    path = parts.path
    return "" if not path.startswith("/") or path.startswith(("/-/", "/desk/", "/media/", "/static/")) else path


def _structs(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for inner in value.values():
            yield from _structs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _structs(inner)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if "<a" in value:
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
