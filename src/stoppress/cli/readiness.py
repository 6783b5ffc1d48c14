"""``python -m stoppress.cli.readiness FOLDER``: whether the tree could start, asked in a process of its own.

The question needs Django, the supervisor must stay without it. Fails with one line on standard error.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from stoppress.cli import place
from stoppress.cli.errors import explain
from stoppress.config.instance import Instance, InstanceError


def require_ready(instance: Instance, environment: Mapping[str, str]) -> None:
    """Ask a child process.

    Raises:
        InstanceError: what keeps the tree from starting.
    """
    asked = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "stoppress.cli.readiness", str(instance.root)],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        lines = asked.stderr.strip().splitlines() or ["the start-up check ended without a word"]
        raise InstanceError(lines[-1])


def main(folder: Path) -> int:
    """Check the instance in ``folder``; returns the exit code."""
    try:
        instance = place.find(folder)
        place.configure(instance)
        place.require_database(instance)
    except Exception as error:
        if os.environ.get("STOPPRESS_DEBUG"):
            raise
        sys.stderr.write(f"{explain(error)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
