"""Which versions of an article readers have had, for the public history."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from stoppress.newsroom.models.pages import Article


class Version(models.Model):
    """A text that was once live. Noted by the worker when it derives the page, so it is one that readers could have.

    Attributes:
        at: when it was published.
        note: what the editor said is new, for an update.
        updated_at: the article's own as it was then.
        text_hash: of what readers read, so that publishing the same again is no version.
        is_withheld: whether it is left out of the public history (a court's order, a privacy claim).
    """

    class Kind(models.TextChoices):
        """What it was to readers."""

        PUBLISHED = "published", _("Published")
        UPDATED = "updated", _("Updated")
        MINOR = "minor", _("Minor change")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField(null=True)
    text_hash = models.CharField(max_length=64)
    is_withheld = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["article", "revision"], name="newsroom_version_once")]

    def __str__(self) -> str:
        return f"{self.article_id} at {self.at:%Y-%m-%d %H:%M}"
