"""The control: what tests find put back (:mod:`tests.rows`) is what the actions write."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests import rows
from tests.conftest import SmallPublication
from tests.factories.newsroom import _bake_ferry, baked_ferry
from tests.pagestore.oracle import files

TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*|\b\d\d?:\d\d(?::\d\d)?\b"
TIME_OR_CHANCE = re.compile(rf"{TIME}|\b[0-9a-f]{{32}}\b|\b[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-\w{{12}}")


def told(write: Callable[[], object], store: Path) -> tuple[list[list[str]], dict[str, str]]:
    """Every row and every page after it, without what differs from one time to the next."""
    with transaction.atomic():
        write()
        found = [sorted(TIME_OR_CHANCE.sub("…", str(row)) for row in one.read().values()) for one in rows.tables()]
        pages = {name: TIME_OR_CHANCE.sub("…", body.decode("latin-1")) for name, body in files(store).items()}
        transaction.set_rollback(True)
    shutil.rmtree(store / "pages")
    return found, {name: body for name, body in pages.items() if not name.endswith(".gz")}


@pytest.mark.django_db
def test_what_is_put_back_is_what_the_actions_write(
    publication: SmallPublication, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a sequence gives no key twice")
    monkeypatch.setattr(rows, "_KEPT", {})  # not of yesterday, if it is midnight
    for _ in range(2):  # the first time it is kept
        put_back = told(baked_ferry, store)
    assert any("Ferry is back" in row for table in put_back[0] for row in table)
    assert "Ferry is back" in put_back[1]["world/ferry/index.html"]
    assert told(_bake_ferry, store) == put_back
