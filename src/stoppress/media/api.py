"""Wagtail's own interface for its desk's scripts, held to the rights that its screens ask for."""

from typing import Any

from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.permissions import policy_registry

SEEING = ("choose", "change", "delete")
"""Rights of which each lets one see a picture or a file before readers do."""


def _without_address(names: list[str]) -> list[str]:
    return [name for name in names if name != "download_url"]


class PicturesAPI(ImagesAdminAPIViewSet):
    """Pictures that one may choose or change; Wagtail's own lists all of them to whoever may enter the desk.

    Nobody downloads an original, so it has no address to tell.
    """

    meta_fields = _without_address(ImagesAdminAPIViewSet.meta_fields)
    listing_default_fields = _without_address(ImagesAdminAPIViewSet.listing_default_fields)
    nested_default_fields = _without_address(ImagesAdminAPIViewSet.nested_default_fields)

    def get_queryset(self) -> Any:
        """Those that the user may see."""
        return _seen_by(super().get_queryset(), self.request.user)


class AttachmentsAPI(DocumentsAdminAPIViewSet):
    """The same of attachments, whose titles and addresses stand there too."""

    def get_queryset(self) -> Any:
        """Those that the user may see."""
        return _seen_by(super().get_queryset(), self.request.user)


def _seen_by(found: Any, user: Any) -> Any:
    policy = policy_registry.get_by_type(found.model)
    seen = policy.instances_user_has_any_permission_for(user, SEEING)
    return found.filter(pk__in=seen.order_by().values("pk"))
