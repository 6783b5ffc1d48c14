"""The custom user, made before the first migration because it can't be swapped in later."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Someone who can sign in: staff now, readers with an account later."""

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()
