"""What the newsroom adds to Wagtail's own behaviour: links in text that know where they lead, authors, no aliases."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import escape
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.rich_text import LinkHandler
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from stoppress.core.recorder import depends_on
from stoppress.newsroom import compared, keys
from stoppress.newsroom.addresses import slug_problem
from stoppress.newsroom.models import Article, Author, Publication, Series, Story, Topic

compared.register()


class PageLinkHandler(LinkHandler):
    """A link in text to a page of ours: follows it when it moves, and is plain text while it is not live."""

    identifier = "page"

    @staticmethod
    def get_model() -> Any:
        return Page

    @classmethod
    def expand_db_attributes(cls, attrs: dict[str, str]) -> str:
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict[str, str]]) -> list[str]:
        ids = [int(attrs["id"]) for attrs in attrs_list if attrs.get("id", "").isdigit()]
        known = Publication.objects.in_bulk(ids)
        for pk in ids:
            depends_on(keys.card(pk), keys.section(pk), keys.static(pk))
        opened = []
        for attrs in attrs_list:
            page = known.get(int(attrs["id"])) if attrs.get("id", "").isdigit() else None
            opened.append(f'<a href="{escape(page.path)}">' if page is not None and page.is_live else "<a>")
        return opened


@hooks.register("register_rich_text_features", order=10)
def register_page_links(features: Any) -> None:
    """Take the place of Wagtail's handler, which knows no surrogate keys."""
    features.register_link_type(PageLinkHandler)


@hooks.register("register_log_actions")
def register_corrections(actions: Any) -> None:
    """What a page's history says of corrections."""
    actions.register_action(
        "stoppress.correct", _("Correct"), lambda data: _now("Corrected: %(text)s") % {"text": data.get("text", "")}
    )
    actions.register_action(
        "stoppress.withdraw_correction",
        _("Withdraw a correction"),
        lambda data: (
            _now("Correction withdrawn (%(reason)s): %(text)s")
            % {"text": data.get("text", ""), "reason": data.get("reason", "")}
        ),
    )


_RECORDS: dict[str, tuple[Any, Any]] = {
    "stoppress.correct": (_("Correct"), _("Corrected: %(text)s")),
    "stoppress.withdraw_correction": (_("Withdraw a correction"), _("Correction withdrawn (%(reason)s): %(text)s")),
    "stoppress.dismiss_error": (_("Dismiss a reported error"), _("Reported error dismissed: %(reason)s")),
    "stoppress.take_over": (_("Take over"), _("Lock taken over: %(reason)s")),
    "stoppress.withhold_version": (
        _("Withhold a version"),
        _("Version of %(at)s left out of the public history: %(reason)s"),
    ),
    "stoppress.show_version": (
        _("Show a version again"),
        _("Version of %(at)s shown in the public history again: %(reason)s"),
    ),
}


@hooks.register("register_log_actions")
def register_records(actions: Any) -> None:
    """What a page's history says of corrections, and of what readers see of older versions."""
    for name, (label, words) in _RECORDS.items():
        formatter = type("Record", (LogFormatter,), {"label": label, "words": words, "format_message": _record})
        actions.register_action(name)(formatter)


def _record(self: Any, entry: Any) -> str:
    told = {name: str(entry.data.get(name, "")) for name in ("text", "reason", "at")}
    return str(self.words % told)


@hooks.register("before_create_page")
def refuse_new_sections(request: HttpRequest, parent_page: Page, page_class: type[Page]) -> None:
    """Who writes adds articles; the shape of the paper is for who may publish where it would change.

    Raises:
        PermissionDenied: a section or a static page, and they may not.
    """
    if page_class is not Article and not parent_page.permissions_for_user(request.user).can_shape():
        raise PermissionDenied


@hooks.register("before_copy_page")
def refuse_alias(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Aliases are off: two addresses must not show one page."""
    if request.method == "POST" and request.POST.get("alias"):
        messages.error(request, _now("An alias would give one story two addresses, so none was made. Copy it instead."))
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


@hooks.register("before_move_page")
def refuse_impossible_address(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Say why a page can't move there before Wagtail says only that it may not."""
    problem = slug_problem(page.slug, destination)
    if not problem:
        return None
    messages.error(request, problem)
    return redirect("wagtailadmin_pages:move", page.pk)


class ShelfViewSet(SnippetViewSet):
    """What the desks of the four kinds share."""

    list_display = ["name", Column("slug")]
    search_fields = ["name"]
    ordering = ["name"]


class AuthorViewSet(ShelfViewSet):
    """Authors at the desk."""

    model = Author
    icon = "user"
    menu_label = _("Authors")


class TopicViewSet(ShelfViewSet):
    """Topics at the desk."""

    model = Topic
    icon = "tag"
    menu_label = _("Topics")


class StoryViewSet(ShelfViewSet):
    """Running stories at the desk."""

    model = Story
    icon = "list-ul"
    menu_label = _("Running stories")


class SeriesViewSet(ShelfViewSet):
    """Series at the desk."""

    model = Series
    icon = "list-ol"
    menu_label = _("Series")


class ShelvesGroup(SnippetViewSetGroup):
    """One entry in the desk's menu for all of them."""

    items = (AuthorViewSet, TopicViewSet, StoryViewSet, SeriesViewSet)
    menu_icon = "tag"
    menu_label = _("People and topics")
    menu_name = "shelves"


register_snippet(ShelvesGroup)
