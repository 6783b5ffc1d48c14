"""Ports and sockets: whether one is free, and who answers there."""

import contextlib
import os
import socket
from pathlib import Path

from stoppress.config.instance import InstanceError

LOOK_SECONDS = 1.0


def reserve(host: str, port: int) -> socket.socket:
    """Take the port for this process and its children; port 0 takes a free one.

    The servers share the port (SO_REUSEPORT, socket(7)), so two of them would not notice each other: hence a first
    try that doesn't share. The socket that is returned never listens; closing it gives the port up.

    Raises:
        InstanceError: the port is taken or may not be used, or there is no such host.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        with socket.socket(family, kind) as probe:
            # Connections that linger after a stop don't count; a listener does.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            address = probe.getsockname()
        held = socket.socket(family, kind)
        try:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind(address)
        except OSError:
            held.close()
            raise
    except PermissionError as error:
        raise InstanceError(f"Port {port} needs root's rights; use one above 1023 and a proxy in front.") from error
    except socket.gaierror as error:
        raise InstanceError(f"There is no host {host!r} to bind ({error.strerror}).") from error
    except OverflowError as error:
        raise InstanceError(f"Port {port} is outside 0–65535.") from error
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise InstanceError(
            f"Port {port} on {host} can't be used ({reason.lower()}). Stop the other program or choose another --port."
        ) from error
    return held


def answers(host: str, port: int) -> bool:
    """Whether somebody accepts connections there."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what is asked about, not bound
    with contextlib.suppress(OSError), socket.create_connection((local, port), timeout=LOOK_SECONDS):
        return True
    return False


def socket_answers(path: Path) -> bool:
    """Whether somebody accepts connections on the local socket at ``path``."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client, contextlib.suppress(OSError):
        client.settimeout(LOOK_SECONDS)
        client.connect(str(path))
        return True
    return False
