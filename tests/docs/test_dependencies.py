"""Every dependency has its line in docs/dependencies.md, and no line outlives its dependency."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
NAME = re.compile(r"[A-Za-z0-9-]+")
ROW = re.compile(r"^\| `(?P<name>[^`]+)`", re.MULTILINE)


def test_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
        *project["dependency-groups"]["dev"],
    ]
    names = {found[0].lower() for one in wanted if (found := NAME.match(one))}
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert {row["name"].lower() for row in ROW.finditer(text)} == names
