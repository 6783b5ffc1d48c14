"""The instance that a command works on, and Django configured for it."""

import os
from collections.abc import Mapping
from pathlib import Path

from stoppress.config.instance import Instance, InstanceError, load
from stoppress.core.loading import loading

UNFINISHED = "unfinished"
"""The file in ``data/`` that says that ``init`` has not come to its end."""


def find(folder: Path, environ: Mapping[str, str] | None = None) -> Instance:
    """The complete instance in ``folder``, with its secret key.

    Raises:
        InstanceError: there is none, it is broken or half made.
    """
    instance = load(folder, environ)
    if (instance.data / UNFINISHED).exists():
        raise InstanceError(f"{instance.root} is half made. Repeat 'stoppress init {instance.root}'.")
    instance.secret_key()
    return instance


def configure(instance: Instance) -> None:
    """Set Django up for ``instance`` in this process; only from here on may Django's models be imported.

    Raises:
        InstanceError: the settings can't be right.
    """
    os.environ["STOPPRESS_INSTANCE"] = str(instance.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "stoppress.config.settings"
    import django  # noqa: PLC0415 - Django must not load before the instance is known

    with loading():
        django.setup()


def require_database(instance: Instance, alias: str = "default") -> None:
    """See that the database is there and up to date. Django must be configured.

    Args:
        alias: Django's name for it.

    Raises:
        InstanceError: it is missing, does not answer, or lacks migrations.
    """
    from django.db import Error, connections  # noqa: PLC0415 - needs Django configured
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 - needs Django configured

    from stoppress.core.sqlite.base import DatabaseFileMissingError  # noqa: PLC0415 - as above

    connection = connections[alias]
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseFileMissingError as error:
        raise InstanceError(str(error)) from error
    except Error as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise InstanceError(f"The database does not answer: {reason}.") from error
    finally:
        connection.close()
    if missing:
        first = missing[0][0]
        raise InstanceError(
            f"{len(missing)} migrations are not applied ({first.app_label}.{first.name} first). "
            f"Run 'stoppress --instance {instance.root} upgrade'."
        )


def require_writable(instance: Instance) -> None:
    """See that this user may write where the tree writes.

    Raises:
        InstanceError: names the first folder that is missing or closed.
    """
    for folder in (instance.data, instance.store, instance.media, instance.originals, instance.runtime):
        if not folder.is_dir():
            raise InstanceError(f"The folder {folder} is missing. Make it, or restore the instance from a backup.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise InstanceError(f"{folder} can't be written by this user. Change its owner, or run as its owner.")
