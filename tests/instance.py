"""A throw-away instance folder for the tests and for mypy's Django plugin."""

from pathlib import Path

SECRET_KEY = "for-tests-only-" * 4


def make(root: Path) -> Path:
    """Lay out the smallest instance that the settings accept in ``root`` and return it."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "stoppress.toml").write_text('title = "The Test Gazette"\n', encoding="utf-8")
    for folder in ("data/db", "data/keys", "data/run", "data/media", "data/originals", "data/static", "data/store"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "data/db/stoppress.sqlite3").touch()
    key = root / "data/keys/secret_key"
    key.write_text(SECRET_KEY, encoding="ascii")
    key.chmod(0o600)
    return root
