"""Pots, cups, bowls and plates."""

import math

from canvas import dark, leaf, light, mix, petal, rgb

INDIGO, RED, BROWN, GREEN, SAND, WHITE, BLACK = "#2f4a6d", "#a8432f", "#7a5136", "#5f7443", "#cdb692", "#f3eee3", "#34302c"


def opening(c, cx, y, w, h, inner, liquid=None):
    c.fill(c.ellipse(cx, y, w, h), light(inner, 0.25))
    hole = c.ellipse(cx, y + h * 0.08, w * 0.93, h * 0.84)
    c.fill(hole, dark(inner, 0.18))
    c.ramp(hole, lambda t: 0.45 * (1 - t) ** 1.5, (38, 24, 20), upright=True)
    if liquid:
        c.fill(c.ellipse(cx, y + h * 0.34, w * 0.84, h * 0.62), liquid, inside=hole)


def cup(c, cx, top, low, w, colour, pattern="plain", liquid=None, foot=None, curve=1.0):
    base = foot or w * 0.68
    c.drop(cx, low + 4, w * 0.95, w * 0.24)
    body = c.lathe(cx, [(top, w), (top + (low - top) * 0.4, w * 0.99 * curve), (low - (low - top) * 0.16, (w + base) / 2 * curve * 0.98), (low, base)], lip=w * 0.22, foot=base * 0.24)
    c.fill(body, colour)
    ornament(c, body, cx, top, low, w, colour, pattern)
    c.round(body)
    opening(c, cx, top, w, w * 0.23, light(colour, 0.15) if pattern != "drip" else "#8d8062", liquid)
    return body


def ornament(c, body, cx, top, low, w, colour, pattern):
    height = low - top
    if pattern == "stripe-indigo":
        for k, y in enumerate((0.30, 0.37, 0.62, 0.69)):
            c.fill(c.stroke([(cx + w * 1.1 * math.cos(a / 20 * math.pi), top + height * y + w * 0.22 * math.sin(a / 20 * math.pi)) for a in range(21)], 5 if k % 3 else 2.4), INDIGO, inside=body)
    elif pattern == "drip":
        edge = [(cx - w * 1.2, top - 60)] + [(cx - w * 1.2 + i * w * 0.24, top + height * (0.42 + 0.13 * math.sin(i * 2.3) + 0.07 * math.sin(i * 5.1))) for i in range(11)] + [(cx + w * 1.2, top - 60)]
        from canvas import spline
        c.fill(c.poly(spline(edge, closed=False)), "#e9dfc6", 0.92, body)
    elif pattern == "maple":
        c.fill(c.rect(0, 0, 480, top + height * 0.38), "#4f6a4a", 0.85, body)
        c.soft(c.rect(0, 0, 480, top + height * 0.42), 7, "#4f6a4a", 0.5, body)
        for x, y, s, t in ((-0.25, 0.66, 0.30, 0.4), (0.42, 0.52, 0.22, -0.5)):
            c.fill(c.poly(leaf(cx + w * x, top + height * y, w * s, t)), "#b8492b", 0.95, body)
    elif pattern == "check":
        n = 7
        for i in range(-n, n):
            for j in range(6):
                if (i + j) % 2 == 0:
                    x0, x1 = (math.sin(v / n * math.pi / 2) * w * 1.02 for v in (i, i + 1))
                    y = top + height * (0.16 + j * 0.135)
                    bow = lambda x: w * 0.2 * math.sqrt(max(0, 1 - (x / (w * 1.05)) ** 2))
                    c.fill(c.poly([(cx + x0, y + bow(x0)), (cx + x1, y + bow(x1)), (cx + x1, y + height * 0.135 + bow(x1)), (cx + x0, y + height * 0.135 + bow(x0))]), INDIGO, 0.94, body)
    elif pattern == "karakusa":
        for k in range(5):
            x = cx - w * 0.82 + k * w * 0.41
            y = top + height * (0.42 + 0.1 * (k % 2)) + w * 0.10
            for turn in (1, -1):
                spiral = [(x + turn * (w * 0.17 - a * w * 0.0042) * math.cos(a * 0.22), y + (w * 0.17 - a * w * 0.0042) * math.sin(a * 0.22)) for a in range(34)]
                c.fill(c.stroke(spiral, 3.4), INDIGO, 0.95, body)
        c.fill(c.stroke([(cx + w * 1.1 * math.cos(a / 20 * math.pi), top + height * 0.08 + w * 0.22 * math.sin(a / 20 * math.pi)) for a in range(21)], 3), INDIGO, inside=body)
    elif pattern == "iron":
        for k in range(-3, 4):
            x = cx + k * w * 0.3
            y = top + height * 0.56 + w * 0.16 * math.cos(k / 3.4 * math.pi / 2)
            c.fill(c.stroke([(x, y + 34), (x + 4, y), (x + 12, y - 30)], 3.4), "#5a3a26", inside=body)
            for t in (-2.4, -0.9):
                c.fill(c.poly(petal(x + 5, y + 2, 26, 6, t)), "#5a3a26", inside=body)
    elif pattern == "flowers":
        for x, y, col in ((-0.45, 0.5, RED), (0.02, 0.66, "#c79a3a"), (0.45, 0.45, "#5b4a7d"), (-0.1, 0.3, GREEN)):
            for k in range(5):
                c.fill(c.poly(petal(cx + w * x, top + height * y, w * 0.2, w * 0.07, k * 2 * math.pi / 5)), col, inside=body)
            c.fill(c.ellipse(cx + w * x, top + height * y, 4, 4), "#f0dca0")
    elif pattern == "amber":
        c.soft(c.rect(0, low - height * 0.2, 480, 200), 3, "#e3cda4", 0.95, body)
        c.ramp(body, lambda t: 0.3 * t, "#4c240c", upright=True)


