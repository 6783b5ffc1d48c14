"""What an export has written so far."""

from collections import Counter
from collections.abc import Callable

SHOWN_MISSING = 5

Progress = Callable[[int, int], None]


class Tally:
    """Counts by kind, and files that the publication names but does not have.

    Args:
        progress: told how many of at most ``total`` larger things are done.
    """

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.counts: Counter[str] = Counter()
        self.missing_files = 0
        self.missing_names: list[str] = []
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, kind: str, number: int = 1) -> None:
        """Count records; with 0, say that there is such a kind."""
        self.counts[kind] += number

    def step(self) -> None:
        """One article, page, picture or file is being written."""
        self._done += 1
        if self._progress is not None:
            self._progress(min(self._done, self._total), self._total)

    def missing(self, name: str) -> None:
        """A file is not where the publication says."""
        self.missing_files += 1
        if len(self.missing_names) < SHOWN_MISSING:
            self.missing_names.append(name)
