"""From SQLite to PostgreSQL: everything arrives and looks the same, or nothing has changed."""

import os
import signal
import sqlite3
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from stoppress.cli.locks import only_one
from stoppress.config.instance import load
from tests import prepared
from tests.journeys.server import contents, found, work
from tests.postgresql import new_database
from tests.tree import COMMAND, environment, free_port, stoppress

HOSTILE = "back\\slash \\N tab\there 'quote' \"double\" {curly} \U0001f4f0 \u202eright to left"


@pytest.fixture
def empty() -> Iterator[str]:
    """An empty database on the server of the tests, with a password in its address."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with new_database(f"moved_{worker}") as url:  # its server asks for no password
        parts = urlsplit(url)
        user, _, host = parts.netloc.rpartition("@")
        yield urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:s3cr%40t@{host}"))


def sqlite_of(root: Path) -> sqlite3.Connection:
    return sqlite3.connect(root / "data/db/stoppress.sqlite3")


def has_no_tables(url: str) -> bool:
    with psycopg.connect(url) as database:
        row = database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    return row == (0,)


def refused(root: Path, *arguments: str, more: dict[str, str] | None = None) -> str:
    """The line with which the move is refused; the settings are as before."""
    before = (root / "stoppress.toml").read_text(encoding="utf-8")
    ended = stoppress("move-database", *arguments, folder=root, more=more)
    assert ended.returncode == 1, ended.stdout
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert (root / "stoppress.toml").read_text(encoding="utf-8") == before
    return ended.stderr


def test_everything_arrives_and_every_page_is_the_same(empty: str, tmp_path: Path) -> None:
    root = prepared.copy_of("gazette", found, tmp_path / "gazette")
    work(root, "unsettle")
    work(root, "retitle", "old-story-7", HOSTILE)
    work(root, "bake")
    with closing(sqlite_of(root)) as database, database:
        # An article that was deleted, and a table that a plug-in left.
        database.execute("UPDATE sqlite_sequence SET seq = 5000 WHERE name = 'wagtailcore_page'")
        database.execute("CREATE TABLE plugin_left (id integer PRIMARY KEY)")
        database.execute("INSERT INTO plugin_left VALUES (1)")
        (pages,) = database.execute("SELECT count(*) FROM wagtailcore_page").fetchone()
        revision = database.execute("SELECT created_at FROM wagtailcore_revision WHERE id = 7").fetchone()[0]
    before = contents(root / "data/store")
    was = (root / "stoppress.toml").read_text(encoding="utf-8")

    moved = stoppress("move-database", empty, folder=root)

    assert moved.returncode == 0, moved.stderr
    assert f"wagtailcore_page {pages}" in " ".join(moved.stdout.split())
    assert "are the same here and there." in moved.stdout
    assert "The 1 rows of plugin_left" in moved.stdout
    assert "s3cr" not in moved.stdout + moved.stderr
    settings = (root / "stoppress.toml").read_text(encoding="utf-8")
    assert tomllib.loads(settings) == {"title": "The Journey Gazette", "database_url": empty}
    assert settings.count("\n") == was.count("\n")
    assert not (root / "stoppress.toml").stat().st_mode & stat.S_IRWXO
    with closing(sqlite_of(root)) as database:
        assert database.execute("SELECT count(*) FROM wagtailcore_page").fetchone() == (pages,)

    work(root, "afresh", tmp_path / "fresh")
    assert contents(tmp_path / "fresh") == before
    assert "0 baked, 0 failed." in stoppress("bake", folder=root).stdout
    work(root, "publish", "world", "after-the-move", "1")
    work(root, "retitle", "old-story-7", "Said again")
    with psycopg.connect(empty) as new:
        assert new.execute("SELECT id FROM wagtailcore_page WHERE slug = 'after-the-move-0'").fetchone() == (5001,)
        shown = "SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') FROM wagtailcore_revision"
        assert new.execute(f"{shown} WHERE id = 7").fetchone() == (revision,)
        found_words = (
            "SELECT count(*) FROM wagtailsearch_indexentry WHERE title @@ plainto_tsquery('simple', 'harbour')"
        )
        assert new.execute(found_words).fetchone() != (0,)
    assert "is not on SQLite any more" in refused(root, empty)


def test_killed_at_any_moment_it_goes_on_with_sqlite(empty: str, paper: Path) -> None:
    settings = (paper / "stoppress.toml").read_bytes()
    for lines in (1, 3, 5):
        moving = subprocess.Popen(
            [*COMMAND, "move-database", empty], cwd=paper, env=environment(), stdout=subprocess.PIPE, text=True
        )
        assert moving.stdout is not None
        for _ in range(lines):
            assert moving.stdout.readline()
        moving.send_signal(signal.SIGKILL)
        moving.communicate()
        assert (paper / "stoppress.toml").read_bytes() == settings
        looked = stoppress("doctor", folder=paper)
        assert "OK    database: answers" in looked.stdout
    # What was cut off left nothing, so it can be repeated at once.
    assert stoppress("move-database", "-", folder=paper).returncode == 1
    ended = subprocess.run(
        [*COMMAND, "move-database", "-"],
        cwd=paper,
        env=environment(),
        input=empty,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


def test_a_row_that_does_not_fit_is_named(empty: str, paper: Path) -> None:
    with closing(sqlite_of(paper)) as database, database:
        database.execute("UPDATE newsroom_publication SET headline = ?", ["x" * 300])
        (pk,) = database.execute("SELECT page_id FROM newsroom_publication").fetchone()
    line = refused(paper, empty)
    assert f"newsroom_publication, column headline, row {pk}: value too long for type character varying" in line
    assert "Nothing was changed." in line
    assert has_no_tables(empty)


def test_a_character_that_postgresql_has_not_is_named(empty: str, paper: Path) -> None:
    with closing(sqlite_of(paper)) as database, database:
        database.execute("UPDATE newsroom_publication SET headline = ?", ["a\0b"])
    assert "newsroom_publication, row" in refused(paper, empty)
    assert has_no_tables(empty)


def test_a_row_that_points_nowhere_is_refused(empty: str, paper: Path) -> None:
    with closing(sqlite_of(paper)) as database, database:
        database.execute("INSERT INTO pagestore_dependency (address_id, key) VALUES (999, 'section:1')")
    line = refused(paper, empty)
    assert 'table "pagestore_dependency" violates foreign key constraint' in line
    assert "(address_id)=(999)" in line
    assert has_no_tables(empty)


def test_a_database_with_anything_in_it_is_refused(empty: str, paper: Path) -> None:
    with psycopg.connect(empty) as database:
        database.execute("CREATE TABLE mine (id integer)")
    assert "is not empty (it has 1 tables, mine first). Nothing was changed." in refused(paper, empty)


def test_nobody_there(paper: Path) -> None:
    line = refused(paper, f"postgres://me:s3cret@127.0.0.1:{free_port()}/news")
    assert "does not answer" in line
    assert "s3cret" not in line


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///s3cret",
        "s3cret",
        "",
        "mysql://me:s3cret@host/news",
        "postgres://me:s3cret@host/",
        "postgres://me:s3cret@host:port/news",
        "postgres://me:a/s3cret@host/news",
        "postgres://me:s3cret%zz@host/news",
    ],
)
def test_what_is_no_address_is_not_repeated(paper: Path, url: str) -> None:
    line = refused(paper, url)
    assert "it must be like postgres://user:password@host/name" in line
    assert "s3cret" not in line


def test_not_while_it_runs(paper: Path) -> None:
    with only_one(load(paper, {})):
        assert "is running; stop it first" in refused(paper, f"postgres://127.0.0.1:{free_port()}/news")


def test_not_when_the_environment_names_the_database(paper: Path) -> None:
    more = {"STOPPRESS_DATABASE_URL": f"sqlite:///{paper}/data/db/stoppress.sqlite3"}
    assert "STOPPRESS_DATABASE_URL is set" in refused(paper, "postgres://127.0.0.1/news", more=more)
