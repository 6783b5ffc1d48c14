"""Own image, document and rendition models, made before the first migration."""

import io
import posixpath

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    SourceImageIOError,
    WagtailImageField,
    get_upload_to,
)
from wagtail.images.models import Image as WagtailImage

from stoppress.media.intake import file_complaint, suffix_of
from stoppress.media.metadata import told_by
from stoppress.media.storage import originals
from stoppress.media.stripping import without_metadata


class Picture(AbstractImage):
    """A picture with its credit.

    Attributes:
        rights: the copyright notice and terms, for the desk alone.
        rights_expire_at: from then on no page shows it.
        withdrawn_at: seals it after a kill: no rendition is made or shown.
    """

    file = WagtailImageField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
        storage=originals,
    )
    credit = models.CharField(max_length=255, blank=True, help_text=_("Who made it, as readers should see it."))
    rights = models.CharField(
        max_length=1000, blank=True, help_text=_("Copyright and terms. Readers don't see this; the desk does.")
    )
    rights_expire_at = models.DateTimeField(
        _("rights until"), null=True, blank=True, help_text=_("From then on no page shows it. Empty: no end.")
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit", "rights", "rights_expire_at")

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_picture", "Can choose picture")]

    def take_from_file(self, content: bytes) -> None:
        """Fill what is still empty with what the photographer wrote into the file.

        Args:
            content: the file's bytes.
        """
        told = told_by(content)
        for name, value in (("credit", told.credit), ("rights", told.rights), ("description", told.alt)):
            if value and not getattr(self, name):
                setattr(self, name, value[: self._meta.get_field(name).max_length])
        self.rights_expire_at = self.rights_expire_at or told.expires_at

    def generate_rendition_file(self, filter: Filter, *, source: File[bytes] | None = None) -> File[bytes]:
        """Wagtail's own, but it tells nothing besides what one sees, and a withdrawn picture gets none any more.

        Raises:
            SourceImageIOError: the picture was withdrawn; Wagtail's screens then show it as missing.
        """
        if self.withdrawn_at:
            raise SourceImageIOError("This picture was withdrawn.")
        rendition: File[bytes] = super().generate_rendition_file(filter, source=source)
        # Willow keeps the Exif of a JPEG: the place where a source was met must not go out with the picture.
        rendition.seek(0)
        return File(io.BytesIO(without_metadata(rendition.read())), name=rendition.name)


class Rendition(AbstractRendition):
    """One size of a picture, under a name that can't be guessed from the original's and never changes meaning."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)

    def get_upload_to(self, filename: str) -> str:
        """``images/<hash>/640.webp`` for a page's size, Wagtail's longer name for others.

        The hash covers the original's content and how it is encoded, so a name never changes its meaning; it is keyed,
        so nobody who has the same original can ask whether we are about to show it.
        """
        width, _, encoding = self.filter_spec.partition("|")
        is_page_size = bool(encoding) and width.startswith("width-") and not self.focal_point_key
        name = width.removeprefix("width-") + posixpath.splitext(filename)[1] if is_page_size else filename
        seen = f"{self.image.get_file_hash()}/{self.image_id}/{encoding if is_page_size else ''}"
        digest = salted_hmac("stoppress.media.rendition", seen, algorithm="sha256").hexdigest()[:20]
        return posixpath.join("images", digest, self.file.field.storage.get_valid_name(name))


class Attachment(AbstractDocument):
    """A file to download or to play. The original is private; pages link to a copy, see :attr:`public_name`.

    Attributes:
        withdrawn_at: seals it after a kill: no copy is made or linked.
    """

    file = models.FileField(upload_to="documents", verbose_name=_("file"), storage=originals)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        permissions = [("choose_attachment", "Can choose attachment")]

    def clean(self) -> None:
        """Refuse what may not be an attachment.

        Raises:
            ValidationError: says of the file what is wrong and what to do.
        """
        name = self.file.name or ""
        is_new = bool(name) and not getattr(self.file, "_committed", True)
        if name and (complaint := file_complaint(posixpath.basename(name), self.file.size if is_new else 0)):
            raise ValidationError({"file": complaint})

    @property
    def suffix(self) -> str:
        """What kind of file it is: ``.pdf``."""
        return suffix_of(self.filename)

    @property
    def public_folder(self) -> str:
        """Folder of all its copies, of its present content and of former ones."""
        return f"files/{self.pk}"

    @property
    def public_name(self) -> str:
        """``files/<number>/<hash of the content>/<title>.<suffix>`` below the public media folder."""
        words = slugify(self.title.removesuffix(self.suffix))[:80]
        seen = f"{self.get_file_hash()}/{self.pk}"
        digest = salted_hmac("stoppress.media.download", seen, algorithm="sha256").hexdigest()[:20]
        # What any server, disk and reader can spell.
        return f"{self.public_folder}/{digest}/{words or 'file'}{self.suffix}"
