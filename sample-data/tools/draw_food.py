"""Tea, sweets and things to cook with."""

import math

from canvas import dark, leaf, light, petal, spline

TONES = {"green": "#667b46", "brown": "#85572f", "gold": "#c39a45", "sand": "#cdb488", "red": "#a63f30", "olive": "#4d5a35", "navy": "#2d3f5c",
         "yellow": "#d8ac3d", "black": "#3a3430", "orange": "#cc7436", "purple": "#6a3b5c", "white": "#f3eee3", "cream": "#eee2c8", "pink": "#d89a93"}
PAPER = "#f4ecd9"


def label(c, x, y, w, h, mark, colour=PAPER, inside=None, emblem=0):
    """A paper label with a rule and an emblem; no letters, so that no picture needs a font."""
    paper = c.rect(x, y, w, h, 3)
    c.fill(paper, colour, inside=inside)
    c.fill(c.stroke([(x + 6, y + 6), (x + w - 6, y + 6), (x + w - 6, y + h - 6), (x + 6, y + h - 6)], 1.5, True), mark, 0.8, inside)
    cx, cy, r = x + w / 2, y + h * 0.36, min(w, h) * 0.20
    if emblem == 0:
        for t in (-0.9, -1.57, -2.24):
            c.fill(c.poly(petal(cx, cy + r * 0.7, r * 1.7, r * 0.34, t)), mark, inside=inside)
    elif emblem == 1:
        c.fill(c.ellipse(cx, cy, r, r), mark, inside=inside)
        c.fill(c.ellipse(cx + r * 0.35, cy - r * 0.2, r * 0.85, r * 0.85), colour, inside=inside)
    elif emblem == 2:
        for k in range(5):
            c.fill(c.poly(petal(cx, cy, r * 1.1, r * 0.36, k * math.tau / 5 - 1.57)), mark, inside=inside)
    else:
        c.fill(c.poly(leaf(cx, cy + r * 0.2, r * 1.15)), mark, inside=inside)
    for k, part in enumerate((0.62, 0.40, 0.52)):
        yy = y + h * (0.66 + k * 0.09)
        c.fill(c.stroke([(cx - w * part / 2, yy), (cx + w * part / 2, yy)], 3.4 if k == 0 else 1.8), mark, 0.9 if k == 0 else 0.55, inside)


def tin(c, rng, colour="green", pattern="leaf"):
    base = TONES[colour]
    c.drop(240, 374, 88, 22)
    body = c.lathe(240, [(142, 92), (370, 92)], lip=22, foot=22)
    c.fill(body, base)
    if pattern == "wave":
        for j in range(7):
            for i in range(-4, 5):
                for r in (26, 18, 10):
                    x, y = 240 + i * 52 + (26 if j % 2 else 0), 214 + j * 30
                    c.fill(c.stroke([(x + r * math.cos(a / 12 * math.pi), y - r * math.sin(a / 12 * math.pi)) for a in range(13)], 1.7), "#b9a56c", 0.6, body)
    elif pattern == "leaf":
        for k in range(16):
            c.fill(c.poly(petal(150 + rng.random() * 180, 200 + rng.random() * 190, 34, 8, rng.random() * 6.3)), light(base, 0.28), 0.55, body)
    label(c, 196, 216, 88, 124, base, inside=body, emblem=0 if pattern != "wave" else 1)
    c.round(body)
    lid = c.lathe(240, [(118, 96), (164, 96)], lip=22, foot=22)
    c.fill(lid, dark(base, 0.18))
    c.round(lid)
    top = c.ellipse(240, 118, 96, 22)
    c.fill(top, light(base, 0.22))
    c.ramp(top, lambda t: 0.22 * t, (40, 26, 18))
    c.fill(c.ellipse(240, 119, 80, 17), light(base, 0.12))


