"""Who may do what to a page, asked where Wagtail asks.

In sections that need four eyes nobody publishes by themselves: what is submitted is approved by somebody who neither
wrote it nor changed it last.
"""

from functools import cached_property

from django.apps import apps
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester

from stoppress.newsroom.addresses import slug_problem


class PublicPagePermissionTester(PagePermissionTester):
    """Deleting loses history, so it is for superusers; aliases are off, since no two addresses show one page."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(self.user.is_active and self.user.is_superuser and not self.page_is_root)

    def can_move(self) -> bool:
        """Wagtail's rule, which asks whether one could delete it: that would leave moving to superusers too."""
        return bool(super().can_delete(ignore_bulk=True))

    def can_move_to(self, destination: Page) -> bool:
        """Not where the slug has a meaning of its own."""
        return bool(super().can_move_to(destination)) and not slug_problem(self.page.slug, destination)

    def can_unpublish(self) -> bool:
        """The home page stays: without it there is no publication."""
        return self.page.depth != 2 and bool(super().can_unpublish())

    def can_set_view_restrictions(self) -> bool:
        return False

    @property
    def is_desk(self) -> bool:
        """Whether what is submitted here is theirs to look at."""
        return bool(PagePermissionTester.can_publish(self))

    def can_approve(self) -> bool:
        """Whether they may let a submitted page through."""
        return self.is_desk

    def can_unschedule(self) -> bool:
        """Taking back what was planned needs no second pair of eyes."""
        return self.is_desk

    @cached_property
    def needs_four_eyes(self) -> bool:
        """Whether the section, or one above it, says so."""
        section = apps.get_model("newsroom", "Section")
        above = section.objects.ancestor_of(self.page, inclusive=True)
        return bool(above.filter(needs_four_eyes=True).exists())

    def can_shape(self) -> bool:
        """Whether they may make sections here."""
        return bool(PagePermissionTester.can_publish_subpage(self))

    def can_publish_subpage(self) -> bool:
        """Not where a new story needs a second pair of eyes."""
        return self.can_shape() and not self.needs_four_eyes


class ArticlePermissionTester(PublicPagePermissionTester):
    """Adds the seal of a kill."""

    @property
    def is_sealed(self) -> bool:
        return getattr(self.page, "killed_at", None) is not None

    def can_edit(self) -> bool:
        return not self.is_sealed and bool(super().can_edit())

    def can_publish(self) -> bool:
        """Nobody alone, where four eyes are needed."""
        return self.is_desk and not self.needs_four_eyes

    @property
    def is_desk(self) -> bool:
        return not self.is_sealed and super().is_desk

    def can_approve(self) -> bool:
        return self.is_desk and not (self.needs_four_eyes and self.is_own)

    @property
    def is_own(self) -> bool:
        """Whether they wrote it, while it was never published, or changed it last."""
        latest = self.page.latest_revision
        wrote = self.page.first_published_at is None and self.page.owner_id == self.user.pk
        return wrote or (latest is not None and latest.user_id == self.user.pk)

    def can_publish_in_emergency(self) -> bool:
        """A publisher, who answers for it; only where it can't be published plainly."""
        return self.is_desk and self.needs_four_eyes and bool(self.user.has_perm("auth.change_group"))

    def can_move_to(self, destination: Page) -> bool:
        """A live story does not slip past the second pair of eyes from a section that needs none."""
        is_strict = destination.specific.permissions_for_user(self.user)
        if self.page.live and getattr(is_strict, "needs_four_eyes", False) and not self.needs_four_eyes:
            return False
        return super().can_move_to(destination)

    def can_unpublish(self) -> bool:
        return not self.is_sealed and bool(super().can_unpublish())

    def can_move(self) -> bool:
        return not self.is_sealed and bool(super().can_move())

    def can_copy(self) -> bool:
        return not self.is_sealed and bool(super().can_copy())

    def can_view_revisions(self) -> bool:
        return not self.is_sealed and bool(super().can_view_revisions())

    def can_kill(self) -> bool:
        """Whoever may unpublish may kill."""
        return self.can_unpublish()
