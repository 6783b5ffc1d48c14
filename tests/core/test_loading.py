"""Loading lets the collector rest, and only so long."""

import gc

import pytest

from stoppress.core.loading import loading


def test_the_collector_rests_and_goes_on_whatever_happens() -> None:
    try:
        with pytest.raises(ImportError), loading():
            assert not gc.isenabled()
            before, one = gc.get_freeze_count(), [object()]
            one.append(one)
            raise ImportError
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
    finally:
        gc.enable()
