"""What each process of the tree loads."""

import subprocess
import sys

from tests import tree


def test_the_front_loads_no_django() -> None:
    script = (
        "import stoppress.config.process, stoppress.pagestore.serve.asgi, sys;"
        "print([name for name in sys.modules if name.split('.')[0] in {'django', 'wagtail'}])"
    )
    shown = subprocess.run(
        [sys.executable, "-P", "-c", script], env=tree.environment(), capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


def test_a_process_without_an_instance_says_so_in_one_line() -> None:
    ended = subprocess.run(
        [sys.executable, "-P", "-m", "stoppress.config.process", "front"],
        env=tree.environment(STOPPRESS_INSTANCE="/nowhere"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("front: /nowhere is not an instance")
    assert len(ended.stderr.splitlines()) == 1
