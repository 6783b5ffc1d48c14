"""The sample's pictures, each drawn by a few lines, so that none has an owner but this repository."""

import io
import math
from collections.abc import Callable
from functools import partial

from stoppress.demo.canvas import HEIGHT, WIDTH, Canvas
from stoppress.demo.faces import FACES, portrait

CREDIT = "Drawn for the sample publication"
QUALITY = 85


def mountain_city() -> Canvas:
    """A city in the morning below high mountains."""
    canvas = Canvas("#2f5d8c", "#f6d2a2", 560)
    canvas.sun(980, 330, 46, "#fff0c2")
    canvas.peaks([(150, 190), (430, 120), (700, 210), (1130, 200)], 600, "#6d86a6", "#54708f", "#fdf6ec")
    canvas.peaks([(300, 290), (570, 250), (880, 260), (1260, 320)], 610, "#546f8f", "#41597a", "#f4ece4")
    canvas.hills(600, 70, "#3d5a5c", 0.2, 520)
    canvas.shade((0, 590, WIDTH, HEIGHT), "#7d6b63", "#4c4247")
    heights = (150, 105, 190, 130, 90, 165, 120, 205, 140, 100, 175, 125, 95, 160)
    for number, height in enumerate(heights):
        x = number * 96 - 24
        wall = ("#8a7a76", "#9b8a80", "#75696d")[number % 3]
        canvas.box(x, 640 - height, 88, height + 40, wall)
        for row in range(int(height // 26)):
            for column in range(4):
                lit = "#ffd98a" if (row * 3 + column * 5 + number * 7) % 6 == 0 else "#4f4a55"
                canvas.box(x + 11 + column * 18, 650 - height + row * 26, 10, 14, lit)
    canvas.polygon([(0, 690), (WIDTH, 670), (WIDTH, HEIGHT), (0, HEIGHT)], "#574c50")
    canvas.polygon([(520, 680), (760, 678), (1090, HEIGHT), (190, HEIGHT)], "#6c6062")
    for x in (70, 190, 330, 930, 1060, 1200):
        canvas.tree(x, 760 if 190 < x < 1060 else 790, 150, "#33493f", "#3a2e2b")
    return canvas


def harbour_dawn() -> Canvas:
    """Boats and houses along a harbour, the sun just up."""
    canvas = Canvas("#3b4a78", "#ffc9a0", 470)
    canvas.sun(860, 400, 56, "#ffe9bd")
    canvas.hills(470, 120, "#6b6489", 0.1, 640)
    canvas.hills(480, 70, "#544f75", 0.55, 480)
    canvas.water(470, "#f0a98b", "#34416b", "#ffe9bd", under=860)
    walls = ("#e8d5b7", "#c96f53", "#f0ebe0", "#7f9c96", "#d9a441", "#b8c4bb", "#a3514a")
    for number, wall in enumerate(walls):
        canvas.house(20 + number * 92, 520, 82, 92 + 34 * (number % 3), wall, "#3a3350", "#ffe3a0")
    canvas.polygon([(0, 520), (700, 520), (760, 560), (0, 575)], "#3f3b57")
    for x, level, size, hull in ((820, 610, 120, "#7a2e35"), (1040, 560, 80, "#2e3d5c"), (1150, 700, 170, "#24304f")):
        canvas.sail_boat(x, level, size, hull, "#fff4e0")
    for x in (90, 250, 410, 570):
        canvas.box(x, 545, 12, 90, "#2d2a41")
        canvas.box(x - 4, 540, 20, 10, "#2d2a41", 4)
    return canvas


def lighthouse() -> Canvas:
    """A lighthouse on its rock in the evening, its beam out over the sea."""
    canvas = Canvas("#14233f", "#5b6f93", 560)
    for number in range(60):
        x, y = _scatter(number, 12.9898) * WIDTH, _scatter(number, 78.233) * 420
        canvas.disc(x, y, 1 + number % 3 * 0.6, "#fdf3d0c0")
    canvas.water(560, "#46597e", "#101b33", "#c9d6ee")
    canvas.polygon([(422, 236), (1280, 90), (1280, 330)], "#fff2b83c")
    canvas.polygon([(398, 236), (0, 196), (0, 286)], "#fff2b824")
    canvas.polygon(
        [(120, 640), (230, 560), (330, 530), (520, 535), (610, 590), (720, 660), (640, 710), (180, 705)], "#2a2c38"
    )
    canvas.polygon([(230, 560), (330, 530), (520, 535), (560, 560), (380, 590)], "#3d4150")
    canvas.polygon([(360, 540), (378, 280), (442, 280), (460, 540)], "#f3ede2")
    for upper, lower in ((330, 385), (440, 495)):
        left, right = 378 - (upper - 280) * 0.07, 442 + (upper - 280) * 0.07
        spread = (lower - upper) * 0.07
        canvas.polygon([(left, upper), (right, upper), (right + spread, lower), (left - spread, lower)], "#b5403a")
    canvas.box(366, 268, 88, 14, "#20222c")
    canvas.box(388, 216, 44, 52, "#fff2b8")
    canvas.polygon([(380, 218), (410, 182), (440, 218)], "#b5403a")
    canvas.house(486, 545, 70, 54, "#d8d2c6", "#20222c", "#ffdf8a")
    for number in range(7):
        canvas.disc(150 + number * 90, 700 + number % 2 * 8, 60, "#dfe7f560", 0.14)
    return canvas


def ferry() -> Canvas:
    """A ferry on its way across the bay."""
    canvas = Canvas("#8fc3dd", "#eaf4f1", 440)
    for x, y, size in ((220, 150, 70), (300, 165, 90), (390, 160, 62), (960, 110, 58), (1030, 122, 78)):
        canvas.disc(x, y, size, "#ffffffb0", 0.45)
    canvas.hills(440, 100, "#7ea08f", 0.35, 700)
    canvas.hills(446, 46, "#5f8475", 0.8, 420)
    canvas.water(440, "#79b3c4", "#1d5a73", "#eaf7fb")
    canvas.polygon([(250, 520), (1030, 520), (975, 610), (310, 610)], "#1f3b57")
    canvas.polygon([(292, 585), (990, 585), (975, 610), (310, 610)], "#b5403a")
    canvas.box(310, 455, 640, 66, "#f7f5ef", 6)
    canvas.box(370, 400, 470, 58, "#f7f5ef", 6)
    canvas.box(420, 352, 190, 50, "#f7f5ef", 6)
    canvas.box(690, 310, 86, 92, "#e0a526", 6)
    canvas.box(690, 330, 86, 18, "#1f3b57")
    for number in range(14):
        canvas.box(334 + number * 43, 474, 26, 24, "#4d7f99", 4)
    for number in range(10):
        canvas.box(390 + number * 44, 418, 26, 20, "#4d7f99", 4)
    canvas.box(430, 362, 170, 20, "#4d7f99", 4)
    for x, size in ((742, 30), (790, 40), (850, 52)):
        canvas.disc(x + 20, 290 - size * 0.8, size, "#ffffff70", 0.6)
    canvas.polygon([(200, 616), (1130, 606), (1280, 640), (160, 640)], "#f3fbfd90")
    for x, y in ((150, 300), (1080, 260), (1160, 330)):
        canvas.line([(x - 26, y - 8), (x, y), (x + 26, y - 10)], "#44606e", 4)
    return canvas


def market() -> Canvas:
    """Stalls on the square, with people."""
    canvas = Canvas("#a7d3e3", "#f7f0df", 430)
    walls = ("#d9b382", "#c98b6b", "#e6d8bd", "#9fb3a2", "#d7a25c", "#c4c0b4", "#b97a6a", "#e3c9a0")
    for number, wall in enumerate(walls):
        canvas.house(-20 + number * 166, 500, 158, 190 + 46 * (number % 3), wall, "#6d4c41", "#f8eecb")
    canvas.shade((0, 500, WIDTH, HEIGHT), "#cdbfa8", "#a08f7a")
    for number, colour in enumerate(("#b5403a", "#2f6f73", "#d9962b", "#4b6a9b")):
        x = 60 + number * 305
        canvas.box(x + 8, 560, 8, 150, "#5d4636")
        canvas.box(x + 234, 560, 8, 150, "#5d4636")
        canvas.box(x, 640, 250, 74, "#7b5b45")
        for place in range(8):
            fruit = ("#d1495b", "#edae49", "#66a182", "#8d6a9f")[(place + number) % 4]
            canvas.disc(x + 22 + place * 29, 634, 15, fruit)
        for stripe in range(6):
            left = x - 14 + stripe * 46
            cloth = colour if stripe % 2 == 0 else "#fbf6ea"
            canvas.polygon([(left + 12, 500), (left + 54, 500), (left + 48, 566), (left, 566)], cloth)
            canvas.disc(left + 24, 566, 24, cloth, 0.5)
    for x, ground, coat in ((330, 790, "#d1495b"), (400, 805, "#edae49"), (660, 800, "#386641"), (905, 785, "#4b6a9b")):
        canvas.disc(x, ground + 2, 40, "#00000030", 0.2)
        canvas.person(x, ground, 190, coat)
    return canvas


def football() -> Canvas:
    """A small ground under floodlights."""
    canvas = Canvas("#1b2a49", "#4a5f86", 400)
    canvas.hills(400, 90, "#22324f", 0.6, 560)
    canvas.box(0, 330, WIDTH, 120, "#2c3a55")
    for row in range(5):
        for seat in range(64):
            coat = ("#b5403a", "#e8d9b5", "#55709c", "#3b4a66", "#d9962b")[(seat * 7 + row * 3) % 5]
            canvas.disc(10 + seat * 20 + row % 2 * 10, 345 + row * 20, 7, coat)
    canvas.polygon([(0, 318), (WIDTH, 318), (WIDTH, 336), (0, 336)], "#18233c")
    for stripe in range(8):
        y, below = (450 + (HEIGHT - 450) * (part / 8) ** 1.5 for part in (stripe, stripe + 1))
        canvas.box(0, y, WIDTH, below - y + 1, "#4f9a55" if stripe % 2 else "#458b4c")
    canvas.line([(0, 470), (WIDTH, 470)], "#f4f7ee", 4)
    canvas.line([(640, 470), (640, HEIGHT)], "#f4f7ee", 6)
    ring = [(640 + 210 * math.cos(a / 40 * math.tau), 660 + 88 * math.sin(a / 40 * math.tau)) for a in range(41)]
    canvas.line(ring, "#f4f7ee", 6)
    for x in (90, 1190):
        canvas.box(x - 6, 90, 12, 370, "#101828")
        canvas.box(x - 56, 50, 112, 54, "#101828", 6)
        for lamp in range(8):
            canvas.disc(x - 40 + lamp % 4 * 27, 64 + lamp // 4 * 25, 9, "#fff8dc")
        for ring_size in (70, 120, 180):
            canvas.disc(x, 78, ring_size, "#fff8dc18")
    for x, ground, size, coat in (
        (330, 640, 120, "#b5403a"),
        (505, 720, 150, "#f4f1e6"),
        (770, 610, 110, "#f4f1e6"),
        (860, 745, 160, "#b5403a"),
        (1050, 660, 125, "#b5403a"),
    ):
        canvas.disc(x, ground, size * 0.25, "#00000040", 0.22)
        canvas.person(x, ground, size, coat)
    canvas.disc(615, 742, 15, "#fdfdf8")
    return canvas


def regatta() -> Canvas:
    """Sailing boats racing in a fresh wind."""
    canvas = Canvas("#5aa6d6", "#e4f3f7", 420)
    for x, y, size in ((180, 120, 80), (270, 130, 100), (900, 90, 70), (980, 104, 96), (1080, 100, 60)):
        canvas.disc(x, y, size, "#ffffffc0", 0.4)
    canvas.hills(420, 60, "#88b0a0", 0.15, 620)
    canvas.water(420, "#4ba3bd", "#0f4c6b", "#f2fbfd")
    boats = (
        (170, 470, 90, "#b5403a"),
        (420, 455, 70, "#2e3d5c"),
        (1170, 465, 80, "#2f6f73"),
        (690, 540, 150, "#d9962b"),
        (300, 660, 210, "#2e3d5c"),
        (1000, 720, 260, "#b5403a"),
    )
    for x, level, size, colour in boats:
        canvas.sail_boat(x, level, size, colour, "#fffdf6" if size != 150 else "#f8e3c0")
    canvas.disc(560, 720, 26, "#e86a33", 1)
    canvas.box(552, 650, 16, 60, "#e86a33", 6)
    return canvas


def library() -> Canvas:
    """Shelves of books and a reading lamp."""
    canvas = Canvas("#5b4636", "#3f3028")
    colours = ("#b5403a", "#2f6f73", "#d9962b", "#e8dcc0", "#4b6a9b", "#6a4c73", "#7d8f5a", "#c47f5a")
    for shelf in range(4):
        base = 180 + shelf * 180
        canvas.box(40, base - 160, 1200, 160, "#2e221c")
        x, number = 52.0, shelf * 5
        while x < 1205:
            width = 18 + number * 7 % 23
            height = 96 + number * 13 % 48
            if number % 17 == 13:
                x += 34
            colour = colours[(number * 5 + shelf) % len(colours)]
            canvas.box(x, base - height, width, height, colour, 2)
            canvas.box(x, base - height * 0.82, width, 5, "#fff3d060")
            canvas.box(x, base - height * 0.25, width, 5, "#fff3d060")
            x += width + 2
            number += 1
        canvas.box(30, base, 1220, 20, "#7a5a41", 3)
    canvas.box(0, 770, WIDTH, 90, "#8d6848")
    for size in (420, 320, 230):
        canvas.disc(960, 600, size, "#ffe7a012")
    canvas.box(952, 560, 16, 216, "#20201f")
    canvas.disc(960, 778, 74, "#20201f", 0.2)
    canvas.polygon([(900, 470), (1020, 470), (1072, 580), (848, 580)], "#3f7d58")
    canvas.disc(960, 582, 40, "#fff1bd", 0.35)
    canvas.polygon([(470, 772), (640, 748), (660, 778), (480, 806)], "#f5ecd7")
    canvas.polygon([(640, 748), (810, 770), (800, 806), (660, 778)], "#e8dcc0")
    return canvas


def upland() -> Canvas:
    """Fields, sheep and wind turbines."""
    canvas = Canvas("#9bd0e6", "#f3f4dd", 470)
    canvas.sun(200, 150, 48, "#fff6cf")
    canvas.hills(460, 110, "#9dbf8b", 0.05, 700)
    for x, base, size in ((380, 420, 150), (640, 400, 190), (900, 430, 140), (1090, 420, 165)):
        canvas.polygon([(x - 5, base), (x - 2, base - size), (x + 2, base - size), (x + 5, base)], "#fbfbf8")
        for blade in range(3):
            angle = blade * math.tau / 3 + x
            tip = (x + math.cos(angle) * size * 0.55, base - size + math.sin(angle) * size * 0.55)
            canvas.line([(x, base - size), tip], "#fbfbf8", 6)
        canvas.disc(x, base - size, 7, "#e4e4de")
    canvas.hills(540, 90, "#7fae68", 0.45, 560)
    canvas.hills(640, 80, "#649a52", 0.8, 620)
    canvas.hills(800, 110, "#4d8243", 0.3, 760)
    for number in range(11):
        x, y = 120 + number * 104, 650 + number * 53 % 110
        canvas.disc(x, y, 24, "#f7f3e8", 0.66)
        canvas.disc(x + 22, y - 8, 9, "#3b3a36")
        for leg in (-12, 10):
            canvas.box(x + leg, y + 10, 4, 16, "#3b3a36")
    for x in range(0, WIDTH, 74):
        canvas.box(x, 780, 8, 60, "#6b5644")
    for y in (795, 818):
        canvas.line([(0, y), (WIDTH, y)], "#6b5644", 5)
    return canvas


def storm() -> Canvas:
    """Rain over a rough sea and the breakwater."""
    canvas = Canvas("#3d4653", "#8b98a3", 470)
    for number in range(9):
        canvas.disc(number * 160, 70 + number % 3 * 34, 150, "#2c343fd0", 0.5)
    canvas.water(460, "#667783", "#25313b", "#dfe8ec")
    for row in range(6):
        level = 500 + row * 58
        points = [(x, level - 22 * abs(math.sin(x / 96 + row * 1.7)) - row * 3) for x in range(0, WIDTH + 17, 16)]
        canvas.polygon([(0, HEIGHT), *points, (WIDTH, HEIGHT)], ("#576873", "#4b5c68", "#3f505c")[row % 3])
        canvas.line(points, "#e6eef180", 3)
    canvas.polygon([(760, 600), (1280, 520), (1280, 720), (800, 690)], "#2b2f36")
    canvas.polygon([(760, 600), (1280, 520), (1280, 548), (790, 622)], "#474d57")
    canvas.box(800, 500, 30, 104, "#b5403a")
    canvas.disc(815, 494, 20, "#ffe08a")
    for number in range(90):
        angle = math.pi * (0.34 + 0.6 * _scatter(number, 12.9898))
        reach = 30 + 200 * _scatter(number, 39.346)
        x, y = 790 + math.cos(angle) * reach, 650 - math.sin(angle) * reach * 0.9
        canvas.disc(x, y, 17 - reach / 16, "#f2f7f9a0")
    canvas.disc(770, 662, 110, "#e6eef1c0", 0.2)
    for number in range(150):
        x, y = _scatter(number, 12.9898) * (WIDTH + 200), _scatter(number, 39.346) * HEIGHT
        canvas.line([(x, y), (x - 14, y + 40)], "#dbe5ea50", 1.5)
    return canvas


SCENES: dict[str, Callable[[], Canvas]] = {
    "mountain-city": mountain_city,
    "harbour-dawn": harbour_dawn,
    "lighthouse": lighthouse,
    "ferry": ferry,
    "market": market,
    "football": football,
    "regatta": regatta,
    "library": library,
    "upland": upland,
    "storm": storm,
}

SCENES |= {f"portrait-{slug}": partial(portrait, slug) for slug in FACES}
CROPS = {
    "lighthouse-tall": ("lighthouse", (200, 60, 720, 853)),
    "harbour-wide": ("harbour-dawn", (0, 400, 1280, 660)),
    "market-square": ("market", (300, 120, 980, 800)),
    "regatta-strip": ("regatta", (560, 0, 800, 853)),
    "ferry-small": ("ferry", (400, 300, 700, 500)),
}
"""Cut out of another picture: which, and what of it."""
ALT = {
    "harbour-wide": "The whole harbour front, from the first house to the last boat.",
    "market-square": "Striped awnings and shoppers, cut square.",
    "regatta-strip": "One sail from the water to the sky.",
    "ferry-small": "The funnel of a ferry, small.",
    "lighthouse-tall": "A red and white lighthouse on a rock at night, seen from close by.",
    **{f"portrait-{slug}": "" for slug in FACES},
    "mountain-city": "Snow-covered mountains behind the blocks of a city in morning light.",
    "harbour-dawn": "Houses and sailing boats along a harbour as the sun comes up.",
    "lighthouse": "A red and white lighthouse on a rock at night, its beam over the sea.",
    "ferry": "A white ferry with a yellow funnel crosses a calm bay.",
    "market": "Market stalls with striped awnings and a few shoppers on a square.",
    "football": "Footballers on a small ground under floodlights, a full stand behind them.",
    "regatta": "Six sailing boats race past an orange buoy.",
    "library": "Tall shelves of books, with an open book under a green lamp.",
    "upland": "Sheep on green hills with wind turbines behind them.",
    "storm": "Waves break over a harbour wall in heavy rain.",
}


def _scatter(number: int, stride: float) -> float:
    """A number from 0 to 1 that looks like chance and is the same each time."""
    return (math.sin(number * stride) * 43758.5453) % 1


def draw(name: str) -> bytes:
    """The picture ``name`` as a JPEG file.

    Raises:
        KeyError: there is no such picture.
    """
    file = io.BytesIO()
    scene, box = CROPS.get(name, (name, None))
    picture = SCENES[scene]().finished()
    (picture.crop(box) if box else picture).save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return file.getvalue()