def pouch(c, rng, colour="green"):
    base = TONES[colour]
    c.drop(240, 386, 104, 18)
    body = c.poly(spline([(150, 112), (330, 112)], closed=False) + spline([(330, 112), (338, 220), (348, 330), (338, 384)], closed=False)
                  + spline([(338, 384), (240, 394), (142, 384)], closed=False) + spline([(142, 384), (132, 330), (142, 220), (150, 112)], closed=False))
    c.fill(body, base)
    for k in range(26):
        c.fill(c.poly(petal(136 + rng.random() * 210, 150 + rng.random() * 230, 20, 4, rng.random() * 6.3)), light(base, 0.22), 0.4, body)
    label(c, 184, 192, 112, 148, dark(base, 0.25), inside=body, emblem={"gold": 2, "sand": 2, "brown": 1}.get(colour, 0))
    c.round(body, 0.85)
    seal = c.rect(147, 94, 186, 34, 4)
    c.fill(seal, dark(base, 0.16))
    for k in range(23):
        c.fill(c.stroke([(151 + k * 8, 97), (151 + k * 8, 125)], 1.4), light(base, 0.3), 0.5, seal)


def block(c, x, y, w, h, d, front, side=None, top=None):
    """A box seen from the upper left: front, top and right side."""
    side, top = side or dark(front, 0.26), top or light(front, 0.25)
    c.shade(c.poly([(x, y + h - 8), (x + w, y + h - 8), (x + w + d, y + h - d * 0.6), (x + w + d, y + h), (x + w, y + h + 4), (x, y + h + 4)]), 4, 8, 9, 0.5)
    f = c.rect(x, y, w, h)
    t = c.poly([(x, y), (x + d, y - d * 0.55), (x + w + d, y - d * 0.55), (x + w, y)])
    s = c.poly([(x + w, y), (x + w + d, y - d * 0.55), (x + w + d, y + h - d * 0.55), (x + w, y + h)])
    for m, col in ((f, front), (t, top), (s, side)):
        c.fill(m, col)
    c.ramp(f, lambda q: 0.14 * q, (40, 26, 18), upright=True)
    return f, t, s


def teabox(c, rng, colour="red"):
    base = TONES[colour]
    f, t, s = block(c, 118, 150, 196, 226, 52, base)
    for k in range(5):
        c.fill(c.stroke([(118, 338 + k * 9), (314, 338 + k * 9)], 1.6), light(base, 0.45), 0.7, f)
    label(c, 158, 182, 116, 138, base, emblem={"yellow": 2, "black": 1, "green": 0, "red": 3}[colour])
    bag = c.poly([(296, 296), (352, 288), (370, 308), (376, 380), (284, 388), (280, 316)])
    c.shade(bag, 4, 6, 6, 0.35)
    c.fill(bag, "#efe6d0")
    c.fill(c.poly([(292, 340), (366, 334), (370, 374), (290, 380)]), dark(base, 0.15) if colour != "yellow" else "#7a7a32", 0.6, bag)
    c.fill(c.stroke(spline([(328, 290), (340, 262), (384, 262), (402, 296)], closed=False), 2), "#f7f1e2")
    tag = c.rect(388, 296, 30, 36, 3)
    c.fill(tag, base)
    c.fill(c.ellipse(403, 312, 7, 7), PAPER)


def giftbox(c, rng, colour="green", what="tins"):
    f, t, s = block(c, 66, 214, 300, 140, 54, "#cda877")
    for k in range(5):
        c.fill(c.stroke([(66, 232 + k * 27 + 3 * math.sin(k)), (366, 230 + k * 27)], 1.4), "#9b7443", 0.5, f)
    inner = c.poly([(84, 212), (128, 190), (404, 190), (362, 212)])
    c.fill(inner, "#6f5234")
    for k, col in enumerate(("green", "brown", "red")):
        x = 134 + k * 98
        lid = c.lathe(x, [(140, 43), (210, 43)], lip=12, foot=6)
        c.fill(lid, TONES[col])
        label(c, x - 22, 168, 44, 44, TONES[col], inside=lid, emblem=k)
        c.round(lid)
        c.fill(c.ellipse(x, 140, 43, 12), light(TONES[col], 0.25))
    c.fill(f, "#cda877")
    for k in range(5):
        c.fill(c.stroke([(66, 232 + k * 27 + 3 * math.sin(k)), (366, 230 + k * 27)], 1.4), "#9b7443", 0.5, f)
    c.ramp(f, lambda q: 0.14 * q, (40, 26, 18), upright=True)
    for k in range(5):
        c.fill(c.poly(petal(216, 290, 30, 10, k * math.tau / 5 - 1.57)), "#7a5430", 0.85)


