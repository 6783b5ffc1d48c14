"""Everything as WordPress exports itself (WXR 1.2, RSS 2.0 with WordPress's own elements), for its importer and others.

One pass over the archive. WordPress treats titles and names as HTML, so text is escaped once for it and then kept
in CDATA. What it has no place for is said in the text where readers saw it; the rest is in the JSON export only.
"""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from tempfile import TemporaryFile
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from stoppress.comments.models import State, Thread
from stoppress.core.text import without_controls
from stoppress.exporters import records
from stoppress.exporters.bodies import Addresses, Plain, line, with_credit
from stoppress.exporters.folder import Folder, HashedFile
from stoppress.exporters.reading import CHANGED, EMBARGOED, LIVE, PLANNED, Batch, Publication
from stoppress.exporters.replies import Replies, markup
from stoppress.exporters.tally import Tally
from stoppress.newsroom.models import Article, Byline

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile

FILE, UPLOADS = "export.xml", "uploads"
NO_DATE = "0000-00-00 00:00:00"
CHUNK_CHARACTERS = 2**20
FORMATS = {Article.Design.GALLERY: "gallery", Article.Design.VIDEO: "video"}
"""Post formats by design; other designs are ordinary posts."""
HEAD = """\
<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
"""
ITEM_END = "\t</item>\n"
APPROVED = {
    State.APPROVED: "1",
    State.HELD: "0",
    State.SPAM: "spam",
    State.REFUSED: "trash",
}
FOOT = "</channel>\n</rss>\n"


@dataclass(frozen=True, slots=True)
class Site:
    """What the channel says of the publication.

    Attributes:
        files_url: where the folder of files will be reachable, without a slash at the end.
    """

    title: str
    strapline: str
    base_url: str
    files_url: str
    language: str
    zone: ZoneInfo
    generator: str


@dataclass(slots=True)
class _Item:
    """One ``<item>``. Texts are markup already."""

    id: int
    kind: str
    status: str
    title: str
    slug: str
    link: str
    at: datetime | None
    changed_at: datetime | None
    content: str = ""
    excerpt: str = ""
    creator: str = ""
    file_url: str = ""
    terms: list[tuple[str, str, str]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)


