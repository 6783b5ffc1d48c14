"""What newsrooms do, through actions and through Wagtail's own calls: each act takes two numbers and picks by them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Page, PageViewRestriction, Revision

from stoppress.audience.models import Connections
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions.times import keep_times
from stoppress.newsroom.models import (
    Article,
    ArticleTopic,
    Author,
    Byline,
    Home,
    Section,
    Series,
    StaticPage,
    Story,
    Topic,
)
from stoppress.pagestore import outbox
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout

Act = Callable[[int, int], None]
DAY = timedelta(days=1)


def _pick(rows: Any, n: int) -> Any:
    found = list(rows.order_by("pk"))
    return found[n % len(found)] if found else None


def _articles() -> Any:
    return Article.objects.filter(killed_at=None, alias_of=None)


def publish(n: int, m: int) -> None:
    section = _pick(Section.objects, n)
    if section is None:
        return
    body = [{"type": "text", "value": f"<p>Report {m}</p>"}]
    linked = _pick(Page.objects.filter(depth__gte=3), m)
    if linked is not None:
        body.append({"type": "text", "value": f'<p>See <a linktype="page" id="{linked.pk}">there</a>.</p>'})
    picture = _pick(Picture.objects, m) if m % 2 else None
    if m % 3 == 0 and (inner := _pick(Picture.objects, n)) is not None:
        body.append({"type": "image", "value": {"image": inner.pk, "alt": "A field", "caption": "Seen today"}})
    body += _parts(n, m)
    authors = [author for author in [_pick(Author.objects, m)] if author]
    draft = newsroom.Draft(headline=f"News {m}", slug=f"news-{m}", body=body, authors=authors, lead_picture=picture)
    try:
        with transaction.atomic():
            newsroom.publish_article(section, draft)
    except ValidationError:
        return  # the slug is taken there


def _parts(n: int, m: int) -> list[dict[str, Any]]:
    """Now and then a block of each kind that shows something of somebody else's."""
    found: list[dict[str, Any]] = []
    if m % 4 == 0 and (paper := _pick(Attachment.objects, m)) is not None:
        found.append({"type": "document", "value": {"document": paper.pk, "title": "", "note": ""}})
    if m % 4 == 1 and (linked := _pick(Page.objects.filter(depth__gte=3), n)) is not None:
        found.append({"type": "related_link", "value": {"page": linked.pk, "url": "", "title": ""}})
    if m % 4 == 2:
        pictures = [{"image": picture.pk, "alt": f"Number {m}"} for picture in Picture.objects.order_by("pk")]
        found.append({"type": "gallery", "value": {"title": "", "pictures": pictures}})
    if m % 4 == 3:
        cells = [{"values": [f"Row {i}", str(i * n)]} for i in range(3)]
        columns = [{"type": "text", "heading": "What"}, {"type": "number", "heading": "How many"}]
        grid = {"caption": f"Table {m}", "columns": columns, "rows": cells}
        found.append({"type": "table", "value": {"table": grid, "has_row_headers": True, "source": ""}})
        found.append({"type": "embed", "value": {"url": "https://vimeo.com/1084537", "title": "A film"}})
    return found


def publish_many(n: int, m: int) -> None:
    for i in range(12):
        publish(n, 1000 + 12 * m + i)


def publish_at_once(n: int, m: int) -> None:
    """As an importer does, into two sections, half of it under names that are taken."""
    sections = [section for section in (_pick(Section.objects, n), _pick(Section.objects, m)) if section]
    newsroom.publish_articles(
        [
            newsroom.NewArticle(
                section=section,
                draft=newsroom.Draft(
                    headline=f"Old {m}",
                    slug=f"old-{m // 2}",
                    body=_parts(n, m + i),
                    authors=[author for author in [_pick(Author.objects, n)] if author],
                    topics=[topic for topic in [_pick(Topic.objects, m)] if topic],
                    lead_picture=_pick(Picture.objects, i),
                    published_at=timezone.now() - timedelta(days=m + i),
                ),
                numbers_slug=True,
            )
            for i in range(3)
            for section in sections
        ]
    )


