"""What a failure means, in one line for the person who ran the command."""

import sqlite3
import sys

import click

from stoppress.config.instance import InstanceError

SPEAK_FOR_THEMSELVES = {
    "CommandError",
    "DatabaseFileMissingError",
    "ExportRefused",
    "ExportUnreadable",
    "ImproperlyConfigured",
    "MailError",
}
"""Errors whose text is written for people, by name: to import them here would load Django."""


def explain(error: Exception) -> str:
    """One line: what happened and what to do."""
    return " ".join(_explain(error).split())


def _explain(error: Exception) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{error.format_message()} See '{error.ctx.command_path} --help'."
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, InstanceError) or type(error).__name__ in SPEAK_FOR_THEMSELVES:
        return str(error)
    if isinstance(error, sqlite3.Error) or _is_from_django_database(error):
        return f"The database does not answer: {_first_line(error)}. See 'stoppress doctor'."
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    return f"{type(error).__name__}: {_first_line(error)}. Run 'stoppress --debug …' for the details."


def _is_from_django_database(error: Exception) -> bool:
    # Asking the loaded module, not importing it: most commands that fail early never needed Django.
    database = sys.modules.get("django.db")
    return database is not None and isinstance(error, database.Error)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no further word"])[0].rstrip(".")
