"""What every page depends on without saying so: the software, the theme and the settings that readers see."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from stoppress import __version__


def fingerprint() -> str:
    """A digest that changes when every page must be baked again."""
    digest = hashlib.blake2b(digest_size=16)
    seen = [settings.BASE_URL, settings.STOPPRESS_TITLE, settings.STOPPRESS_STRAPLINE]
    seen += [settings.STOPPRESS_LANGUAGE, settings.TIME_ZONE, __version__]
    digest.update(json.dumps(seen).encode())
    manifest = Path(settings.STATIC_ROOT or ".") / "staticfiles.json"
    files = [manifest] if manifest.is_file() else []
    engines: list[dict[str, Any]] = settings.TEMPLATES
    for folder in (Path(folder) for engine in engines for folder in engine["DIRS"]):
        files += sorted(path for path in folder.rglob("*") if path.is_file())
    for file in files:
        digest.update(f"\0{file}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
