"""Home, Section and Article: Wagtail pages whose writes are observed, not overridden."""

from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PublishingPanel,
    TitleFieldPanel,
)
from wagtail.models import Orderable, Page, PageViewRestriction
from wagtail.models.pages import PagePermissionTester
from wagtail.search import index
from wagtail.url_routing import RouteResult

from stoppress.newsroom import looks
from stoppress.newsroom.addresses import public_path, slug_problem
from stoppress.newsroom.blocks import BodyBlock, BodyField
from stoppress.newsroom.forms import ArticleForm, PublicPageForm
from stoppress.newsroom.models.shelves import Author, Series, Story, Topic, drop_controls
from stoppress.newsroom.one_line import OneLine
from stoppress.newsroom.panels import ComparedPanel, FewChosenPanel, FewRowsPanel, PreflightPanel
from stoppress.newsroom.permissions import ArticlePermissionTester, PublicPagePermissionTester


class PublicPage(Page):
    """What our page types share; not a table.

    The path below the public base URL is taken from Wagtail's ``url_path``, so it needs no Site look-up.
    """

    # Page privacy is off: a restricted page can't be baked, and a paywall is out of scope for now.
    private_page_options: ClassVar[list[str]] = []
    settings_panels: ClassVar[list[Any]] = []
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug", help_text=_("The last part of its address. What linked to the old one leads to the new.")
                ),
                FieldPanel(
                    "search_description",
                    heading=_("Description for search"),
                    help_text=_("What search engines may show below the title. Empty: the standfirst, if any."),
                ),
            ],
            heading=_("Address"),
        )
    ]

    base_form_class = PublicPageForm

    class Meta:
        abstract = True

    @property
    def public_path(self) -> str:
        """Path with leading and trailing slash; ``/`` for the home page."""
        return public_path(self.url_path)

    def clean(self) -> None:
        """Refuse an address that can't be one, and drop characters that no page or feed can hold.

        A page that has no place yet is looked at by the form, which knows where it will be, and again when it has.

        Raises:
            ValidationError: names the slug and what to do.
        """
        super().clean()
        drop_controls(self)
        if self.path and (problem := slug_problem(self.slug, self.get_parent())):
            raise ValidationError({"slug": problem})

    def get_view_restrictions(self) -> models.QuerySet[PageViewRestriction]:
        """Wagtail's own in one query, without the pages above: a bake of each page asks."""
        if self.alias_of_id:
            return cast("models.QuerySet[PageViewRestriction]", super().get_view_restrictions())
        places = [self.path[:end] for end in range(self.steplen, len(self.path) + 1, self.steplen)]
        found: models.QuerySet[PageViewRestriction] = PageViewRestriction.objects.filter(page__path__in=places)
        return found

    @staticmethod
    def _slug_is_available(slug: str, parent_page: Page | None, page: Page | None = None) -> bool:
        """Wagtail's own, looked up by the slug: SQLite reads through all pages of a large section otherwise."""
        if parent_page is None:
            return True
        same = Page.objects.filter(slug=slug).order_by()
        if page is not None and page.pk is not None:
            same = same.exclude(pk=page.pk)
        below = len(parent_page.path) + Page.steplen
        paths = same.values_list("path", flat=True)
        return not any(len(path) == below and path.startswith(parent_page.path) for path in paths)

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """Deleting is for superusers: everyone else unpublishes or kills."""
        return PublicPagePermissionTester(user, self)


