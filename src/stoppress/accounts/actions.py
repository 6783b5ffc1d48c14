"""The only place where our own code writes accounts."""

from stoppress.accounts.models import User


def ensure_superuser(username: str, password: str) -> User:
    """The superuser ``username``, made with ``password`` when there is none; an existing one keeps theirs."""
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        return existing
    return User.objects.create_superuser(username, password=password)
