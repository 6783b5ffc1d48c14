"""The custom user, made before the first migration because it can't be swapped in later; and what a role is."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Someone who can sign in: staff now, readers with an account later."""

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()


class Role(models.TextChoices):
    """What somebody does at the paper. The rooms say what it may do: ``accounts.hookspecs.rights_of_role``."""

    REPORTER = "reporter", _("Reporter")
    SECTION_EDITOR = "section-editor", _("Section editor")
    PHOTO_DESK = "photo-desk", _("Photo desk")
    MODERATOR = "moderator", _("Moderator")
    PUBLISHER = "publisher", _("Publisher")
    OPERATOR = "operator", _("Operator")


class RoleGroup(models.Model):
    """The group that holds a role, and what we gave it.

    What was given once is never given again, so what somebody took away by hand stays away, and what they added stays.

    Attributes:
        section: where the role counts; ``None`` for the whole publication.
        group: ``None`` when somebody deleted it.
        given: the rights that this or an earlier version gave, as :class:`~stoppress.accounts.hookspecs.Rights`
            names them.
    """

    role = models.CharField(max_length=20, choices=Role.choices)
    section = models.ForeignKey("wagtailcore.Page", null=True, on_delete=models.CASCADE, related_name="+")
    group = models.OneToOneField(Group, null=True, on_delete=models.SET_NULL, related_name="role")
    given = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["role", "section"], name="accounts_role_once_a_section"),
            models.UniqueConstraint(
                fields=["role"], condition=models.Q(section=None), name="accounts_role_once_everywhere"
            ),
        ]

    def __str__(self) -> str:
        return str(Role(self.role).label)


class Tally(models.Model):
    """How often something was tried since the first time; ``accounts.actions.throttle`` says how often it may be.

    Attributes:
        key: a keyed hash of what is counted, so that nobody reads a name or an address here.
    """

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "tallies"

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"
