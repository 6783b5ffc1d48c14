"""The running tree: who holds the port, and which process keeps dying."""

import time
from collections.abc import Iterator

from stoppress.cli.doctor.finding import Finding, fail, ok, warn
from stoppress.cli.locks import is_held
from stoppress.cli.ports import answers, reserve
from stoppress.config.instance import Instance, InstanceError
from stoppress.core import tree_status

LONG_ENOUGH_SECONDS = 10.0
"""Whatever has lived so long has started well."""


def check_tree(instance: Instance) -> Iterator[Finding]:
    """The port is free, or our own server answers on it; none of its processes keeps dying."""
    host, port = instance.settings.host, instance.settings.port
    if not is_held(instance):
        try:
            reserve(host, port).close()
        except InstanceError as error:
            yield fail("server", f"does not run. {error}")
        else:
            yield ok("server", f"does not run; {host}:{port} is free")
        return
    if answers(host, port):
        yield ok("server", f"runs and answers on {host}:{port}")
    else:
        yield warn("server", f"runs, but not on {host}:{port}; it has another --port or is starting")
    for process in tree_status.read(instance.tree_file):
        yield from _check_process(process)


def _check_process(process: tree_status.ProcessStatus) -> Iterator[Finding]:
    is_up = process.is_up
    age = time.time() - process.since
    if process.quick_deaths > 1 and not (is_up and age > LONG_ENOUGH_SECONDS):
        yield fail(
            process.name,
            f"ended {process.quick_deaths} times in a row ({process.last_end}); its log says why",
        )
    elif not is_up:
        yield warn(process.name, f"is down ({process.last_end or 'just now'}); it is started again")
    elif process.last_end:
        yield ok(process.name, f"works since {_ago(age)}; before, it ended with {process.last_end}")


def _ago(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
