"""Whoever changes the settings file leaves a line in the audit log: what changed, never to what."""

from dataclasses import replace

import pytest

from stoppress.accounts.models import AuditEntry, Event
from stoppress.config.instance import Settings
from stoppress.config.noted_settings import note_settings

pytestmark = pytest.mark.django_db


def test_a_changed_setting_is_noted_once_and_without_its_value() -> None:
    first = Settings(title="The Gazette", database_url="postgres://desk:hunter2@db/paper")
    assert note_settings(first) == []
    assert note_settings(first) == []
    assert AuditEntry.objects.filter(event=Event.SETTINGS_FILE).count() == 1
    second = replace(first, database_url="postgres://desk:hunter3@db/paper", comments="open", port=9999)
    assert note_settings(second) == ["comments", "database_url"]
    assert note_settings(second) == []
    assert note_settings(replace(second, title=Settings().title)) == ["title"]
    entries = AuditEntry.objects.filter(event=Event.SETTINGS_FILE).order_by("number")
    assert [one.details.get("changed") for one in entries] == [None, ["comments", "database_url"], ["title"]]
    said = " ".join(str(one.details) for one in entries)
    assert not any(word in said for word in ("hunter", "Gazette", "open"))
