"""The log of a running tree: one form for every process, to standard error and to one file that they share.

Imports no Django, so that the front and the supervisor log as the others do. What is private never gets this far out:
both forms pass through :func:`stoppress.core.redaction.redacted`.
"""

import fcntl
import json
import logging
import logging.config
import os
import re
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from stoppress.core.redaction import redacted

FORMATS = ("text", "json")
FILE_MODE = 0o640
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LineFormatter(logging.Formatter):
    """``2026-11-23T10:15:00.123Z WARNING front[4711] stoppress.front: …``, a traceback below it.

    Args:
        role: what the process does in the tree.
    """

    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role

    def format(self, record: logging.LogRecord) -> str:
        """One record; a message stays on its line, whatever a stranger put into it."""
        # The text of an address may hold any character; a line feed would begin a line that nobody logged.
        message = _CONTROL.sub(lambda found: repr(found[0])[1:-1], redacted(record.getMessage()))
        head = f"{_moment(record)} {record.levelname} {self.role}[{record.process}] {record.name}: {message}"
        return "\n".join([head, *filter(None, [_exception(self, record)])])


class JsonFormatter(logging.Formatter):
    """One JSON object a line (RFC 8259): time, level, logger, process, pid, message, and exception if there is one.

    Args:
        role: what the process does in the tree.
    """

    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role

    def format(self, record: logging.LogRecord) -> str:
        """One record."""
        line = {
            "time": _moment(record),
            "level": record.levelname,
            "logger": record.name,
            "process": self.role,
            "pid": record.process,
            "message": redacted(record.getMessage()),
        }
        if exception := _exception(self, record):
            line["exception"] = exception
        return json.dumps(line, ensure_ascii=False)


class SharedFileHandler(logging.Handler):
    """Appends to one file from any number of processes, and begins a new one when it is full.

    The file is opened for each record and locked while it is written: a record is whole, one process turns the file
    over, and the others notice. Readers of logs may move the file away at any time.

    Args:
        file: its folder is made when it is missing.
        most_bytes: how large a file may get.
        kept: how many full ones stay, ``file.1`` the newest.
    """

    def __init__(self, file: str, most_bytes: int, kept: int) -> None:
        super().__init__()
        self.file = Path(file)
        self.most_bytes = most_bytes
        self.kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record. A disk that is full loses it here; standard error has it too."""
        try:
            line = (self.format(record) + "\n").encode("utf-8", "backslashreplace")
        except Exception:  # noqa: BLE001 - as the handlers of the standard library: a log must not end its process
            self.handleError(record)
            return
        try:
            self._append(line)
        except OSError:
            return

    def _append(self, line: bytes) -> None:
        while True:
            descriptor = self._open()
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if not self._is_current(descriptor):
                    continue  # turned over while we waited
                size = os.fstat(descriptor).st_size
                if size and size + len(line) > self.most_bytes:
                    self._turn_over()
                    continue
                os.write(descriptor, line)
                return
            finally:
                os.close(descriptor)

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(self.file, flags, FILE_MODE)
        except FileNotFoundError:
            self.file.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            return os.open(self.file, flags, FILE_MODE)

    def _is_current(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), os.stat(self.file))
        except FileNotFoundError:
            return False

    def _turn_over(self) -> None:
        """Called by whoever holds the lock of the file that is full: there is only one."""
        for number in range(self.kept, 0, -1):
            older = rotated(self.file, number)
            newer = rotated(self.file, number - 1) if number > 1 else self.file
            if newer.exists():
                newer.replace(older)


def rotated(file: Path, number: int) -> Path:
    """The name of the full file that so many began after, from 1."""
    return file.with_name(f"{file.name}.{number}")


def configuration(role: str, form: str, file: Path | None, most_bytes: int, kept: int) -> dict[str, Any]:
    """What :func:`logging.config.dictConfig` takes, for Django's ``LOGGING`` and for processes without Django.

    Args:
        role: what the process does in the tree, for whoever reads its lines.
        form: one of :data:`FORMATS`.
        file: where to write besides standard error, if anywhere.
        most_bytes: how large the file may get.
        kept: how many full ones stay.
    """
    formatter = "stoppress.core.logs.JsonFormatter" if form == "json" else "stoppress.core.logs.LineFormatter"
    handlers: dict[str, dict[str, Any]] = {"stderr": {"class": "logging.StreamHandler", "formatter": "own"}}
    if file is not None:
        handlers["file"] = {
            "()": "stoppress.core.logs.SharedFileHandler",
            "formatter": "own",
            "file": str(file),
            "most_bytes": most_bytes,
            "kept": kept,
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"own": {"()": formatter, "role": role}},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING"},
        "loggers": {
            "stoppress": {"level": "INFO"},
            "django.server": {"level": "WARNING"},
        },
    }


def install(chosen: dict[str, Any]) -> None:
    """Log as ``chosen`` in this process; what ends it unforeseen, and Python's warnings, are logged too."""
    logging.config.dictConfig(chosen)
    logging.captureWarnings(True)
    sys.excepthook = _log_the_end
    threading.excepthook = _log_the_end_of_a_thread


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("stoppress").critical("This process ends: %s", kind.__name__, exc_info=(kind, error, trace))


def _log_the_end_of_a_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        logging.getLogger("stoppress").critical(
            "A thread ended: %s",
            arguments.exc_type.__name__,
            exc_info=(arguments.exc_type, arguments.exc_value, arguments.exc_traceback),
        )


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _exception(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    parts = []
    if record.exc_info and record.exc_info[0] is not None and not _is_requests_own_fault(record):
        parts.append(formatter.formatException(record.exc_info))
    if record.stack_info:
        parts.append(formatter.formatStack(record.stack_info))
    return redacted("\n".join(parts))


def _is_requests_own_fault(record: logging.LogRecord) -> bool:
    """Whether a request was wrong by itself: with a traceback for each, strangers could fill the log."""
    is_refused = record.name == "django.request" and record.levelno < logging.ERROR
    return is_refused or record.name.startswith("django.security.")
