"""What the tests of exports share."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.exporters.papers import Paper


@pytest.fixture(autouse=True)
def originals(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of originals of this test's own, so that files have the names that they were given."""
    from stoppress.media.models import Attachment, Picture  # noqa: PLC0415 - needs Django set up

    folder = tmp_path_factory.mktemp("originals")
    for model in (Picture, Attachment):
        storage = model._meta.get_field("file").storage
        for name in ("base_location", "location"):
            monkeypatch.setattr(storage, name, str(folder))
    return folder


@pytest.fixture
def paper(ground: None) -> "Paper":
    """Two articles and what belongs to them."""
    from stoppress.newsroom.setup import create_publication  # noqa: PLC0415 - needs Django set up
    from tests.exporters.papers import ordinary  # noqa: PLC0415 - needs Django set up

    return ordinary(create_publication("The Test Gazette"))
