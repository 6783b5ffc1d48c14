"""The settings as mypy's Django plugin loads them, so that ``mypy`` runs in a fresh clone."""

import os
from pathlib import Path

from tests import instance

_folder = Path(__file__).parent.parent / ".cache" / "mypy-instance"
os.environ["STOPPRESS_INSTANCE"] = str(instance.make(_folder))

from stoppress.config.settings import *  # noqa: E402, F403 - the instance must exist first
