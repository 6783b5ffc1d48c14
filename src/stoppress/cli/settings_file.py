"""One setting of ``stoppress.toml`` by program: everything else in the file stays as its owner wrote it."""

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from pathlib import Path

from stoppress.cli.archive import sync_folder
from stoppress.cli.founding import toml_value
from stoppress.config.instance import SETTINGS_FILE, Instance, InstanceError


@dataclass(frozen=True, slots=True)
class Change:
    """What the file will hold; nothing is written before :meth:`apply`.

    Attributes:
        is_closed: whether others could read the file so far and can't any more.
    """

    file: Path
    text: str
    mode: int
    is_closed: bool

    def apply(self) -> None:
        """Replace the file, whole or not at all, for the same owner.

        Raises:
            OSError: the file stays as it was.
        """
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        before = self.file.stat()
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
                out.write(self.text)
                if os.geteuid() == 0:
                    os.fchown(out.fileno(), before.st_uid, before.st_gid)
                os.fchmod(out.fileno(), self.mode)
                out.flush()
                os.fsync(out.fileno())
            fresh.replace(self.file)
        finally:
            fresh.unlink(missing_ok=True)
        sync_folder(self.file.parent)


def changed(instance: Instance, name: str, value: str, is_secret: bool) -> Change:
    """The settings file with another ``value``. The line that was in force stays above it as a comment.

    Args:
        is_secret: nobody but the owner and the group may read the file then, unless the instance is somebody else's
            than the file, who could not read it either.

    Raises:
        InstanceError: the file can't be written, or the setting stands in it in a way that is not understood.
    """
    file = (instance.root / SETTINGS_FILE).resolve()
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise InstanceError(f"{file.parent} can't be written by this user, so {name} can't be set in {file.name}.")
    before = file.read_text(encoding="utf-8")
    values = tomllib.loads(before)
    text = _with(before, name, f"{name} = {toml_value(value)}", is_there=name in values)
    try:
        is_right = tomllib.loads(text) == {**values, name: value}
    except tomllib.TOMLDecodeError:
        is_right = False
    if not is_right:
        raise InstanceError(f"{name} stands in {file} in a way that can't be changed here. Put it on one line first.")
    found = file.stat()
    mode = stat.S_IMODE(found.st_mode)
    is_ours = found.st_uid == instance.data.stat().st_uid
    kept = mode & ~stat.S_IRWXO if is_secret and is_ours else mode
    return Change(file, text, kept, is_closed=kept != mode)


def _with(text: str, name: str, line: str, is_there: bool) -> str:
    """``text`` with ``line`` in the place of the setting's own or of its commented default, else at the end.

    A setting is never inside a table, since ``stoppress.toml`` has none (TOML 1.0, tables).
    """
    own = rf"(?:{name}|\"{name}\"|'{name}')"
    if is_there:
        return re.sub(rf"(?m)^([ \t]*{own}[ \t]*=.*)$", lambda found: f"# {found[1]}\n{line}", text, count=1)
    default = re.compile(rf"(?m)^#[ \t]*{own}[ \t]*=.*$")
    if default.search(text):
        return default.sub(lambda _: line, text, count=1)
    return f"{text.rstrip()}\n{line}\n".lstrip()
