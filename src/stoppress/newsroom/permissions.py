"""Who may do what to a page, asked where Wagtail asks."""

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


class ArticlePermissionTester(PublicPagePermissionTester):
    """Adds the seal of a kill."""

    @property
    def is_sealed(self) -> bool:
        return getattr(self.page, "killed_at", None) is not None

    def can_edit(self) -> bool:
        return not self.is_sealed and bool(super().can_edit())

    def can_publish(self) -> bool:
        return not self.is_sealed and bool(super().can_publish())

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