def yunomi(c, rng, colour="white", pattern="plain"):
    base = {"white": WHITE, "sand": "#a3835c"}[colour]
    cup(c, 240, 158, 352, 92, base, pattern, "#93a253")


def yunomiset(c, rng):
    plate_shape(c, 300, 356, 112, 40, WHITE)
    for k, col in enumerate((RED, "#c79a3a", GREEN, INDIGO, "#5b4a7d", RED)):
        a = k * math.pi / 3
        c.fill(c.ellipse(300 + 82 * math.cos(a), 352 + 27 * math.sin(a), 8, 5), col)
    cup(c, 198, 150, 330, 80, WHITE, "flowers", "#93a253")


def mug(c, rng, colour="amber"):
    ring = c.stroke([(318, 205), (372, 205), (392, 250), (370, 300), (312, 310)], 24)
    c.fill(ring, "#8a4a1c")
    c.round(ring, 0.8)
    cup(c, 226, 150, 352, 100, "#a8622a", "amber", "#3d2316", foot=86, curve=1.0)


def chawan(c, rng, colour="brown", pattern="plain"):
    c.drop(240, 352, 120, 26)
    c.fill(c.lathe(240, [(330, 56), (352, 52)], foot=12), "#6b5038")
    cup_body = c.lathe(240, [(196, 142), (250, 140), (306, 112), (338, 66)], lip=34, foot=14)
    c.fill(cup_body, "#a58a66")
    ornament(c, cup_body, 240, 196, 338, 142, "#a58a66", "maple")
    c.round(cup_body)
    opening(c, 240, 196, 142, 36, "#8b7650", "#7f9440")
    for x, y in ((196, 206), (262, 212), (300, 203)):
        c.fill(c.ellipse(x, y, 16, 4), "#b7c46f", 0.6)


def bowl(c, rng, colour="white", pattern="plain"):
    base = {"white": WHITE, "pink": "#d9a78f", "urushi": "#7c2a1c"}[colour]
    c.drop(240, 348, 100, 24)
    c.fill(c.lathe(240, [(322, 54), (348, 56)], foot=13), dark(base, 0.14))
    body = c.lathe(240, [(196, 138), (252, 128), (304, 92), (332, 52)], lip=33, foot=12)
    c.fill(body, base)
    if colour == "pink":
        c.soft(c.ellipse(180, 280, 70, 44), 16, "#f1dccb", 0.9, body)
        c.soft(c.ellipse(310, 230, 50, 26), 14, "#f1dccb", 0.7, body)
    ornament(c, body, 240, 196, 332, 138, base, pattern)
    c.round(body, 0.95)
    opening(c, 240, 196, 138, 35, "#40150f" if colour == "urushi" else base)


def donburi(c, rng, pattern="iron"):
    c.drop(240, 356, 112, 26)
    c.fill(c.lathe(240, [(328, 58), (356, 60)], foot=14), "#8d7a60")
    body = c.lathe(240, [(176, 150), (240, 144), (306, 106), (340, 58)], lip=36, foot=13)
    c.fill(body, "#e4dac4")
    ornament(c, body, 240, 176, 340, 150, "#e4dac4", "iron")
    c.round(body)
    opening(c, 240, 176, 150, 38, "#e4dac4")


