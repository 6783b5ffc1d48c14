"""Corrections, and their places in the public list of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stoppress.newsroom.models.pages import Article


class Correction(models.Model):
    """What an article got wrong and how it is right, dated. It says so with the article wherever that goes.

    It belongs to the article, not to one of its revisions, so that going back to an older one takes none away. What
    readers were told stays on record: one that was itself wrong is withdrawn, with a reason, and never deleted.

    Attributes:
        at: when readers were told.
        corrects: id of the revision that was live and had the mistake.
        fixed_in: id of the revision that was published with it.
        place: where the sentence stands: a field's name or the id of a block; empty for the article as a whole.
        quote: the wrong sentence, with what stood before and after it (TextQuoteSelector).
        replacement: what stands there since; empty when it was taken out.
        is_applied: whether ``replacement`` took the place of ``quote``.
        thanks: name of the reader who reported it, if they agreed to be named.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(help_text=_("What was wrong, and what is right."))
    at = models.DateTimeField(_("corrected"), default=timezone.now)
    corrects = models.BigIntegerField(null=True)
    fixed_in = models.BigIntegerField(null=True)
    place = models.CharField(max_length=64, blank=True)
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    replacement = models.TextField(blank=True)
    is_applied = models.BooleanField(default=False)
    thanks = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("correction")

    def __str__(self) -> str:
        return self.text[:80]


class CorrectionEntry(models.Model):
    """A correction's place in the list of all. Assigned once; it outlives the correction, and holes stay."""

    correction_id = models.BigIntegerField(unique=True)
    article_id = models.BigIntegerField(db_index=True)
    position = models.PositiveIntegerField(unique=True)
    is_present = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"correction {self.correction_id} at {self.position}"
