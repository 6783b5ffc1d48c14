"""What an importer refuses. No Django here: readers use it."""


class ExportUnreadable(Exception):
    """The file can't be used. The message is one line: what is wrong, that nothing changed, what to do next."""
