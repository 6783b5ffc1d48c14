"""Flat shapes for the sample's pictures. Nothing is random, so a picture is the same each time."""

import math
from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw

WIDTH = 1280
HEIGHT = 853
OVERSAMPLING = 2
"""Shapes are drawn this much larger and then shrunk, which smooths their edges."""

Point = tuple[float, float]


class Canvas:
    """A picture being drawn. Coordinates are those of the finished picture, from the top left corner."""

    def __init__(self, top: str, bottom: str, horizon: float = HEIGHT) -> None:
        """Start with a sky that goes from ``top`` to ``bottom`` at the ``horizon``."""
        self._image = Image.new("RGB", (WIDTH * OVERSAMPLING, HEIGHT * OVERSAMPLING), bottom)
        self._draw = ImageDraw.Draw(self._image, "RGBA")
        self.shade((0, 0, WIDTH, horizon), top, bottom)

    def finished(self) -> Image.Image:
        """The picture at its own size."""
        return self._image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)

    def shade(self, box: tuple[float, float, float, float], top: str, bottom: str) -> None:
        """A rectangle whose colour changes from ``top`` to ``bottom``."""
        left, upper, right, lower = (round(value * OVERSAMPLING) for value in box)
        first, last = ImageColor.getrgb(top), ImageColor.getrgb(bottom)
        for y in range(upper, lower):
            part = (y - upper) / max(1, lower - upper - 1)
            colour = tuple(round(a + (b - a) * part) for a, b in zip(first, last, strict=True))
            self._draw.line([(left, y), (right, y)], fill=colour)

    def polygon(self, points: Sequence[Point], colour: str) -> None:
        """A filled shape; ``colour`` may have transparency, ``#rrggbbaa``."""
        self._draw.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=colour)

    def box(self, left: float, upper: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        """A filled rectangle, with round corners if ``radius`` is given."""
        corners = [value * OVERSAMPLING for value in (left, upper, left + width, upper + height)]
        self._draw.rounded_rectangle(corners, radius * OVERSAMPLING, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str, flatness: float = 1) -> None:
        """A filled circle, or an ellipse ``flatness`` times as high as wide."""
        high = radius * flatness
        corners = [value * OVERSAMPLING for value in (x - radius, y - high, x + radius, y + high)]
        self._draw.ellipse(corners, fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: float = 2) -> None:
        """A line through ``points``."""
        scaled = [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]
        self._draw.line(scaled, fill=colour, width=max(1, round(width * OVERSAMPLING)), joint="curve")

    def sun(self, x: float, y: float, radius: float, colour: str) -> None:
        """A sun or moon with a soft halo."""
        for ring in range(5, 0, -1):
            self.disc(x, y, radius * (1 + ring * 0.45), colour + "14")
        self.disc(x, y, radius, colour)

    def hills(self, base: float, height: float, colour: str, phase: float, length: float = 420) -> None:
        """Round hills across the picture, down to its lower edge."""
        points = [(x, base - height * _roll(x / length + phase)) for x in range(0, WIDTH + 9, 8)]
        self.polygon([(0, HEIGHT), *points, (WIDTH, HEIGHT)], colour)

    def peaks(self, tops: Sequence[Point], base: float, colour: str, shadow: str, snow: str = "") -> None:
        """Mountains with their dark side to the right, and ``snow`` on top if a colour is given."""
        for x, y in tops:
            half = (base - y) * 1.15
            fold = x + half * 0.12
            self.polygon([(x - half, base), (x, y), (x + half, base)], colour)
            self.polygon([(x, y), (x + half, base), (fold, base), (fold + half * 0.06, (y + base) / 2)], shadow)
            if snow:
                deep = (base - y) * 0.3
                edge = deep * 1.15
                self.polygon(
                    [
                        (x, y),
                        (x + edge, y + deep),
                        (x + edge * 0.45, y + deep * 0.78),
                        (x + edge * 0.1, y + deep * 1.25),
                        (x - edge * 0.35, y + deep * 0.8),
                        (x - edge, y + deep),
                    ],
                    snow,
                )

    def water(self, level: float, top: str, bottom: str, glint: str, *, under: float | None = None) -> None:
        """Water from ``level`` to the lower edge, with glints; more of them below a sun at ``under``."""
        self.shade((0, level, WIDTH, HEIGHT), top, bottom)
        for row in range(26):
            depth = (row / 26) ** 1.6
            y = level + 6 + depth * (HEIGHT - level)
            for column in range(3):
                x = (math.sin(row * 12.9898 + column * 78.233) * 43758.5453) % 1 * WIDTH
                length = 18 + 70 * depth + 24 * column
                self.line([(x, y), (x + length, y)], glint + "40", 1 + 3 * depth)
            if under is not None:
                length = 30 + 150 * depth * abs(math.sin(row * 2.3)) + 12 * row
                self.line([(under - length / 2, y), (under + length / 2, y)], glint + "b0", 1.5 + 3 * depth)

    def house(self, x: float, ground: float, width: float, height: float, wall: str, roof: str, lit: str) -> None:
        """A house with a gable, a door and windows of the colour ``lit``."""
        upper = ground - height
        self.box(x, upper, width, height, wall)
        eaves = width * 0.06
        self.polygon([(x - eaves, upper), (x + width / 2, upper - width * 0.5), (x + width + eaves, upper)], roof)
        floors = max(1, round(height / 60))
        pane = width * 0.17
        for level in range(floors):
            y = upper + height * (level + 0.22) / floors
            for place in (0.2, 0.63):
                if level < floors - 1 or place < 0.5:
                    self.box(x + width * place, y, pane, pane * 1.35, lit)
        self.box(x + width * 0.6, ground - height / floors * 0.6, width * 0.22, height / floors * 0.6, roof)

    def sail_boat(self, x: float, level: float, size: float, hull: str, sail: str) -> None:
        """A small sailing boat, ``size`` long, with its waterline at ``level``."""
        self.polygon(
            [
                (x - size / 2, level - size * 0.1),
                (x + size * 0.56, level - size * 0.12),
                (x + size * 0.36, level + size * 0.08),
                (x - size * 0.4, level + size * 0.08),
            ],
            hull,
        )
        mast = level - size * 1.25
        self.line([(x, level - size * 0.1), (x, mast)], hull, size * 0.018)
        self.polygon(
            [(x + size * 0.03, mast), (x + size * 0.03, level - size * 0.18), (x + size * 0.5, level - size * 0.18)],
            sail,
        )
        self.polygon(
            [
                (x - size * 0.03, mast + size * 0.12),
                (x - size * 0.03, level - size * 0.2),
                (x - size * 0.36, level - size * 0.2),
            ],
            sail + "d0",
        )
        self.disc(x, level + size * 0.13, size * 0.42, hull + "30", 0.09)

    def tree(self, x: float, ground: float, height: float, colour: str, trunk: str) -> None:
        """A round tree."""
        self.box(x - height * 0.035, ground - height * 0.45, height * 0.07, height * 0.45, trunk)
        for dx, dy, size in ((0, 0.68, 0.3), (-0.17, 0.52, 0.22), (0.17, 0.52, 0.22)):
            self.disc(x + dx * height, ground - dy * height, size * height, colour)

    def person(self, x: float, ground: float, height: float, coat: str, skin: str = "#5b3a29") -> None:
        """Someone standing, from afar."""
        self.box(x - height * 0.09, ground - height * 0.42, height * 0.07, height * 0.42, "#2b2d42")
        self.box(x + height * 0.02, ground - height * 0.42, height * 0.07, height * 0.42, "#2b2d42")
        self.box(x - height * 0.14, ground - height * 0.8, height * 0.28, height * 0.46, coat, height * 0.09)
        self.disc(x, ground - height * 0.9, height * 0.1, skin)


def _roll(x: float) -> float:
    """A smooth curve between 0 and 1 that does not soon repeat."""
    return (
        0.5
        + 0.28 * math.sin(x * math.tau)
        + 0.16 * math.sin(x * 2.3 * math.tau + 1)
        + 0.06 * math.sin(x * 5.1 * math.tau)
    )
