"""What an import did, to be read by a person. No Django."""

from collections import Counter
from dataclasses import dataclass, field

MAX_EXAMPLES = 3
MAX_KINDS = 300
_OUTCOMES = ("new", "changed", "as before", "left as it is here", "could not be brought")


@dataclass(slots=True)
class Tally:
    """Counts by kind with a few examples of where."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, number: int = 1, where: str = "") -> None:
        """Count ``number`` more of ``kind``; a flood of kinds ends up in one."""
        if kind not in self.counts and len(self.counts) >= MAX_KINDS:
            kind = "other"
        self.counts[kind] += number
        found = self.examples.setdefault(kind, [])
        if where and where not in found and len(found) < MAX_EXAMPLES:
            found.append(where)

    def lines(self) -> list[str]:
        """One line a kind, most frequent first."""
        lines = []
        for kind, count in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])):
            examples = self.examples.get(kind, [])
            # "…" says that there are more than the examples.
            where = f" – {'; '.join(examples)}{'; …' if count > len(examples) else ''}" if examples else ""
            lines.append(f"  {kind}: {count:,}{where}")
        return lines


@dataclass(slots=True)
class Receipt:
    """Everything in the export, accounted for.

    Attributes:
        brought: outcome (``new``, ``changed``, ``as before``, …) by kind of thing.
        redirects: old addresses that redirect since this run.
        kept_back: what the old site did not show to everyone.
        simpler: what came in a simpler form.
        not_yet: what did not come.
        notes: decisions that someone may want to look at.
        is_forecast: nothing was written, this is what would be.
        repairs: places where the file had to be mended; ``repair_count`` counts those beyond the list too.
    """

    title: str = ""
    origin: str = ""
    brought: dict[str, Counter[str]] = field(default_factory=dict)
    redirects: int = 0
    kept_back: Tally = field(default_factory=Tally)
    simpler: Tally = field(default_factory=Tally)
    not_yet: Tally = field(default_factory=Tally)
    notes: Tally = field(default_factory=Tally)
    repairs: list[str] = field(default_factory=list)
    repair_count: int = 0
    is_forecast: bool = False

    def count(self, kind: str, outcome: str) -> None:
        """Count one thing of ``kind``, such as ``articles``."""
        self.brought.setdefault(kind, Counter())[outcome] += 1

    @property
    def has_changes(self) -> bool:
        """Whether this run wrote anything."""
        changed = sum(counts["new"] + counts["changed"] for counts in self.brought.values())
        return bool(changed or self.redirects)

    def render(self) -> str:
        """The receipt as plain text."""
        lines = [f"{self.title or 'Untitled site'} ({self.origin})" if self.origin else self.title]
        if self.is_forecast:
            lines += ["", "A dry run: nothing was written."]
        lines += ["", "Would be brought" if self.is_forecast else "Brought"]
        for kind, counts in self.brought.items():
            known = [f"{counts[outcome]:,} {outcome}" for outcome in _OUTCOMES if counts[outcome]]
            lines.append(f"  {kind:<16} {', '.join(known)}")
        if self.redirects:
            lines.append(f"  {'old addresses':<16} {self.redirects:,} redirect to where it is now")
        if not any(counts.total() for counts in self.brought.values()) and not self.has_changes:
            lines.append("  Nothing: there is nothing in it that could be brought.")
        elif not self.has_changes:
            had_to = "would have to" if self.is_forecast else "had to"
            lines.append(
                f"  Nothing {had_to} be changed: all of it {'is' if self.is_forecast else 'was'} here already."
            )
        for heading, tally in (
            ("Kept back: the old site did not show it to everyone", self.kept_back),
            ("Brought in a simpler form", self.simpler),
            ("Not brought yet", self.not_yet),
            ("Worth a look", self.notes),
        ):
            if tally.counts:
                lines += ["", heading, *tally.lines()]
        if self.repair_count:
            lines += ["", "Mended while reading (the export is not quite XML; the file itself is as it was)"]
            lines += [f"  {repair}" for repair in self.repairs]
            if self.repair_count > len(self.repairs):
                lines.append(f"  … and {self.repair_count - len(self.repairs):,} more")
        return "\n".join(lines) + "\n"
