"""People who can sign in."""

from typing import Any

import factory

from stoppress.accounts.actions import grant
from stoppress.accounts.models import Role, User

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A member of staff without any permission; ``is_superuser=True`` for one with all."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"reporter{n}")
    first_name = "Ada"
    last_name = factory.Sequence(lambda n: f"Reporter {n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@newsroom.example")
    password = factory.django.Password(PASSWORD)
    is_staff = True


class SuperuserFactory(UserFactory):
    """Someone who may do everything."""

    username = factory.Sequence(lambda n: f"chief{n}")
    is_superuser = True


def somebody(role: Role, section: Any = None) -> User:
    """An account that holds ``role``."""
    user = UserFactory(is_staff=False)
    grant(user, role, section)
    return User.objects.get(pk=user.pk)
