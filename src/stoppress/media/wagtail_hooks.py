"""What the media room adds to Wagtail's own behaviour: files that readers have not seen are for who may see them."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.permissions import policy_registry

from stoppress.media.api import SEEING, AttachmentsAPI, PicturesAPI
from stoppress.media.models import Attachment


@hooks.register("before_serve_document")
def keep_originals_private(document: Attachment, request: HttpRequest) -> None:
    """Readers get the copy that a live page links to; here they learn not even what exists.

    Raises:
        Http404: whoever asks may not choose it at the desk.
    """
    may_enter = request.user.has_perm("wagtailadmin.access_admin")
    if not may_enter or not policy_registry.get_by_type(Attachment).user_has_any_permission_for_instance(
        request.user, SEEING, document
    ):
        raise Http404


@hooks.register("construct_admin_api", order=10)  # after Wagtail's, whose places these take
def keep_to_rights(router: Any) -> None:
    """What the desk's scripts ask for is held to the same rights as the screens."""
    router.register_endpoint("images", PicturesAPI)
    router.register_endpoint("documents", AttachmentsAPI)
