"""The contracts on imports in pyproject.toml hold, and serving needs no Django when it really runs."""

import os
import subprocess
import sys

from tests.architecture.floors import ROOMS, ROOT, SOURCE

RUN_CONTRACTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
IMPORT_SERVE = """
import importlib, pkgutil, sys
import stoppress.pagestore.serve as serve
for module in pkgutil.walk_packages(serve.__path__, serve.__name__ + "."):
    importlib.import_module(module.name)
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "wagtail"}))
"""


def test_contracts() -> None:
    done = subprocess.run([sys.executable, "-c", RUN_CONTRACTS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_is_on_the_list() -> None:
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert rooms <= ROOMS


def test_serve_loads_no_django() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("STOPPRESS_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_SERVE], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
