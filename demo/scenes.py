"""What the demo's pictures show, each drawn on a canvas of 2400 by 1350 points."""

import math
from collections.abc import Iterator

from PIL import ImageColor, ImageDraw

WIDTH, HEIGHT = 2400, 1350
Pen = ImageDraw.ImageDraw
Points = list[tuple[float, float]]
STONE, INK, STEEL = "#3a4a5c", "#22313f", "#5a728c"


def shade(pen: Pen, top: int, bottom: int, first: str, last: str) -> None:
    """A band of the canvas whose color changes from its top to its bottom."""
    begin, end = ImageColor.getrgb(first), ImageColor.getrgb(last)
    for y in range(top, bottom):
        part = (y - top) / (bottom - top)
        color = tuple(round(a + (b - a) * part) for a, b in zip(begin, end, strict=True))
        pen.line((0, y, WIDTH, y), fill=color)


def disc(pen: Pen, x: float, y: float, radius: float, fill: str) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def wave(y: float, height: float, length: float, shift: float = 0) -> Points:
    """A line of hills or of a coast, from the left edge to the right."""
    return [
        (x, y + height * math.sin(x / length + shift) + height / 3 * math.sin(x / length * 2.7))
        for x in range(0, WIDTH + 40, 40)
    ]


def hills(pen: Pen, y: float, height: float, length: float, fill: str) -> None:
    pen.polygon([*wave(y, height, length, y), (WIDTH, HEIGHT), (0, HEIGHT)], fill=fill)


