"""Home, Section and Article: Wagtail pages whose writes are observed, not overridden."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.models import Orderable, Page
from wagtail.models.pages import PagePermissionTester
from wagtail.search import index
from wagtail.url_routing import RouteResult

from stoppress.newsroom.blocks import BodyBlock, BodyField
from stoppress.newsroom.forms import ArticleForm
from stoppress.newsroom.models.authors import Author
from stoppress.newsroom.permissions import ArticlePermissionTester, PublicPagePermissionTester

RESERVED_SLUGS = frozenset({"page", "feed", "comments", "lite"})
RESERVED_TOP_SLUGS = frozenset({"-", "desk", "media", "static", "sitemap"})


class PublicPage(Page):
    """What our page types share; not a table.

    The path below the public base URL is taken from Wagtail's ``url_path``, so it needs no Site look-up.
    """

    # Page privacy is off: a restricted page can't be baked, and a paywall is out of scope for now.
    private_page_options: ClassVar[list[str]] = []
    settings_panels: ClassVar[list[Any]] = []
    promote_panels = [MultiFieldPanel([FieldPanel("slug"), FieldPanel("search_description")], heading=_("Address"))]

    class Meta:
        abstract = True

    @property
    def public_path(self) -> str:
        """Path with leading and trailing slash; ``/`` for the home page."""
        return public_path(self.url_path)

    def clean(self) -> None:
        """Keep the slugs that have a meaning of their own.

        Raises:
            ValidationError: names the slug and offers another.
        """
        super().clean()
        parent = self.get_parent() if self.path else None
        is_top = parent is None or parent.depth <= 2
        if self.slug in RESERVED_SLUGS or (is_top and self.slug in RESERVED_TOP_SLUGS):
            raise ValidationError({"slug": _("“%(slug)s” is reserved. Try “%(slug)s-news”.") % {"slug": self.slug}})

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Deleting is for superusers: everyone else unpublishes or kills."""
        return PublicPagePermissionTester(user, self)


def public_path(url_path: str) -> str:
    """Wagtail's ``/home/world/story/`` (the home page's own slug first) as readers know it: ``/world/story/``."""
    return "/" + url_path.lstrip("/").partition("/")[2]


class Home(PublicPage):
    """The front page of the publication."""

    template = "newsroom/home.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["newsroom.Section"]

    class Meta:
        verbose_name = _("home")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The newest stories and a strip of each section."""
        from stoppress.newsroom import pages  # noqa: PLC0415 - reads this module's tables

        return {**super().get_context(request, *args, **kwargs), **pages.home(self)}


class Section(PublicPage):
    """A part of the paper: World, Local, Sports."""

    standfirst = models.CharField(max_length=300, blank=True, help_text=_("What readers find here."))

    template = "newsroom/section.html"
    parent_page_types = ["newsroom.Home", "newsroom.Section"]
    subpage_types = ["newsroom.Section", "newsroom.Article"]
    content_panels = [*Page.content_panels, FieldPanel("standfirst")]

    class Meta:
        verbose_name = _("section")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Adds ``page/<n>/``, the section's older pages, counted from the oldest.

        Raises:
            Http404: the number is not one of a page that exists.
        """
        if len(path_components) == 2 and path_components[0] == "page":
            if not self.live or not path_components[1].isascii() or not path_components[1].isdigit():
                raise Http404
            return RouteResult(self, kwargs={"number": int(path_components[1])})
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, number: int | None = None, **kwargs: Any) -> dict[str, Any]:
        """The newest stories, or one older page of them."""
        from stoppress.newsroom import pages  # noqa: PLC0415 - reads this module's tables

        return {**super().get_context(request, *args, **kwargs), **pages.section(self, number)}


class Article(PublicPage):
    """A report. ``title`` is the headline."""

    standfirst = models.CharField(max_length=500, blank=True, help_text=_("One or two sentences under the headline."))
    lead_picture = models.ForeignKey(
        "media.Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead_alt = models.CharField(
        _("picture text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who can't see it."),
    )
    lead_caption = models.CharField(_("picture caption"), max_length=500, blank=True)
    body = BodyField(BodyBlock(), blank=True)
    killed_at = models.DateTimeField(null=True, editable=False)

    base_form_class = ArticleForm
    template = "newsroom/article.html"
    parent_page_types = ["newsroom.Section"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        TitleFieldPanel("title", heading=_("Headline"), placeholder=_("Headline")),
        FieldPanel("standfirst"),
        InlinePanel("bylines", heading=_("Byline"), label=_("Author")),
        MultiFieldPanel(
            [FieldPanel("lead_picture"), FieldPanel("lead_alt"), FieldPanel("lead_caption")], heading=_("Lead picture")
        ),
        FieldPanel("body"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("article")

    def with_content_json(self, content: dict[str, Any]) -> "Article":
        """Wagtail's own, but the seal of a kill is the article's, not a revision's: none from before lifts it."""
        article: Article = super().with_content_json(content)
        article.killed_at = self.killed_at
        return article

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """A killed article is sealed: nobody edits or publishes it again."""
        return ArticlePermissionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Headline, byline, dates, section and body."""
        from stoppress.newsroom import pages  # noqa: PLC0415 - reads this module's tables

        return {
            **super().get_context(request, *args, **kwargs),
            **pages.article(self, is_preview=getattr(request, "is_preview", False)),
        }


class Byline(Orderable):
    """An author's credit for one article, in order."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="bylines")

    panels = [FieldPanel("author")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="newsroom_byline_once")]

    def __str__(self) -> str:
        return str(self.author)
