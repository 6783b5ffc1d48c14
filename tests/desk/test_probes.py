"""What machines that watch are told, and who may read it."""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from stoppress.core import tree_status
from stoppress.core.sqlite.base import DatabaseFileMissingError
from stoppress.core.tree_status import ProcessStatus
from stoppress.desk import probes
from stoppress.pagestore.models import Mark

pytestmark = pytest.mark.django_db

SAMPLE = re.compile(r'stoppress_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+')


def test_a_healthy_publication_says_so_to_a_strange_host_name(client: Client) -> None:
    answer = client.get("/-/health/", headers={"host": "10.1.2.3"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "problems": []})
    assert answer.headers["cache-control"] == "no-store"
    assert client.post("/-/health/").status_code == 405


def test_what_is_wrong_has_a_name(client: Client, monkeypatch: pytest.MonkeyPatch, store: Path) -> None:
    Mark.objects.create(key="article:1")
    Mark.objects.update(made_at=timezone.now() - timedelta(minutes=2))
    usage = shutil.disk_usage(store)._replace(free=5)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    answer = client.get("/-/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing", "problems": ["worker", "disk"]})

    def away() -> None:
        raise OperationalError("connection refused for user stoppress")

    monkeypatch.setattr(probes, "look", away)
    answer = client.get("/-/health/")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database"])
    assert b"refused" not in answer.content

    def missing() -> None:
        raise DatabaseFileMissingError("There is no database at /srv/paper/data/db.")

    monkeypatch.setattr(probes, "look", missing)
    answer = client.get("/-/health/")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database-missing"])
    assert b"/srv" not in answer.content
    assert b"stoppress_database_up 0\n" in client.get("/-/metrics/").content


def test_metrics_are_what_prometheus_reads(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.STOPPRESS_TREE_FILE = tmp_path / "tree.json"
    settings.STOPPRESS_COUNTS_FOLDER = tmp_path / "fronts"
    processes = [ProcessStatus("front", os.getpid(), 12.5, 0, ""), ProcessStatus("worker", 0, 1.0, 3, "signal 9")]
    tree_status.write(settings.STOPPRESS_TREE_FILE, processes)
    tree_status.write_counts(settings.STOPPRESS_COUNTS_FOLDER, {200: 1_234_567, 404: 2})
    dead = settings.STOPPRESS_COUNTS_FOLDER / "999999999.json"
    dead.write_text("{}", encoding="utf-8")
    answer = client.get("/-/metrics/")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.content.decode().splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert all(SAMPLE.fullmatch(line) for line in samples), samples
    named = {line.split()[2] for line in lines if line.startswith("# TYPE ")}
    assert named == {re.split(r"[{ ]", line)[0] for line in samples}
    assert 'stoppress_process_up{process="front"} 1' in lines
    assert 'stoppress_process_up{process="worker"} 0' in lines
    assert f'stoppress_front_responses_total{{pid="{os.getpid()}",status="200"}} 1234567' in lines
    assert not dead.exists()


def test_strangers_see_no_metrics(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked_from(peer: str, claim: str) -> int:
        return client.get("/-/metrics/", REMOTE_ADDR=peer, headers={"x-forwarded-for": claim}).status_code

    assert asked_from("203.0.113.9", "127.0.0.1") == 404
    assert asked_from("::ffff:127.0.0.1", "203.0.113.9") == 200
    settings.STOPPRESS_IS_BEHIND_FRONT = True  # there a front has put the truth into the header
    assert asked_from("", "127.0.0.1") == 200
    assert asked_from("", "203.0.113.9") == 404
    assert asked_from("", "") == 404
    settings.STOPPRESS_METRICS_FROM = ["203.0.113.0/24"]
    assert asked_from("", "203.0.113.9") == 200
