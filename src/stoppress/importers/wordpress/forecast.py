"""What an import would do, without doing it."""

from stoppress.importers.wordpress import mapper
from stoppress.importers.wordpress.ledger import Kind, content_hash
from stoppress.importers.wordpress.mapper import Mapped
from stoppress.importers.wordpress.text import clip, plain
from stoppress.importers.wordpress.writer import LEFT, Writer, state_of
from stoppress.newsroom.models import Article, Author, Section, StaticPage, Topic


class Forecast(Writer):
    """Fills in the receipt as :class:`Writer` would, and writes nothing: neither rows nor files.

    It can't foresee what only the writing finds, such as an address that is refused.
    """

    def sections(self) -> None:
        """Count the sections that would be made."""
        chains = (mapper.lineage(slug, self._survey.categories) for slug in self._survey.section_slugs)
        for slug in dict.fromkeys(slug for chain in chains for slug in chain):
            known = self._ledger.get(Kind.SECTION, slug)
            is_here = known is not None and Section.objects.filter(pk=known.object_pk).exists()
            self._receipt.count("sections", "as before" if is_here else "new")

    def article(self, mapped: Mapped) -> None:
        """Count one article and what it needs."""
        self._account(mapped)
        known = self._ledger.get(Kind.ARTICLE, mapped.source_id)
        outcome = "new"
        if known is not None:
            article = Article.objects.filter(pk=known.object_pk).first()
            is_same = known.content_hash == self._fingerprint(mapped)
            is_ours = article is not None and known.state == state_of(article)
            outcome = "as before" if is_same else "changed" if is_ours else LEFT
        self._receipt.count("articles", outcome)
        self._pictures.foresee(mapped)
        self._files.foresee(mapped)
        self._foresee_author(mapped)
        for slug in mapped.tags:
            self._foresee_topic(slug)

    def page(self, mapped: Mapped) -> None:
        """Count one page and its pictures."""
        self._account(mapped)
        known = self._ledger.get(Kind.PAGE, mapped.source_id)
        outcome = "new"
        if known is not None:
            page = StaticPage.objects.filter(pk=known.object_pk).first()
            is_ours = page is not None and known.state == state_of(page)
            is_same = known.content_hash == self._fingerprint(mapped)
            outcome = "as before" if is_same else "changed" if is_ours else LEFT
        self._receipt.count("pages", outcome)
        self._pictures.foresee(mapped)
        self._files.foresee(mapped)

    def _foresee_author(self, mapped: Mapped) -> None:
        login = mapped.creator
        name = clip(plain(self._survey.authors.get(login, login)), 200)
        if not name or login in self._authors:
            return
        self._authors[login] = None
        known = self._ledger.get(Kind.AUTHOR, login)
        author = Author.objects.filter(pk=known.object_pk).first() if known else None
        if known is None:
            self._receipt.count("authors", "new")
        elif author is None:
            self._receipt.count("authors", LEFT)
        else:
            is_same = known.content_hash == content_hash(name) or author.name != known.state
            self._receipt.count("authors", "as before" if is_same else "changed")

    def _foresee_topic(self, slug: str) -> None:
        if slug in self._topics:
            return
        self._topics[slug] = None
        known = self._ledger.get(Kind.TOPIC, slug)
        if known is not None:
            is_here = Topic.objects.filter(pk=known.object_pk).exists()
            self._receipt.count("topics", "as before" if is_here else LEFT)
        else:
            is_here = Topic.objects.filter(name=clip(plain(self._survey.tags[slug].name) or slug, 200)).exists()
            self._receipt.count("topics", "as before" if is_here else "new")