class Home(PublicPage):
    """The front page of the publication."""

    template = "newsroom/home.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["newsroom.Section", "newsroom.StaticPage"]

    class Meta:
        verbose_name = _("home")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The newest stories and a strip of each section."""
        from stoppress.newsroom import pages  # noqa: PLC0415 - reads this module's tables

        return {**super().get_context(request, *args, **kwargs), **pages.home(self)}


class Section(PublicPage):
    """A part of the paper: World, Local, Sports."""

    standfirst = models.CharField(max_length=300, blank=True, help_text=_("What readers find here."))
    needs_four_eyes = models.BooleanField(
        _("four eyes"),
        default=False,
        help_text=_(
            "A story goes out, here and below, only when somebody approves it who neither wrote nor last changed it."
        ),
    )

    # Newest first. By their last edit, Wagtail's own order, every article of the section is looked at.
    admin_default_ordering = "-path"
    template = "newsroom/section.html"
    parent_page_types = ["newsroom.Home", "newsroom.Section"]
    subpage_types = ["newsroom.Section", "newsroom.Article"]
    content_panels = [*Page.content_panels, FieldPanel("standfirst", widget=OneLine)]
    promote_panels = [*PublicPage.promote_panels, FieldPanel("needs_four_eyes", permission="auth.change_group")]

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


class StaticPage(PublicPage):
    """What the publication says of itself: about, masthead, corrections policy, privacy. ``title`` is the heading."""

    body = BodyField(BodyBlock(), blank=True)

    template = "newsroom/static_page.html"
    parent_page_types = ["newsroom.Home"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = [
        *PublicPage.promote_panels,
        FieldPanel("show_in_menus", heading=_("Link it in the footer of every page")),
    ]

    class Meta:
        verbose_name = _("static page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Heading and body."""
        from stoppress.newsroom import pages  # noqa: PLC0415 - reads this module's tables

        return {
            **super().get_context(request, *args, **kwargs),
            **pages.static_page(self, is_preview=getattr(request, "is_preview", False)),
        }