def plank(c, y=330):
    """A small board to set sweets on."""
    board = c.poly([(70, y), (124, y - 96), (392, y - 96), (420, y)])
    c.shade(board, 4, 14, 9, 0.35)
    c.fill(c.poly([(70, y), (420, y), (418, y + 15), (72, y + 15)]), "#70492d")
    c.fill(board, "#9a6b45")
    for k in range(6):
        c.fill(c.stroke([(82 + k * 8, y - 16 * k - 6), (414 - k * 4, y - 16 * k - 6)], 1.4), "#7c5132", 0.5, board)


def yokan(c, rng, colour="brown", what="chestnut"):
    plank(c, 348)
    for k, x in enumerate((110, 262)):
        f, t, s = block(c, x, 232 + k * 12, 106, 92, 46, "#56281f", "#3e1b15", "#6d362a")
        for _ in range(6):
            px, py = x + 18 + rng.random() * 72, 250 + k * 12 + rng.random() * 58
            nut = c.ellipse(px, py, 13, 11)
            c.fill(nut, "#e0b04e", inside=f)
            c.fill(c.ellipse(px - 3, py - 3, 5, 4), "#f4d58a", 0.9, f)
        c.ramp(t, lambda q: 0.5 * math.exp(-((q - 0.35) / 0.2) ** 2), "#b98370")


def castella(c, rng, colour="gold"):
    plank(c, 348)
    crumb = {"gold": "#efc763", "green": "#a8b356"}[colour]
    for k, x in enumerate((104, 226)):
        f, t, s = block(c, x, 214 + k * 16, 92, 112, 58, crumb, dark(crumb, 0.16), "#7c4420")
        c.fill(c.rect(x, 214 + k * 16, 92, 15), "#87501f", inside=f)
        c.fill(c.rect(x, 316 + k * 16, 92, 10), "#94602c", 0.8, f)
        for _ in range(50):
            c.fill(c.ellipse(x + rng.random() * 92, 232 + k * 16 + rng.random() * 84, 1.7, 1.2), dark(crumb, 0.2), 0.6, f)
        c.ramp(t, lambda q: 0.4 * math.exp(-((q - 0.3) / 0.2) ** 2), "#d59a63")


def dorayaki(c, rng):
    for x, y in ((206, 320), (276, 236)):
        c.drop(x, y + 34, 116, 26, 0.3)
        low = c.blob([(x - 122, y + 8), (x, y + 44), (x + 122, y + 8), (x, y - 20)])
        c.fill(low, "#d7a35c")
        c.fill(c.blob([(x - 116, y - 4), (x, y + 26), (x + 116, y - 4), (x, y - 26)]), "#4a211c")
        top = c.blob([(x - 124, y - 10), (x - 90, y + 8), (x, y + 18), (x + 90, y + 8), (x + 124, y - 10), (x + 86, y - 52), (x, y - 66), (x - 86, y - 52)])
        c.fill(top, "#e2b36c")
        face = c.ellipse(x, y - 24, 108, 36)
        c.fill(face, "#8c4a22")
        c.ramp(face, lambda q: 0.34 * math.exp(-((q - 0.3) / 0.22) ** 2), "#d99a63")
        c.round(top, 0.5)
        for dx, turn in ((-9, -1.85), (9, -1.3)):
            c.fill(c.poly(petal(x + dx, y - 24, 26, 6, turn)), "#6b3315")
        c.fill(c.ellipse(x, y - 18, 16, 11), "#6b3315")


