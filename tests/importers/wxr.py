"""Writes small WordPress exports as WordPress does, and finds the real one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

REAL = Path(__file__).parents[3] / "shared" / "data" / "wordpress-export"

needs_real_export = pytest.mark.skipif(
    not (REAL / "export.xml").is_file(), reason="the real WordPress export is not beside this checkout"
)

HOST = "https://old.example"


def cdata(text: str) -> str:
    """As WordPress escapes: in CDATA, which can't hold its own end."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


@dataclass
class Remark:
    """A comment of the export; an approved one when nothing else is said."""

    id: int
    content: str = ""
    parent: int | str = 0
    approved: str = "1"
    kind: str = "comment"
    author: str = "Reader"
    email: str = "reader@mail.example"
    url: str = ""
    ip: str = "198.51.100.7"
    date: str = "2024-05-03 12:00:00"
    date_gmt: str = "2024-05-03 10:00:00"

    def render(self) -> str:
        """The comment's XML."""
        return (
            f"<wp:comment><wp:comment_id>{self.id}</wp:comment_id>"
            f"<wp:comment_author>{cdata(self.author)}</wp:comment_author>"
            f"<wp:comment_author_email>{cdata(self.email)}</wp:comment_author_email>"
            f"<wp:comment_author_url>{escape(self.url)}</wp:comment_author_url>"
            f"<wp:comment_author_IP>{cdata(self.ip)}</wp:comment_author_IP>"
            f"<wp:comment_date>{cdata(self.date)}</wp:comment_date>"
            f"<wp:comment_date_gmt>{cdata(self.date_gmt)}</wp:comment_date_gmt>"
            f"<wp:comment_content>{cdata(self.content or f'Remark {self.id}.')}</wp:comment_content>"
            f"<wp:comment_approved>{cdata(self.approved)}</wp:comment_approved>"
            f"<wp:comment_type>{cdata(self.kind)}</wp:comment_type>"
            f"<wp:comment_parent>{escape(str(self.parent))}</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id>"
            "</wp:comment>\n"
        )


@dataclass
class Post:
    """An item of the export; a published post when nothing else is said."""

    id: int
    title: str = "A headline"
    body: str = "Some words."
    kind: str = "post"
    status: str = "publish"
    slug: str = ""
    link: str = ""
    excerpt: str = ""
    creator: str = "anna"
    date: str = "2024-05-01 10:00:00"
    date_gmt: str = "2024-05-01 08:00:00"
    modified_gmt: str = "2024-05-02 08:00:00"
    parent: int = 0
    password: str = ""
    is_sticky: bool = False
    order: int = 0
    categories: Sequence[str] = ("world",)
    tags: Sequence[str] = ()
    formats: Sequence[str] = ()
    attachment_url: str = ""
    meta: Mapping[str, str] = field(default_factory=dict)
    comments: Sequence[tuple[str, str]] = ()
    remarks: Sequence[Remark] = ()

    def render(self) -> str:
        """The item's XML."""
        slug = self.slug or f"post-{self.id}"
        link = self.link or f"{HOST}/2024/05/{slug}/"
        filings = [("category", name) for name in self.categories] + [("post_tag", name) for name in self.tags]
        filings += [("post_format", name) for name in self.formats]
        parts = [
            f"<item><title>{cdata(self.title)}</title><link>{escape(link)}</link>",
            f"<dc:creator>{cdata(self.creator)}</dc:creator>",
            f"<content:encoded>{cdata(self.body)}</content:encoded>",
            f"<excerpt:encoded>{cdata(self.excerpt)}</excerpt:encoded>",
            f"<wp:post_id>{self.id}</wp:post_id><wp:post_date>{cdata(self.date)}</wp:post_date>",
            f"<wp:post_date_gmt>{cdata(self.date_gmt)}</wp:post_date_gmt>",
            f"<wp:post_modified_gmt>{cdata(self.modified_gmt)}</wp:post_modified_gmt>",
            f"<wp:post_name>{cdata(slug)}</wp:post_name><wp:status>{cdata(self.status)}</wp:status>",
            f"<wp:post_parent>{self.parent}</wp:post_parent><wp:post_type>{cdata(self.kind)}</wp:post_type>",
            f"<wp:post_password>{cdata(self.password)}</wp:post_password>",
            f"<wp:menu_order>{self.order}</wp:menu_order>",
            f"<wp:is_sticky>{int(self.is_sticky)}</wp:is_sticky>",
            f"<wp:attachment_url>{cdata(self.attachment_url)}</wp:attachment_url>" if self.attachment_url else "",
        ]
        for domain, name in filings:
            parts.append(f'<category domain="{domain}" nicename="{name}">{cdata(name.title())}</category>')
        for key, value in self.meta.items():
            parts.append(
                f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
                f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
            )
        for number, (approved, kind) in enumerate(self.comments):
            parts.append(
                f"<wp:comment><wp:comment_id>{100 * self.id + number}</wp:comment_id>"
                f"<wp:comment_content>{cdata('Words')}</wp:comment_content>"
                f"<wp:comment_approved>{cdata(approved)}</wp:comment_approved>"
                f"<wp:comment_type>{cdata(kind)}</wp:comment_type></wp:comment>"
            )
        parts += [remark.render() for remark in self.remarks]
        return "\n".join([*parts, "</item>\n"])


