"""``python -m stoppress.config.process NAME``: one process of the running tree, for the instance in this environment.

``front`` imports no Django. The supervisor (``stoppress run``) starts these, tells them its
process id and restarts them.
"""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from stoppress.config.instance import Instance, InstanceError, load
from stoppress.core import logs
from stoppress.core.handover import is_awaited, tell_ready
from stoppress.core.loading import let_go, loading
from stoppress.core.process_guard import LISTENER, ROLE, die_with_parent
from stoppress.core.tree_status import write_counts

log = logging.getLogger("stoppress")

APPLICATION = "stoppress.config.asgi:application"
BACKLOG = 2048
CONNECTIONS = 65_536
"""Per app worker: the front is the only one who connects, and limits what it asks at once."""
DRAIN_SECONDS = 8
"""How long open requests may take when the tree stops; less than the supervisor's patience."""
TASKS_POLL_SECONDS = 0.5


def front(instance: Instance) -> None:
    """Serve baked pages and media to readers, and pass the rest on."""
    from stoppress.pagestore.serve.asgi import Front  # noqa: PLC0415 - the others do without it
    from stoppress.pagestore.serve.precedence import going_first  # noqa: PLC0415 - as above
    from stoppress.pagestore.serve.server import serve  # noqa: PLC0415 - as above

    settings = instance.settings
    served = Front(
        {
            "store": str(instance.store),
            "media": str(instance.media),
            "static": str(instance.static),
            "app_socket": str(instance.app_socket),
            "trusted_proxies": list(settings.trusted_proxies),
        }
    )
    folder = instance.counts_folder
    with going_first(settings.workers) as go_first:

        def on_started() -> None:
            tell_ready()
            go_first()

        # The supervisor holds the port: while a front starts again, its readers wait instead of being refused.
        serve(
            served,
            socket.socket(fileno=int(os.environ[LISTENER])),
            DRAIN_SECONDS,
            on_started,
            lambda: write_counts(folder, served.counts),
        )
    served.close()


def app(instance: Instance) -> None:
    """Serve the desk, forms and misses to the front."""
    instance.prepare_socket_folder()
    own = instance.app_socket.with_name(f"{instance.app_socket.name}.{os.getpid()}")
    for left in own.parent.glob(f"{instance.app_socket.name}.*"):  # by one that was killed before it took over
        if left == own or not Path(f"/proc/{left.suffix[1:]}").exists():
            left.unlink(missing_ok=True)
    _serve(instance, own)


def worker(_instance: Instance) -> None:
    """Derive marks and bake until told to stop."""
    import django  # noqa: PLC0415 - the front must not load it

    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    with loading():
        django.setup()
        from stoppress.pagestore.bake.worker import main  # noqa: PLC0415 - needs Django set up

    main(stop, tell_ready)


def tasks(instance: Instance) -> None:
    """Do what was put off, mail above all, and keep the search index up to date."""
    import django  # noqa: PLC0415 - the front must not load it

    with loading():
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
        from django.db import DatabaseError  # noqa: PLC0415 - needs Django set up

        from stoppress.config.interrupted import resume_tasks  # noqa: PLC0415 - needs Django set up
        from stoppress.config.noted_settings import note_settings  # noqa: PLC0415 - needs Django set up
        from stoppress.config.tidying import keep_tidy  # noqa: PLC0415 - needs Django set up
        from stoppress.search.upkeep import keep_indexed  # noqa: PLC0415 - needs Django set up

    # The command sets its loggers to tell each task; only failures matter, and its farewell is not one.
    logging.getLogger("django_tasks_db").addFilter(lambda record: record.levelno > logging.WARNING)
    logging.getLogger("django_tasks").addFilter(lambda record: record.levelno > logging.INFO)
    if instance.settings.prune_daily:
        keep_tidy(instance)
    keep_indexed()
    try:
        note_settings(instance.settings)
        resume_tasks()
        tell_ready()
        call_command(
            "db_worker", queue_name="*", interval=TASKS_POLL_SECONDS, startup_delay=False, reload=False, verbosity=1
        )
    except DatabaseError as error:
        raise InstanceError(f"The database does not answer ({error}); tasks wait.") from error


NICENESS = {"app": 10, "worker": 5, "tasks": 10}
"""How far a kind of process stands back where processors are few: readers first, then what is published (nice(2))."""
PROCESSES: dict[str, Callable[[Instance], None]] = {"front": front, "app": app, "worker": worker, "tasks": tasks}


def main(arguments: list[str]) -> int:
    """Run the process that the only argument names."""
    die_with_parent()
    # Where the supervisor has a terminal they are in its background, and write even if that stops such (stty tostop).
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stoppress.config.settings")
    role = os.environ[ROLE] = arguments[0]
    try:
        instance = load(Path(os.environ.get("STOPPRESS_INSTANCE", ".")))
    except InstanceError as error:
        sys.stderr.write(f"{role}: {error}\n")
        return 1
    logs.install(instance.logging_of(role))
    os.nice(NICENESS.get(role, 0))
    try:
        PROCESSES[role](instance)
    except (InstanceError, RuntimeError, OSError) as error:
        log.error("%s", (str(error).splitlines() or [type(error).__name__])[0])
        return 1
    finally:
        let_go()
    return 0


def _load(target: str, take_over: Callable[[], None]) -> Any:
    """What ``module:name`` names, loaded in a server's worker: unlike Granian's loader, never from this folder."""
    die_with_parent()
    module, _, name = target.partition(":")
    with loading():
        loaded = getattr(import_module(module), name)
    if is_awaited():
        take_over()
        tell_ready()
    return loaded


def _forget_handlers() -> None:
    """Undo what a server's worker inherits: its parent's handlers mean nothing here and would swallow a stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


def _serve(instance: Instance, own: Path) -> None:
    """Serve on a socket that is bound as ``own`` and then takes the place of the one that the fronts know.

    A successor takes it when it has loaded, so that nobody waits for that; else at once, so that everybody waits
    instead of being refused.
    """
    from granian import Granian  # noqa: PLC0415 - the others do without it
    from granian.constants import HTTPModes, Interfaces, Loops  # noqa: PLC0415 - as above
    from granian.log import LogLevels  # noqa: PLC0415 - as above

    server = Granian(
        APPLICATION,
        uds=own,
        uds_permissions=0o600,
        workers=instance.settings.app_workers,
        interface=Interfaces.ASGINL,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        log_level=LogLevels.warning,
        log_access=False,
        log_dictconfig={"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}},
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=DRAIN_SECONDS,
    )

    def take_over() -> None:
        with suppress(FileNotFoundError):  # another worker of this server was first
            own.rename(instance.app_socket)

    if not is_awaited():
        server.on_startup(take_over)
    os.register_at_fork(after_in_child=_forget_handlers)
    server.serve(target_loader=partial(_load, APPLICATION, take_over), wrap_loader=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
