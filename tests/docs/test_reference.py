"""The reference and the code agree: what exists is documented, and what is documented exists.

Each setting, hook and command has a heading of its own: ``### `name` `` or ``### `name(arguments)` ``.
"""

import importlib
import inspect
import json
import re
from pathlib import Path

import click
import pytest

from stoppress.cli.main import main
from stoppress.config import instance

ROOT = Path(__file__).parent.parent.parent
REFERENCE = ROOT / "docs" / "reference"
HEADING = re.compile(r"^#{2,4} `(?P<name>[\w-]+)[^`]*`", re.MULTILINE)


def documented(name: str) -> dict[str, str]:
    """Names in headings of a page of the reference, with the text below each."""
    text = (REFERENCE / name).read_text(encoding="utf-8")
    parts = HEADING.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def hooks() -> set[str]:
    """Names of all hook specifications, of every room that has any."""
    source = ROOT / "src" / "stoppress"
    modules = [
        importlib.import_module(f"stoppress.{path.parent.name}.hookspecs") for path in source.glob("*/hookspecs.py")
    ]
    return {
        name
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if hasattr(function, "stoppress_spec")
    }


def commands() -> dict[str, click.Command]:
    """Subcommands by name."""
    assert isinstance(main, click.Group)
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}


def test_settings() -> None:
    assert set(documented("settings.md")) == set(instance.defaults())


@pytest.mark.parametrize("name", sorted(instance.defaults()))
def test_setting_tells_its_default(name: str) -> None:
    default, _about = instance.defaults()[name]
    shown = str(default or "")
    if isinstance(default, bool):
        shown = str(default).lower()
    elif isinstance(default, tuple):
        shown = json.dumps(list(default))
    assert shown in documented("settings.md")[name]


def test_hooks() -> None:
    assert set(documented("hooks.md")) == hooks()


def test_commands() -> None:
    assert set(documented("commands.md")) == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_command_tells_its_options(name: str) -> None:
    text = documented("commands.md")[name]
    command = commands()[name]
    of_its_own = command.commands.values() if isinstance(command, click.Group) else []
    params = [param for one in (command, *of_its_own) for param in one.params]
    options = [option for option in params if isinstance(option, click.Option)]
    assert [option.opts[0] for option in options if not option.hidden and f"{option.opts[0]}" not in text] == []
