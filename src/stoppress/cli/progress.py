"""How long work shows itself: a bar on a terminal, plain lines elsewhere."""

import contextlib
import sys
from collections.abc import Callable, Iterator

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LINES = 10
"""How many plain lines tell the whole of a long piece of work."""

Report = Callable[[int, int], None]
"""Takes how much is done and how much there is in all."""


@contextlib.contextmanager
def shown(label: str) -> Iterator[Report]:
    """Show the progress of ``label`` while the block runs; yields what takes the numbers."""
    if sys.stdout.isatty():
        with _bar(label) as report:
            yield report
    else:
        yield _lines(label)


@contextlib.contextmanager
def _bar(label: str) -> Iterator[Report]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console()) as progress:
        task = progress.add_task(label, total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield report


def _lines(label: str) -> Report:
    last = 0

    def report(done: int, total: int) -> None:
        nonlocal last
        tenth = LINES * done // total if total else LINES
        if tenth > last or (done == total and tenth != last):
            last = tenth
            click.echo(f"{label}: {done} of {total}")

    return report
