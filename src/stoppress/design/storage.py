"""Static files as readers get them: hashed names, and a style sheet with those that it imports in one file."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

_IMPORT = re.compile(r'^@import url\("(?P<name>[\w-]+\.css)"\);\n', re.MULTILINE)


class _Whole:
    """In place of the storage that a style sheet came from: gives it with its imports written out."""

    def __init__(self, text: str) -> None:
        self._text = text

    def open(self, name: str) -> File[bytes]:
        return ContentFile(self._text.encode(), name)


class StaticFilesStorage(ManifestStaticFilesStorage):
    """Django's own, but a sheet's ``@import url("tokens.css");`` is replaced by what it names, from the same folder.

    So a theme can replace the tokens alone, and a browser asks for one sheet before it paints, not for two in turn.
    """

    def post_process(self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any) -> Iterator[Any]:
        """Give the whole sheets to Django's own processing."""
        whole = {name: (_Whole(text), name) for name in paths if (text := self._whole(name, paths)) is not None}
        yield from super().post_process({**paths, **whole}, *args, **options)

    @staticmethod
    def _whole(name: str, paths: dict[str, tuple[Storage, str]]) -> str | None:
        if not name.endswith(".css"):
            return None
        folder = name.rpartition("/")[0]

        def text_of(one: str) -> str:
            storage, path = paths[one]
            with storage.open(path) as file:
                content: bytes = file.read()
            return content.decode()

        text = text_of(name)
        if not any(f"{folder}/{found['name']}" in paths for found in _IMPORT.finditer(text)):
            return None
        return _IMPORT.sub(lambda found: text_of(f"{folder}/{found['name']}"), text)
