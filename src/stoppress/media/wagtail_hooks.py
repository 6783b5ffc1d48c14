"""What the media room adds to Wagtail's own behaviour: the desk's address of a document is for the desk."""

from django.http import Http404, HttpRequest
from wagtail import hooks

from stoppress.media.models import Attachment


@hooks.register("before_serve_document")
def keep_originals_private(document: Attachment, request: HttpRequest) -> None:
    """Readers get the copy that a live page links to; here they learn not even what exists.

    Raises:
        Http404: whoever asks does not work at the desk.
    """
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise Http404
