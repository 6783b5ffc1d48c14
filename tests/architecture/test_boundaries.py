"""References that import-linter can't see keep to the floors as well."""

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from tests.architecture import floors, references

# The command line starts Django's processes; it passes these names on and imports neither.
PASSED_ON = {"cli": {"stoppress.config.process", "stoppress.config.settings"}}


def rooms_of_apps() -> dict[str, str]:
    """App label to room."""
    return {
        config.label: config.name.split(".")[1]
        for config in apps.get_app_configs()
        if config.name.startswith("stoppress.")
    }


def assert_allowed(users: dict[str, set[tuple[str, str]]]) -> None:
    wrong = sorted(
        f"{where}: {room} may not know {other}"
        for where, pairs in users.items()
        for room, other in pairs
        if not floors.may_use(room, other)
    )
    assert not wrong, "\n".join(wrong)


def test_app_labels_are_the_names_of_rooms() -> None:
    assert all(label == room for label, room in rooms_of_apps().items())


def test_model_relations() -> None:
    rooms = rooms_of_apps()
    users: dict[str, set[tuple[str, str]]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in rooms:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if isinstance(field, models.ForeignObjectRel) or target is None or isinstance(target, str):
                continue
            if target._meta.app_label in rooms:
                pair = (rooms[model._meta.app_label], rooms[target._meta.app_label])
                users.setdefault(f"{model._meta.label}.{field.name}", set()).add(pair)
    assert users, "no relation between our models was found, so this test sees nothing"
    assert_allowed(users)


def test_migration_dependencies() -> None:
    rooms = rooms_of_apps()
    users: dict[str, set[tuple[str, str]]] = {}
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        if label in rooms:
            others = [*migration.dependencies, *migration.run_before]
            pairs = {(rooms[label], rooms[other]) for other, _ in others if other in rooms}
            users[f"{label}.{name}"] = pairs
    assert users
    assert_allowed(users)


def test_names_in_python_strings() -> None:
    assert_allowed(
        {
            str(path.relative_to(floors.ROOT)): {
                (floors.room_of(path), other)
                for other in references.in_python(
                    path.read_text(encoding="utf-8"), PASSED_ON.get(floors.room_of(path), set())
                )
            }
            for path in floors.sources()
        }
    )


@pytest.mark.parametrize("pattern", ["*.html", "*.xml", "*.txt"])
def test_templates(pattern: str) -> None:
    assert_allowed(
        {
            str(path.relative_to(floors.ROOT)): {
                (floors.room_of(path), other) for other in references.in_template(path.read_text(encoding="utf-8"))
            }
            for path in floors.sources(pattern)
            if "templates" in path.parts
        }
    )


def test_template_tags_are_named_for_their_room() -> None:
    assert all(library == f"{room}_tags" for library, room in references.OWN_LIBRARIES.items())


@pytest.mark.parametrize(
    ("code", "rooms"),
    [
        ('models.ForeignKey("media.Picture", on_delete=models.CASCADE)', ["media"]),
        ('ParentalKey("newsroom.Article")', ["newsroom"]),
        ('apps.get_model("newsroom", "Article")', ["newsroom"]),
        ('apps.get_model("newsroom.Article")', ["newsroom"]),
        ('apps.get_app_config("comments")', ["comments"]),
        ('import_string("stoppress.desk.hooks.today")', ["desk"]),
        ('template = "newsroom/home.html"', ["newsroom"]),
        ('css = static("design/page.css")', ["design"]),
        ('"""stoppress.newsroom"""', []),
        ('models.ForeignKey("auth.User", on_delete=models.CASCADE)', []),
    ],
)
def test_the_reader_of_python_sees(code: str, rooms: list[str]) -> None:
    assert list(references.in_python(code)) == rooms


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        ('{% extends "newsroom/base.html" %}', ["newsroom"]),
        ("{% include 'design/_tabs.html' with tabs=tabs only %}", ["design"]),
        ('{% static "design/page.css" %}', ["design"]),
        ("{% load static i18n wagtailcore_tags %}", []),
        ('{% extends "wagtailadmin/base.html" %}', []),
    ],
)
def test_the_reader_of_templates_sees(text: str, rooms: list[str]) -> None:
    assert list(references.in_template(text)) == rooms


def test_the_reader_of_templates_sees_own_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(references.OWN_LIBRARIES, "newsroom_tags", "newsroom")
    assert list(references.in_template("{% load figure from newsroom_tags %}{% load i18n newsroom_tags %}")) == [
        "newsroom",
        "newsroom",
    ]


def test_a_template_named_by_a_variable_is_refused() -> None:
    with pytest.raises(references.UnreadableReferenceError):
        list(references.in_template("{% include block.template %}"))


def test_floors_are_read() -> None:
    assert floors.may_use("newsroom", "media")
    assert floors.may_use("newsroom", "newsroom")
    assert not floors.may_use("media", "newsroom")
    assert not floors.may_use("design", "pagestore")