def senbei(c, rng, colour="brown"):
    for x, y, r in ((166, 200, 92), (318, 214, 90), (236, 304, 100)):
        disc = c.blob([(x + (r + rng.uniform(-4, 4)) * math.cos(a / 14 * math.tau), y + (r + rng.uniform(-4, 4)) * 0.86 * math.sin(a / 14 * math.tau)) for a in range(14)])
        c.shade(disc, 5, 10, 8, 0.4)
        c.fill(disc, "#a9642a")
        c.soft(c.ellipse(x, y, r * 0.62, r * 0.5), 14, "#cf8f45", 0.9, disc)
        for _ in range(26):
            a, q = rng.random() * math.tau, rng.random() ** 0.5 * r * 0.86
            c.fill(c.ellipse(x + q * math.cos(a), y + q * 0.84 * math.sin(a), 3 + rng.random() * 4, 2.5 + rng.random() * 3), "#7c4015", 0.5, disc)
        c.ramp(disc, lambda q: 0.28 * math.exp(-((q - 0.28) / 0.14) ** 2), "#ffdca8")


def monaka(c, rng):
    for x, y, t in ((170, 210, -0.2), (316, 236, 0.25), (226, 334, 0.05)):
        shape = c.blob([(x + 82 * (1 + 0.09 * math.cos(5 * a)) * math.cos(a + t), y + 62 * (1 + 0.09 * math.cos(5 * a)) * math.sin(a + t)) for a in (k / 30 * math.tau for k in range(30))])
        c.shade(shape, 4, 12, 8, 0.4)
        c.fill(shape, "#b98546")
        top = c.blob([(x + 74 * (1 + 0.09 * math.cos(5 * a)) * math.cos(a + t), y - 7 + 55 * (1 + 0.09 * math.cos(5 * a)) * math.sin(a + t)) for a in (k / 30 * math.tau for k in range(30))])
        c.fill(top, "#e4bd7f")
        for k in range(5):
            a = k * math.tau / 5 + t
            c.fill(c.poly(petal(x, y - 7, 58, 15, a)), "#cf9f5c")
            c.fill(c.stroke([(x, y - 7), (x + 46 * math.cos(a), y - 7 + 36 * math.sin(a))], 2), "#a8753a")
        c.fill(c.ellipse(x, y - 7, 8, 6), "#a8753a")


def candybag(c, rng, colour="gold"):
    c.drop(240, 384, 96, 18)
    body = c.blob([(186, 166), (240, 174), (294, 166), (346, 250), (336, 366), (240, 388), (144, 366), (134, 250)])
    c.fill(body, "#efe3c4")
    for _ in range(44):
        x, y = 150 + rng.random() * 180, 230 + rng.random() * 140
        nut = c.ellipse(x, y, 14, 12)
        c.fill(nut, "#c99b4a", inside=body)
        c.fill(c.ellipse(x - 4, y - 4, 5, 4), "#ecca86", 0.9, body)
    c.round(body, 0.7)
    c.fill(c.blob([(174, 108), (206, 130), (240, 110), (274, 130), (306, 108), (290, 168), (240, 176), (190, 168)]), "#e5d3a5")
    c.fill(c.rect(186, 158, 108, 16, 8), "#9c3a2c")
    for t in (0.5, 2.6):
        c.fill(c.poly(petal(240, 166, 62, 13, t)), "#b3473a")
    label(c, 200, 246, 80, 96, "#8c5f24", emblem=2)


def warabi(c, rng):
    from draw_pots import plate_shape
    plate_shape(c, 240, 290, 176, 92, "#7f9aa0", "#5f7c84")
    for x, y in ((176, 278), (232, 262), (292, 276), (200, 312), (262, 308), (240, 232), (186, 244), (290, 240)):
        cube = c.blob([(x - 31, y - 14), (x, y - 27), (x + 31, y - 14), (x + 28, y + 18), (x, y + 28), (x - 28, y + 18)])
        c.fill(cube, "#5b3b2c")
        c.fill(c.blob([(x - 29, y - 16), (x, y - 27), (x + 29, y - 16), (x, y - 3)]), "#c59a5c")
        c.soft(c.ellipse(x - 10, y + 8, 9, 6), 3, "#b08a74", 0.9, cube)
    for _ in range(60):
        c.fill(c.ellipse(120 + rng.random() * 240, 244 + rng.random() * 96, 1.8, 1.4), "#d6b074", 0.8)


