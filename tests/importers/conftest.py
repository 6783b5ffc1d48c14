"""What the tests of imports share."""

from pathlib import Path

import pytest


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A copy of the uploads folder with the quay and a secret."""
    from tests.factories.media import picture_bytes  # noqa: PLC0415 - needs Django set up

    folder = tmp_path / "uploads"
    (folder / "2024/05").mkdir(parents=True)
    (folder / "2024/05/quay.jpg").write_bytes(picture_bytes())
    (folder / "2024/05/secret.jpg").write_bytes(picture_bytes(colour="red"))
    return folder