def edit_body_by_revision(n: int, m: int) -> None:
    if article := _pick(_articles(), n):
        article.body = [{"type": "subheading", "value": f"Part {m}"}, {"type": "quote", "value": {"quote": "“No.”"}}]
        article.save_revision().publish()


def retitle(n: int, m: int) -> None:
    if article := _pick(_articles(), n):
        article.title = f"Headline {m} <b>&amp;</b>"
        article.save_revision().publish()


def change_slug(n: int, m: int) -> None:
    if page := _pick(Page.objects.filter(depth__gte=3, alias_of=None), n):
        page = page.specific
        page.slug = f"slug-{m}"
        if getattr(page, "killed_at", None) is None and Page._slug_is_available(page.slug, page.get_parent(), page):
            page.save_revision().publish()


def save_draft(n: int, m: int) -> None:
    if article := _pick(_articles(), n):
        article.title = f"Draft {m}, not for readers"
        article.save_revision()


def move(n: int, m: int) -> None:
    page, target = _pick(_articles(), n), _pick(Section.objects, m)
    if page and target:
        try:
            with transaction.atomic():
                newsroom.move_page(page, target)
        except ValidationError:
            return


def move_section(n: int, m: int) -> None:
    section = _pick(Section.objects, n)
    target = _pick(Page.objects.filter(depth__in=(2, 3)), m)
    if section and target:
        target = target.specific
        is_inside = target.path.startswith(section.path)
        is_possible = isinstance(target, (Home, Section)) and not is_inside
        if is_possible and Page._slug_is_available(section.slug, target, section):
            section.move(target, pos="last-child")


def reorder_sections(n: int, m: int) -> None:
    section = _pick(Section.objects, n)
    if section and (sibling := section.get_siblings(inclusive=False).first()):
        section.move(sibling, pos="left")


def rename_section(n: int, m: int) -> None:
    if section := _pick(Section.objects, n):
        section.title = f"Section {m}"
        section.save_revision().publish()


def describe_section(n: int, m: int) -> None:
    if section := _pick(Section.objects, n):
        section.search_description = f"All about {m}"
        section.save_revision().publish()


def create_section(n: int, m: int) -> None:
    parent = _pick(Section.objects, n) if m % 2 else Home.objects.get()
    if parent and parent.depth < 4:
        try:
            with transaction.atomic():
                newsroom.create_section(parent, f"New {m}", f"new-{m}")
        except ValidationError:
            return


def unpublish(n: int, m: int) -> None:
    if page := _pick(Page.objects.filter(depth__gte=3, live=True), n):
        newsroom.unpublish_page(page.specific)


def publish_again(n: int, m: int) -> None:
    page = _pick(Page.objects.filter(depth__gte=3, live=False, alias_of=None), n)
    if page and getattr(page.specific, "killed_at", None) is None:
        page.specific.save_revision().publish()


def kill(n: int, m: int) -> None:
    if article := _pick(_articles(), n):
        newsroom.kill_article(article, "A court says so.")


def delete(n: int, m: int) -> None:
    if article := _pick(Article.objects, n):
        newsroom.delete_page(article)


def delete_section(n: int, m: int) -> None:
    if Section.objects.count() > 1:
        newsroom.delete_page(_pick(Section.objects, n))


def rename_author(n: int, m: int) -> None:
    if author := _pick(Author.objects, n):
        author.name = f"Author {m}"
        author.save()


def delete_author(n: int, m: int) -> None:
    if m % 3 == 0 and (author := _pick(Author.objects, n)):
        author.delete()


def classify(n: int, m: int) -> None:
    """An editor gives a story its topics, its running story and its series, and publishes."""
    if article := _pick(_articles(), n):
        topics = [topic for topic in {_pick(Topic.objects, n), _pick(Topic.objects, m)} if topic]
        article.topics = [ArticleTopic(topic=topic, sort_order=i) for i, topic in enumerate(topics)]
        article.story = _pick(Story.objects, m) if m % 2 else None
        article.series = _pick(Series.objects, m) if m % 3 else None
        article.save_revision().publish()