def soba(c, rng, colour="indigo"):
    cup(c, 178, 190, 344, 74, WHITE, "check", foot=54)
    cup(c, 312, 208, 362, 74, WHITE, "stripe-indigo", foot=54)


def plate_shape(c, cx, cy, rx, ry, colour, rim=None):
    c.drop(cx, cy + ry * 0.42, rx * 0.92, ry * 0.78, 0.3)
    c.fill(c.ellipse(cx, cy + ry * 0.10, rx, ry), dark(colour, 0.30))
    disc = c.ellipse(cx, cy, rx, ry)
    c.fill(disc, colour)
    c.ramp(disc, lambda t: 0.20 * t, (48, 32, 24))
    well = c.ellipse(cx, cy + ry * 0.03, rx * 0.70, ry * 0.66)
    c.fill(well, dark(colour, 0.09))
    inner = c.ellipse(cx, cy + ry * 0.07, rx * 0.68, ry * 0.62)
    c.fill(inner, light(colour, 0.12))
    c.ramp(inner, lambda t: 0.14 * (1 - t), (48, 32, 24), upright=True)
    if rim:
        c.fill(c.stroke([(cx + rx * 0.985 * math.cos(a / 40 * math.tau), cy + ry * 0.98 * math.sin(a / 40 * math.tau)) for a in range(41)], 4.5), rim)
    return disc


def plate(c, rng, colour="white", pattern="rim"):
    if pattern == "rim":
        plate_shape(c, 240, 262, 176, 118, "#efe8da", "#b79b74")
        return
    disc = plate_shape(c, 240, 262, 178, 120, "#7d5a3c", "#5b3d27")
    for ring in range(9):
        r = 0.28 + ring * 0.078
        for k in range(20 + ring * 5):
            a = k / (20 + ring * 5) * math.tau + ring * 0.4
            x, y = 240 + 178 * r * math.cos(a), 262 + 120 * r * math.sin(a)
            c.fill(c.stroke([(x, y), (x + 9 * math.cos(a + 1.2), y + 6 * math.sin(a + 1.2))], 3.6), "#e6d5b2", 0.92, disc)


def mameset(c, rng):
    for (x, y), ground, kind in zip(((150, 170), (322, 158), (238, 262), (134, 342), (342, 338)),
                                    ("#efe8da", "#d9c5a0", "#c9d2c6", "#e8d5cc", "#cfd3df"), range(5)):
        plate_shape(c, x, y, 78, 60, ground, dark(ground, 0.25))
        petals, colour = ((5, "#8b4a76"), (5, "#4d5598"), (9, "#b3892f"), (12, "#c56a37"), (6, "#3f6b8b"))[kind]
        for k in range(petals):
            c.fill(c.poly(petal(x, y + 2, 26, 6.5 if petals < 8 else 4, k * math.tau / petals - 1.57)), colour)
        c.fill(c.ellipse(x, y + 2, 5, 4), "#f1dd9c")


def longplate(c, rng, colour="indigo"):
    for k, (dy, col) in enumerate(((14, "#1d2c49"), (0, "#2c4470"))):
        shape = c.poly([(74, 226 + dy), (352, 166 + dy), (412, 268 + dy), (128, 336 + dy)])
        if k == 0:
            c.shade(shape, 6, 14, 9, 0.4)
        c.fill(shape, col)
    c.ramp(shape, lambda t: 0.32 * (1 - t) ** 2, "#9db6dd")
    well = c.poly([(102, 234), (346, 182), (388, 264), (138, 318)])
    c.fill(well, "#24395f")
    c.ramp(well, lambda t: 0.5 * max(0, 0.5 - abs(t - 0.3)), "#6d8fc4")


