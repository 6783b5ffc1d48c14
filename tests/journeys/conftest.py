"""Instances for the journeys: made once, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import prepared
from tests.journeys.browser import EXECUTABLE, Browser, chromium
from tests.journeys.server import Reader, found, serving
from tests.tree import Tree


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with a small publication, never started. Copy it."""
    return prepared.copy_of("gazette", found, tmp_path_factory.mktemp("template") / "gazette")


@pytest.fixture
def place(template: Path, tmp_path: Path) -> Path:
    """An instance of this test's own."""
    return shutil.copytree(template, tmp_path / "gazette")


@pytest.fixture
def tree(place: Path) -> Iterator[Tree]:
    """The running server of this test's instance."""
    with serving(place) as running:
        yield running


@pytest.fixture(scope="module")
def common_place(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance for all of a file."""
    return shutil.copytree(template, tmp_path_factory.mktemp("common") / "gazette")


@pytest.fixture(scope="module")
def common_tree(common_place: Path) -> Iterator[Tree]:
    """Its running server: to start one takes as long as most of what is done there."""
    with serving(common_place) as running:
        yield running


@pytest.fixture
def reader(tree: Tree) -> Reader:
    """Someone who reads it."""
    return Reader(tree)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    if EXECUTABLE is None:
        pytest.skip("no Chromium here (apt-get install chromium)")
    with chromium() as running:
        yield running