def correct(n: int, m: int) -> None:
    if article := _pick(_articles(), n):
        article.updated_at = timezone.now() if m % 2 else None
        article.kicker, article.design = f"Kicker {m}", "opinion"
        article.save_revision().publish()


def credit(n: int, m: int) -> None:
    article, author = _pick(_articles(), n), _pick(Author.objects, m)
    if article and author:
        article.bylines = [Byline(author=author, role="photography" if m % 2 else "writer")]
        article.save_revision().publish()


def change_shelf(n: int, m: int) -> None:
    kind = (Topic, Story, Series, Author)[m % 4]
    if shelf := _pick(kind.objects, n):
        shelf.name, shelf.slug = f"Shelf {m}", f"shelf-{m}"
        if not kind.objects.filter(slug=shelf.slug).exclude(pk=shelf.pk).exists():
            shelf.save()


def delete_shelf(n: int, m: int) -> None:
    kind = (Topic, Story, Series)[m % 3]
    if m % 4 == 0 and (shelf := _pick(kind.objects, n)):
        shelf.delete()


def change_picture(n: int, m: int) -> None:
    if picture := _pick(Picture.objects, n):
        picture.credit = f"Photographer {m}"
        picture.save()


def delete_picture(n: int, m: int) -> None:
    if Picture.objects.count() > 1:
        _pick(Picture.objects, n).delete()


def expire_rights(n: int, m: int) -> None:
    """The right to show a picture has ended, ends one day or comes back."""
    if picture := _pick(Picture.objects, n):
        picture.rights_expire_at = [timezone.now() - DAY, timezone.now() + DAY, None][m % 3]
        picture.save()


def move_focus(n: int, m: int) -> None:
    if picture := _pick(Picture.objects, n):
        picture.focal_point_x, picture.focal_point_y = m % picture.width, n % picture.height
        picture.focal_point_width = picture.focal_point_height = 1
        picture.save()


def make_decorative(n: int, m: int) -> None:
    if article := _pick(_articles(), n):
        article.lead_is_decorative = not article.lead_is_decorative
        article.save_revision().publish()


def replace_document(n: int, m: int) -> None:
    if attachment := _pick(Attachment.objects, n):
        attachment.file = ContentFile(f"Minutes {m}".encode(), "minutes.txt")
        attachment._set_document_file_metadata()
        attachment.save()


def retitle_document(n: int, m: int) -> None:
    if attachment := _pick(Attachment.objects, n):
        attachment.title = f"Minutes of meeting {m}"
        attachment.save()


def delete_document(n: int, m: int) -> None:
    if m % 3 == 0 and Attachment.objects.count() > 1:
        _pick(Attachment.objects, n).delete()


def change_connections(n: int, m: int) -> None:
    setting = Connections.objects.order_by("pk").first() or Connections()
    setting.links = [("link", {"label": f"Account {m}", "address": f"https://social.example/@{n}"})] if m % 4 else []
    setting.imprint, setting.shows_feeds = f"Published by {m}" if m % 3 else "", bool(m % 2)
    setting.save()


def restrict(n: int, m: int) -> None:
    if page := _pick(Page.objects.filter(depth__gte=3), n):
        PageViewRestriction.objects.create(page=page, restriction_type="login")


def open_up(n: int, m: int) -> None:
    for restriction in PageViewRestriction.objects.all():
        restriction.delete()


def create_static_page(n: int, m: int) -> None:
    linked = _pick(Page.objects.filter(depth__gte=3), n)
    words = f'<p>See <a linktype="page" id="{linked.pk}">there</a>.</p>' if linked else "<p>Us</p>"
    try:
        with transaction.atomic():
            newsroom.create_static_page(
                Home.objects.get(),
                f"About {m}",
                f"about-{m}",
                [{"type": "text", "value": words}],
                is_in_footer=m % 3 != 0,
            )
    except ValidationError:
        return