def attachment(number: int, path: str, *, parent: int = 0, alt: str = "", caption: str = "") -> Post:
    """A picture in the uploads folder."""
    return Post(
        number,
        title=path,
        body="",
        kind="attachment",
        status="inherit",
        slug=f"attachment-{number}",
        excerpt=caption,
        parent=parent,
        categories=(),
        attachment_url=f"{HOST}/wp-content/uploads/{path}",
        meta={"_wp_attached_file": path, **({"_wp_attachment_image_alt": alt} if alt else {})},
    )


CATEGORIES: dict[str, tuple[str, str]] = {
    "world": ("", "World"),
    "sports": ("", "Sports"),
    "rowing": ("sports", "Rowing"),
}
AUTHORS: dict[str, str] = {"anna": "Anna Lindqvist"}


def export(
    *posts: Post,
    categories: Mapping[str, tuple[str, str]] = CATEGORIES,
    authors: Mapping[str, str] = AUTHORS,
    link: str = HOST,
) -> str:
    """A whole export; ``categories`` is parent and name by slug."""
    head = [
        '<?xml version="1.0" encoding="UTF-8" ?>',
        '<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:wp="http://wordpress.org/export/1.2/">',
        f"<channel><title>The Old Paper</title><link>{link}</link>",
        "<pubDate>Mon, 06 May 2024 04:24:55 +0000</pubDate><wp:wxr_version>1.2</wp:wxr_version>",
        f"<wp:base_blog_url>{link}</wp:base_blog_url>",
    ]
    for login, name in authors.items():
        head.append(
            f"<wp:author><wp:author_login>{cdata(login)}</wp:author_login>"
            f"<wp:author_display_name>{cdata(name)}</wp:author_display_name></wp:author>"
        )
    for number, (slug, (parent, name)) in enumerate(categories.items(), 1):
        head.append(
            f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{cdata(slug)}</wp:category_nicename>"
            f"<wp:category_parent>{cdata(parent)}</wp:category_parent><wp:cat_name>{cdata(name)}</wp:cat_name>"
            "</wp:category>"
        )
    return "\n".join([*head, *(post.render() for post in posts), "</channel></rss>\n"])


def write(folder: Path, *posts: Post, name: str = "export.xml", **options: Mapping[str, str]) -> Path:
    """An export as a file in ``folder``."""
    file = folder / name
    file.write_text(export(*posts, **options), encoding="utf-8")  # type: ignore[arg-type]
    return file
