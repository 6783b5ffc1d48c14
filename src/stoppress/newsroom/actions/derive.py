"""From marks to what changed: compares each page with what was derived of it before.

Runs in the worker, inside the transaction that deletes the marks; :class:`Publication` and :class:`ListEntry` are
written here and nowhere else.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, QuerySet
from django.utils import timezone
from wagtail.models import Page

from stoppress.newsroom import archives, corrected, keys, replies, shelving
from stoppress.newsroom.actions.corrections_list import look_at_corrections
from stoppress.newsroom.actions.days import look_at_days
from stoppress.newsroom.actions.expanding import expand
from stoppress.newsroom.actions.versions import look_at_versions
from stoppress.newsroom.models import (
    BUCKET,
    Article,
    ArticleTopic,
    Byline,
    Correction,
    Home,
    ListEntry,
    Publication,
    Section,
    StaticPage,
)
from stoppress.newsroom.models.publication import FEEDS, NEWS_AGE, SECURITY_PATH, SITEMAP_CHUNK
from stoppress.newsroom.restricted import restricted_paths
from stoppress.newsroom.rows import row_of
from stoppress.newsroom.signals import publications_derived
from stoppress.pagestore.actions import paths_of
from stoppress.pagestore.hookspecs import Derivation, Live
from stoppress.pagestore.models import Mark, Priority
from stoppress.pagestore.outbox import IDS_AT_ONCE

Noun = Publication.Noun


@dataclass(slots=True)
class _Now:
    """A page as it is now, and the lists it belongs to."""

    publication: Publication
    lists: frozenset[str]
    corrections: Sequence[Correction] = ()
    article: Article | None = None


def derive(marks: Sequence[str]) -> Derivation:
    """What follows from ``marks``."""
    derivation = Derivation()
    wanted = expand(marks, derivation)
    shelves = {mark for mark in marks if shelving.is_shelf(mark)}
    if wanted:
        shelves |= _Deriver(derivation, sorted(wanted)).run()
        publications_derived.send(sender=Publication, page_ids=sorted(wanted))
    for key in sorted(shelves):
        _look_at_shelf(key, derivation)
    return derivation


class _Attached:
    """What hangs on some articles, by article, each in its order."""

    def __init__(self, page_ids: list[int]) -> None:
        self.bylines: dict[int, list[Byline]] = {}
        self.topics: dict[int, list[int]] = {}
        self.corrections: dict[int, list[Correction]] = {}
        order = ("sort_order", "pk")
        for byline in Byline.objects.filter(article_id__in=page_ids).select_related("author").order_by(*order):
            self.bylines.setdefault(byline.article_id, []).append(byline)
        for use in ArticleTopic.objects.filter(article_id__in=page_ids).order_by(*order):
            self.topics.setdefault(use.article_id, []).append(use.topic_id)
        told = Correction.objects.filter(article_id__in=page_ids, withdrawn_at=None)  # as corrected.told
        for correction in told.order_by("at", "pk"):
            self.corrections.setdefault(correction.article_id, []).append(correction)


class _Deriver:
    """One derivation: loads what is needed in a fixed number of queries, then compares page by page."""

    def __init__(self, derivation: Derivation, page_ids: list[int]) -> None:
        self.out = derivation
        self.page_ids = page_ids
        self.sections = _sections()
        self.before = Publication.objects.in_bulk(page_ids)
        self.entries: dict[int, dict[str, ListEntry]] = {}
        for entry in ListEntry.objects.filter(publication_id__in=page_ids):
            self.entries.setdefault(entry.publication_id, {})[entry.list] = entry
        self.attached = _Attached(page_ids)
        self.compared: list[Publication] = []
        self.withdrawn: list[int] = []
        self.turned: dict[bool, list[int]] = {True: [], False: []}
        self.arrivals: list[tuple[Publication, str]] = []
        self.opened: set[str] = set()
        self.came: set[str] = set()
        self.left: set[str] = set()
        self.touched: set[str] = set()

    def run(self) -> set[str]:
        """Homes and sections first, since articles stand below them.

        Returns the shelves that got a new page, their first article, or lost their last.
        """
        restricted = restricted_paths()
        now: dict[int, _Now] = {}
        for page in Page.objects.filter(pk__in=self.page_ids).specific():
            # Wagtail's desk adds a new page as live, also one that is planned, and publishes it in a second step.
            is_open = page.live and page.first_published_at is not None and page.alias_of_id is None
            is_open = is_open and not any(page.path.startswith(r) for r in restricted)
            if is_open and isinstance(page, Article) and page.is_embargoed and page.embargo_until:
                is_open = False
                self.out.timed.append((keys.look_again(page.pk), page.embargo_until))
            if is_open and (state := self._state(page)) is not None:
                now[page.pk] = state
        elsewhere = [pk for pk in self.page_ids if self._is_elsewhere(pk, now.get(pk))]
        self.out.marks += [(mark, Mark.Urgency.NOW) for mark in replies.threads_of(elsewhere)]
        order = {Noun.HOME.value: 0, Noun.SECTION.value: 1, Noun.STATIC.value: 1, Noun.ARTICLE.value: 2}
        for state in sorted(now.values(), key=lambda s: (order[s.publication.noun], s.publication.pk)):
            self._compare(state)
        for page_id in self.page_ids:
            if page_id not in now and (before := self.before.get(page_id)) is not None and before.is_live:
                self._withdraw(before)
        self._write()
        self._admit()
        look_at_corrections({pk: now[pk].corrections if pk in now else () for pk in self.page_ids}, self.out)
        articles = [state.article for state in now.values() if state.article is not None]
        look_at_versions(articles, [pk for pk in self.page_ids if pk not in now], self.out)
        look_at_days(self.touched, self.out)
        self._refresh_tree()
        return self.opened | self._turned_shelves()

    def _is_elsewhere(self, page_id: int, now: _Now | None) -> bool:
        """Whether a page came, went or moved, and with it what readers said of it."""
        before = self.before.get(page_id)
        if now is None or before is None or not before.is_live:
            return True
        return before.path != now.publication.path

    def _state(self, page: Page) -> _Now | None:
        if isinstance(page, Article):
            return self._article(page)
        if isinstance(page, Section):
            parent = self._ancestors(page.path, proper=True)
            publication = Publication(
                page_id=page.pk,
                noun=Noun.SECTION,
                path=page.public_path,
                is_live=True,
                headline=page.title,
                standfirst=page.standfirst,
                section_id=parent[-1] if parent else None,
                tree_path=page.path,
            )
            publication.card_hash = _hash(page.title, page.standfirst, page.public_path)
            publication.content_hash = _hash(publication.card_hash, page.search_description)
            return _Now(publication, frozenset())
        if isinstance(page, StaticPage):
            publication = Publication(
                page_id=page.pk,
                noun=Noun.STATIC,
                path=page.public_path,
                is_live=True,
                headline=page.title,
                tree_path=page.path,
                is_in_footer=page.show_in_menus,
                changed_at=page.last_published_at,
            )
            publication.card_hash = _hash(page.title, page.public_path, page.show_in_menus)
            publication.content_hash = _hash(publication.card_hash, page.search_description, page.body.get_prep_value())
            return _Now(publication, frozenset())
        if isinstance(page, Home):
            publication = Publication(page_id=page.pk, noun=Noun.HOME, path="/", is_live=True, headline=page.title)
            publication.content_hash = publication.card_hash = _hash(page.title, page.search_description)
            return _Now(publication, frozenset())
        return None

    def _article(self, page: Article) -> _Now:
        ancestors = self._ancestors(page.path)
        bylines, topics = self.attached.bylines.get(page.pk, []), self.attached.topics.get(page.pk, [])
        told = self.attached.corrections.get(page.pk, [])
        publication = row_of(page, bylines, ancestors)
        publication.corrected_at = max((one.at for one in told), default=None)
        publication.corrections = corrected.stored(told)
        card = [publication.path, page.title, page.standfirst, publication.byline, page.lead_picture_id, page.lead_alt]
        card += [page.lead_is_decorative, page.short_headline]
        card += [publication.section_id, str(page.first_published_at), str(page.updated_at), page.kicker, page.design]
        publication.card_hash = _hash(*card)
        publication.content_hash = _hash(
            *card,
            page.lead_caption,
            [page.search_description, page.seo_title, page.share_headline],
            page.display,
            [page.dateline_place, str(page.dateline_at), page.update_note, page.story_id, page.series_id],
            [(byline.author_id, byline.role) for byline in bylines],
            topics,
            [publication.corrections, [(one.place, one.quote, one.replacement) for one in told]],
            page.body.get_prep_value(),
        )
        lists = {
            keys.ALL,
            *(keys.section_list(pk) for pk in ancestors),
            *shelving.lists_of(page, [b.author_id for b in bylines], topics),
        }
        if page.first_published_at is not None:
            lists.add(archives.day_of(page.first_published_at).subject)
        return _Now(publication, frozenset(lists), told, page)

    def _ancestors(self, tree_path: str, *, proper: bool = False) -> list[int]:
        """Sections above (or at) a place in the tree, outermost first."""
        found = [(path, pk) for path, pk in self.sections if tree_path.startswith(path)]
        return [pk for path, pk in sorted(found) if not proper or path != tree_path]

    def _compare(self, now: _Now) -> None:
        new, before = now.publication, self.before.get(now.publication.pk)
        is_arrival = before is None or not before.is_live
        has_moved = before is None or before.path != new.path
        content_changed = is_arrival or before is None or before.content_hash != new.content_hash
        card_changed = is_arrival or before is None or before.card_hash != new.card_hash
        # A page is found through its address even when nothing else changed (a restored store).
        self.out.live.append(Live(new.path, new.subject, Priority.PAGE if new.noun == Noun.ARTICLE else Priority.FRONT))
        if new.noun == Noun.ARTICLE:
            if content_changed:
                self.out.stale.add(keys.article(new.pk))
            if card_changed:
                self.out.stale.add(keys.card(new.pk))
                self.out.stale |= {keys.design(one.design) for one in (new, before) if one is not None}
                self._touch_news(new, before)
        elif new.noun == Noun.SECTION:
            self._compare_section(new, before, is_arrival=is_arrival, has_moved=has_moved)
        elif new.noun == Noun.STATIC:
            if content_changed:
                self.out.stale |= {keys.static(new.pk), keys.sitemap(0)}
            if card_changed:
                self.out.swept.add(keys.FOOTER)
        else:
            self._look_at_home(new)
        self.compared.append(new)
        if new.noun == Noun.ARTICLE:
            self._compare_lists(now, before, has_moved=has_moved or is_arrival)

    def _look_at_home(self, new: Publication) -> None:
        self.out.stale.add(keys.home(new.pk))
        self.out.live += system_addresses()
        if not settings.STOPPRESS_SECURITY_CONTACT:
            self.out.gone.append(keys.SECURITY)

    def _compare_section(
        self, new: Publication, before: Publication | None, *, is_arrival: bool, has_moved: bool
    ) -> None:
        if is_arrival or before is None or (before.card_hash, before.tree_path) != (new.card_hash, new.tree_path):
            self.out.stale.add(keys.front(keys.section(new.pk)))
            self.out.swept.add(keys.section(new.pk))
            self._touch_sections(new, before)
        elif before.content_hash != new.content_hash:
            self.out.stale.add(keys.front(keys.section(new.pk)))
            self.out.swept.add(keys.about(new.pk))
        if is_arrival or has_moved:
            self.out.live += _addresses_below(keys.section(new.pk), new.path)
        if has_moved:
            # Also when it is new here: articles may have been derived before their section was known.
            self.out.marks.append((keys.rest(keys.subtree(new.pk)), Mark.Urgency.EXPANDED))

    def _touch_sections(self, *sections: Publication | None) -> None:
        """What names sections: of those that stand in the tabs every page, of those below them only a sitemap."""
        if any(section is not None and section.section_id is None for section in sections):
            self.out.swept.add(keys.NAV)
        else:
            self.out.stale.add(keys.sitemap(0))
        self.out.swept |= {keys.below(one.section_id) for one in sections if one is not None and one.section_id}

    def _compare_lists(self, now: _Now, before: Publication | None, *, has_moved: bool) -> None:
        if before is None or before.modified_at != now.publication.modified_at or has_moved:
            self._touch_sitemap(now.publication.pk)
        if before is not None and before.corrections != now.publication.corrections:
            self.out.stale.add(keys.corrections(before.pk))
        entries = self.entries.get(now.publication.pk, {})
        if before is not None and now.lists != {name for name, entry in entries.items() if entry.is_present}:
            self.out.stale.add(keys.shelved(before.pk))
        self.touched |= now.lists | entries.keys()
        if before is not None and before.published_at != now.publication.published_at:
            # It sorts elsewhere: a front that shows only the newest of a bucket may have to show it, or another.
            self.out.stale |= {keys.bucket(entry.list, entry.bucket) for entry in entries.values()}
            self._reorder(*entries)
        for name in sorted(now.lists):
            entry = entries.get(name)
            if entry is None:
                self.arrivals.append((now.publication, name))
            elif not entry.is_present:
                self._show(entry, is_present=True)
        for name, entry in entries.items():
            if name not in now.lists and entry.is_present:
                self._show(entry, is_present=False)

    def _turned_shelves(self) -> set[str]:
        """Those that came into being or have nothing left: a topic of nothing but a killed story names that story."""
        changed = {name for name in self.came | self.left if shelving.is_shelf(name)}
        known = paths_of(changed) if changed else {}
        empty = {name for name in changed - self.came if not ListEntry.objects.of(name).exists()}
        return {name for name in changed if (name in known) == (name in empty)}

    def _show(self, entry: ListEntry, *, is_present: bool) -> None:
        (self.came if is_present else self.left).add(entry.list)
        entry.is_present = is_present
        self.turned[is_present].append(entry.pk)
        self.out.stale |= {keys.bucket(entry.list, entry.bucket), keys.kept(entry.list, entry.bucket)}
        self._reorder(entry.list)

    def _reorder(self, *lists: str) -> None:
        """Each part of a series says where in it it stands; that can wait for a sweep."""
        self.out.swept |= {keys.order(name) for name in lists if name.startswith("series:")}

    def _withdraw(self, before: Publication) -> None:
        before.is_live = False
        self.withdrawn.append(before.pk)
        self.out.gone.append(before.subject)
        if before.noun == Noun.ARTICLE:
            self.out.stale |= {keys.article(before.pk), keys.card(before.pk), keys.design(before.design)}
            self._touch_news(before)
            self.touched |= self.entries.get(before.pk, {}).keys()
            for entry in self.entries.get(before.pk, {}).values():
                if entry.is_present:
                    self._show(entry, is_present=False)
            self._touch_sitemap(before.pk)
        elif before.noun == Noun.STATIC:
            self.out.stale |= {keys.static(before.pk), keys.sitemap(0)}
            self.out.swept.add(keys.FOOTER)
        elif before.noun == Noun.SECTION:
            self.out.gone += [live.subject for live in _addresses_below(keys.section(before.pk), before.path)]
            self.out.swept.add(keys.section(before.pk))
            self._touch_sections(before)

    def _write(self) -> None:
        """Write what was compared, so that what is read from here on is what is so now."""
        fields = [field.name for field in Publication._meta.concrete_fields if not field.primary_key]
        Publication.objects.bulk_create(
            self.compared, 500, update_conflicts=True, unique_fields=["page_id"], update_fields=fields
        )
        Publication.objects.filter(pk__in=self.withdrawn).update(is_live=False)
        for is_present, entries in self.turned.items():
            for start in range(0, len(entries), IDS_AT_ONCE):
                some = entries[start : start + IDS_AT_ONCE]
                ListEntry.objects.filter(pk__in=some).update(is_present=is_present)

    def _admit(self) -> None:
        """Give newcomers their places, oldest first, so that a bulk import is in order."""
        self.arrivals.sort(key=lambda a: (a[0].published_at is None, a[0].published_at, a[0].pk))
        last: dict[str, int] = {}
        arrived: list[ListEntry] = []
        for publication, name in self.arrivals:
            if name not in last:
                found = ListEntry.objects.filter(list=name).aggregate(last=Max("position"))["last"]
                last[name] = -1 if found is None else found
            last[name] += 1
            self.came.add(name)
            arrived.append(entry := ListEntry(list=name, publication=publication, position=last[name]))
            self.entries.setdefault(publication.pk, {})[name] = entry
            self.out.stale.add(keys.bucket(name, entry.bucket))
            self._reorder(name)
            if entry.position % BUCKET == 0:
                self._open_bucket(name, entry.bucket)
                if shelving.is_shelf(name):
                    self.opened.add(name)
            if name == keys.ALL:
                self._touch_sitemap(publication.pk, is_new=True)
        ListEntry.objects.bulk_create(arrived, 500)

    def _open_bucket(self, name: str, number: int) -> None:
        """The bucket before it is full now: its older page begins."""
        self.out.stale |= {keys.newest(name)}
        if number == 0:
            return
        self.out.stale.add(keys.closed(name, number - 1))
        noun, _, rest = name.partition(":")
        if noun == "section":
            section = Publication.objects.filter(pk=int(rest), is_live=True).first()
            if section is not None:
                self.out.live.append(_older_page(name, section.path, number))

    def _touch_sitemap(self, page_id: int, *, is_new: bool = False) -> None:
        entry = self.entries.get(page_id, {}).get(keys.ALL)
        if entry is None:
            return
        number = entry.position // SITEMAP_CHUNK
        self.out.stale.add(keys.sitemap(number))
        if is_new and entry.position % SITEMAP_CHUNK == 0:
            self.out.stale.add(keys.SITEMAP_INDEX)
            self.out.live.append(Live(f"/sitemap/{number}.xml", keys.sitemap(number), Priority.FEED))

    def _touch_news(self, *publications: Publication | None) -> None:
        oldest = timezone.now() - NEWS_AGE
        if any(p is not None and p.published_at is not None and p.published_at > oldest for p in publications):
            self.out.stale.add(keys.NEWS_SITEMAP)

    def _refresh_tree(self) -> None:
        """A reorder rewrites the places of siblings without a signal; these are few, so look at all of them."""
        places = {pk: path for path, pk in self.sections}
        places |= {pk: path for path, pk in _places(StaticPage)}
        for publication in Publication.objects.filter(noun__in=(Noun.SECTION, Noun.STATIC), is_live=True):
            place = places.get(publication.pk)
            if place is not None and place != publication.tree_path:
                publication.tree_path = place
                publication.save(update_fields=["tree_path"])
                if publication.noun == Noun.SECTION:
                    self._touch_sections(publication)
                else:
                    self.out.swept.add(keys.FOOTER)


def _sections() -> list[tuple[str, int]]:
    return list(_places(Section))


def _places(kind: type[Page]) -> QuerySet[Page, tuple[str, int]]:
    """Where all pages of a kind of which there are few stand, and their numbers.

    Found by their kind: asked for the kind's own table, SQLite reads every page there is.
    """
    found: QuerySet[Page, tuple[str, int]] = (
        Page.objects.filter(content_type=ContentType.objects.get_for_model(kind)).order_by().values_list("path", "pk")
    )
    return found


def _newest_bucket(name: str) -> int:
    last = ListEntry.objects.filter(list=name).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) // BUCKET


def _look_at_shelf(key: str, out: Derivation) -> None:
    """Where an author's, topic's, story's or series' pages are, if there are any."""
    shelf = shelving.shelf_of(key)
    if shelf is not None and ListEntry.objects.of(key).exists():
        out.live += [Live(shelf.public_path, key, Priority.FRONT), *_addresses_below(key, shelf.public_path)]
    else:
        # Whatever its slug was: the subjects are known from its number.
        out.gone += [key, *(live.subject for live in _addresses_below(key, "/"))]


def _addresses_below(owner: str, path: str) -> list[Live]:
    """Older pages and feeds of a section or shelf that lives at ``path``."""
    newest = _newest_bucket(owner)
    return [*(_older_page(owner, path, number) for number in range(1, newest + 1)), *_feeds(owner, path)]


def _older_page(owner: str, path: str, number: int) -> Live:
    return Live(f"{path}page/{number}/", keys.older_page(owner, number), Priority.OLDER)


def _feeds(owner: str, path: str) -> list[Live]:
    return [Live(path + place, keys.feed(owner, kind), Priority.FEED) for kind, place in FEEDS.items()]


def system_addresses() -> list[Live]:
    """What every publication has, whatever it holds."""
    security = [Live(SECURITY_PATH, keys.SECURITY, Priority.FEED)] if settings.STOPPRESS_SECURITY_CONTACT else []
    return [
        *security,
        Live(archives.FRONT, keys.ARCHIVE, Priority.FRONT),
        *corrected.addresses(),
        Live("/404.html", keys.NOT_FOUND, Priority.FRONT),
        Live("/410.html", keys.GONE, Priority.FRONT),
        *(Live(f"/{name}.html", f"error:{name}", Priority.FRONT) for name in keys.TROUBLES),
        *_feeds(keys.ALL, "/"),
        Live("/sitemap/0.xml", keys.sitemap(0), Priority.FEED),
        Live("/sitemap.xml", keys.SITEMAP_INDEX, Priority.FEED),
        Live("/sitemap/news.xml", keys.NEWS_SITEMAP, Priority.FEED),
        Live("/robots.txt", keys.ROBOTS, Priority.FEED),
    ]


def _hash(*values: object) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
