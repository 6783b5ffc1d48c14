"""What a file refers to by name rather than by import: the part that import-linter can't see."""

import ast
import re
from collections.abc import Container, Iterator

from tests.architecture.floors import ROOMS, SOURCE

MODULE = re.compile(r"stoppress\.(?P<room>[a-z]+)(\.\w+)*")
TEMPLATE = re.compile(r"(?P<room>[a-z]+)/[\w./-]+\.(html|xml|txt)")
STATIC_FILE = re.compile(r"(?P<room>[a-z]+)/[\w./-]+\.(css|js|svg|png|ico|woff2)")
MODEL = re.compile(r"(?P<room>[a-z]+)\.\w+")
LABEL = re.compile(r"(?P<room>[a-z]+)")
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField", "ParentalKey", "ParentalManyToManyField"}
LOOK_UPS = {"get_model", "get_app_config"}

TAG = re.compile(r"{%-?\s*(?P<name>load|include|extends|static)\s+(?P<rest>.*?)-?%}", re.DOTALL)
QUOTED = re.compile(r"""^["'](?P<value>[^"']+)["']""")


class UnreadableReferenceError(AssertionError):
    """A template names another one by a variable, so nobody can say which room it uses."""


def in_python(code: str, passed_on: Container[str] = ()) -> Iterator[str]:
    """Rooms that a module names in strings: dotted paths, models, app labels, templates and static files.

    Args:
        passed_on: strings that it only hands to another process.
    """
    tree = ast.parse(code)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in RELATIONS:
                yield from _rooms(node.args[0].value, MODEL)
            if name in LOOK_UPS:
                yield from _rooms(node.args[0].value, MODEL, LABEL)
        elif isinstance(node, ast.Constant) and id(node) not in prose and node.value not in passed_on:
            yield from _rooms(node.value, MODULE, TEMPLATE, STATIC_FILE)


def in_template(text: str) -> Iterator[str]:
    """Rooms whose tags, templates or static files a template uses.

    Raises:
        UnreadableReferenceError: an include or extends names a variable.
    """
    for tag in TAG.finditer(text):
        name, rest = tag["name"], tag["rest"].strip()
        if name == "load":
            words = rest.split()
            libraries = words[words.index("from") + 1 :] if "from" in words else words
            yield from (OWN_LIBRARIES[library] for library in libraries if library in OWN_LIBRARIES)
            continue
        quoted = QUOTED.match(rest)
        if quoted:
            yield from _rooms(quoted["value"], TEMPLATE, STATIC_FILE)
        elif name != "static":
            raise UnreadableReferenceError(f"{{% {name} {rest} %}}")


def _own_libraries() -> dict[str, str]:
    """Template tag libraries of ours and the room of each."""
    return {
        path.stem: path.relative_to(SOURCE).parts[0]
        for path in SOURCE.glob("*/templatetags/*.py")
        if path.stem != "__init__"
    }


OWN_LIBRARIES = _own_libraries()


def _rooms(value: object, *patterns: re.Pattern[str]) -> Iterator[str]:
    if isinstance(value, str):
        for pattern in patterns:
            match = pattern.fullmatch(value)
            if match and match["room"] in ROOMS:
                yield match["room"]
