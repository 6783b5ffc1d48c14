"""A founded instance, made once: its migrations take the longest."""

import shutil
from pathlib import Path

import pytest

from tests import prepared
from tests.tree import found_empty


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance that nobody changes."""
    return prepared.copy_of("paper", found_empty, tmp_path_factory.mktemp("founded") / "paper")


@pytest.fixture
def paper(original: Path, tmp_path: Path) -> Path:
    """A copy of it to work with."""
    return shutil.copytree(original, tmp_path / "paper")
