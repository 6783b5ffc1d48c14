"""Portraits of those who write in the sample, cut out of flat shapes like its other pictures."""

from stoppress.demo.canvas import HEIGHT, WIDTH, Canvas

MIDDLE = WIDTH / 2
FACES: dict[str, tuple[str, str, str, str]] = {
    "orla-nesset": ("#c9d6df", "#f0c9a8", "#7a4a2b", "#2f6f73"),
    "tomas-dvoracek": ("#e6d8bd", "#e8b88f", "#2e2a27", "#4b6a9b"),
    "sian-pryce-hallow": ("#dfe7d5", "#f3d3b8", "#b5562f", "#b5403a"),
    "kwabena-lunn": ("#d9cfe0", "#7b4a32", "#1c1715", "#d9962b"),
    "hidaka-misaki": ("#e9dccf", "#f1cfae", "#1d1b1f", "#6a4c73"),
    "layla-mansur": ("#d3e0de", "#d9a27a", "#241c1a", "#386641"),
    "inga-solheim": ("#cfd8e6", "#f2d2bb", "#d8cfc0", "#20324f"),
}
"""By author: background, skin, hair and coat."""


def portrait(slug: str) -> Canvas:
    """Head and shoulders, in the middle of the picture so that any crop keeps them.

    Raises:
        KeyError: there is no portrait of them.
    """
    ground, skin, hair, coat = FACES[slug]
    canvas = Canvas(ground, ground)
    canvas.disc(MIDDLE, HEIGHT + 60, 330, coat, 0.95)
    canvas.disc(MIDDLE, 400, 205, hair, 1.12)
    canvas.box(MIDDLE - 62, 480, 124, 170, skin, 50)
    canvas.disc(MIDDLE, 410, 165, skin, 1.18)
    canvas.polygon([(MIDDLE - 172, 360), (MIDDLE - 120, 240), (MIDDLE + 130, 235), (MIDDLE + 172, 350)], hair)
    for side in (-62, 62):
        canvas.disc(MIDDLE + side, 410, 12, "#2a2522")
    canvas.line([(MIDDLE - 44, 505), (MIDDLE, 520), (MIDDLE + 44, 505)], "#8a4b3d", 7)
    return canvas
