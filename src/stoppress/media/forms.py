"""Wagtail's upload forms, with reasons that say what to do instead."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.images.forms import BaseImageForm


class PictureForm(BaseImageForm):
    """A picture at the desk. Wagtail's field checks format, bytes and pixels before anything is unpacked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("file")
        if field is not None:
            not_taken = _("Pictures are taken as %(formats)s. An SVG can hold scripts: export it as PNG or WebP.") % {
                "formats": field.supported_formats_text
            }
            field.error_messages["invalid_image"] = not_taken
            field.error_messages["invalid_image_extension"] = not_taken
            field.error_messages["file_too_many_pixels"] = _(
                "This picture has too many pixels (%(num_pixels)s; at most %(max_pixels_count)s). "
                "Save it smaller and upload it again."
            )