def sweetpotato(c, rng):
    for x, y, t in ((166, 214, 0.2), (304, 200, -0.1), (226, 296, 0.0), (350, 296, 0.3), (120, 322, -0.2)):
        shape = c.blob([(x - 72, y + 8), (x - 30, y - 34), (x + 36, y - 34), (x + 72, y + 4), (x + 34, y + 38), (x - 36, y + 38)])
        c.shade(shape, 4, 10, 8, 0.4)
        c.fill(shape, "#7d2f4b")
        flesh = c.blob([(x - 62, y + 1), (x - 26, y - 30), (x + 30, y - 31), (x + 62, y - 2), (x + 28, y + 20), (x - 30, y + 21)])
        c.fill(flesh, "#e6a93d")
        c.soft(c.ellipse(x - 4, y - 8, 40, 14), 7, "#b5661f", 0.75, flesh)
        for _ in range(7):
            c.fill(c.ellipse(x - 26 + rng.random() * 52, y - 18 + rng.random() * 22, 2.2, 1.7), "#3a2418")


def cookietin(c, rng, colour="brown"):
    base = TONES[colour]
    c.drop(232, 366, 132, 30)
    body = c.lathe(232, [(278, 142), (356, 142)], lip=44, foot=44)
    c.fill(body, base)
    c.round(body)
    c.fill(c.ellipse(232, 278, 142, 46), "#d9c8a5")
    inner = c.ellipse(232, 281, 131, 40)
    c.fill(inner, "#5c3b22")
    for x, y in ((150, 282), (204, 264), (264, 268), (316, 284), (178, 300), (234, 296), (288, 304), (232, 318)):
        cookie = c.ellipse(x, y, 36, 17)
        c.fill(c.ellipse(x, y + 5, 36, 17), "#6f4826", inside=inner)
        c.fill(cookie, "#b98a52", inside=inner)
        for _ in range(9):
            c.fill(c.ellipse(x - 22 + rng.random() * 44, y - 8 + rng.random() * 16, 2.2, 1.5), "#70491f", 0.9, inner)
    lid = c.ellipse(306, 158, 122, 70)
    c.shade(lid, 4, 16, 9, 0.4)
    c.fill(c.ellipse(306, 167, 122, 70), dark(base, 0.3))
    c.fill(lid, light(base, 0.10))
    c.fill(c.ellipse(306, 158, 104, 58), light(base, 0.2))
    for k in range(8):
        c.fill(c.poly(petal(306, 158, 52, 12, k * math.tau / 8)), "#f1dfba", 0.9)
    c.fill(c.ellipse(306, 158, 10, 7), base)


def dried(c, rng, colour="orange"):
    for x, y, r in ((150, 190, 74), (294, 166, 70), (236, 272, 82), (352, 286, 70), (132, 324, 70)):
        disc = c.blob([(x + (r + rng.uniform(-5, 5)) * math.cos(a / 12 * math.tau), y + (r + rng.uniform(-5, 5)) * 0.8 * math.sin(a / 12 * math.tau)) for a in range(12)])
        c.shade(disc, 4, 9, 7, 0.38)
        c.fill(disc, "#c2601f")
        c.soft(c.ellipse(x, y, r * 0.66, r * 0.5), 9, "#e59038", 0.95, disc)
        for k in range(8):
            c.fill(c.poly(petal(x, y, r * 0.46, r * 0.09, k * math.tau / 8 + 0.2)), "#f3c27a", 0.9, disc)
        c.ramp(disc, lambda q: 0.22 * math.exp(-((q - 0.28) / 0.16) ** 2), "#ffe8c0")


