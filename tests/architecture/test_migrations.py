"""Migrations are complete, named and in one line."""

import io
import re

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.architecture.test_boundaries import rooms_of_apps

NAME = re.compile(r"\d{4}_(?!auto_\d)[a-z][a-z0-9_]*[a-z]([a-z0-9_]*)")


@pytest.mark.django_db
def test_no_change_of_a_model_lacks_its_migration() -> None:
    answer = io.StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", *rooms_of_apps(), stdout=answer)
    except SystemExit:
        pytest.fail(answer.getvalue())


@pytest.mark.parametrize("label", sorted(rooms_of_apps()))
def test_named_and_in_one_line(label: str) -> None:
    migrations = MigrationLoader(None).disk_migrations
    own = sorted(name for app, name in migrations if app == label)
    assert [name for name in own if not NAME.fullmatch(name)] == []
    assert [int(name[:4]) for name in own] == list(range(1, len(own) + 1))
    for before, name in zip([None, *own], own, strict=False):
        inside = [other for app, other in migrations[label, name].dependencies if app == label]
        assert inside == ([before] if before else []), f"{label}.{name} does not follow {before} alone"
