"""Wagtail's upload forms, with checks that come before anything is unpacked and reasons that say what to do instead."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Script
from django.utils.translation import gettext_lazy as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from stoppress.media.intake import picture_complaint
from stoppress.media.models import Picture


class PictureField(WagtailImageField):
    """Wagtail's own unpacks a picture to count its pixels and fails on half a one; this one looks first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Each of these is wrong in the same way: it is a picture, and of a kind that is not taken.
        self.error_messages["invalid_image"] = self.error_messages["invalid_image_extension"] = _(
            "Pictures are taken as %(formats)s. Save it as one of these and upload it again."
        ) % {"formats": self.supported_formats_text}

    def to_python(self, data: Any) -> Any:
        """The uploaded file.

        Raises:
            ValidationError: it can't be a picture of ours, and why.
        """
        if data and hasattr(data, "read"):
            self.check_image_file_size(data)
            complaint = picture_complaint(data.read(), data.name)
            data.seek(0)
            if complaint:
                raise ValidationError(complaint, code="invalid_image")
        return super().to_python(data)


class PictureForm(BaseImageForm):
    """A picture at the desk."""

    file = PictureField(label=_("File"), widget=forms.FileInput(attrs=BaseImageForm.Meta.widgets["file"].attrs))

    class Media:
        css = {"all": ["media/focal-point.css"]}
        js = [Script("media/focal-point.js", type="module")]

    def save(self, commit: bool = True) -> Picture:
        """Wagtail's own; what a new file says of itself fills the fields that were left empty."""
        if "file" in self.changed_data:
            file = self.cleaned_data["file"]
            file.seek(0)
            self.instance.take_from_file(file.read())
            file.seek(0)
        picture: Picture = super().save(commit=commit)
        return picture
