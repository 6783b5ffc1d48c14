"""A founded instance, made once: its migrations take the longest."""

import shutil
from pathlib import Path

import pytest

from tests.tree import stoppress


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance that nobody changes."""
    root = tmp_path_factory.mktemp("founded") / "paper"
    made = stoppress("init", root, "--title", "The Test Gazette")
    assert made.returncode == 0, made.stderr
    return root


@pytest.fixture
def paper(original: Path, tmp_path: Path) -> Path:
    """A copy of it to work with."""
    return shutil.copytree(original, tmp_path / "paper")
