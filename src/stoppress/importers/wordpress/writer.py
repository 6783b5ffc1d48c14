"""Writes what the mapper made, through actions: each thing in its own transaction, with its line in the ledger.

What someone changed, moved, unpublished, killed or deleted here since is theirs: it is left as it is.
"""

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction

from stoppress.importers.wordpress import mapper
from stoppress.importers.wordpress.body import filled, pictures_in
from stoppress.importers.wordpress.ledger import Kind, Ledger, content_hash
from stoppress.importers.wordpress.mapper import Mapped
from stoppress.importers.wordpress.records import Item
from stoppress.importers.wordpress.slugs import ascii_slug, free, page_slug
from stoppress.importers.wordpress.stored import Files, Pictures
from stoppress.importers.wordpress.survey import Survey
from stoppress.importers.wordpress.text import clip, plain
from stoppress.media.models import Picture
from stoppress.newsroom import actions
from stoppress.newsroom.addresses import slug_problem
from stoppress.newsroom.models import Article, Author, Home, Section, StaticPage, Topic
from stoppress.pagestore.actions import add_redirect

LEFT = "left as it is here"
STRIDE = 50
"""Categories that may be made parents of one another in one go."""
MAX_DEPTH = 20
"""Sections below one another; Wagtail's tree ends at 63 levels."""