class Wordpress:
    """Writes one export."""

    def __init__(self, folder: Folder, publication: Publication, replies: Replies, site: Site, tally: Tally) -> None:
        self._folder = folder
        self._publication = publication
        self._replies = replies
        self._site = site
        self._tally = tally
        self._addresses = Addresses(site.base_url, self._file_url, lambda pk: f"wp-image-{_picture_id(pk)}")
        self._categories: dict[int, tuple[str, str]] = {}
        self._tags: dict[tuple[str, int], tuple[str, str]] = {}

    def write(self, *, with_drafts: bool) -> None:
        """Write it all; pictures come last, since only those that are used are wanted."""
        read = self._publication
        for kind in ("authors", "categories", "tags", "posts", "pages", "comments", "attachments"):
            self._tally.add(kind, 0)
        # A picture itself comes before what one article says of it: who reads both believes the first.
        with self._folder.text(FILE) as file, TemporaryFile("w+", encoding="utf-8", newline="") as self._leads:
            file.write(HEAD)
            file.write(self._channel())
            for part in (self._authors(), self._sections(), self._shelves()):
                for text in part:
                    file.write(text)
            file.write(f"<generator>{_text(self._site.generator)}</generator>\n")
            for batches in (read.articles(), read.static_pages()):
                self._batches(file, batches)
            if with_drafts:
                self._batches(file, read.drafts())
            self._items(file, self._pictures())
            self._leads.seek(0)
            while text := self._leads.read(CHUNK_CHARACTERS):
                file.write(text)
            self._items(file, self._attachments())
            file.write(FOOT)

    def _channel(self) -> str:
        site = self._site
        base = _text(site.base_url)
        return (
            f"\t<title>{_text(site.title)}</title>\n\t<link>{base}</link>\n"
            f"\t<description>{_text(site.strapline)}</description>\n"
            f"\t<pubDate>{format_datetime(datetime.now(UTC))}</pubDate>\n"
            f"\t<language>{_text(site.language)}</language>\n\t<wp:wxr_version>1.2</wp:wxr_version>\n"
            f"\t<wp:base_site_url>{base}</wp:base_site_url>\n\t<wp:base_blog_url>{base}</wp:base_blog_url>\n"
        )

    def _authors(self) -> Iterator[str]:
        for one in self._publication.authors():
            self._tally.add("authors")
            yield (
                f"\t<wp:author><wp:author_id>{one.id}</wp:author_id>"
                f"<wp:author_login>{_cdata(_login(one.slug))}</wp:author_login><wp:author_email></wp:author_email>"
                f"<wp:author_display_name>{_cdata(_markup(one.name))}</wp:author_display_name>"
                "<wp:author_first_name></wp:author_first_name><wp:author_last_name></wp:author_last_name>"
                "</wp:author>\n"
            )

    def _sections(self) -> Iterator[str]:
        taken: set[str] = set()
        for one in sorted(self._publication.sections(), key=lambda section: section.path):
            # A category's name in addresses is the only one on its site, whatever it is inside of.
            name = one.slug if one.slug not in taken else one.path.strip("/").replace("/", "-")
            taken.add(name)
            self._categories[one.id] = (name, one.title)
            above = self._categories.get(one.parent or 0, ("", ""))[0]
            self._tally.add("categories")
            yield (
                f"\t<wp:category><wp:term_id>{4 * one.id}</wp:term_id>"
                f"<wp:category_nicename>{_cdata(name)}</wp:category_nicename>"
                f"<wp:category_parent>{_cdata(above)}</wp:category_parent>"
                f"<wp:cat_name>{_cdata(_markup(one.title))}</wp:cat_name>"
                f"<wp:category_description>{_cdata(_markup(one.standfirst))}</wp:category_description>"
                "</wp:category>\n"
            )

    def _shelves(self) -> Iterator[str]:
        """Topics, stories and series, all of which are tags there; of those with one address the first is taken."""
        found: dict[str, tuple[int, records.Shelf]] = {}
        for number, kind in enumerate((records.Topic, records.Story, records.Series), start=1):
            for shelf in self._publication.shelves(kind):
                name = quote(shelf.slug).lower()
                _number, first = found.setdefault(name, (4 * shelf.id + number, shelf))
                self._tags[kind.kind, shelf.id] = (name, first.name)
        for name in sorted(found):
            number, one = found[name]
            self._tally.add("tags")
            yield (
                f"\t<wp:tag><wp:term_id>{number}</wp:term_id><wp:tag_slug>{_cdata(name)}</wp:tag_slug>"
                f"<wp:tag_name>{_cdata(_markup(one.name))}</wp:tag_name>"
                f"<wp:tag_description>{_cdata(_markup(one.description))}</wp:tag_description></wp:tag>\n"
            )

    def _batches(self, file: HashedFile, batches: Iterable[Batch]) -> None:
        for batch in batches:
            plain = Plain(batch.references, self._addresses)
            threads = self._replies.threads([article.id for article in batch.articles])
            for article in batch.articles:
                self._tally.step()
                if article.status != CHANGED:  # a post has one version there
                    self._tally.add("posts")
                    file.write(self._render(self._article(article, plain, batch.references)).removesuffix(ITEM_END))
                    if article.id in threads:
                        self._comments(file, {article.id: threads[article.id]})
                    file.write(ITEM_END)
            for page in batch.pages:
                self._tally.step()
                if page.status != CHANGED:
                    self._tally.add("pages")
                    self._items(file, [self._page(page, plain)])

    def _comments(self, file: HashedFile, threads: dict[int, Thread]) -> None:
        for batch in self._replies.of(threads):
            for one in batch.replies:
                self._tally.add("comments")
                file.write(self._comment(one, batch.emails.get(one.id, "")))

    def _comment(self, one: records.Reply, email: str) -> str:
        # Where a reply came from is nobody's business elsewhere.
        values = {
            "id": str(one.id),
            "author": _cdata(_markup(one.name)),
            "author_email": _cdata(email),
            "author_url": _text(one.website),
            "author_IP": _cdata(""),
            "date": _cdata(self._local(one.made_at)),
            "date_gmt": _cdata(_gmt(one.made_at)),
            "content": _cdata(markup(one.text)),
            "approved": _cdata(APPROVED[State(one.status)]),
            "type": _cdata("comment"),
            "parent": str(one.parent or 0),
            "user_id": "0",
        }
        inner = "".join(f"\t\t\t<wp:comment_{name}>{value}</wp:comment_{name}>\n" for name, value in values.items())
        return f"\t\t<wp:comment>\n{inner}\t\t</wp:comment>\n"

    def _article(self, one: records.Article, plain: Plain, references: records.References) -> _Item:
        """The post. Where its featured picture has words of its own here, those are put aside as one more."""
        status, at = _status(one.status, one.published_at, [one.planned_for, one.embargo_until])
        credits = sorted(one.credits, key=lambda credit: credit.role != Byline.Role.WRITER)  # which keeps their order
        meta = {}
        lead = references.pictures.get(one.lead.picture) if one.lead else None
        if one.lead and lead and lead.name and not lead.is_expired:
            alt = "" if one.lead.is_decorative else one.lead.alt or lead.alt
            caption = with_credit(one.lead.caption, lead.credit)
            meta["_thumbnail_id"] = str(_picture_id(one.lead.picture))
            if (alt, caption) != (lead.alt, ""):
                meta["_thumbnail_id"] = str(_lead_id(one.id))
                item = self._attachment(_lead_id(one.id), lead.name, lead.title, at, alt=alt, caption=caption)
                self._leads.write(self._render(item))
        return _Item(
            id=_page_id(one.id),
            kind="post",
            status=status,
            title=_markup(one.headline),
            slug=one.slug,
            link=self._site.base_url + one.path,
            at=at,
            changed_at=one.changed_at or at,
            content="\n\n".join(filter(None, [*self._before(one), plain.html(one.body), *self._after(one, credits)])),
            excerpt=_markup(one.standfirst),
            creator=_login(credits[0].slug) if credits else "",
            terms=list(self._terms(one)),
            meta=meta,
        )

    @staticmethod
    def _before(one: records.Article) -> Iterator[str]:
        if one.dateline_place:
            yield f"<p><b>{line(one.dateline_place)}</b></p>"

    def _after(self, one: records.Article, credits: list[records.Credit]) -> Iterator[str]:
        """What stands below the text: who else took part, what is new, what was wrong."""
        for credit in credits[1:]:
            role = dict(Byline.Role.choices).get(credit.role, credit.role)
            yield f"<p><i>{line(role)}: {line(credit.name)}</i></p>"
        if one.updated_at and one.update_note:
            yield f"<p><i>{line(_('Updated'))} ({self._day(one.updated_at)}): {line(one.update_note)}</i></p>"
        for correction in one.corrections:
            words = f"{line(_('Correction'))} ({self._day(correction.at)}):"
            yield f"<p><b>{words}</b> {line(correction.text)}</p>"

    def _terms(self, one: records.Article) -> Iterator[tuple[str, str, str]]:
        if one.section in self._categories:
            yield ("category", *self._categories[one.section])
        wanted = [("topic", pk) for pk in one.topics]
        wanted += [(kind, pk) for kind, pk in (("story", one.story), ("series", one.series)) if pk is not None]
        for name, label in dict(self._tags[key] for key in wanted if key in self._tags).items():
            yield "post_tag", name, label
        if one.design in FORMATS:
            name = FORMATS[Article.Design(one.design)]
            yield "post_format", f"post-format-{name}", name.title()

    def _page(self, one: records.StaticPage, plain: Plain) -> _Item:
        status, at = _status(one.status, one.published_at, [one.planned_for])
        return _Item(
            id=_page_id(one.id),
            kind="page",
            status=status,
            title=_markup(one.title),
            slug=one.slug,
            link=self._site.base_url + one.path,
            at=at,
            changed_at=one.changed_at or at,
            content=plain.html(one.body),
        )

    def _pictures(self) -> Iterator[_Item]:
        for batch in self._publication.pictures():
            for stored, one in batch:
                self._tally.step()
                # There nothing knows of rights, so one that ended must not arrive.
                if one.file and not (one.rights_expire_at and one.rights_expire_at <= self._publication.now):
                    self._copy(stored.file, one.file)
                    number = _picture_id(one.id)
                    yield self._attachment(number, one.file, one.title, one.added_at, alt=one.description)

    def _attachments(self) -> Iterator[_Item]:
        for batch in self._publication.attachments():
            for stored, one in batch:
                self._tally.step()
                if one.file:
                    self._copy(stored.file, one.file)
                    yield self._attachment(_file_id(one.id), one.file, one.title, one.added_at)

    def _attachment(
        self, number: int, name: str, title: str, at: datetime | None, alt: str = "", caption: str = ""
    ) -> _Item:
        self._tally.add("attachments")
        return _Item(
            id=number,
            kind="attachment",
            status="inherit",
            title=_markup(title),
            slug=f"attachment-{number}",
            link=f"{self._site.base_url}/?attachment_id={number}",
            at=at,
            changed_at=at,
            excerpt=_markup(caption),
            file_url=self._file_url(name),
            meta={"_wp_attached_file": name, **({"_wp_attachment_image_alt": _markup(alt)} if alt else {})},
        )

    def _copy(self, stored: "FieldFile", name: str) -> None:
        if self._folder.copy(stored.storage, stored.name or "", f"{UPLOADS}/{name}") is None:
            self._tally.missing(name)

    def _items(self, file: HashedFile, items: Iterable[_Item]) -> None:
        for item in items:
            file.write(self._render(item))

    def _render(self, item: _Item) -> str:
        at, changed_at = item.at, item.changed_at
        # An editor's brackets must not become shortcodes.
        content, excerpt = (text.replace("[", "&#91;") for text in (item.content, item.excerpt))
        parts = [
            f"<title>{_cdata(item.title)}</title>",
            f"<link>{_text(item.link)}</link>",
            f"<pubDate>{format_datetime(at.astimezone(UTC)) if at else ''}</pubDate>",
            f"<dc:creator>{_cdata(item.creator)}</dc:creator>",
            f'<guid isPermaLink="false">{_text(self._site.base_url)}/?p={item.id}</guid>',
            "<description></description>",
            f"<content:encoded>{_cdata(content)}</content:encoded>",
            f"<excerpt:encoded>{_cdata(excerpt)}</excerpt:encoded>",
            f"<wp:post_id>{item.id}</wp:post_id>",
            f"<wp:post_date>{_cdata(self._local(at))}</wp:post_date>",
            f"<wp:post_date_gmt>{_cdata(_gmt(at))}</wp:post_date_gmt>",
            f"<wp:post_modified>{_cdata(self._local(changed_at))}</wp:post_modified>",
            f"<wp:post_modified_gmt>{_cdata(_gmt(changed_at))}</wp:post_modified_gmt>",
            f"<wp:comment_status>{_cdata('closed')}</wp:comment_status>",
            f"<wp:ping_status>{_cdata('closed')}</wp:ping_status>",
            f"<wp:post_name>{_cdata(item.slug)}</wp:post_name>",
            f"<wp:status>{_cdata(item.status)}</wp:status>",
            "<wp:post_parent>0</wp:post_parent>",
            "<wp:menu_order>0</wp:menu_order>",
            f"<wp:post_type>{_cdata(item.kind)}</wp:post_type>",
            f"<wp:post_password>{_cdata('')}</wp:post_password>",
            "<wp:is_sticky>0</wp:is_sticky>",
        ]
        if item.file_url:
            parts.append(f"<wp:attachment_url>{_cdata(item.file_url)}</wp:attachment_url>")
        parts += [
            f'<category domain="{domain}" nicename="{_text(name)}">{_cdata(_markup(label))}</category>'
            for domain, name, label in item.terms
        ]
        parts += [
            f"<wp:postmeta>\n\t\t<wp:meta_key>{_cdata(key)}</wp:meta_key>\n"
            f"\t\t<wp:meta_value>{_cdata(value)}</wp:meta_value>\n\t\t</wp:postmeta>"
            for key, value in item.meta.items()
        ]
        return "\t<item>\n" + "".join(f"\t\t{part}\n" for part in parts) + ITEM_END

    def _local(self, at: datetime | None) -> str:
        return _stamp(at.astimezone(self._site.zone)) if at else NO_DATE

    def _day(self, at: datetime) -> str:
        return at.astimezone(self._site.zone).date().isoformat()

    def _file_url(self, name: str) -> str:
        return f"{self._site.files_url}/{quote(name)}"