def change_static_page(n: int, m: int) -> None:
    if page := _pick(StaticPage.objects.filter(live=True), n):
        page.title, page.show_in_menus = f"About {m}", bool(m % 2)
        if m % 3 == 0:
            page.slug = f"{page.slug[:20]}-{m}"
        page.save_revision().publish()


def reorder_static_pages(n: int, m: int) -> None:
    page = _pick(StaticPage.objects, n)
    if page and (sibling := page.get_siblings(inclusive=False).first()):
        page.move(sibling, pos="left")


def publish_like_wagtail(n: int, m: int) -> None:
    """The desk's own view: the page is added as live, and published in a second step; the worker may be quick."""
    if section := _pick(Section.objects, n):
        article = Article(title=f"Desk {m}", slug=f"desk-{m}")
        try:
            with transaction.atomic():
                section.add_child(instance=article)
        except ValidationError:
            return
        if m % 3:
            one_step(n, m)
        article.save_revision().publish()


def redate(n: int, m: int) -> None:
    if article := _pick(_articles(), n):
        article.first_published_at = timezone.now() - timedelta(days=m)
        article.save()


def embargo(n: int, m: int) -> None:
    """Past the form, while it is live: it has to go until then."""
    if article := _pick(_articles(), n):
        article.embargo_until = timezone.now() + timedelta(days=1)
        article.save()


def lift_embargo(n: int, m: int) -> None:
    if article := _pick(_articles().exclude(embargo_until=None), n):
        article.embargo_until = None
        article.save()


def plan(n: int, m: int) -> None:
    section = _pick(Section.objects, n)
    if section:
        try:
            with transaction.atomic():
                draft = newsroom.Draft(headline=f"Planned {m}", slug=f"planned-{m}")
                newsroom.schedule_article(section, draft, timezone.now() + timedelta(days=1))
        except ValidationError:
            return


def time_comes(n: int, m: int) -> None:
    """For one that is planned."""
    if revision := _pick(Revision.objects.exclude(approved_go_live_at=None), n):
        revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
        revision.content |= {"go_live_at": revision.approved_go_live_at.isoformat()}
        revision.save()
        keep_times(timezone.now())


def alias(n: int, m: int) -> None:
    article = _pick(_articles(), n)
    if article and Page._slug_is_available(f"alias-{m}", article.get_parent()):
        CreatePageAliasAction(article, update_slug=f"alias-{m}").execute(skip_permission_checks=True)


def bulk_unpublish_like_wagtail(n: int, m: int) -> None:
    if page := _pick(Page.objects.filter(depth__gte=3, live=True), n):
        Page.objects.get(pk=page.pk).unpublish()


def one_step(n: int, m: int) -> None:
    """A worker does a little, so that later writes meet a half-done queue."""
    worker = Worker(Layout(Path(django_settings.STOPPRESS_STORE)))
    worker.step()
    worker.close()


def derive_only(n: int, m: int) -> None:
    outbox.derive()


def idle_worker(n: int, m: int) -> None:
    worker = Worker(Layout(Path(django_settings.STOPPRESS_STORE)))
    worker.idle()
    worker.close()


ACTS: list[Act] = [
    publish,
    publish,
    publish,
    publish_many,
    publish_at_once,
    edit_body_by_revision,
    retitle,
    change_slug,
    save_draft,
    move,
    move_section,
    reorder_sections,
    rename_section,
    describe_section,
    create_section,
    unpublish,
    publish_again,
    kill,
    delete,
    delete_section,
    rename_author,
    delete_author,
    classify,
    classify,
    correct,
    credit,
    change_shelf,
    delete_shelf,
    change_picture,
    delete_picture,
    expire_rights,
    move_focus,
    make_decorative,
    replace_document,
    retitle_document,
    delete_document,
    change_connections,
    restrict,
    open_up,
    create_static_page,
    change_static_page,
    reorder_static_pages,
    publish_like_wagtail,
    redate,
    embargo,
    lift_embargo,
    plan,
    time_comes,
    alias,
    bulk_unpublish_like_wagtail,
    one_step,
    one_step,
    derive_only,
    idle_worker,
]
