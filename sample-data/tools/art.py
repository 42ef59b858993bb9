#!/usr/bin/env python3
"""Draws the background art of the shipped templates: CMYK JPEG at 300 dpi with bleed, no black ink in it, so that
black text can overprint. `python3 sample-data/tools/art.py` writes into templates/."""

import math
import random
from pathlib import Path

from PIL import Image, ImageDraw

from canvas import Canvas, mix, petal, rgb, spline

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
DPI = 300
PAPER, MOON, LEAF, LEAF2, FLOWER, FLOWER2, GOLD = "#faf4e8", "#f6e9cf", "#a9ad84", "#c3c19b", "#c98a9a", "#dfb3b8", "#dcc08a"


class Art(Canvas):
    """A board measured in mm, drawn twice as large. Shapes without soft edges need no masks: they are drawn at once."""

    def __init__(self, width, height, ground):
        self.px = DPI / 25.4
        super().__init__(width, height, ground, scale=self.px * 2)

    def poly(self, points):
        return "polygon", self.up(points)

    def ellipse(self, cx, cy, rx, ry):
        return "ellipse", [v * self.s for v in (cx - rx, cy - ry, cx + rx, cy + ry)]

    def stroke(self, points, width, closed=False):
        return "line", (self.up(points), max(1, round(width * self.s)))

    def fill(self, shape, colour, alpha=1.0, inside=None):
        if not isinstance(shape, tuple):
            return super().fill(shape, colour, alpha, inside)
        kind, data = shape
        colour = rgb(colour) if isinstance(colour, str) else colour
        pen = ImageDraw.Draw(self.image)
        if kind == "line":
            pen.line(data[0], fill=colour, width=data[1], joint="curve")
        else:
            getattr(pen, kind)(data, fill=colour)

    def save(self, path, quality=82):
        path.parent.mkdir(parents=True, exist_ok=True)
        size = (round(self.w * self.px), round(self.h * self.px))
        image = self.image.resize(size, Image.LANCZOS)
        # Plain complement: cyan, magenta and yellow only. Tints this light need no profile.
        image.convert("CMYK").save(path, quality=quality, dpi=(DPI, DPI), optimize=True)
        print(path, size, path.stat().st_size // 1024, "kB")


def hagi(c, rng, x, y, length, turn, bend, fade=0.0, size=1.0):
    """A branch of bush clover: an arched stem, leaves in threes, flowers towards its end."""
    points, a = [(x, y)], turn
    steps = 18
    for i in range(steps):
        a += bend / steps
        x, y = x + length / steps * math.cos(a), y + length / steps * math.sin(a)
        points.append((x, y))
    stem = mix("#9a8a63", PAPER, fade)
    for i in range(steps):
        c.fill(c.stroke(points[i:i + 2], 0.42 * size * (1.25 - i / steps)), stem)
    for i in range(2, steps + 1):
        px, py = points[i]
        direction = math.atan2(py - points[i - 1][1], px - points[i - 1][0])
        for side in (-1, 1):
            b = direction + side * rng.uniform(0.7, 1.2)
            r = size * rng.uniform(2.0, 3.0) * (1.1 - 0.45 * i / steps)
            sx, sy = px + r * 0.6 * math.cos(b), py + r * 0.6 * math.sin(b)
            c.fill(c.stroke([(px, py), (sx, sy)], 0.18 * size), stem)
            for k in (-0.75, 0, 0.75):
                c.fill(c.poly(petal(sx, sy, r, r * 0.30, b + k)), mix(LEAF if rng.random() < 0.6 else LEAF2, PAPER, fade))
        if i > 6:
            for _ in range(2):
                b = direction + rng.uniform(-1.5, 1.5)
                q = rng.uniform(1.2, 3.0) * size
                fx, fy = px + q * math.cos(b), py + q * math.sin(b)
                colour = mix(rng.choice([FLOWER, FLOWER2, FLOWER]), PAPER, fade)
                for k in (-0.6, 0.25, 1.0):
                    c.fill(c.poly(petal(fx, fy, 1.25 * size, 0.42 * size, b + k)), colour)


def susuki(c, rng, x, y, height, lean, fade=0.0):
    """A stalk of pampas grass."""
    line = spline([(x, y), (x + lean * 0.25, y - height * 0.5), (x + lean, y - height)], closed=False)
    c.fill(c.stroke(line, 0.28), mix("#b9ad7d", PAPER, fade))
    tip_x, tip_y = line[-1]
    for k in range(15):
        t = k / 14
        bx, by = tip_x - lean * 0.16 * t, tip_y + height * 0.15 * t
        out = 4.5 + 5 * t
        side = 1 if lean > 0 else -1
        c.fill(c.stroke(spline([(bx, by), (bx + side * out * 0.55, by - 1.2), (bx + side * out, by + 2.6 + 2 * t)], closed=False), 0.5), mix(GOLD, PAPER, fade + rng.uniform(0, 0.2)))
    for k in range(3):
        g = rng.uniform(-1, 1)
        c.fill(c.poly(spline([(x - 0.4, y), (x + g * 8, y - height * rng.uniform(0.3, 0.5)), (x + g * 17, y - height * 0.24)], closed=False)
                      + [(x + g * 8 + 0.9, y - height * 0.3), (x + 0.6, y)]), mix("#c9c59e", PAPER, fade + 0.15))


def washi(c, rng, count):
    """Fibres of handmade paper, hardly seen."""
    for _ in range(count):
        x, y, a = rng.random() * c.w, rng.random() * c.h, rng.random() * math.tau
        d = rng.uniform(1.5, 5)
        c.fill(c.stroke(spline([(x, y), (x + d * math.cos(a), y + d * math.sin(a)), (x + 2 * d * math.cos(a + 0.4), y + 2 * d * math.sin(a + 0.4))], closed=False, steps=6), 0.12), "#efe5cf")


def postcard(rng):
    c = Art(106, 154, PAPER)
    washi(c, rng, 90)
    c.fill(c.ellipse(84, 22, 25, 25), MOON)
    hagi(c, rng, 109, 8, 56, math.radians(188), math.radians(-44), 0.02)
    hagi(c, rng, 108, -3, 38, math.radians(160), math.radians(-36), 0.18, 0.9)
    for x, h, lean in ((4, 25, 7), (9, 18, 9), (99, 22, -7), (103, 28, -9)):
        susuki(c, rng, x, 156, h, lean, 0.5)
    c.save(TEMPLATES / "postcard/art/autumn.jpg")
    c = Art(37, 34, "#ffffff")
    hagi(c, rng, 39, 3, 38, math.radians(176), math.radians(-62), 0.0, 0.95)
    c.save(TEMPLATES / "postcard/art/hagi.jpg", 88)


def insert(rng):
    c = Art(216, 62, PAPER)
    washi(c, rng, 70)
    c.fill(c.ellipse(178, 26, 26, 26), MOON)
    hagi(c, rng, 219, 10, 80, math.radians(184), math.radians(-34), 0.02, 1.25)
    hagi(c, rng, 218, -4, 56, math.radians(162), math.radians(-30), 0.16, 1.1)
    c.ramp(c.rect(0, 40, 216, 22), lambda t: t, "#ffffff", upright=True)
    c.save(TEMPLATES / "insert/art/head.jpg")


def pressure_card(rng):
    c = Art(203, 154, PAPER)
    washi(c, rng, 150)
    c.fill(c.ellipse(173, 30, 34, 34), MOON)
    hagi(c, rng, 206, 10, 84, math.radians(186), math.radians(-40), 0.02, 1.2)
    hagi(c, rng, 205, -4, 58, math.radians(160), math.radians(-34), 0.18, 1.05)
    for x, h, lean in ((5, 30, 8), (11, 22, 10), (17, 26, 7), (194, 26, -8), (200, 32, -10)):
        susuki(c, rng, x, 156, h, lean, 0.3)
    c.save(TEMPLATES / "pressure-card/art/inside.jpg")
    c = Art(103, 154, "#8f3b2c")
    c.fill(c.ellipse(53, 62, 30, 30), "#f3e3c2")
    hagi(c, rng, 104, 10, 84, math.radians(174), math.radians(-34), 0.0, 1.45)
    hagi(c, rng, 105, 34, 40, math.radians(196), math.radians(-40), 0.1, 1.2)
    for x, h, lean in ((6, 44, 7), (14, 32, 9), (92, 34, -8), (99, 46, -10)):
        susuki(c, rng, x, 156, h, lean, 0.0)
    c.save(TEMPLATES / "pressure-card/art/back.jpg")
    c = Art(34, 34, "#ffffff")
    hagi(c, rng, 36, 3, 36, math.radians(176), math.radians(-62), 0.0, 0.95)
    c.save(TEMPLATES / "pressure-card/art/hagi.jpg", 88)


if __name__ == "__main__":
    postcard(random.Random("postcard"))
    insert(random.Random("insert"))
    pressure_card(random.Random("pressure card"))
