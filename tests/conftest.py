"""What every test stands on: a throw-away instance, no network, and a small publication to work with."""

import gc
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests import instance, prepared

# The tests must not see the newsroom of whoever runs them. One variable is ours: the database to use.
DATABASE_URL = os.environ.get("STOPPRESS_TEST_DATABASE_URL", "")
for _name in [name for name in os.environ if name.startswith("STOPPRESS_")]:
    del os.environ[_name]
if DATABASE_URL:
    os.environ["STOPPRESS_DATABASE_URL"] = DATABASE_URL

INSTANCE = instance.make(Path(tempfile.mkdtemp(prefix="stoppress-tests-")))
os.environ["STOPPRESS_INSTANCE"] = str(INSTANCE)

from django.conf import settings as django_settings  # noqa: E402 - the settings need the instance above

if django_settings.configured:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests bring their own instance.")
os.environ["DJANGO_SETTINGS_MODULE"] = "stoppress.config.settings"
# The name of a hashed static file needs a collectstatic; a plain one does not.
django_settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Processes that a test starts, pytest-xdist's own workers among them, choose their settings themselves.
del os.environ["DJANGO_SETTINGS_MODULE"]
if DATABASE_URL:
    # Only this process is on that database; a process started by a test says so itself.
    del os.environ["STOPPRESS_DATABASE_URL"]
    os.environ["STOPPRESS_TEST_DATABASE_URL"] = DATABASE_URL

OF_THE_SERVER = ("empty", "database_url")
"""Fixtures that make a database of their own on the server of the tests."""

hypothesis.settings.register_profile("stoppress", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "stoppress")


def pytest_unconfigure() -> None:
    """Remove the instance."""
    shutil.rmtree(INSTANCE, ignore_errors=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what asks no database where another engine is to be asked, and begin with what takes long."""
    if DATABASE_URL:
        config.hook.pytest_deselected(items=[item for item in items if not asks_a_database(item)])
        items[:] = [item for item in items if asks_a_database(item)]
    # At the end of a run one worker would do it alone.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Look no more for garbage among what stays: all that was loaded and collected."""
    gc.collect()
    gc.freeze()


def asks_a_database(item: pytest.Item) -> bool:
    """Whether the engine can make a difference."""
    wanted = {"db", "transactional_db", *OF_THE_SERVER} & set(getattr(item, "fixturenames", ()))
    return bool(wanted) or item.get_closest_marker("django_db") is not None


class NetworkAccessError(AssertionError):
    """A test tried to reach another machine."""


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Only local sockets and the loopback can be reached."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def check(own: socket.socket, address: Any) -> None:
        if own.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])
            if not (host.startswith("127.") or host in {"::1", "localhost"}):
                own.close()
                raise NetworkAccessError(f"A test tried to connect to {address!r}.")

    def guarded_connect(own: socket.socket, address: Any) -> None:
        check(own, address)
        connect(own, address)

    def guarded_connect_ex(own: socket.socket, address: Any) -> int:
        check(own, address)
        return connect_ex(own, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_waiting_for_disks() -> Iterator[None]:
    """What tests write need not outlive a power cut, and there are thousands of stores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The tests' database, migrated by the first process of a run and copied by the others."""
    from django.db import connection  # noqa: PLC0415 - needs the settings above
    from django.test.utils import setup_databases, teardown_databases  # noqa: PLC0415 - as above

    verbosity = request.config.option.verbose
    with django_db_blocker.unblock(), prepared.migrating(connection) as is_there:
        made = setup_databases(verbosity, interactive=False, serialized_aliases=[], keepdb=is_there)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity)


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page store of this test, empty; its renditions are apart from other tests' as well."""
    folder = tmp_path_factory.mktemp("instance")  # not tmp_path, which is the test's own
    settings.STOPPRESS_STORE = folder / "store"
    settings.MEDIA_ROOT = folder / "media"
    settings.STATIC_ROOT = folder / "static"
    for place in (settings.STOPPRESS_STORE, settings.MEDIA_ROOT, settings.STATIC_ROOT):
        place.mkdir()
    return Path(settings.STOPPRESS_STORE)


@pytest.fixture(autouse=True)
def _staff_of_this_test() -> None:
    """Replies remember for a minute who works here; the next test has other people."""
    from stoppress.comments.staff import forget_names  # noqa: PLC0415 - needs Django set up

    forget_names()


@pytest.fixture(autouse=True, scope="session")
def _flush_takes_the_audit_log_too() -> Iterator[None]:
    """Tests with real transactions empty every table afterwards; the audit log's triggers want a checkpoint first."""
    from django.test import TransactionTestCase  # noqa: PLC0415 - needs the settings above

    tear_down = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def checkpoint_first(self: Any) -> None:
        from django.db import connection  # noqa: PLC0415 - needs the settings above

        from stoppress.accounts.models import AuditCheckpoint  # noqa: PLC0415 - needs Django set up

        AuditCheckpoint.objects.create(upto=2**62, digest="", seal="")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_auditentry")  # now: in which order tables are emptied is by chance
        tear_down(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", checkpoint_first)
        yield


@dataclass(frozen=True)
class SmallPublication:
    """A home page with three sections, no article yet."""

    home: Any
    world: Any
    local: Any
    sports: Any


@pytest.fixture
def ground(db: None) -> None:
    """What Wagtail's first migrations put there; a test with real transactions before this one flushed it."""
    from tests.factories.newsroom import lay_ground  # noqa: PLC0415 - needs Django set up

    lay_ground()


@pytest.fixture
def publication(ground: None) -> SmallPublication:
    """Home with the sections World, Local and Sports."""
    from stoppress.newsroom.models import Home, Section  # noqa: PLC0415 - needs Django set up
    from tests import rows  # noqa: PLC0415 - needs Django set up

    rows.put_back_or(_publish)
    return SmallPublication(Home.objects.get(), *(Section.objects.get(slug=s) for s in ("world", "local", "sports")))


def _publish() -> None:
    from stoppress.newsroom.actions import create_section  # noqa: PLC0415 - needs Django set up
    from stoppress.newsroom.setup import create_publication  # noqa: PLC0415 - needs Django set up

    home = create_publication("The Test Gazette")
    for title in ("World", "Local", "Sports"):
        create_section(home, title, title.lower())