def squareplate(c, rng, colour="green"):
    low = c.poly([(240, 132), (420, 256), (240, 392), (60, 256)])
    c.shade(low, 4, 10, 10, 0.4)
    c.fill(low, "#7b6a4c")
    top = c.poly([(240, 122), (420, 244), (240, 378), (60, 244)])
    c.fill(top, "#d9caa4")
    c.fill(c.blob([(60, 240), (150, 150), (250, 110), (330, 190), (262, 232), (190, 232), (150, 300), (90, 290)]), "#42633f", 0.94, top)
    c.soft(c.blob([(80, 240), (170, 150), (250, 130), (300, 190), (220, 210), (150, 260)]), 9, "#2c4a30", 0.7, top)
    well = c.poly([(240, 168), (358, 246), (240, 332), (122, 246)])
    c.fill(c.stroke([(240, 168), (358, 246), (240, 332), (122, 246)], 3, True), "#5a4a30", 0.5)
    for k in range(4):
        c.fill(c.stroke([(286 + k * 16, 300 - k * 11), (310 + k * 16, 316 - k * 11)], 3), "#6d4a2a", 0.85, top)
    c.ramp(well, lambda t: 0.12 * (1 - t), (48, 32, 24), upright=True)


def woodplate(c, rng):
    disc = plate_shape(c, 240, 262, 176, 122, "#9c6b42", "#7d5230")
    for k in range(-7, 8):
        y = 262 + k * 17
        c.fill(c.stroke([(40 + i * 20, y + 5 * math.sin(i * 0.5 + k * 1.3)) for i in range(21)], 1.8), "#6f4526", 0.42, disc)
    c.ramp(disc, lambda t: 0.22 * (1 - t) ** 2, (255, 246, 226))


def glassbowl(c, rng):
    for cx, cy in ((182, 208), (310, 242)):
        c.drop(cx, cy + 112, 64, 15, 0.22)
        body = c.lathe(cx, [(cy, 96), (cy + 52, 84), (cy + 96, 52), (cy + 108, 40)], lip=26, foot=9)
        c.fill(body, "#b9d3d6", 0.55)
        for k in range(-6, 7):
            c.fill(c.stroke([(cx + k * 15, cy + 4), (cx + k * 6.5, cy + 114)], 1.8), "#ffffff", 0.6, body)
        c.round(body, 0.5)
        c.fill(c.ellipse(cx, cy, 96, 26), "#d7e6e6", 0.85)
        c.fill(c.ellipse(cx, cy + 3, 88, 22), "#a9c6ca", 0.75)
        c.fill(c.stroke([(cx - 80, cy + 6), (cx - 62, cy + 52), (cx - 40, cy + 82)], 5), "#ffffff", 0.75)


def teapot(c, rng, colour="red"):
    c.drop(250, 354, 128, 26)
    handle = c.stroke([(196, 296), (120, 318), (74, 332)], 34)
    c.fill(handle, "#93402c")
    c.round(handle, 0.5)
    c.fill(c.ellipse(74, 332, 12, 18), "#5d2518")
    spout = c.poly([(338, 280), (404, 190), (428, 196), (420, 216), (372, 320)])
    c.fill(spout, "#8c3b28")
    c.round(spout, 0.7)
    body = c.lathe(250, [(214, 70), (234, 104), (280, 124), (326, 108), (352, 74)], lip=16, foot=14)
    c.fill(body, "#a64b33")
    for y in (252, 262, 272):
        c.fill(c.stroke([(250 + 130 * math.cos(a / 20 * math.pi), y + 22 * math.sin(a / 20 * math.pi)) for a in range(21)], 1.6), "#7c2f1e", 0.6, body)
    c.round(body)
    lid = c.lathe(250, [(186, 26), (198, 60), (212, 80)], lip=8, foot=18)
    c.fill(lid, "#b25539")
    c.round(lid)
    knob = c.ellipse(250, 174, 17, 14)
    c.fill(knob, "#a64b33")
    c.ball(knob)


def glasspot(c, rng):
    c.drop(236, 356, 116, 22, 0.26)
    c.fill(c.stroke([(338, 216), (402, 222), (414, 276), (388, 318), (336, 322)], 13), "#c5dade", 0.9)
    spout = c.poly([(146, 280), (84, 206), (66, 214), (116, 312), (152, 326)])
    c.fill(spout, "#cfe0e1", 0.9)
    body = c.lathe(240, [(180, 74), (214, 106), (280, 120), (332, 104), (354, 84)], lip=18, foot=15)
    c.fill(body, "#d5e5e4")
    tea = c.lathe(240, [(248, 112), (284, 115), (330, 99), (350, 80)], lip=16, foot=14)
    c.fill(tea, "#c0b955")
    c.fill(c.ellipse(240, 248, 112, 17), "#d4cf78")
    for k in range(13):
        c.fill(c.poly(petal(176 + rng.random() * 130, 316 + rng.random() * 28, 22, 5, rng.random() * 6)), "#5f7a34", 0.95, body)
    c.round(body, 0.6)
    c.fill(c.stroke([(150, 236), (142, 280), (156, 322)], 7), "#ffffff", 0.8)
    c.fill(c.ellipse(240, 178, 78, 18), "#e4efee")
    c.fill(c.ellipse(240, 172, 66, 14), "#b9d0d2")
    knob = c.ellipse(240, 154, 17, 14)
    c.fill(knob, "#cfe0e1")
    c.ball(knob, 0.6)


