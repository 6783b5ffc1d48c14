"""Writes what the mapper made, through actions: articles by the batch, all else by itself, each with its line in the
ledger in the transaction of the thing itself.

What someone changed, moved, unpublished, killed or deleted here since is theirs: it is left as it is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page

from stoppress.importers.models import LedgerEntry
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
from stoppress.pagestore.actions import add_redirects
from stoppress.pagestore.layout import is_sound, normal

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
        self._section_rows: dict[int, Section] = {}
        self._authors: dict[str, Author | None] = {}
        self._topics: dict[str, Topic | None] = {}

    def sections(self) -> None:
        """Bring every section that holds something public, parents first."""
        for slug in self._survey.section_slugs:
            chain = list(mapper.lineage(slug, self._survey.categories))
            # From the top in strides, so that no chain is deeper than Python's stack.
            for ancestor in [*reversed(chain[STRIDE::STRIDE]), slug]:
                self._section(ancestor)

    def articles(self, batch: Sequence[Mapped]) -> None:
        """Bring articles, or leave them, in one transaction."""
        self._ledger.load(Kind.ARTICLE, {mapped.source_id for mapped in batch})
        self._ledger.load(Kind.PICTURE, {path for mapped in batch for path in mapped.pictures})
        self._ledger.load(Kind.FILE, {path for mapped in batch for path in mapped.files})
        known = [self._ledger.get(Kind.ARTICLE, mapped.source_id) for mapped in batch]
        there = _there([entry.object_pk for entry in known if entry])
        fresh: list[_Due] = []
        changed: list[_Due] = []
        for mapped, entry in zip(batch, known, strict=True):
            self._account(mapped)
            due = _Due(mapped, self._fingerprint(mapped))
            if entry is None:
                fresh.append(due)
            elif entry.content_hash == due.fingerprint:
                self._receipt.count("articles", "as before")
                self._pictures.account(mapped)
                self._files.account(mapped)
                self._author(mapped)
                self._topics_of(mapped)
            elif entry.state != there.get(entry.object_pk):
                is_here = entry.object_pk in there
                what = (
                    "changed in both places, left as it is here" if is_here else "deleted here since, not brought back"
                )
                self._receipt.count("articles", LEFT)
                self._receipt.notes.add(f"article {what}", where=f"“{mapped.headline}”")
            else:
                due.pk = entry.object_pk
                changed.append(due)
        if fresh or changed:
            self._write(fresh, changed)

    def _write(self, fresh: Sequence["_Due"], changed: Sequence["_Due"]) -> None:
        for due in (*fresh, *changed):
            # Pictures, people, topics and sections come by themselves, each once.
            self._prepare(due)
        with transaction.atomic():
            outcomes = actions.publish_articles(
                [actions.NewArticle(section=due.section, draft=due.draft, numbers_slug=True) for due in fresh]
            )
            for due, outcome in zip(fresh, outcomes, strict=True):
                due.article, due.problem = outcome.article, outcome.problem
            for due in changed:
                self._update(due)
            done = [(due, due.article) for due in (*fresh, *changed) if due.article is not None]
            self._ledger.put_all([self._entry_of(due, article) for due, article in done])
            pairs = [pair for due, article in done for pair in self._old_addresses(due, article)]
            redirects = sum(add_redirects(pairs))
        self._receipt.redirects += redirects
        for due in (*fresh, *changed):
            if due.article is None:
                self._refused("article", due.mapped, due.problem)
            else:
                self._receipt.count("articles", "changed" if due.pk else "new")

    def _prepare(self, due: "_Due") -> None:
        mapped = due.mapped
        pictures, files = self._pictures.bring(mapped), self._files.bring(mapped)
        author = self._author(mapped)
        topics = self._topics_of(mapped)
        lead = Picture.objects.filter(pk=pictures.get(mapped.lead)).first() if mapped.lead else None
        due.section = self._section_row(self._section(mapped.section))
        due.draft = actions.Draft(
            headline=mapped.headline,
            slug=page_slug(mapped.slug, mapped.headline) or f"post-{ascii_slug(mapped.source_id)}",
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

    def _update(self, due: "_Due") -> None:
        try:
            with transaction.atomic():
                article = Article.objects.get(pk=due.pk)
                siblings = due.section.get_children().exclude(pk=article.pk)
                slug = free(due.draft.slug, lambda slug: bool(siblings.filter(slug=slug).exists()))
                if article.get_parent().pk != due.section.pk:
                    actions.move_page(article, due.section)
                    article = Article.objects.get(pk=article.pk)
                due.article = actions.update_article(article, replace(due.draft, slug=slug))
        except ValidationError as error:
            due.problem = error

    def _entry_of(self, due: "_Due", article: Article) -> LedgerEntry:
        state = _state(article.latest_revision_id, due.section.pk, is_live=article.live)
        key = f"article:{article.pk}"
        return self._ledger.entry(Kind.ARTICLE, due.mapped.source_id, key, due.fingerprint, state)

    def _old_addresses(self, due: "_Due", article: Article) -> list[tuple[str, str]]:
        return self._redirects(due.mapped.old_paths, f"article:{article.pk}", article.public_path)

    def _left(self, what: str, mapped: Mapped, *, is_here: bool) -> None:
        why = "changed in both places, left as it is here" if is_here else "deleted here since, not brought back"
        self._receipt.count(f"{what}s", LEFT)
        self._receipt.notes.add(f"{what} {why}", where=f"“{mapped.headline}”")

    def _refused(self, what: str, mapped: Mapped, problem: ValidationError | None) -> None:
        reason = "; ".join(problem.messages) if problem else ""
        self._receipt.count(f"{what}s", "could not be brought")
        self._receipt.not_yet.add(f"{what} that was refused", where=f"“{mapped.headline}” ({reason})")

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
        if known and (page is None or known.state != _there([page.pk]).get(page.pk)):
            self._left("page", mapped, is_here=page is not None)
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
                self._ledger.put(
                    Kind.PAGE, mapped.source_id, f"static:{page.pk}", fingerprint, _there([page.pk])[page.pk]
                )
                old = self._redirects(mapped.old_paths, f"static:{page.pk}", page.public_path)
                redirects = sum(add_redirects(old))
        except ValidationError as error:
            self._refused("page", mapped, error)
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

    def _section_row(self, pk: int) -> Section:
        """The section; its children may be others by now."""
        if pk not in self._section_rows:
            self._section_rows[pk] = Section.objects.get(pk=pk)
        return self._section_rows[pk]

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
            old = self._redirects(self._archives(slug), f"section:{section.pk}", section.public_path)
            redirects = sum(add_redirects(old))
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
                old = self._redirects([f"{base}/tag/{unquote(slug)}/"], topic.key, topic.public_path)
                redirects = sum(add_redirects(old))
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

    def _redirects(self, paths: Iterable[str], subject: str, home: str) -> list[tuple[str, str]]:
        """Those of ``paths`` that can redirect to ``subject``, which lives at ``home`` and needs none from there."""
        pairs = []
        for path in paths:
            if not is_sound(normal(path)):
                self._receipt.notes.add("old address that can't redirect", where=clip(path, 100))
            elif normal(path) != home:
                pairs.append((path, subject))
        return pairs


@dataclass(slots=True)
class _Due:
    """An article on its way in.

    Attributes:
        pk: of the article that it changes; 0 for a new one.
    """

    mapped: Mapped
    fingerprint: str
    pk: int = 0
    section: Section = field(init=False)
    draft: actions.Draft = field(init=False)
    article: Article | None = None
    problem: ValidationError | None = None


def _state(revision: int | None, parent: int, *, is_live: bool) -> str:
    """What tells whether someone has changed a page here since."""
    return f"{revision} in {parent}{' live' if is_live else ''}"


def _there(pks: Collection[int]) -> dict[int, str]:
    """The state of those of ``pks`` that are still here, in two queries."""
    pages = list(Page.objects.filter(pk__in=pks).order_by().values_list("pk", "path", "latest_revision_id", "live"))
    above = {path[: -Page.steplen] for _pk, path, _revision, _live in pages}
    parents = dict(Page.objects.filter(path__in=above).order_by().values_list("path", "pk"))
    return {
        pk: _state(revision, parents[path[: -Page.steplen]], is_live=live)
        for pk, path, revision, live in pages
        if path[: -Page.steplen] in parents
    }