def ripples(pen: Pen, top: int, fill: str) -> None:
    for row in range(9):
        y = top + row * row * 6 + row * 18
        for x in range(row * 137 % 310 - 100, WIDTH, 310):
            pen.line((x, y, x + 60 + row * 14, y), fill=fill, width=3 + row // 3)


def _under_arch(first: float, last: float, until: float) -> Iterator[tuple[float, float]]:
    """The lower edge of a stone arch from its left pier to where it breaks off."""
    middle, radius = (first + last) / 2, (last - first) / 2 - 34
    for step in range(61):
        x = first + (last - first) * step / 60
        across = (x - middle) / radius
        rise = math.sqrt(max(0, 1 - across * across))
        y = 1010 - 220 * rise if abs(across) < 1 else 1120
        if x <= until:
            yield x, y


def bridge(pen: Pen) -> None:
    shade(pen, 0, 900, "#6f9bc8", "#f7e3bd")
    disc(pen, 1200, 800, 120, "#fff3cf")
    hills(pen, 800, 50, 330, "#9aaec2")
    hills(pen, 870, 34, 210, "#6f88a1")
    shade(pen, 900, HEIGHT, "#6d93b0", "#22455f")
    ripples(pen, 930, "#8fb0c8")
    for is_left in (True, False):
        stones: list[Points] = []
        for number, until in ((0, 9999), (1, 9999), (2, 905)):
            first = -130 + number * 400
            edge = list(_under_arch(first, first + 400, until))
            stones.append([(first, 720), (min(first + 400, until + 40), 720), *reversed(edge)])
        deck: Points = [(0, 690), (985, 690), (950, 712), (978, 728), (930, 760), (0, 760)]
        rail: Points = [(0, 640), (900, 640), (900, 652), (0, 652)]
        posts: list[Points] = [
            [(x, 640), (x + 10, 640), (x + 10, 700), (x, 700)] for x in range(20, 900, 80)
        ]
        for shape in (*stones, deck, rail, *posts):
            pen.polygon(shape if is_left else [(WIDTH - x, y) for x, y in shape], fill=STONE)
    for x, y, size in ((1080, 1040, 34), (1150, 1085, 22), (1310, 1060, 28)):
        pen.polygon([(x, y), (x + size, y - size), (x + 2 * size, y + 6), (x + size, y + 12)], INK)


def _sunflower(pen: Pen, x: float, y: float, size: float) -> None:
    pen.line((x, y, x + size / 4, y + size * 4), fill="#3f6b3a", width=max(3, int(size / 7)))
    for side in (-1, 1):
        leaf = [(x, y + size * 2.4), (x + side * size * 1.3, y + size * 1.7)]
        pen.polygon([*leaf, (x + side * size * 0.9, y + size * 2.5)], fill="#4f8147")
    for petals, reach, fill in ((18, 1.0, "#e59a00"), (18, 0.86, "#ffc21f")):
        for number in range(petals):
            turn = math.tau * (number + (reach < 1) / 2) / petals
            tip = (x + math.cos(turn) * size * reach, y + math.sin(turn) * size * reach)
            sides = [
                (x + math.cos(turn + d) * size * 0.62, y + math.sin(turn + d) * size * 0.62)
                for d in (-0.22, 0.22)
            ]
            pen.polygon([sides[0], tip, sides[1], (x, y)], fill=fill)
    disc(pen, x, y, size * 0.5, "#4a2e1a")
    disc(pen, x, y, size * 0.32, "#6b4526")


def field(pen: Pen) -> None:
    shade(pen, 0, 680, "#3f86cf", "#cfe4f5")
    hills(pen, 640, 14, 260, "#5f8f63")
    shade(pen, 680, HEIGHT, "#d8a824", "#6f8a34")
    for row in range(9):
        y, size = 690 + row * row * 9, 13 + row * row * 1.75
        step = size * 2.35
        for number in range(int(WIDTH / step) + 3):
            sway = math.sin(number * 2.1 + row) * size / 4
            _sunflower(pen, (number - 1 + row % 2 / 2) * step + sway, y + sway / 2, size)


def _window(pen: Pen, x: int, y: int, is_burned: bool, is_lit: bool) -> None:
    if is_burned:
        for spread in range(5):
            tone = ("#8c6a5c", "#75584d", "#5d463e", "#463530", "#332825")[spread]
            pen.polygon(
                [
                    (x - 30 + spread * 6, y + 110),
                    (x - 22 + spread * 5, y - 96 + spread * 22),
                    (x + 112 - spread * 5, y - 84 + spread * 22),
                    (x + 122 - spread * 6, y + 110),
                ],
                fill=tone,
            )
    pen.rectangle((x, y, x + 92, y + 106), fill="#15191d" if is_burned else "#e9eef2")
    if not is_burned:
        pane = "#ffd98a" if is_lit else "#9db7cb"
        for left in (x + 8, x + 50):
            pen.rectangle((left, y + 8, left + 34, y + 98), fill=pane)


def house(pen: Pen) -> None:
    shade(pen, 0, 1130, "#aebccb", "#e6e4df")
    hills(pen, 1040, 20, 190, "#98a3a0")
    pen.rectangle((430, 190, 1970, 1180), fill="#c9a58f")
    pen.rectangle((430, 160, 1970, 205), fill="#7b665b")
    for y in range(205, 1180, 195):
        pen.line((430, y, 1970, y), fill="#b08f7b", width=6)
    for number in range(50):
        column, floor = number % 10, number // 10
        is_burned = (column, floor) in {(5, 0), (6, 0), (5, 1), (6, 1), (7, 1), (6, 2), (5, 2)}
        is_lit = (column, floor) in {(1, 3), (8, 4)}
        _window(pen, 482 + column * 149, 252 + floor * 195, is_burned, is_lit)
    shade(pen, 1180, HEIGHT, "#7d8573", "#5b6354")
    for x in (180, 300, 2110, 2260):
        pen.line((x, 1200, x, 800), fill="#4b4a45", width=18)
        for number in range(7):
            y, reach = 830 + number * 42, 50 + number * 14
            for side in (-1, 1):
                pen.line((x, y + 50, x + side * reach, y - 30), fill="#4b4a45", width=7)


def hall(pen: Pen) -> None:
    shade(pen, 0, 1100, "#5f9bd6", "#e2eff8")
    hills(pen, 1050, 26, 240, "#7fa07c")
    pen.rectangle((520, 640, 1880, 1120), fill="#efe6d6")
    pen.polygon([(760, 640), (1200, 450), (1640, 640)], fill="#e2d6c0")
    pen.polygon([(860, 618), (1200, 474), (1540, 618)], fill="#efe6d6")
    pen.rectangle((1060, 330, 1340, 470), fill="#e2d6c0")
    pen.pieslice((1050, 190, 1350, 490), 180, 360, fill="#6f9a8d")
    pen.rectangle((1188, 130, 1212, 200), fill="#6f9a8d")
    pen.rectangle((500, 632, 1900, 668), fill="#cdbfa6")
    for number in range(8):
        x = 800 + number * 108
        pen.rectangle((x, 690, x + 46, 1090), fill="#fbf7ef")
        pen.rectangle((x - 10, 668, x + 56, 692), fill="#cdbfa6")
        pen.rectangle((x - 10, 1082, x + 56, 1106), fill="#cdbfa6")
    for x in (580, 690, 1660, 1770):
        pen.rectangle((x, 740, x + 62, 900), fill="#7f95a8")
        pen.rectangle((x, 960, x + 62, 1080), fill="#7f95a8")
    pen.rectangle((1166, 860, 1234, 1106), fill="#6b5540")
    for step in range(5):
        spread, y = 440 - step * 70, 1106 + step * 30
        pen.rectangle(
            (1200 - 900 + spread, y, 1200 + 900 - spread, y + 30), ("#d9ccb5", "#c7b99f")[step % 2]
        )
    shade(pen, 1256, HEIGHT, "#9aa58c", "#7b8a70")
    pen.line((330, 1270, 330, 360), fill="#8a8f95", width=14)
    for top, fill in ((380, "#1f5fb4"), (480, "#ffd500")):
        upper = [(337 + x, top + 14 * math.sin(x / 50)) for x in range(0, 301, 10)]
        pen.polygon([*upper, *((x, y + 100) for x, y in reversed(upper))], fill=fill)


def _river(pen: Pen, points: Points, fill: str, edge: str) -> None:
    for color, more in ((edge, 26), (fill, 0)):
        for number, (x, y) in enumerate(points):
            disc(pen, x, y, 38 + number / len(points) * 30 + more, color)


def rivers(pen: Pen) -> None:
    shade(pen, 0, HEIGHT, "#efe8d4", "#e4dcc4")
    for number in range(-4, 22):
        line = [(x, y - 260 + number * 90) for x, y in wave(0, 60, 380, number / 5)]
        pen.line(line, fill="#dccfae", width=5, joint="curve")
    steps = [number / 600 for number in range(601)]
    west = [(1040 - 1180 * t * t + 90 * math.sin(t * 7), -40 + 1430 * t) for t in steps]
    east = [(1360 + 1180 * t * t + 90 * math.sin(t * 6 + 2), 1390 - 1430 * t) for t in steps]
    for course in (west, east):
        _river(pen, course, "#5b93bf", "#c9d9d6")
    for x, y, fill in ((805, 600, "#123a6b"), (1486, 780, "#a3141e")):
        disc(pen, x, y, 64, "#fffdf5")
        disc(pen, x, y, 46, fill)
        disc(pen, x, y, 16, "#fffdf5")


def _land(pen: Pen, is_left: bool) -> None:
    coast = [
        (430 + 110 * math.sin(y / 170) + 46 * math.sin(y / 61 + 1) + y / 9, float(y))
        for y in range(0, HEIGHT + 20, 20)
    ]
    for more, fill in ((46, "#b9d3e6"), (20, "#a9c6dc"), (0, "#efe6cf")):
        shape: Points = [(0, 0), *((x + more, y) for x, y in coast), (0, HEIGHT)]
        pen.polygon(shape if is_left else [(WIDTH - x, HEIGHT - y) for x, y in shape], fill=fill)


def line(pen: Pen) -> None:
    shade(pen, 0, HEIGHT, "#cfe1ee", "#c2d8e8")
    for column in range(0, WIDTH, 200):
        pen.line((column, 0, column, HEIGHT), fill="#bcd2e3", width=3)
    for row in range(75, HEIGHT, 200):
        pen.line((0, row, WIDTH, row), fill="#bcd2e3", width=3)
    for is_left in (True, False):
        _land(pen, is_left)
    for number in range(46):
        part = number / 45
        x, y = 330 + 1740 * part, 720 - 330 * math.sin(math.pi * part) + 30 * part
        if not 0.45 < part < 0.55:
            disc(pen, x, y, 11, INK)
    for x, turn in ((1098, -1), (1302, 1)):
        pen.line((x - 34, 410 + turn * 52, x + 34, 410 - turn * 52), fill="#a3141e", width=16)
    for x, y, fill in ((330, 720, "#123a6b"), (2070, 750, "#7a828c")):
        disc(pen, x, y, 58, "#fffdf5")
        disc(pen, x, y, 42, fill)


def harbor(pen: Pen) -> None:
    shade(pen, 0, 700, "#87b4d8", "#f3e7cf")
    hills(pen, 660, 26, 280, "#8fa6ba")
    shade(pen, 700, HEIGHT, "#5f93b6", "#2b5876")
    ripples(pen, 730, "#86b0cb")
    pen.polygon([(2070, 690), (2100, 360), (2160, 360), (2190, 690)], fill="#f6f3ec")
    for y in (440, 560):
        pen.polygon(
            [
                (2092 - (y - 440) / 11, y),
                (2168 + (y - 440) / 11, y),
                (2174 + (y - 440) / 11, y + 60),
                (2086 - (y - 440) / 11, y + 60),
            ],
            "#a3141e",
        )
    pen.rectangle((2098, 300, 2162, 362), fill=INK)
    pen.polygon([(2088, 302), (2130, 250), (2172, 302)], fill="#a3141e")
    pen.polygon([(1960, 720), (2040, 676), (2230, 676), (2320, 720)], fill=STEEL)
    pen.polygon([(0, 1010), (1500, 1090), (1500, 1200), (0, 1350)], fill="#6f6659")
    pen.polygon([(0, 940), (1500, 1060), (1500, 1094), (0, 1014)], fill="#a79c8a")
    pen.polygon([(0, 760), (0, 944), (1500, 1064), (1260, 900)], fill="#bdb3a1")
    for x, y in ((420, 850), (1040, 930)):
        pen.ellipse((x - 74, y + 66, x + 74, y + 110), fill="#978d7c")
        pen.rectangle((x - 38, y - 40, x + 38, y + 90), fill=INK)
        pen.ellipse((x - 62, y - 74, x + 62, y - 18), fill=INK)
    rope = [(1040 + t * 5, 940 + 16 * math.sin(t / 9) + t * t / 62) for t in range(0, 96, 2)]
    pen.line(rope, fill="#e0c68d", width=22, joint="curve")
    for spread in (-26, -9, 9, 26):
        pen.line((*rope[-1], rope[-1][0] + 46, rope[-1][1] + 44 + spread), fill="#e0c68d", width=7)
    for x, y in ((1420, 260), (1560, 330), (1300, 360)):
        for side in (-1, 1):
            pen.arc((x + side * 34 - 34, y, x + side * 34 + 34, y + 50), 190, 350, INK, 7)
