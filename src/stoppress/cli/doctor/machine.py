"""Folders, disk and secret key: what can be looked at without Django."""

import os
import shutil
import stat
from collections.abc import Iterator
from urllib.parse import urlsplit

from stoppress.cli import place
from stoppress.cli.doctor.finding import Finding, fail, ok, warn
from stoppress.config.instance import Instance, InstanceError

LITTLE_ROOM_BYTES = 1_000_000_000
NO_ROOM_BYTES = 100_000_000
FEW_FILES = 10_000
PROBE_BYTES = 65_536
HERE = {"127.0.0.1", "localhost", "::1"}


def check_folders(instance: Instance) -> Iterator[Finding]:
    """The instance is complete, its folders are there, and what is written arrives."""
    if (instance.data / place.UNFINISHED).exists():
        yield fail("instance", f"half made; repeat 'stoppress init {instance.root}'")
    try:
        place.require_writable(instance)
        _write_and_read(instance)
    except InstanceError as error:
        yield fail("folders", str(error))
    except OSError as error:
        # A quota is not seen in the room that the disk has; a write meets it.
        yield fail("folders", f"{instance.store} takes no files: {error.strerror}. Readers read on; make room")
    else:
        yield ok("folders", "store, media and originals can be written")


def check_room(instance: Instance) -> Iterator[Finding]:
    """There is room for what comes, in bytes and in files."""
    for name, folder in (("pages", instance.store), ("pictures", instance.originals)):
        if not folder.is_dir():
            continue
        free = shutil.disk_usage(folder).free
        text = f"{free / 1e9:.1f} GB free for {name}"
        if free < NO_ROOM_BYTES:
            yield fail("disk", f"{text}. Make room: 'stoppress prune', old backups, logs")
        elif free < LITTLE_ROOM_BYTES:
            yield warn("disk", f"{text}; a full disk stops the desk, not the readers")
        else:
            yield ok("disk", text)
        files = os.statvfs(folder)
        if files.f_files and files.f_favail < FEW_FILES:  # some file systems count none
            yield warn("disk", f"only {files.f_favail} more files fit; each page takes three")


def check_secret_key_mode(instance: Instance) -> Finding:
    """Nobody else can read the secret key."""
    mode = stat.S_IMODE(instance.secret_key_file.stat().st_mode)
    if mode & 0o077:
        return warn("secret key", f"others can read it (mode {mode:o}); chmod 600 {instance.secret_key_file}")
    return ok("secret key", "there, and private")


def check_settings(instance: Instance) -> Iterator[Finding]:
    """Nothing is set that is right on one's own machine only."""
    settings = instance.settings
    if settings.debug:
        yield warn("settings", "debug is on: strangers see tracebacks. Set it to false")
    address = urlsplit(settings.base_url)
    is_open = settings.host not in HERE
    if is_open and (address.hostname or "") in HERE:
        yield warn("settings", f"others can reach the port, but links say {settings.base_url}; set base_url")
    if is_open and address.scheme != "https":
        yield warn("settings", "passwords of the desk travel unencrypted; put a proxy with TLS in front")
    if address.scheme == "https" and not settings.trusted_proxies:
        yield warn("settings", "base_url is https, but trusted_proxies names no proxy: nobody can log in through it")


def check_mail(instance: Instance) -> Iterator[Finding]:
    """Mail has a way out, and nobody else can read its password."""
    own, file = instance.settings, instance.mail_password_file
    try:
        has_password = bool(instance.mail_password())
    except InstanceError as error:
        yield fail("mail", str(error))
        return
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield warn("mail", f"others can read its password; chmod 600 {file}")
    if not own.mail_host:
        yield ok("mail", f"no mail_host is set; mails become files in {instance.mail}")
    elif own.mail_user and not has_password:
        yield warn("mail", f"mail_user is set, but there is no password in {file}")
    else:
        yield ok("mail", f"goes to {own.mail_host}; try it with 'stoppress mail test ADDRESS'")


def _write_and_read(instance: Instance) -> None:
    probe = instance.store / f".probe-{os.getpid()}"
    try:
        with probe.open("wb") as file:
            file.write(os.urandom(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
        if probe.stat().st_size != PROBE_BYTES:
            raise InstanceError(f"{instance.store} loses what is written to it. Look at the disk.")
    finally:
        probe.unlink(missing_ok=True)