def namagashi(c, rng):
    from draw_pots import plate_shape
    plate_shape(c, 240, 276, 190, 128, "#403632", "#6d5c50")
    maple = c.poly(leaf(164, 246, 58, 0.2))
    c.fill(maple, "#c9552f")
    c.ramp(maple, lambda t: 0.5 * t, "#e9b04a")
    kiku = c.ellipse(310, 236, 50, 42)
    c.fill(kiku, "#f0e5d6")
    for r, n in ((46, 16), (32, 12), (18, 8)):
        for k in range(n):
            c.fill(c.poly(petal(310, 236, r, r * 0.16, k * math.tau / n)), "#e0b5a8" if r > 40 else ("#eccdbf" if r > 20 else "#f5e3d6"))
    c.fill(c.ellipse(310, 236, 7, 6), "#d9a531")
    kuri = c.blob([(200, 300), (232, 338), (196, 366), (154, 350), (160, 322)])
    c.fill(kuri, "#8a5632")
    c.fill(c.blob([(158, 346), (196, 364), (226, 342), (200, 352)]), "#dcc08c")
    c.ball(kuri, 0.7)
    ginkgo = c.poly([(318, 366)] + [(318 + 66 * math.cos(a), 366 + 62 * math.sin(a)) for a in [math.radians(-160 + k * 14) for k in range(11)] if abs(math.degrees(a) + 90) > 6])
    c.fill(ginkgo, "#e3b93d")
    for k in range(9):
        a = math.radians(-155 + k * 16)
        c.fill(c.stroke([(318, 366), (318 + 56 * math.cos(a), 366 + 52 * math.sin(a))], 1.5), "#b98c22", 0.7, ginkgo)


def dashi(c, rng, colour="navy"):
    base = TONES[colour]
    pouch(c, rng, colour)
    for x, y, t in ((334, 330, 0.2), (372, 356, -0.12)):
        bag = c.poly([(x - 32 + 10 * t, y - 40), (x + 30 + 10 * t, y - 40), (x + 34, y + 40), (x - 34, y + 40)])
        c.shade(bag, 3, 7, 5, 0.4)
        c.fill(bag, "#f1e9d7")
        c.fill(c.rect(x - 26, y - 12, 52, 48, 6), "#c9a878", 0.75, bag)
        for _ in range(22):
            c.fill(c.ellipse(x - 24 + rng.random() * 48, y - 8 + rng.random() * 42, 2.3, 1.6), base, 0.45, bag)


def misotub(c, rng, colour="brown"):
    c.drop(240, 362, 116, 26)
    body = c.lathe(240, [(206, 132), (356, 112)], lip=34, foot=28)
    c.fill(body, "#c3955c")
    for k in range(-8, 9):
        x = 132 * math.sin(k / 9 * math.pi / 2)
        c.fill(c.stroke([(240 + x, 206), (240 + x * 0.85, 392)], 1.8), "#8a5f31", 0.6, body)
    for y in (244, 330):
        hoop = [(240 + (132 - (y - 206) * 0.13) * math.cos(a / 24 * math.pi), y + 33 * math.sin(a / 24 * math.pi)) for a in range(25)]
        c.fill(c.stroke(hoop, 12), "#a87a36", inside=body)
        c.fill(c.stroke(hoop, 2), "#7b5420", inside=body)
    c.round(body)
    c.fill(c.ellipse(240, 206, 132, 36), "#d9b27a")
    hole = c.ellipse(240, 208, 120, 31)
    c.fill(hole, "#7a4420")
    miso = c.blob([(128, 210), (180, 180), (232, 190), (286, 172), (348, 204), (300, 232), (180, 234)])
    c.fill(miso, "#a8652d", inside=c.ellipse(240, 196, 120, 44))
    c.soft(c.ellipse(216, 196, 60, 12), 6, "#c98a4a", 0.9, hole)
    handle = c.stroke([(292, 196), (364, 104)], 13)
    c.fill(handle, "#b98a52")
    c.ramp(handle, lambda t: 0.3 * t, (48, 28, 16))


