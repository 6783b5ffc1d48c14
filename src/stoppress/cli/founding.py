"""Making an instance: folders, secret key, settings file, database, static files and an empty publication."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from stoppress.cli import dumps
from stoppress.cli.place import UNFINISHED, configure
from stoppress.config.instance import SETTINGS_FILE, Instance, InstanceError, Settings, defaults, load, parse

KEY_BYTES = 48
OWN = frozenset({SETTINGS_FILE, "data", "theme"})
"""What an instance's folder holds."""
HEADING = """\
# The settings of this publication. A line that begins with # shows the default; remove the # to change it.
# Each key can also be given as an environment variable: STOPPRESS_ and the key in capitals, lists with commas.
# A change takes effect with the next 'stoppress run'.
"""

Tell = Callable[[str], None]


def is_founded(root: Path) -> bool:
    """Whether a complete instance lives in ``root``."""
    return (root / SETTINGS_FILE).exists() and not (root / "data" / UNFINISHED).exists()


def require_room(root: Path) -> None:
    """See that ``root`` holds nothing of anybody else's; hidden files don't count.

    Raises:
        InstanceError: it does, or is a file.
    """
    if not root.exists():
        return
    if not root.is_dir():
        raise InstanceError(f"{root} is a file; nothing was changed.")
    others = sorted(one.name for one in root.iterdir() if one.name not in OWN and not one.name.startswith("."))
    if others:
        raise InstanceError(f"{root} holds other things, such as {others[0]}; nothing was changed. Name a new folder.")


def check(chosen: Mapping[str, Any]) -> None:
    """See that ``chosen`` settings can be right before anything is made.

    Raises:
        InstanceError: names the first that can't.
    """
    parse(chosen, {}, "These options")


def lay_out(root: Path, chosen: Mapping[str, Any]) -> Instance:
    """Make the folders, the secret key and the settings file. What is there already stays; safe to repeat.

    Args:
        chosen: settings that differ from the defaults.

    Raises:
        InstanceError: ``root`` can't be written, or an environment variable has a value that can't be right.
    """
    root = root.resolve()
    instance = Instance(root, Settings())
    try:
        root.mkdir(parents=True, exist_ok=True)
        make_folders(instance)
        if not (root / SETTINGS_FILE).exists():
            (instance.data / UNFINISHED).touch()
        _make_secret_key(instance.secret_key_file)
        if not (root / SETTINGS_FILE).exists():
            _write_whole(root / SETTINGS_FILE, settings_text(chosen), 0o644)
    except OSError as error:
        raise InstanceError(f"{error.filename or root} can't be written: {error.strerror}.") from error
    return load(root)


def furnish(instance: Instance, tell: Tell) -> None:
    """Migrate the database, collect the static files, make the empty publication and bake it; safe to repeat.

    Configures Django in this process.
    """
    configure(instance)
    _make_database(instance)
    refresh(tell)
    from stoppress.newsroom.setup import create_publication  # noqa: PLC0415 - needs Django configured
    from stoppress.pagestore.actions import drain  # noqa: PLC0415 - needs Django configured

    create_publication(instance.settings.title)
    # Readers may come as soon as the server runs, before its worker has looked around.
    drain()
    (instance.data / UNFINISHED).unlink(missing_ok=True)


def refresh(tell: Tell) -> None:
    """Bring the database, the roles and the static files to this version; safe to repeat. Django must be configured."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django configured

    from stoppress.accounts.actions import ensure_roles  # noqa: PLC0415 - needs Django configured
    from stoppress.newsroom.actions.workflow import ensure_workflow  # noqa: PLC0415 - as above

    tell("Preparing the database …")
    call_command("migrate", interactive=False, verbosity=0)
    ensure_roles()
    ensure_workflow()
    tell("Collecting static files …")
    call_command("collectstatic", interactive=False, verbosity=0)


def make_folders(instance: Instance) -> None:
    """Make the folders of an instance that are missing, private ones private."""
    for folder in _folders(instance):
        folder.mkdir(parents=True, exist_ok=True)
    for private in (instance.keys, instance.runtime, instance.mail):
        private.chmod(0o700)


def settings_text(chosen: Mapping[str, Any]) -> str:
    """An annotated ``stoppress.toml``: every key with its explanation, ``chosen`` ones in force."""
    parts = [HEADING]
    for name, (default, about) in defaults().items():
        line = f"{name} = {toml_value(chosen.get(name, default))}"
        parts.append(f"# {about}\n{line if name in chosen else '# ' + line}\n")
    return "\n".join(parts)


def _folders(instance: Instance) -> tuple[Path, ...]:
    return (
        instance.sqlite_file.parent,
        instance.media,
        instance.originals,
        instance.static,
        instance.store,
        instance.runtime,
        instance.keys,
        instance.mail,
        instance.theme / "templates",
        instance.theme / "static",
    )


def _make_database(instance: Instance) -> None:
    """An empty file for SQLite, which makes none by itself: a lost database must not look like an empty one."""
    if dumps.engine_of(instance) == dumps.SQLITE:
        dumps.sqlite_path(instance).touch(0o644)


def _make_secret_key(path: Path) -> None:
    if not path.exists():
        _write_whole(path, secrets.token_urlsafe(KEY_BYTES), 0o600)


def _write_whole(path: Path, text: str, mode: int) -> None:
    """Write the file so that it is there whole or not at all, and never readable by more than ``mode`` allows."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def toml_value(value: Any) -> str:
    """A setting's value as it is written in ``stoppress.toml``."""
    # JSON's strings, numbers, booleans and lists of strings are TOML's (TOML 1.0, values), but for U+007F.
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False).replace("\x7f", "\\u007f")
