"""Ports and sockets: whether one is free, and who answers there."""

import contextlib
import http.client
import os
import socket
from pathlib import Path

from stoppress.config.instance import InstanceError

LOOK_SECONDS = 1.0


def reserve(host: str, port: int) -> socket.socket:
    """Take the port for the front processes, which answer on this socket; port 0 takes a free one.

    It listens at once, so that nobody else gets the port and whoever comes early waits instead of being refused.

    Raises:
        InstanceError: the port is taken or may not be used, or there is no such host.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        held = socket.socket(family, kind)
        try:
            # Connections that linger after a stop don't count; a listener does.
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind(address)
            held.listen()
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
    """Whether a server speaks there; it may be that a listener has nobody behind it yet."""
    local = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - what is asked about, not bound
    connection = http.client.HTTPConnection(local, port, timeout=LOOK_SECONDS)
    try:
        connection.request("HEAD", "/robots.txt")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def socket_answers(path: Path) -> bool:
    """Whether somebody accepts connections on the local socket at ``path``."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client, contextlib.suppress(OSError):
        client.settimeout(LOOK_SECONDS)
        client.connect(str(path))
        return True
    return False
