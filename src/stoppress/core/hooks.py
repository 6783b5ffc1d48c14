"""The one plugin manager: rooms declare hookspecs here and fill each other's, by name, without imports.

A room adds its specifications with :func:`add_hookspecs` in ``AppConfig.ready`` and its implementations
with :func:`register`; :func:`check` runs once when all rooms are up, so a misspelt hook stops the start.
"""

from types import ModuleType
from typing import Any

import pluggy

PROJECT = "stoppress"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

_manager = pluggy.PluginManager(PROJECT)


def add_hookspecs(module: ModuleType) -> None:
    """Declare the extension points that ``module`` lists; a second call with the same module is ignored."""
    if module.__name__ not in _declared:
        _declared.add(module.__name__)
        _manager.add_hookspecs(module)


def register(plugin: ModuleType | object, name: str | None = None) -> None:
    """Add a plugin's hook implementations; a plugin that is already there is left as it is."""
    if not _manager.is_registered(plugin):
        _manager.register(plugin, name)


def unregister(plugin: ModuleType | object) -> None:
    """Take a plugin out again."""
    _manager.unregister(plugin)


def call() -> Any:
    """The relay: ``call().name(argument=…)`` returns the list of all answers that are not ``None``.

    Typed ``Any`` because pluggy builds its callers when it runs.
    """
    return _manager.hook


def check() -> None:
    """Fail when an implementation has no specification.

    Raises:
        pluggy.PluginValidationError: names the misspelt hook and the plugin.
    """
    _manager.check_pending()


_declared: set[str] = set()
