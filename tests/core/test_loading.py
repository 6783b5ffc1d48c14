"""Loading lets the collector rest, and only so long."""

import gc

import pytest

from stoppress.core.loading import loading


def load(name: str) -> None:
    with loading():
        assert not gc.isenabled()
        __import__(name)


def test_the_collector_rests_and_goes_on_whatever_happens() -> None:
    gc.unfreeze()
    try:
        load("gc")
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
        with pytest.raises(ImportError):
            load("stoppress.nothing_of_the_kind")
        assert gc.isenabled()
    finally:
        gc.enable()
