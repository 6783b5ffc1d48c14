"""Errors of fact that readers report."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stoppress.newsroom.models.corrections import Correction
from stoppress.newsroom.models.pages import Article


class ErrorReport(models.Model):
    """A reader says that a sentence is wrong. An editor makes a correction of it, or says why not.

    Attributes:
        revision: id of the revision that the reader had.
        place: where the sentence stands: a field's name or the id of a block; empty for the article as a whole.
        quote: the sentence, with what stood before and after it (TextQuoteSelector).
        text: what is wrong with it, in the reader's words.
        may_thank: the correction may say who reported it, by ``name``.
        sealed: the reader's mail address, until they were told what became of it.
        network: digest of where it came from, for a day.
        reason: why nothing was corrected; its reader is told.
    """

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("Open")
        DISMISSED = "dismissed", _("Not an error")
        CORRECTED = "corrected", _("Corrected")

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="error_reports")
    revision = models.BigIntegerField(null=True)
    place = models.CharField(max_length=64, blank=True)
    quote = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    text = models.TextField()
    name = models.CharField(max_length=80, blank=True)
    may_thank = models.BooleanField(default=False)
    sealed = models.TextField(blank=True)
    network = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    made_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.TextField(blank=True)
    correction = models.ForeignKey(Correction, null=True, on_delete=models.SET_NULL, related_name="reports")

    class Meta:
        verbose_name = _("error report")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "id"], name="newsroom_error_queue")]

    def __str__(self) -> str:
        return self.text[:80]
