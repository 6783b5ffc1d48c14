"""The audit log: who did what to whom, when and from where. Rows are added and never changed.

Triggers in the database refuse UPDATE, and DELETE of what no checkpoint covers; nothing here refers to another table,
so that deleting an account changes no row.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """What can be in the log, as ``noun.what-happened``."""

    SIGNED_IN = "sign-in.succeeded", _("Signed in")
    SIGN_IN_FAILED = "sign-in.failed", _("Sign-in failed")
    SIGN_IN_REFUSED = "sign-in.refused", _("Too many attempts to sign in")
    SESSION_ENDED = "session.ended", _("Session ended from elsewhere")
    FACTOR_ADDED = "second-factor.added", _("Second factor added")
    FACTOR_REMOVED = "second-factor.removed", _("Second factor removed")
    FACTOR_RESET = "second-factor.reset", _("Second factors reset")
    CODES_MADE = "recovery-codes.made", _("Recovery codes made")
    CODE_USED = "recovery-code.used", _("Recovery code used")
    PASSWORD_SET = "password.set", _("Password set")
    RESET_ASKED = "password.reset-asked", _("Mail with a new password asked for")
    ACCOUNT_MADE = "account.made", _("Account made")
    ACCOUNT_CHANGED = "account.changed", _("Account changed")
    ACCOUNT_DELETED = "account.deleted", _("Account deleted")
    INVITED = "account.invited", _("Invited")
    ROLE_GIVEN = "role.given", _("Role given")
    ROLE_TAKEN = "role.taken", _("Role taken")
    RIGHTS_CHANGED = "role.rights-changed", _("Rights of a role changed")
    UNPUBLISHED = "page.unpublished", _("Page unpublished")
    DELETED = "page.deleted", _("Page deleted")
    KILLED = "article.killed", _("Article killed")
    EMERGENCY = "article.emergency-published", _("Published without a second pair of eyes")
    SETTINGS_CHANGED = "settings.changed", _("Settings changed")
    SETTINGS_FILE = "settings-file.changed", _("Settings file changed")
    REPLY_RULES = "replies.rules-changed", _("Rules for replies changed")
    BREAKING_BEGAN = "replies.breaking-news-began", _("Breaking-news mode of replies began")
    BREAKING_ENDED = "replies.breaking-news-ended", _("Breaking-news mode of replies ended")
    EXPORTED = "publication.exported", _("Publication exported")
    WRITER_BANNED = "writer.banned", _("Somebody may not reply any more")
    WRITER_LET_IN = "writer.let-in", _("Somebody may reply again")
    WRITER_CAUTIONED = "writer.cautioned", _("Somebody who replies was cautioned")
    APPEAL_DECIDED = "appeal.decided", _("Appeal decided")
    PERSON_EXPORTED = "person.exported", _("All that is kept of a person given out")
    ERASURE_ASKED = "person.erasure-asked", _("Erasure of a person asked for")
    PERSON_ERASED = "person.erased", _("Person erased")
    PRUNED = "audit-log.pruned", _("Old entries removed")


class AuditEntry(models.Model):
    """One thing that happened.

    Attributes:
        number: its place in the chain; none is missing.
        actor: the name that the account had then; ``""`` when nobody is known, or the system itself did it.
        about: to what or whom, in words.
        details: what else is worth knowing; small, and never a secret.
        origin: the network that it came from, cut short: who it was is not to be seen from it.
        digest: keyed, over this entry and the digest before it.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=40, choices=Event.choices, db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=150, blank=True)
    about = models.CharField(max_length=255, blank=True)
    details = models.JSONField(default=dict)
    origin = models.CharField(max_length=50, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.number} {self.event} {self.about}"


class AuditCheckpoint(models.Model):
    """Up to where old entries were removed, so that the chain can be followed from there.

    Attributes:
        upto: the last number that was removed.
        digest: that entry's.
        seal: keyed, over both: nobody makes one up in the database.
    """

    upto = models.PositiveBigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)
    seal = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"up to {self.upto}"
