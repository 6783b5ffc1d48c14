"""What every page depends on without saying so: the software, the theme and the settings that readers see."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import django
import wagtail
from django.conf import settings

import stoppress
from stoppress.pagestore.layout import Layout

NOT_IN_PAGES = {"__pycache__", "static"}
"""Folders of the package that no page's text depends on; the manifest tells of static files."""


def fingerprint() -> str:
    """A digest that changes when every page must be baked again."""
    digest = hashlib.blake2b(digest_size=16)
    seen = [settings.BASE_URL, settings.STOPPRESS_TITLE, settings.STOPPRESS_STRAPLINE]
    seen += [settings.STOPPRESS_LANGUAGE, settings.TIME_ZONE]
    seen += [settings.STOPPRESS_SECURITY_CONTACT, *settings.STOPPRESS_REFUSED_CRAWLERS]
    seen += [settings.STOPPRESS_COMMENTS, str(settings.STOPPRESS_COMMENTS_CLOSE_DAYS)]
    seen += [stoppress.__version__, django.__version__, wagtail.__version__, package_digest()]
    digest.update(json.dumps(seen).encode())
    manifest = Path(settings.STATIC_ROOT or ".") / "staticfiles.json"
    files = [(manifest.name, manifest)] if manifest.is_file() else []
    engines: list[dict[str, Any]] = settings.TEMPLATES
    for folder in (Path(folder) for engine in engines for folder in engine["DIRS"]):
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        files += [(path.relative_to(folder).as_posix(), path) for path in found]
    for name, file in files:  # an instance that moved to another folder shows the same pages
        digest.update(f"\0{name}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_current() -> bool:
    """Whether the worker has taken note of everything that pages depend on; also when it never worked."""
    file = Layout(Path(settings.STOPPRESS_STORE)).fingerprint_file
    return not file.exists() or file.read_text(encoding="ascii") == fingerprint()


@cache
def package_digest() -> str:
    """A digest of our own code and templates, so that an installation that was patched is noticed too.

    Computed once, when the process has just loaded them: what is installed later, it does not run.
    """
    return digest_of(Path(stoppress.__file__).parent)


def digest_of(folder: Path) -> str:
    """A digest of every file below ``folder`` that can leave its mark on a page, wherever the folder is."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not NOT_IN_PAGES & set(inside.parts):
            digest.update(f"\0{inside.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