def bottle(c, rng, colour="black"):
    glass = {"black": "#3b241a", "gold": "#e0b85a"}[colour]
    c.drop(240, 402, 58, 16)
    body = c.lathe(240, [(112, 22), (150, 23), (182, 44), (214, 62), (250, 64), (396, 62)], lip=4, foot=14)
    c.fill(body, glass)
    if colour == "gold":
        c.fill(c.rect(0, 140, 480, 26), "#f1e0b4", 0.9, body)
    label(c, 186, 248, 108, 118, "#7b2f22" if colour == "black" else "#6d6a2f", inside=body, emblem=1 if colour == "black" else 2)
    c.round(body, 1.1)
    c.fill(c.stroke([(200, 226), (196, 380)], 6), "#ffffff", 0.35, body)
    cap = c.lathe(240, [(72, 25), (116, 26)], lip=6, foot=6)
    c.fill(cap, "#8c2f24" if colour == "black" else "#4f5a2c")
    c.round(cap)
    c.fill(c.ellipse(240, 72, 25, 6), "#b5574a" if colour == "black" else "#7b8750")


def ricebag(c, rng, colour="red"):
    c.drop(240, 396, 116, 20)
    body = c.blob([(176, 136), (304, 136), (344, 190), (358, 300), (340, 388), (240, 398), (140, 388), (122, 300), (136, 190)])
    c.fill(body, "#d8c29a")
    for k in range(60):
        x, y = 122 + rng.random() * 236, 140 + rng.random() * 250
        c.fill(c.stroke([(x, y), (x + 9, y + rng.uniform(-2, 2))], 1.4), "#b59a6a", 0.5, body)
    c.round(body, 0.9)
    neck = c.blob([(172, 76), (206, 94), (240, 78), (276, 94), (308, 76), (296, 132), (240, 140), (184, 132)])
    c.fill(neck, "#cbb285")
    c.round(neck, 0.6)
    c.fill(c.rect(176, 122, 128, 18, 8), "#a63f30")
    for t in (0.7, 2.45):
        c.fill(c.poly(petal(240, 132, 64, 10, t)), "#b85243")
    c.fill(c.ellipse(240, 270, 68, 68), "#a63f30")
    for k in range(5):
        c.fill(c.poly(petal(240, 316, 84, 9, -1.57 + (k - 2) * 0.24)), "#f2dfb0")
        for q in range(5):
            a = -1.57 + (k - 2) * 0.24
            c.fill(c.ellipse(240 + (44 + q * 10) * math.cos(a) + (4 if q % 2 else -4), 316 + (44 + q * 10) * math.sin(a), 4.4, 6), "#f2dfb0")


def box(c, rng, colour="orange", what="mushroom"):
    base = TONES[colour]
    f, t, s = block(c, 124, 128, 196, 256, 46, base)
    c.fill(c.rect(124, 286, 196, 98), PAPER, inside=f)
    c.fill(c.ellipse(222, 286, 74, 54), PAPER, inside=f)
    for x, y, r, col in ((196, 300, 34, "#8a5a34"), (250, 312, 28, "#a97447"), (222, 332, 24, "#6d452a")):
        c.fill(c.blob([(x - r * 0.32, y - 4), (x + r * 0.32, y - 4), (x + r * 0.24, y + r * 1.2), (x - r * 0.24, y + r * 1.2)]), "#ecdcba", inside=f)
        cap = c.blob([(x - r, y), (x - r * 0.6, y - r * 0.7), (x, y - r * 0.9), (x + r * 0.6, y - r * 0.7), (x + r, y), (x, y + r * 0.2)])
        c.fill(cap, col)
        c.ball(cap, 0.7)
    for k, part in enumerate((110, 70)):
        c.fill(c.stroke([(222 - part / 2, 176 + k * 22), (222 + part / 2, 176 + k * 22)], 7 if k == 0 else 3), PAPER)