def _status(status: str, published_at: datetime | None, planned: list[datetime | None]) -> tuple[str, datetime | None]:
    """The status there, and when it is or was published."""
    if status == LIVE:
        return "publish", published_at
    times = [moment for moment in planned if moment is not None]
    if status in {PLANNED, EMBARGOED} and times:
        return "future", max(times)
    return "draft", published_at


# Posts, pages, pictures and files have numbers of one row there, and each has rows of its own here.
def _page_id(pk: int) -> int:
    return 4 * pk


def _picture_id(pk: int) -> int:
    return 4 * pk + 1


def _file_id(pk: int) -> int:
    return 4 * pk + 2


def _lead_id(article: int) -> int:
    return 4 * article + 3


def _login(slug: str) -> str:
    """A name to sign in with; WordPress takes plain letters only."""
    return slug if slug.isascii() else quote(slug).replace("%", "").lower()


def _stamp(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ", "seconds")


def _gmt(at: datetime | None) -> str:
    return _stamp(at.astimezone(UTC)) if at else NO_DATE


def _markup(text: str) -> str:
    """Text as HTML, on one line."""
    return html.escape(" ".join(without_controls(text).split()), quote=False)


def _text(text: str) -> str:
    """Text as XML."""
    return html.escape(without_controls(text))


def _cdata(text: str) -> str:
    """Text in a section that can't hold its own end (XML 1.0, 2.7)."""
    return "<![CDATA[" + without_controls(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"
