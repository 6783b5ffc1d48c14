"""Turn about: A B A B …, so that what else the machine does meets both sides alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of the pairs' ratios, and their extremes."""

    middle: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.least:.2f}–{self.most:.2f})"


def turn_about(times: int, first: Callable[[], T], second: Callable[[], T]) -> list[tuple[T, T]]:
    """Measure ``first`` and ``second`` one after the other, ``times`` times."""
    return [(first(), second()) for _ in range(times)]


def ratio(pairs: Sequence[tuple[T, T]], value: Callable[[T], float]) -> Ratio:
    """``value`` of the first over ``value`` of the second of each pair."""
    found = [value(a) / value(b) for a, b in pairs if value(b)]
    if not found:
        raise ValueError("no pair could be compared")
    return Ratio(median(found), min(found), max(found))


def middle(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest of ``values`` that ``part`` of them (0–1) do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-len(ordered) * part // 1) - 1))]