def jar_shape(c, cx, top, low, w, glass, inside_colour, cover, mark, emblem=0):
    c.drop(cx, low + 6, w * 0.95, w * 0.2)
    body = c.lathe(cx, [(top, w * 0.80), (top + 22, w), (low - 14, w), (low, w * 0.90)], lip=w * 0.14, foot=w * 0.2)
    c.fill(body, glass)
    fill = c.lathe(cx, [(top + 30, w * 0.94), (low - 14, w * 0.94), (low - 3, w * 0.86)], lip=w * 0.16, foot=w * 0.18)
    c.fill(fill, inside_colour)
    c.round(body, 0.9)
    label(c, cx - w * 0.58, top + (low - top) * 0.34, w * 1.16, (low - top) * 0.52, mark, inside=body, emblem=emblem)
    c.fill(c.stroke([(cx - w * 0.78, top + 40), (cx - w * 0.80, low - 22)], 6), "#ffffff", 0.5)
    lid = c.lathe(cx, [(top - 34, w * 0.86), (top + 6, w * 0.86)], lip=w * 0.16, foot=w * 0.16)
    c.fill(lid, cover)
    c.round(lid)
    c.fill(c.ellipse(cx, top - 34, w * 0.86, w * 0.17), light(cover, 0.25))


def jar(c, rng, colour="purple"):
    jar_shape(c, 240, 164, 370, 96, "#d9cfd0", "#5b2440", "#d8c3a0", "#6a2c4c", 2)
    for x, y, t in ((346, 346, 0.3), (384, 362, -0.2)):
        fig = c.blob([(x - 34, y + 16), (x - 22, y - 22), (x, y - 50), (x + 22, y - 22), (x + 34, y + 16), (x, y + 34)])
        c.shade(fig, 3, 6, 5, 0.4)
        c.fill(fig, "#5a2a4a")
        c.ball(fig, 0.9)


def jarsmall(c, rng, colour="green"):
    jar_shape(c, 214, 210, 364, 84, "#dde3d2", "#71853c", "#ece0c4", "#4c6430", 0)
    yuzu = c.ellipse(346, 320, 52, 48)
    c.shade(yuzu, 2, 10, 7, 0.4)
    c.fill(yuzu, "#8ba13c")
    c.ball(yuzu)
    for _ in range(30):
        c.fill(c.ellipse(304 + rng.random() * 84, 280 + rng.random() * 80, 1.6, 1.6), "#6d8229", 0.6, yuzu)
    c.fill(c.poly(petal(346, 274, 44, 11, -0.5)), "#4c6430")


def jarwide(c, rng, colour="red"):
    jar_shape(c, 220, 196, 372, 118, "#e4d7cd", "#9c2f2c", "#f0e6d2", "#9c2f2c", 2)
    for x, y in ((366, 346), (398, 372), (346, 380)):
        ume = c.blob([(x - 26, y), (x - 10, y - 23), (x + 18, y - 20), (x + 26, y + 4), (x + 6, y + 22), (x - 18, y + 18)])
        c.fill(ume, "#a8322f")
        c.ball(ume, 0.8)
        c.fill(c.stroke([(x - 8, y - 12), (x - 2, y - 2), (x + 8, y + 2)], 2), "#7c1f1f", 0.7)


def noodles(c, rng, colour="sand"):
    strand = {"sand": "#b39a78", "white": "#f1ead8"}[colour]
    for k, (x, t) in enumerate(((150, 0.06), (240, 0.0), (330, -0.05))):
        bundle = c.poly([(x - 36 + t * 120, 92), (x + 36 + t * 120, 92), (x + 33 - t * 120, 396), (x - 33 - t * 120, 396)])
        c.shade(bundle, 6, 8, 7, 0.4)
        c.fill(bundle, strand)
        for q in range(-8, 9):
            c.fill(c.stroke([(x + q * 4.3 + t * 120, 92), (x + q * 4 - t * 120, 396)], 1.2), dark(strand, 0.28), 0.55, bundle)
        c.round(bundle, 0.9)
        band = c.rect(x - 37, 206, 74, 74)
        c.fill(band, "#3f5878" if colour == "white" else "#6d3f2a")
        c.fill(c.ellipse(x, 243, 20, 20), PAPER)
        c.fill(c.poly(petal(x, 258, 32, 6, -1.57)), "#3f5878" if colour == "white" else "#6d3f2a")
        c.round(band, 0.9)
