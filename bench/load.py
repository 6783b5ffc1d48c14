"""Running wrk and reading what it says."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.machine import cpu_seconds

CONNECTIONS = 64
GOES_FIRST = ("chrt", "--fifo", "50")
SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}


@dataclass(frozen=True, slots=True)
class Load:
    """One run of wrk.

    Attributes:
        rate: requests answered per second.
        p50: median latency, seconds.
        p99: latency that 99 of 100 requests did not exceed, seconds.
        failures: answers other than 2xx and 3xx, and socket errors.
        cpu: processor seconds of the server per request; 0 when nobody asked.
    """

    rate: float
    p50: float
    p99: float
    failures: int
    cpu: float = 0.0


def wrk(
    url: str,
    seconds: float,
    *,
    connections: int = CONNECTIONS,
    script: Path | None = None,
    headers: Sequence[str] = ("Accept-Encoding: gzip",),
    server: Sequence[int] = (),
    goes_first: bool = False,
) -> Load:
    """Ask for ``url`` over ``connections`` that stay open, from one thread, for some seconds.

    Args:
        server: process ids whose processor time is divided by the number of requests.
        goes_first: it runs before all else on this machine, where that is allowed, as a reader's own machine would: its
            own waiting for a processor is none of the server's.
    """
    before = cpu_seconds(list(server))
    command = _command(url, seconds, connections, script, headers)
    if goes_first and may_go_first():
        command = [*GOES_FIRST, *command]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    cpu = cpu_seconds(list(server)) - before
    return parse(done.stdout, cpu)


@cache
def may_go_first() -> bool:
    """Whether a measurement may run in real time here."""
    if shutil.which(GOES_FIRST[0]) is None:
        return False
    return subprocess.run([*GOES_FIRST, "true"], capture_output=True, check=False).returncode == 0


def start(url: str, seconds: float, *, connections: int, script: Path | None = None) -> "subprocess.Popen[str]":
    """The same in the background; :func:`parse` reads what it prints."""
    return subprocess.Popen(
        _command(url, seconds, connections, script, ()), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def parse(text: str, cpu: float = 0.0) -> Load:
    """What wrk printed.

    Raises:
        ValueError: it measured nothing.
    """
    requests = int(_found(r"^\s*(\d+) requests in", text) or 0)
    if not requests:
        raise ValueError(f"wrk measured nothing: {text}")
    socket_errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    failures = int(_found(r"Non-2xx or 3xx responses: (\d+)", text) or 0)
    failures += sum(int(number) for number in socket_errors.groups()) if socket_errors else 0
    return Load(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", text) or 0),
        p50=_latency("50%", text),
        p99=_latency("99%", text),
        failures=failures,
        cpu=cpu / requests,
    )


def _command(url: str, seconds: float, connections: int, script: Path | None, headers: Sequence[str]) -> list[str]:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", "--timeout", "10s"]
    for header in headers:
        command += ["-H", header]
    return [*command, *(["-s", str(script)] if script else []), url]


def _found(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else None


def _latency(name: str, text: str) -> float:
    found = re.search(rf"^\s+{name}\s+([\d.]+)(us|ms|s|m)\s*$", text, re.MULTILINE)
    return float(found[1]) * SECONDS[found[2]] if found else 0.0
