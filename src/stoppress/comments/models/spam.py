"""Spam models that were trained here, each with how well it did on what it had not seen."""

from django.db import models


class SpamModel(models.Model):
    """A model that was trained on this newsroom's decisions. The newest one that is in force counts.

    Attributes:
        weights: as JSON, with the threshold.
        trained_on, trained_spam: decisions that it was fitted to, and how many of them said spam.
        tested_on, tested_spam: later ones that it had not seen.
        caught, wronged: what it would have held of these: spam, and others.
        since, until: when the decisions were made.
    """

    weights = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    is_in_force = models.BooleanField(default=True, db_index=True)
    trained_on = models.PositiveIntegerField()
    trained_spam = models.PositiveIntegerField()
    tested_on = models.PositiveIntegerField()
    tested_spam = models.PositiveIntegerField()
    caught = models.PositiveIntegerField()
    wronged = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"of {self.made_at}, on {self.trained_on} decisions"
