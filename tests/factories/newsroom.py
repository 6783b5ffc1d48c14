"""Authors, sections and articles, written through the newsroom's actions."""

from typing import Any

import factory
from django.contrib.auth.models import Group
from wagtail.models import Collection, Locale, Page

from stoppress.comments import hooks, keys
from stoppress.newsroom import actions
from stoppress.newsroom.models import Article, Author, Section
from stoppress.pagestore.actions import drain
from tests import rows


def lay_ground() -> None:
    """Make what Wagtail's first migrations make, where it is missing: language, root page, collection, groups."""
    Locale.objects.get_or_create(language_code="en")
    if not Page.objects.filter(depth=1).exists():
        Page.add_root(title="Root", slug="root")
    if not Collection.objects.filter(depth=1).exists():
        Collection.add_root(name="Root")
    for name in ("Moderators", "Editors"):
        Group.objects.get_or_create(name=name)


class AuthorFactory(factory.Factory[Author]):
    """Someone who writes."""

    class Meta:
        model = Author

    name = factory.Sequence(lambda n: f"Author {n}")
    slug = factory.Sequence(lambda n: f"author-{n}")
    bio = ""

    @classmethod
    def _create(cls, model_class: type[Author], *args: Any, **kwargs: Any) -> Author:
        return actions.create_author(**kwargs)


class SectionFactory(factory.Factory[Section]):
    """A live section below ``parent``, which must be given."""

    class Meta:
        model = Section

    title = factory.Sequence(lambda n: f"Section {n}")
    slug = factory.Sequence(lambda n: f"section-{n}")
    standfirst = ""

    @classmethod
    def _create(cls, model_class: type[Section], *args: Any, **kwargs: Any) -> Section:
        return actions.create_section(**kwargs)


class DraftFactory(factory.Factory[actions.Draft]):
    """The content of an article, not written anywhere."""

    class Meta:
        model = actions.Draft

    headline = factory.Sequence(lambda n: f"Headline {n}")
    slug = factory.Sequence(lambda n: f"draft-{n}")
    standfirst = "What happened, in a sentence."
    body = ({"type": "text", "value": "<p>It happened.</p>"},)


class ArticleFactory(DraftFactory):
    """A live article in ``section``, which must be given; the rest is the :class:`Draft`'s."""

    class Meta:
        model = Article

    # It counts apart from drafts, so its numbers may be theirs.
    slug = factory.Sequence(lambda n: f"story-{n}")

    @classmethod
    def _create(cls, model_class: type[Article], *args: Any, **kwargs: Any) -> Article:
        section, user = kwargs.pop("section"), kwargs.pop("user", None)
        return actions.publish_article(section, actions.Draft(**kwargs), user)


def baked_ferry() -> Article:
    """An article at /world/ferry/ of the small publication, baked."""
    rows.put_back_or(_bake_ferry, hooks.COALESCED, keys.ROOTS_ON_A_PAGE, keys.REPLIES_ON_A_PAGE)
    return Article.objects.get(slug="ferry")


def _bake_ferry() -> None:
    ArticleFactory(section=Section.objects.get(slug="world"), slug="ferry", headline="Ferry is back")
    drain()