class Article(PublicPage):
    """A report. ``title`` is the headline.

    Attributes:
        updated_at: when readers were last given something new, by the editor's explicit choice; never derived.
        embargo_until: until then it is on no page, list, feed, sitemap or search, even if it were live.
    """

    class Design(models.TextChoices):
        """What kind of piece it is; :mod:`stoppress.newsroom.looks` decides what follows from it."""

        STANDARD = "standard", _("Report")
        FEATURE = "feature", _("Feature")
        OPINION = "opinion", _("Opinion")
        GALLERY = "gallery", _("Gallery")
        VIDEO = "video", _("Video")
        EXPLAINER = "explainer", _("Explainer")
        OBITUARY = "obituary", _("Obituary")

    class Display(models.TextChoices):
        """How much room its top takes."""

        STANDARD = "standard", _("Standard")
        SHOWCASE = "showcase", _("Large picture")
        PLAIN = "plain", _("No picture at the top")

    kicker = models.CharField(max_length=80, blank=True, help_text=_("A word or two above the headline."))
    short_headline = models.CharField(
        max_length=120, blank=True, help_text=_("For the front page and lists. Empty: the headline itself.")
    )
    share_headline = models.CharField(
        _("headline for sharing"),
        max_length=200,
        blank=True,
        help_text=_("What others see when it is shared. Empty: the headline itself."),
    )
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
    lead_is_decorative = models.BooleanField(
        _("only for looks"), default=False, help_text=_("The picture says nothing that the text doesn't say.")
    )
    lead_caption = models.CharField(_("picture caption"), max_length=500, blank=True)
    body = BodyField(BodyBlock(), blank=True)
    design = models.CharField(max_length=20, choices=Design.choices, default=Design.STANDARD)
    display = models.CharField(max_length=20, choices=Display.choices, default=Display.STANDARD)
    dateline_place = models.CharField(
        _("place"), max_length=100, blank=True, help_text=_("Where it was reported from, as the dateline says.")
    )
    dateline_at = models.DateTimeField(_("filed"), null=True, blank=True, help_text=_("When it was filed there."))
    updated_at = models.DateTimeField(
        _("updated"), null=True, blank=True, help_text=_("Only when readers learn something new. A typo is not news.")
    )
    update_note = models.CharField(
        _("what is new"), max_length=300, blank=True, help_text=_("One line, shown with the time of the update.")
    )
    story = models.ForeignKey(
        Story,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="articles",
        verbose_name=_("running story"),
    )
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="articles")
    embargo_until = models.DateTimeField(
        _("embargo"),
        null=True,
        blank=True,
        help_text=_("Nothing of this reaches readers before. To publish it sooner is to plan it for this time."),
    )
    killed_at = models.DateTimeField(null=True, editable=False)

    base_form_class = ArticleForm
    parent_page_types = ["newsroom.Section"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        TitleFieldPanel(
            "title",
            heading=_("Headline"),
            placeholder=_("Headline"),
            help_text=_("On its own page, and wherever no other headline is given below."),
            widget=OneLine,
        ),
        PreflightPanel(heading=_("Before it is published")),
        MultiFieldPanel(
            [
                FieldPanel("short_headline", widget=OneLine),
                FieldPanel(
                    "seo_title",
                    heading=_("Headline for search"),
                    help_text=_("What search engines show, and the browser’s tab. Empty: the headline itself."),
                    widget=OneLine,
                ),
                FieldPanel("share_headline", widget=OneLine),
            ],
            heading=_("Other headlines"),
            classname="collapsed",
        ),
        FieldPanel("standfirst", widget=OneLine),
        FewRowsPanel("bylines", heading=_("Byline"), label=_("Author")),
        MultiFieldPanel(
            [
                ComparedPanel("lead_picture"),
                FieldPanel(
                    "lead_alt",
                    help_text=_("What the picture shows, for those who can’t see it."),
                    widget=OneLine,
                ),
                FieldPanel("lead_is_decorative", help_text=_("The picture says nothing that the text doesn’t say.")),
                FieldPanel("lead_caption", widget=OneLine),
            ],
            heading=_("Lead picture"),
        ),
        FieldPanel("body"),
        FewChosenPanel("topics", chooser_field_name="topic", heading=_("Topics"), label=_("Topic")),
        MultiFieldPanel([FieldPanel("story"), FieldPanel("series")], heading=_("Belongs to")),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("dateline_place"), FieldPanel("dateline_at")])], heading=_("Dateline")
        ),
        MultiFieldPanel([FieldPanel("updated_at"), FieldPanel("update_note", widget=OneLine)], heading=_("Update")),
    ]
    promote_panels = [
        *PublicPage.promote_panels,
        MultiFieldPanel([ComparedPanel("design"), ComparedPanel("display"), FieldPanel("kicker")], heading=_("Look")),
    ]
    settings_panels = [PublishingPanel(), FieldPanel("embargo_until"), CommentPanel()]
    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("article")

    @property
    def is_embargoed(self) -> bool:
        """Whether readers must not know of it yet, live or not."""
        return self.embargo_until is not None and self.embargo_until > timezone.now()

    def clean(self) -> None:
        """What :class:`PublicPage` says; and an embargo holds whichever way it is published."""
        super().clean()
        planned = self.go_live_at  # type: ignore[has-type]
        if self.embargo_until is not None and self.is_embargoed and (planned is None or planned < self.embargo_until):
            self.go_live_at = self.embargo_until

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's own: every way but the button, whose form has looked already, comes through here.

        Raises:
            IncompleteError: what the publisher has made mandatory is missing.
        """
        from stoppress.newsroom import preflight  # noqa: PLC0415 - reads this module's tables

        preflight.require(revision.as_object())
        return super().publish(revision, *args, **kwargs)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Wagtail's own, but an embargoed article is not there.

        Raises:
            Http404: it is under embargo, or not live.
        """
        if self.is_embargoed:
            raise Http404
        return super().route(request, path_components)

    def with_content_json(self, content: dict[str, Any]) -> "Article":
        """Wagtail's own, but the seal of a kill is the article's, not a revision's: none from before lifts it."""
        article: Article = super().with_content_json(content)
        article.killed_at = self.killed_at
        return article

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The one for its design, where the theme or we have one."""
        return looks.templates_of(self.design)

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

    class Role(models.TextChoices):
        """What they did."""

        WRITER = "writer", _("Words")
        REPORTING = "reporting", _("Reporting")
        PHOTOGRAPHY = "photography", _("Photography")
        ILLUSTRATION = "illustration", _("Illustration")
        DATA = "data", _("Data")
        TRANSLATION = "translation", _("Translation")
        EDITING = "editing", _("Editing")

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="bylines")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.WRITER)

    panels = [FieldPanel("author"), FieldPanel("role")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["article", "author"], name="newsroom_byline_once")]

    def __str__(self) -> str:
        return str(self.author)


class ArticleTopic(Orderable):
    """One of an article's topics, the most telling first."""

    article = ParentalKey(Article, on_delete=models.CASCADE, related_name="topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="uses")

    panels = [FieldPanel("topic")]

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["article", "topic"], name="newsroom_topic_once")]

    def __str__(self) -> str:
        return str(self.topic)
