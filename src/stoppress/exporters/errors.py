"""What an export refuses. No Django here: the command line knows it by its name."""


class ExportRefused(Exception):
    """There is no export. The message is one line: why, and what to do."""
