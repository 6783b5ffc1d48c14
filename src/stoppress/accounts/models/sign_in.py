"""How people sign in: which roles need a second factor, and where somebody is signed in now."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stoppress.accounts.models.people import Role


class SignInRule(models.Model):
    """Who holds this role needs a second factor.

    Attributes:
        grace_days: for how many days after the rule was made, or after the account was if that is later, the desk
            only reminds.
    """

    role = models.CharField(max_length=20, choices=Role.choices, unique=True)
    grace_days = models.PositiveSmallIntegerField(default=14)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(Role(self.role).label)


class SignedIn(models.Model):
    """A browser in which somebody is signed in.

    Attributes:
        device: what the browser says of itself, cut down to its name and system.
        origin: the network that it was last seen in, as the audit log has it.
        seen_at: to the nearest minutes; not every request is worth a write.
    """

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in")
    device = models.CharField(max_length=80, blank=True)
    origin = models.CharField(max_length=50, blank=True)
    began_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("session")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}, {self.device}"
