"""A small drawing board over Pillow: shapes in a 480 x 480 space, drawn three times as large and made smaller at the
end; masks first, then colour, volume and pattern inside the mask."""

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

S = 3
SIZE = 480


def rgb(text):
    return tuple(int(text[i:i + 2], 16) for i in (1, 3, 5))


def mix(a, b, t):
    a, b = (rgb(c) if isinstance(c, str) else c for c in (a, b))
    return tuple(round(x + (y - x) * t) for x, y in zip(a, b))


def dark(c, t=0.25):
    return mix(c, (40, 26, 18), t)


def light(c, t=0.3):
    return mix(c, (255, 252, 244), t)


def spline(points, closed=True, steps=14):
    """A smooth line through the points (Catmull-Rom)."""
    n = len(points)
    out = []
    for i in range(n if closed else n - 1):
        p0, p1, p2, p3 = (points[(i + k) % n] if closed else points[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2))
        for s in range(steps):
            t = s / steps
            out.append(tuple(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3)
                             for a, b, c, d in zip(p0, p1, p2, p3)))
    return out + ([] if closed else [points[-1]])


class Canvas:
    def __init__(self, width=SIZE, height=SIZE, ground=(255, 255, 255), scale=S):
        self.w, self.h, self.s = width, height, scale
        self.image = Image.new("RGB", (round(width * scale), round(height * scale)), ground if not isinstance(ground, str) else rgb(ground))

    # -- masks ------------------------------------------------------------------------------------
    def blank(self):
        mask = Image.new("L", self.image.size, 0)
        return mask, ImageDraw.Draw(mask)

    def up(self, points):
        return [(x * self.s, y * self.s) for x, y in points]

    def poly(self, points):
        mask, pen = self.blank()
        pen.polygon(self.up(points), fill=255)
        return mask

    def blob(self, points):
        return self.poly(spline(points))

    def ellipse(self, cx, cy, rx, ry):
        mask, pen = self.blank()
        pen.ellipse([v * self.s for v in (cx - rx, cy - ry, cx + rx, cy + ry)], fill=255)
        return mask

    def rect(self, x, y, w, h, r=0):
        mask, pen = self.blank()
        pen.rounded_rectangle([v * self.s for v in (x, y, x + w, y + h)], radius=r * self.s, fill=255)
        return mask

    def stroke(self, points, width, closed=False):
        """A line with round ends."""
        mask, pen = self.blank()
        line = self.up(points + points[:1] if closed else points)
        pen.line(line, fill=255, width=max(1, round(width * self.s)), joint="curve")
        r = width * self.s / 2
        for x, y in (line[0], line[-1]):
            pen.ellipse([x - r, y - r, x + r, y + r], fill=255)
        return mask

    def lathe(self, cx, profile, lip=0.0, foot=0.0):
        """The outline of a turned body: (y, half width) from top to bottom; `lip` and `foot` bend top and bottom
        like ellipses seen from above."""
        side = spline([(w, y) for y, w in profile], closed=False)
        top_y, top_w = profile[0]
        low_y, low_w = profile[-1]
        arc = [i / 24 * math.pi for i in range(25)]
        bottom = [(cx + low_w * math.cos(a), low_y + foot * math.sin(a)) for a in arc]
        top = [(cx - top_w * math.cos(a), top_y - lip * math.sin(a)) for a in arc]
        return self.poly([(cx + w, y) for w, y in side] + bottom + [(cx - w, y) for w, y in reversed(side)] + top)

    # -- paint ------------------------------------------------------------------------------------
    def fill(self, mask, colour, alpha=1.0, inside=None):
        if inside is not None:
            mask = ImageChops.multiply(mask, inside)
        if alpha < 1:
            mask = mask.point(lambda v: round(v * alpha))
        self.image.paste(rgb(colour) if isinstance(colour, str) else colour, (0, 0), mask)
        return mask

    def soft(self, mask, blur, colour, alpha, inside=None):
        return self.fill(mask.filter(ImageFilter.GaussianBlur(blur * self.s)), colour, alpha, inside)

    def ramp(self, mask, curve, colour, inside=None, upright=False):
        """Colour with a strength that changes across the mask's box: curve(0..1) -> alpha."""
        box = mask.getbbox()
        if not box:
            return
        grad = Image.linear_gradient("L")
        if not upright:
            grad = grad.rotate(90)
        grad = grad.point([round(255 * min(1, max(0, curve(i / 255)))) for i in range(256)])
        layer = Image.new("L", self.image.size, 0)
        layer.paste(grad.resize((box[2] - box[0], box[3] - box[1])), box)
        self.fill(ImageChops.multiply(layer, mask), colour, 1.0, inside)

    def round(self, mask, strength=1.0):
        """Volume of something turned, with light from the upper left."""
        self.ramp(mask, lambda t: strength * (0.42 * max(0, (t - 0.5) / 0.5) ** 1.6 + 0.16 * max(0, (0.14 - t) / 0.14) ** 2), (38, 24, 20))
        self.ramp(mask, lambda t: strength * 0.30 * math.exp(-((t - 0.27) / 0.10) ** 2), (255, 252, 244))

    def ball(self, mask, strength=1.0):
        self.round(mask, 0.7 * strength)
        self.ramp(mask, lambda t: strength * 0.34 * max(0, (t - 0.45) / 0.55) ** 1.7, (38, 24, 20), upright=True)

    def drop(self, cx, cy, rx, ry, alpha=0.34):
        """The soft shadow on the table."""
        self.soft(self.ellipse(cx + rx * 0.10, cy, rx * 1.05, ry), 9, (52, 36, 28), alpha)
        self.soft(self.ellipse(cx + rx * 0.02, cy - ry * 0.1, rx * 0.93, ry * 0.55), 3.5, (46, 30, 24), alpha * 0.9)

    def shade(self, mask, dx=8, dy=10, blur=8, alpha=0.3):
        """A soft shadow of the mask itself, for things that lie flat. Call it before filling the mask."""
        moved = ImageChops.offset(mask, round(dx * self.s), round(dy * self.s))
        self.soft(moved, blur, (52, 36, 28), alpha)

    def done(self):
        return self.image.resize((round(self.w), round(self.h)), Image.LANCZOS)


def leaf(cx, cy, size, turn=0.0):
    """The outline of a maple leaf with seven lobes."""
    points = []
    for i, reach in enumerate([0.52, 0.86, 1.0, 1.06, 1.0, 0.86, 0.52]):
        a = math.radians(-210 + 40 * i) + turn
        points.append((cx + size * reach * math.cos(a), cy + size * reach * math.sin(a)))
        if i < 6:
            b = a + math.radians(20)
            points.append((cx + size * 0.36 * math.cos(b), cy + size * 0.36 * math.sin(b)))
    base = math.radians(90) + turn
    points.append((cx + size * 0.16 * math.cos(base), cy + size * 0.16 * math.sin(base)))
    return points


def petal(cx, cy, length, width, turn):
    c, s = math.cos(turn), math.sin(turn)
    shape = spline([(0, 0), (length * 0.45, -width), (length, 0), (length * 0.45, width)])
    return [(cx + x * c - y * s, cy + x * s + y * c) for x, y in shape]