def tokkuri(c, rng):
    c.drop(196, 362, 78, 18)
    body = c.lathe(196, [(106, 34), (128, 22), (166, 27), (226, 66), (296, 80), (344, 66), (360, 54)], lip=9, foot=13)
    c.fill(body, "#6d4734")
    c.soft(c.blob([(130, 230), (190, 180), (250, 240), (230, 300), (160, 270)]), 10, "#a5623a", 0.85, body)
    c.soft(c.ellipse(228, 330, 46, 24), 9, "#3c2a26", 0.8, body)
    for k in range(40):
        c.fill(c.ellipse(124 + rng.random() * 146, 190 + rng.random() * 70, 1.6, 1.4), "#d7b78c", 0.75, body)
    c.round(body)
    opening(c, 196, 106, 34, 9, "#5a3626")
    cup(c, 336, 300, 366, 54, "#7a4c34", "plain", "#d8cfae", foot=30)


def caddy(c, rng, colour="copper"):
    base, shine = {"copper": ("#b3693f", "#f2c6a0"), "cherry": ("#70332a", "#b96f58")}[colour]
    wide = 98 if colour == "copper" else 118
    top, low = (122, 358) if colour == "copper" else (188, 340)
    c.drop(240, low + 4, wide * 0.98, 24)
    body = c.lathe(240, [(top, wide), (low, wide)], lip=24, foot=24)
    c.fill(body, base)
    if colour == "cherry":
        for k in range(70):
            y = top + rng.random() * (low - top + 14)
            x = 240 + (rng.random() * 2 - 1) * wide
            c.fill(c.stroke([(x, y), (x + 8 + rng.random() * 22, y + 1)], 1.7), "#c08a63", 0.55, body)
    c.round(body, 1.15)
    c.ramp(body, lambda t: 0.5 * math.exp(-((t - 0.24) / 0.05) ** 2) + 0.25 * math.exp(-((t - 0.8) / 0.04) ** 2), shine)
    seam = top + (low - top) * 0.36
    c.fill(c.stroke([(240 + wide * math.cos(a / 20 * math.pi), seam + 24 * math.sin(a / 20 * math.pi)) for a in range(21)], 2.4), dark(base, 0.55), 0.8, body)
    lid = c.ellipse(240, top, wide, 24)
    c.fill(lid, light(base, 0.18))
    c.ramp(lid, lambda t: 0.3 * t, (48, 28, 20))
    c.fill(c.stroke([(240 + wide * 0.97 * math.cos(a / 40 * math.tau), top + 23 * math.sin(a / 40 * math.tau)) for a in range(41)], 1.6), shine, 0.7)


def donabe(c, rng, colour="black"):
    c.drop(240, 352, 142, 24)
    for x in (82, 398):
        ear = c.rect(x - 24, 240, 48, 24, 11)
        c.fill(ear, "#3d3834")
        c.round(ear, 0.5)
    body = c.lathe(240, [(236, 146), (290, 136), (332, 104), (350, 84)], lip=20, foot=14)
    c.fill(body, "#3b3631")
    c.fill(c.rect(0, 0, 480, 282), "#6d5a48", 0.9, body)
    c.round(body)
    lid = c.lathe(240, [(150, 40), (176, 96), (212, 142), (228, 152)], lip=12, foot=30)
    c.fill(lid, "#4a433d")
    for k in range(3):
        w, y = 150 - k * 30, 226 - k * 22
        c.fill(c.stroke([(240 + w * math.cos(a / 20 * math.pi), y + (29 - k * 6) * math.sin(a / 20 * math.pi)) for a in range(21)], 2), "#8a7458", 0.75, lid)
    c.round(lid)
    c.fill(c.ellipse(240, 146, 46, 13), "#5a5048")
    knob = c.lathe(240, [(122, 42), (132, 36), (146, 28)], lip=11, foot=8)
    c.fill(knob, "#4a433d")
    c.round(knob)
    c.fill(c.ellipse(240, 122, 42, 11), "#675b50")