class Writer:
    """Brings one site into ``home``. Safe to stop at any moment and to run again."""

    def __init__(self, home: Home, survey: Survey, ledger: Ledger, pictures: Pictures, files: Files) -> None:
        self._home = home
        self._survey = survey
        self._ledger = ledger
        self._pictures = pictures
        self._files = files
        self._receipt = survey.receipt
        self._sections: dict[str, int] = {}
        self._authors: dict[str, Author | None] = {}
        self._topics: dict[str, Topic | None] = {}

    def sections(self) -> None:
        """Bring every section that holds something public, parents first."""
        for slug in self._survey.section_slugs:
            chain = list(mapper.lineage(slug, self._survey.categories))
            # From the top in strides, so that no chain is deeper than Python's stack.
            for ancestor in [*reversed(chain[STRIDE::STRIDE]), slug]:
                self._section(ancestor)

    def bring(self, kind: str, mapped: Mapped) -> None:
        """Bring a ``post`` or a ``page``."""
        if kind == "post":
            self.article(mapped)
        else:
            self.page(mapped)

    def article(self, mapped: Mapped) -> None:
        """Bring one article, or leave it."""
        self._account(mapped)
        known = self._ledger.get(Kind.ARTICLE, mapped.source_id)
        fingerprint = self._fingerprint(mapped)
        if known and known.content_hash == fingerprint:
            self._receipt.count("articles", "as before")
            self._pictures.account(mapped)
            self._files.account(mapped)
            self._author(mapped)
            self._topics_of(mapped)
            return
        article = Article.objects.filter(pk=known.object_pk).first() if known else None
        if known and (article is None or known.state != state_of(article)):
            what = "changed in both places, left as it is here" if article else "deleted here since, not brought back"
            self._receipt.count("articles", LEFT)
            self._receipt.notes.add(f"article {what}", where=f"“{mapped.headline}”")
            return
        pictures, files = self._pictures.bring(mapped), self._files.bring(mapped)
        author = self._author(mapped)
        topics = self._topics_of(mapped)
        try:
            with transaction.atomic():
                section = Section.objects.get(pk=self._section(mapped.section))
                draft = self._draft(mapped, section, article, author, pictures, files, topics)
                if article is None:
                    article = actions.publish_article(section, draft)
                else:
                    if article.get_parent().pk != section.pk:
                        actions.move_page(article, section)
                        article = Article.objects.get(pk=article.pk)
                    article = actions.update_article(article, draft)
                self._ledger.put(
                    Kind.ARTICLE, mapped.source_id, f"article:{article.pk}", fingerprint, state_of(article)
                )
                redirects = sum(self._redirect(path, f"article:{article.pk}") for path in mapped.old_paths)
        except ValidationError as error:
            reason = "; ".join(error.messages)
            self._receipt.count("articles", "could not be brought")
            self._receipt.not_yet.add("article that was refused", where=f"“{mapped.headline}” ({reason})")
            return
        self._receipt.redirects += redirects
        self._receipt.count("articles", "changed" if known else "new")

    def page(self, mapped: Mapped) -> None:
        """Bring one page as a static page, or leave it."""
        self._account(mapped)
        known = self._ledger.get(Kind.PAGE, mapped.source_id)
        fingerprint = self._fingerprint(mapped)
        if known and known.content_hash == fingerprint:
            self._receipt.count("pages", "as before")
            self._pictures.account(mapped)
            self._files.account(mapped)
            return
        page = StaticPage.objects.filter(pk=known.object_pk).first() if known else None
        if known and (page is None or known.state != state_of(page)):
            what = "changed in both places, left as it is here" if page else "deleted here since, not brought back"
            self._receipt.count("pages", LEFT)
            self._receipt.notes.add(f"page {what}", where=f"“{mapped.headline}”")
            return
        if mapped.lead and not any(found["image"] == mapped.lead for found in pictures_in(mapped.body)):
            value = {"image": mapped.lead, "alt": mapped.lead_alt, "caption": mapped.lead_caption}
            mapped.body.insert(0, {"type": "image", "value": value})  # a static page has no lead picture of its own
        body = filled(mapped.body, self._pictures.bring(mapped), self._files.bring(mapped))
        wanted = page_slug(mapped.slug, mapped.headline, is_top=True) or f"page-{ascii_slug(mapped.source_id)}"
        try:
            with transaction.atomic():
                if page is None:
                    self._home.refresh_from_db()
                    siblings = self._home.get_children()
                    slug = free(wanted, lambda slug: bool(siblings.filter(slug=slug).exists()))
                    page = actions.create_static_page(self._home, mapped.headline, slug, body, is_in_footer=False)
                else:
                    page = actions.update_static_page(page, mapped.headline, body)
                self._ledger.put(Kind.PAGE, mapped.source_id, f"static:{page.pk}", fingerprint, state_of(page))
                redirects = sum(self._redirect(path, f"static:{page.pk}") for path in mapped.old_paths)
        except ValidationError as error:
            self._receipt.count("pages", "could not be brought")
            reason = "; ".join(error.messages)
            self._receipt.not_yet.add("page that was refused", where=f"“{mapped.headline}” ({reason})")
            return
        self._receipt.redirects += redirects
        self._receipt.count("pages", "changed" if known else "new")

    def kept_back(self, item: Item) -> None:
        """A post that the old site hides: say so when an earlier import brought it while it was public."""
        known = self._ledger.get(Kind.ARTICLE, mapper.source_id(item)) if item.kind == "post" else None
        if known and Article.objects.filter(pk=known.object_pk, live=True).exists():
            self._receipt.notes.add(
                "article public here that the old site no longer shows; unpublish it if it should go",
                where=f"“{plain(item.title)}”",
            )

    def _account(self, mapped: Mapped) -> None:
        receipt = self._receipt
        tallies = (receipt.not_yet, receipt.simpler, receipt.notes)
        for tally, counts in zip(tallies, (mapped.lost, mapped.simpler, mapped.notes), strict=True):
            for key, number in counts.items():
                kind, _, detail = key.partition(": ")
                tally.add(kind, number, f"“{mapped.headline}”" + (f" ({detail})" if detail else ""))

    def _fingerprint(self, mapped: Mapped) -> str:
        pictures = {path: self._pictures.fingerprint(path) for path in mapped.pictures}
        files = {path: self._files.fingerprint(path) for path in mapped.files}
        return content_hash(
            mapped.headline,
            mapped.slug,
            mapped.standfirst,
            mapped.body,
            mapped.section,
            mapped.creator,
            self._survey.authors.get(mapped.creator, ""),
            [mapped.lead, mapped.lead_alt, mapped.lead_caption],
            [mapped.tags, mapped.design],
            mapped.published_at,
            mapped.changed_at,
            pictures,
            *([files] if files else ()),
        )

    def _draft(
        self,
        mapped: Mapped,
        section: Section,
        article: Article | None,
        author: Author | None,
        pictures: dict[str, int],
        files: dict[str, int],
        topics: list[Topic],
    ) -> actions.Draft:
        lead = Picture.objects.filter(pk=pictures.get(mapped.lead)).first() if mapped.lead else None
        wanted = page_slug(mapped.slug, mapped.headline) or f"post-{ascii_slug(mapped.source_id)}"
        siblings = section.get_children()
        if article is not None:
            siblings = siblings.exclude(pk=article.pk)
        return actions.Draft(
            headline=mapped.headline,
            slug=free(wanted, lambda slug: bool(siblings.filter(slug=slug).exists())),
            standfirst=mapped.standfirst,
            body=filled(mapped.body, pictures, files),
            authors=[author] if author else [],
            topics=topics,
            fields={"design": mapped.design or Article.Design.STANDARD},
            lead_picture=lead,
            lead_alt=mapped.lead_alt if lead else "",
            lead_caption=mapped.lead_caption if lead else "",
            published_at=mapped.published_at,
            changed_at=mapped.changed_at,
        )

    def _section(self, slug: str, below: tuple[str, ...] = ()) -> int:
        """Primary key of the section of a category, made if need be; categories in a circle end at the top."""
        if slug in self._sections:
            return self._sections[slug]
        category = self._survey.categories.get(slug)
        title = clip((plain(category.name) if category else "") or slug or "News", 255)
        standfirst = clip(plain(category.description), 300) if category else ""
        known = self._ledger.get(Kind.SECTION, slug)
        if known and Section.objects.filter(pk=known.object_pk).exists():
            self._receipt.count("sections", "as before")
            self._sections[slug] = known.object_pk
            return known.object_pk
        parent: Home | Section = self._home
        if category and category.parent and category.parent not in (*below, slug):
            parent = Section.objects.get(pk=self._section(category.parent, (*below, slug)))
        is_top = isinstance(parent, Home)
        wanted = page_slug(slug, title, is_top=is_top) or f"section-{category.term_id if category else ''}".rstrip("-")
        while isinstance(parent, Section) and (parent.depth >= MAX_DEPTH or slug_problem(wanted, parent)):
            parent = parent.get_parent().specific
            self._receipt.notes.add("category too deep for an address, put higher", where=f"“{title}”")
        with transaction.atomic():
            parent.refresh_from_db()
            here = Section.objects.child_of(parent).filter(slug=wanted).first()
            if here:
                self._receipt.notes.add("section that was here already, used for the category", where=f"“{here.title}”")
            section = here or actions.create_section(
                parent,
                title,
                free(wanted, lambda candidate: bool(parent.get_children().filter(slug=candidate).exists())),
                standfirst,
            )
            self._ledger.put(Kind.SECTION, slug, f"section:{section.pk}", content_hash(title, standfirst))
            redirects = sum(self._redirect(path, f"section:{section.pk}") for path in self._archives(slug))
        self._receipt.redirects += redirects
        self._receipt.count("sections", "new")
        self._sections[slug] = section.pk
        return int(section.pk)

    def _archives(self, slug: str) -> list[str]:
        """Addresses of a category's archive: below its parents, as WordPress links it, and by itself."""
        if not slug:
            return []
        base = urlsplit(self._survey.site.link).path.rstrip("/")
        chain = [unquote(part) for part in reversed(list(mapper.lineage(slug, self._survey.categories)))]
        return list(dict.fromkeys([f"{base}/category/{'/'.join(chain)}/", f"{base}/category/{chain[-1]}/"]))

    def _author(self, mapped: Mapped) -> Author | None:
        login = mapped.creator
        if login in self._authors:
            return self._authors[login]
        name = clip(plain(self._survey.authors.get(login, login)), 200)
        if not name:
            self._receipt.notes.add("article without an author", where=f"“{mapped.headline}”")
            return None
        if login not in self._survey.authors:
            self._receipt.notes.add("author whom the export does not list, named by login", where=f"“{login}”")
        known = self._ledger.get(Kind.AUTHOR, login)
        fingerprint = content_hash(name)
        author = Author.objects.filter(pk=known.object_pk).first() if known else None
        if known and (author is None or known.content_hash == fingerprint or author.name != known.state):
            self._receipt.count("authors", "as before" if author else LEFT)
        else:
            with transaction.atomic():
                was_here = author is not None
                author = author or self._same_name(name)
                slug = author.slug if author else self._author_slug(name, login)
                author = actions.create_author(name, slug, author.bio if author else "")
                self._ledger.put(Kind.AUTHOR, login, f"author:{author.pk}", fingerprint, name)
            self._receipt.count("authors", "changed" if was_here else "new")
        self._authors[login] = author
        return author

    def _topics_of(self, mapped: Mapped) -> list[Topic]:
        found = (self._topic(slug) for slug in mapped.tags)
        return list({topic.pk: topic for topic in found if topic is not None}.values())

    def _topic(self, slug: str) -> Topic | None:
        """What a tag became; ``None`` when it was brought before and deleted here since."""
        if slug in self._topics:
            return self._topics[slug]
        known = self._ledger.get(Kind.TOPIC, slug)
        topic = Topic.objects.filter(pk=known.object_pk).first() if known else None
        if known:
            self._receipt.count("topics", "as before" if topic else LEFT)
        else:
            tag = self._survey.tags[slug]
            name = clip(plain(tag.name) or slug, 200)
            here = Topic.objects.filter(name=name).first()
            with transaction.atomic():
                topic = here or actions.create_shelf(Topic, name, self._topic_slug(slug, name), plain(tag.description))
                self._ledger.put(Kind.TOPIC, slug, f"topic:{topic.pk}", content_hash(name))
                base = urlsplit(self._survey.site.link).path.rstrip("/")
                redirects = int(self._redirect(f"{base}/tag/{unquote(slug)}/", f"topic:{topic.pk}"))
            self._receipt.redirects += redirects
            self._receipt.count("topics", "as before" if here else "new")
        self._topics[slug] = topic
        return topic

    def _topic_slug(self, slug: str, name: str) -> str:
        wanted = page_slug(unquote(slug), name) or "topic"
        return free(wanted, lambda candidate: Topic.objects.filter(slug=candidate).exists())

    def _same_name(self, name: str) -> Author | None:
        """An author of this name who was here before; two people of one name in the export stay two."""
        for author in Author.objects.filter(name=name):
            if not self._ledger.has_object(Kind.AUTHOR, f"author:{author.pk}"):
                return author
        return None

    def _author_slug(self, name: str, login: str) -> str:
        wanted = page_slug(name, login) or "author"
        return free(wanted, lambda slug: Author.objects.filter(slug=slug).exists())

    def _redirect(self, path: str, subject: str) -> bool:
        try:
            return add_redirect(path, subject)
        except ValueError:
            self._receipt.notes.add("old address that can't redirect", where=clip(path, 100))
            return False


def state_of(article: Article | StaticPage | None) -> str:
    """What tells whether someone has changed an article here since."""
    if article is None:
        return ""
    parent = article.get_parent()
    return f"{article.latest_revision_id} in {parent.pk if parent else ''}{' live' if article.live else ''}"
