"""What each process of the tree loads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import instance, tree


def test_the_front_loads_no_django() -> None:
    script = (
        "import stoppress.config.process, stoppress.pagestore.serve.asgi, sys;"
        "print([name for name in sys.modules if name.split('.')[0] in {'django', 'wagtail'}])"
    )
    shown = subprocess.run(
        [sys.executable, "-P", "-c", script], env=tree.environment(), capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


@pytest.mark.parametrize(("role", "believed"), [("app", True), ("worker", False), ("", False)])
def test_only_the_app_behind_the_front_hears_of_tls_by_a_header(tmp_path: Path, role: str, believed: bool) -> None:
    root = instance.make(tmp_path / "paper")
    script = (
        "import django; django.setup(); from django.test import RequestFactory;"
        "print(RequestFactory().get('/', headers={'x-forwarded-proto': 'https'}).is_secure())"
    )
    shown = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env=tree.environment(
            STOPPRESS_INSTANCE=str(root), STOPPRESS_ROLE=role, DJANGO_SETTINGS_MODULE="stoppress.config.settings"
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == str(believed)


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


def test_a_process_stands_back_by_its_kind(tmp_path: Path) -> None:
    root = instance.make(tmp_path / "paper")
    script = (
        "import os, stoppress.config.process as p; p.PROCESSES = {n: lambda _: print(os.nice(0)) for n in p.PROCESSES};"
        "import sys; sys.exit(p.main(sys.argv[1:]))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-P", "-c", script, role],
            env=tree.environment(STOPPRESS_INSTANCE=str(root)),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for role in ("front", "app", "worker", "tasks")
    ]
    usual = os.nice(0)
    assert [int(one) - usual for one in found] == [0, 10, 5, 10]
