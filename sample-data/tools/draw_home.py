"""Kitchen tools, cloth, baskets, scents and things to wear."""

import math

from canvas import dark, leaf, light, petal, spline
from draw_food import PAPER, TONES, block, label

WOOD = {"hinoki": "#dcb780", "pale": "#dcc49a", "walnut": "#8b5e3c"}
CLOTH = {"sand": "#cdb692", "indigo": "#35507a", "cream": "#efe5cf", "black": "#3b3a3c", "red": "#a8402f", "navy": "#2b3a57", "brown": "#75523a",
         "green": "#6d8055", "purple": "#76507c", "yellow": "#d8ac3d", "orange": "#cc7436"}


def grain(c, mask, x, y, w, h, rng, colour="#9b6f3f", lines=9, alpha=0.45):
    for k in range(lines):
        yy = y + h * (k + 0.5) / lines
        c.fill(c.stroke([(x + w * i / 12, yy + 2.4 * math.sin(i * 0.7 + k * 1.9)) for i in range(13)], 1.4), colour, alpha, mask)


# -- kitchen ----------------------------------------------------------------------------------------
def pan(c, rng, colour="black"):
    handle = c.stroke([(300, 214), (436, 116)], 24)
    c.shade(handle, 4, 10, 7, 0.35)
    c.fill(handle, "#3a3634")
    c.ramp(handle, lambda t: 0.3 * (1 - t), (255, 250, 240), upright=True)
    c.fill(c.ellipse(422, 126, 6, 6), "#d9cbb5")
    rim = c.ellipse(206, 274, 158, 118)
    c.shade(rim, 6, 16, 10, 0.42)
    c.fill(c.ellipse(206, 284, 156, 116), "#1f1d1c")
    c.fill(rim, "#4a4643")
    well = c.ellipse(206, 278, 142, 102)
    c.fill(well, "#2d2a29")
    c.ramp(well, lambda t: 0.22 * math.exp(-((t - 0.3) / 0.16) ** 2), (255, 250, 240))
    for k in range(90):
        a, q = rng.random() * math.tau, rng.random() ** 0.5
        c.fill(c.ellipse(206 + 134 * q * math.cos(a), 278 + 96 * q * math.sin(a), 5, 3.6), "#3d3937", 0.8, well)


def board(c, rng, colour="hinoki"):
    base = WOOD[colour]
    shape = c.rect(76, 138, 328, 212, 16)
    c.shade(shape, 7, 14, 10, 0.4)
    c.fill(c.rect(76, 148, 328, 212, 16), dark(base, 0.3))
    c.fill(shape, base)
    grain(c, shape, 76, 138, 328, 212, rng, lines=15)
    for r in (26, 18, 10):
        c.fill(c.stroke([(300 + r * 1.6 * math.cos(a / 24 * math.tau), 270 + r * math.sin(a / 24 * math.tau)) for a in range(25)], 1.4), "#9b6f3f", 0.5)
    c.fill(c.ellipse(370, 172, 13, 13), dark(base, 0.55))
    for k, (x, y) in enumerate(((150, 220), (186, 210), (222, 202))):
        slice_ = c.ellipse(x, y, 30, 26)
        c.shade(slice_, 2, 5, 4, 0.35)
        c.fill(slice_, "#efe7d2")
        c.fill(c.stroke([(x + 27 * math.cos(a / 24 * math.tau), y + 23 * math.sin(a / 24 * math.tau)) for a in range(25)], 3), "#b7c48a")


def knife(c, rng):
    blade = c.poly([(76, 300), (300, 196), (316, 244), (128, 330), (92, 328)])
    c.shade(blade, 5, 12, 8, 0.4)
    c.fill(blade, "#c9ccce")
    c.ramp(blade, lambda t: 0.6 * math.exp(-((t - 0.35) / 0.2) ** 2), "#ffffff", upright=True)
    edge = [(80 + i * 22, 318 - i * 9.6 + 4 * math.sin(i * 1.4)) for i in range(12)]
    c.fill(c.stroke(edge, 2.4), "#8f9498", 0.7, blade)
    c.fill(c.poly([(296, 194), (318, 186), (334, 236), (314, 246)]), "#8d6b4a")
    handle = c.stroke([(326, 214), (412, 174)], 36)
    c.shade(handle, 4, 9, 7, 0.35)
    c.fill(handle, "#5b3a26")
    c.ramp(handle, lambda t: 0.35 * (1 - t), "#c99b72", upright=True)


def zaru(c, rng):
    c.drop(240, 330, 150, 46, 0.3)
    disc = c.ellipse(240, 262, 172, 118)
    c.fill(c.ellipse(240, 274, 170, 116), "#8a6f3a")
    c.fill(disc, "#cdb272")
    for k in range(-12, 13):
        c.fill(c.stroke([(240 + k * 15, 140), (240 + k * 15, 390)], 6), "#b39654", 0.9, disc)
    for k in range(-9, 10):
        for q in range(-12, 13):
            if (k + q) % 2:
                c.fill(c.rect(240 + q * 15 - 8, 262 + k * 13 - 4, 16, 8, 2), "#dcc78e", inside=disc)
    c.ramp(disc, lambda t: 0.3 * t * t, (60, 40, 20))
    c.fill(c.stroke([(240 + 170 * math.cos(a / 48 * math.tau), 262 + 116 * math.sin(a / 48 * math.tau)) for a in range(49)], 13), "#a8894a")
    for a in range(44):
        t = a / 44 * math.tau
        c.fill(c.stroke([(240 + 163 * math.cos(t), 262 + 110 * math.sin(t)), (240 + 177 * math.cos(t + 0.05), 262 + 122 * math.sin(t + 0.05))], 3), "#7d6330")


def oroshi(c, rng):
    plate = c.poly([(160, 84), (320, 84), (304, 312), (262, 330), (258, 420), (222, 420), (218, 330), (176, 312)])
    c.shade(plate, 6, 12, 9, 0.4)
    c.fill(plate, "#c07844")
    c.ramp(plate, lambda t: 0.5 * math.exp(-((t - 0.3) / 0.16) ** 2), "#f6d0a8")
    for row in range(15):
        for q in range(9):
            x, y = 178 + q * 15.5 + (7 if row % 2 else 0), 104 + row * 13.6
            if x < 310 - row * 0.9 and x > 168 + row * 0.9:
                c.fill(c.poly([(x - 5, y + 4), (x, y - 5), (x + 5, y + 4)]), "#7d4420", 0.9)
                c.fill(c.poly([(x - 3, y + 3), (x, y - 4), (x, y + 3)]), "#efc190", 0.9)
    c.fill(c.stroke([(160, 84), (320, 84), (304, 312), (262, 330), (258, 420), (222, 420), (218, 330), (176, 312)], 3, True), "#8a4c24", 0.6)
    c.fill(c.ellipse(240, 402, 7, 7), "#efe3d0")


def surikogi(c, rng):
    c.drop(214, 352, 130, 30)
    body = c.lathe(214, [(238, 150), (290, 132), (334, 84), (350, 62)], lip=40, foot=14)
    c.fill(body, "#7b4f33")
    c.fill(c.rect(0, 0, 480, 286), "#c4a377", 0.55, body)
    c.round(body)
    c.fill(c.ellipse(214, 238, 150, 42), "#8d5d3d")
    inner = c.ellipse(214, 242, 138, 36)
    c.fill(inner, "#c9ac82")
    for k in range(40):
        a = k / 40 * math.tau
        c.fill(c.stroke([(214 + 30 * math.cos(a), 262 + 9 * math.sin(a)), (214 + 138 * math.cos(a + 0.2), 242 + 36 * math.sin(a + 0.2))], 1.3), "#8e6d45", 0.7, inner)
    c.fill(c.ellipse(214, 252, 60, 14), "#4e4636", 0.85, inner)
    stick = c.stroke([(232, 252), (368, 74)], 36)
    c.fill(stick, "#9c7a52")
    for _ in range(24):
        t = rng.random()
        x, y = 232 + 136 * t, 252 - 178 * t
        c.fill(c.ellipse(x + rng.uniform(-14, 14), y + rng.uniform(-12, 12), 5, 4), "#6d5233", 0.75, stick)
    c.ramp(stick, lambda t: 0.26 * t, (40, 26, 18))


def strainer(c, rng):
    handle = c.stroke([(300, 206), (424, 90)], 20)
    c.shade(handle, 4, 9, 7, 0.3)
    c.fill(handle, "#a57a4c")
    c.ramp(handle, lambda t: 0.3 * (1 - t), "#f0d7b0", upright=True)
    c.drop(200, 350, 112, 30, 0.3)
    bowl = c.lathe(200, [(238, 134), (290, 122), (332, 84), (350, 40)], lip=40, foot=10)
    c.fill(bowl, "#aab0b3")
    for k in range(-13, 14):
        c.fill(c.stroke([(200 + k * 11, 210), (200 + k * 7, 362)], 1.4), "#6f777b", 0.7, bowl)
        c.fill(c.stroke([(60, 226 + k * 10 + 70), (340, 226 + k * 10 + 70)], 1.2), "#6f777b", 0.6, bowl)
    c.round(bowl)
    c.fill(c.ellipse(200, 238, 134, 42), "#d5d9da")
    c.fill(c.ellipse(200, 241, 124, 36), "#8b9296")
    for k in range(-12, 13):
        c.fill(c.stroke([(200 + k * 10, 200), (200 + k * 10, 282)], 1.2), "#c3c9cb", 0.8, c.ellipse(200, 241, 124, 36))


def enamel(c, rng, colour="white"):
    for x, y, w, h in ((92, 236, 220, 122), (150, 128, 170, 96)):
        f, t, s = block(c, x, y, w, h, 60, "#f4f0e6", "#d9d3c5", "#fbf8f0")
        lid = c.poly([(x - 5, y + 2), (x + 57, y - 38), (x + w + 67, y - 38), (x + w + 5, y + 2)])
        c.fill(c.poly([(x - 5, y + 2), (x + w + 5, y + 2), (x + w + 67, y - 38), (x + w + 67, y - 28), (x + w + 5, y + 14), (x - 5, y + 14)]), "#35507a")
        c.fill(lid, "#faf7ef")
        c.ramp(lid, lambda q: 0.12 * q, (40, 30, 20))
        c.fill(c.ellipse(x + w / 2 + 31, y - 19, 26, 9), "#35507a", 0.9)


def wappa(c, rng):
    def band(cx, cy, rx, ry, h, col):
        c.drop(cx, cy + h, rx, ry * 0.7, 0.3)
        body = c.poly([(cx - rx, cy)] + [(cx + rx * math.cos(a), cy + h + ry * math.sin(a)) for a in (math.pi - k / 30 * math.pi for k in range(31))] + [(cx + rx, cy)])
        c.fill(body, col)
        grain(c, body, cx - rx, cy, 2 * rx, h + ry, rng, lines=7)
        c.round(body, 0.9)
        return body
    band(212, 276, 158, 66, 62, "#d9b27c")
    c.fill(c.ellipse(212, 276, 158, 66), "#c69c64")
    inner = c.ellipse(212, 278, 148, 59)
    c.fill(inner, "#f5f0e2")
    for _ in range(90):
        a, q = rng.random() * math.tau, rng.random() ** 0.5
        c.fill(c.ellipse(150 + 80 * q * math.cos(a), 276 + 48 * q * math.sin(a), 4, 2.2), "#ddd5bf", 0.8, inner)
    c.fill(c.ellipse(146, 272, 15, 11), "#a8322f")
    for x, y, col in ((262, 258, "#e2b13f"), (308, 272, "#6f8a3f"), (266, 300, "#9b5a2f"), (324, 298, "#c8632f")):
        piece = c.ellipse(x, y, 30, 17)
        c.fill(piece, col, inside=inner)
        c.ball(piece, 0.5)
    lid = c.ellipse(318, 166, 120, 62)
    c.shade(lid, 4, 18, 9, 0.4)
    c.fill(c.ellipse(318, 178, 120, 62), "#b98a52")
    c.fill(lid, "#dfbb86")
    grain(c, lid, 198, 104, 240, 124, rng, lines=9)
    c.fill(c.rect(312, 216, 12, 22, 3), "#6d3a24")


def chopsticks(c, rng):
    for k, (x, col) in enumerate(((150, "#a8894a"), (240, "#8a6a3a"), (330, "#b89a5c"))):
        for d in (-11, 11):
            s = c.poly([(x + d - 7, 84), (x + d + 7, 84), (x + d * 0.7 + 2.6, 404), (x + d * 0.7 - 2.6, 404)])
            c.shade(s, 5, 5, 5, 0.4)
            c.fill(s, col)
            c.ramp(s, lambda t: 0.35 * (1 - t), "#f2e0b8")
            for y in (150, 236):
                c.fill(c.rect(x + d - 7, y, 14, 4), dark(col, 0.3), 0.7, s)
        band = c.rect(x - 22, 168, 44, 26, 3)
        c.fill(band, "#a8402f")
        c.fill(c.ellipse(x, 181, 6, 6), PAPER)


def tamago(c, rng):
    handle = c.stroke([(312, 250), (440, 196)], 24)
    c.shade(handle, 4, 10, 7, 0.35)
    c.fill(handle, "#7a5436")
    c.ramp(handle, lambda t: 0.3 * (1 - t), "#dcb78c", upright=True)
    outer = c.poly([(60, 244), (234, 168), (346, 268), (166, 366)])
    c.shade(outer, 4, 18, 10, 0.42)
    c.fill(c.poly([(60, 244), (346, 268), (340, 300), (166, 396), (64, 274)]), "#24211f")
    c.fill(outer, "#43403d")
    inner = c.poly([(82, 246), (232, 182), (324, 268), (168, 350)])
    c.fill(inner, "#2c2927")
    roll = c.blob([(110, 246), (180, 212), (252, 252), (268, 276), (200, 316), (160, 310)])
    c.fill(roll, "#e6b53f")
    for q in (0, 1, 2):
        c.fill(c.stroke(spline([(120 + q * 26, 262 + q * 15), (160 + q * 20, 238 + q * 14), (200 + q * 22, 222 + q * 15)], closed=False), 2.4), "#c28a24", 0.8, roll)
    c.ball(roll, 0.6)


def chasen(c, rng):
    c.drop(240, 386, 62, 18)
    tips = [(150 + i * 9, 128 + 16 * math.sin(i / 20 * math.pi) * -1) for i in range(21)]
    for i, (x, y) in enumerate(tips):
        c.fill(c.stroke(spline([(x, y), (x + (240 - x) * -0.05, 180), (240 + (x - 240) * 0.42, 262)], closed=False), 3.2), ("#d9c08a", "#c4a768")[i % 2])
    for i in range(11):
        x = 186 + i * 11
        c.fill(c.stroke(spline([(x, 138), (x, 190), (240 + (x - 240) * 0.6, 262)], closed=False), 2.6), "#a88a4e")
    for y in (252, 260, 268):
        c.fill(c.stroke([(202, y), (278, y)], 3.4), "#3a2f28")
    body = c.lathe(240, [(268, 39), (382, 37)], lip=6, foot=11)
    c.fill(body, "#d2b77c")
    c.fill(c.stroke([(203, 318), (277, 318)], 2), "#a8894f", 0.8, body)
    c.round(body)


def scoop(c, rng):
    handle = c.stroke(spline([(252, 250), (330, 176), (408, 96)], closed=False), 24)
    c.shade(handle, 5, 10, 7, 0.36)
    c.fill(handle, "#a0673f")
    c.ramp(handle, lambda t: 0.28 * (1 - t), "#e9bd93", upright=True)
    head = c.blob([(96, 300), (140, 230), (226, 214), (276, 262), (250, 334), (160, 370)])
    c.shade(head, 4, 12, 8, 0.4)
    c.fill(head, "#a0673f")
    well = c.blob([(116, 298), (152, 246), (222, 234), (256, 268), (234, 320), (164, 350)])
    c.fill(well, "#6f4427")
    for _ in range(70):
        a, q = rng.random() * math.tau, rng.random() ** 0.5
        c.fill(c.poly(petal(186 + 56 * q * math.cos(a), 292 + 42 * q * math.sin(a), 17, 2.6, rng.random() * 6.3)), ("#5c7336", "#7c9248", "#46592b")[rng.randrange(3)], inside=well)


# -- cloth ------------------------------------------------------------------------------------------
def folded(c, colour, layers, w=290, x=95, y=330, h=40):
    base = CLOTH[colour]
    c.drop(240, y + h + 6, w * 0.52, 22, 0.34)
    for k in range(layers):
        yy = y - k * (h - 4)
        m = c.rect(x + k * 4, yy, w - k * 8, h, h / 2)
        c.fill(m, mix_layer(base, k))
        c.ramp(m, lambda t: 0.28 * t, (40, 26, 18), upright=True)
        c.fill(c.rect(x + k * 4 + h * 0.5, yy + h * 0.44, w - k * 8 - h * 0.5, 3), dark(base, 0.3), 0.6, m)
        c.round(m, 0.35)
    return y - (layers - 1) * (h - 4)


def mix_layer(base, k):
    return base if k % 2 == 0 else light(base, 0.10)


def towel(c, rng, colour="sand"):
    base = CLOTH[colour]
    top = folded(c, colour, 3, h=52)
    sheet = c.poly([(112, top + 8), (152, top - 72), (404, top - 72), (370, top + 8)])
    c.fill(sheet, light(base, 0.16))
    for k in range(260):
        t = rng.random()
        x, y = 118 + rng.random() * 280, top - 70 + t * 76
        c.fill(c.ellipse(x, y, 2.2, 1.5), base, 0.5, sheet)
    for q in (0.22, 0.30):
        c.fill(c.stroke([(112 + 40 * q + 250 * 0.06, top + 8 - 80 * q), (370 + 34 * q, top + 8 - 80 * q)], 5), dark(base, 0.2) if colour != "cream" else "#c9a878", 0.8, sheet)
    tag = c.rect(336, top + 26, 26, 32, 2)
    c.fill(tag, PAPER)
    c.fill(c.ellipse(349, top + 40, 6, 6), "#a8402f")


def tenugui(c, rng, pattern="maple"):
    ground = {"maple": "#f1e6d0", "check": "#f2ecdf"}[pattern]
    cloth = c.poly(spline([(120, 70), (122, 200), (116, 330), (122, 424)], closed=False) + spline([(300, 424), (304, 330), (298, 200), (302, 70)], closed=False))
    c.shade(cloth, 8, 12, 9, 0.36)
    c.fill(cloth, ground)
    if pattern == "maple":
        for k in range(15):
            x, y = 130 + (k * 67) % 170, 96 + k * 23
            c.fill(c.poly(leaf(x, y, 24 + (k * 7) % 15, k * 1.3)), ("#b3442c", "#d0863a", "#8b5a2f", "#c9a13f")[k % 4], 0.95, cloth)
    else:
        for i in range(8):
            for j in range(16):
                if (i + j) % 2:
                    c.fill(c.rect(112 + i * 26, 66 + j * 24, 26, 24), "#35507a", inside=cloth)
    c.ramp(cloth, lambda t: 0.16 * math.sin(t * 9) ** 2 + 0.1 * t, (50, 36, 26))
    bar = c.rect(84, 60, 312, 18, 9)
    c.shade(bar, 3, 7, 5, 0.35)
    c.fill(bar, "#8b6a45")
    c.ramp(bar, lambda t: 0.3 * t, (40, 26, 18), upright=True)
    roll = c.rect(330, 300, 66, 118, 30)
    c.shade(roll, 5, 8, 7, 0.36)
    c.fill(roll, "#b3442c" if pattern == "maple" else "#35507a")
    for k in range(5):
        c.fill(c.stroke([(330, 318 + k * 22), (396, 326 + k * 22)], 6), ground, 0.75, roll)
    c.round(roll)


def fukin(c, rng):
    for k, col in enumerate(("#d4b4a2", "#c9cfae", "#e9dfc6", "#b9c7cc", "#f2ecdd")):
        x, y = 86 + k * 16, 236 - k * 30
        sheet = c.poly([(x, y + 110), (x + 60, y), (x + 276, y), (x + 232, y + 110)])
        c.shade(sheet, 4, 8, 6, 0.34)
        c.fill(sheet, col)
        for q in range(26):
            c.fill(c.stroke([(x + q * 9.4, y + 110), (x + 60 + q * 8.6, y)], 0.9), dark(col, 0.25), 0.35, sheet)
        for q in range(12):
            c.fill(c.stroke([(x, y + 110 - q * 9.4), (x + 280, y + 110 - q * 9.4)], 0.9), dark(col, 0.25), 0.35, sheet)
        c.fill(c.stroke([(x + 9, y + 102), (x + 224, y + 102)], 1.8), "#ffffff", 0.7, sheet)


def apron(c, rng, colour="black"):
    base = CLOTH[colour]
    for side in (-1, 1):
        c.fill(c.stroke(spline([(240 + side * 58, 128), (240 + side * 40, 76), (240, 58)], closed=False), 11), light(base, 0.12))
    body = c.poly([(178, 122), (302, 122), (312, 190)] + spline([(312, 190), (352, 214), (374, 260), (388, 414)], closed=False)
                  + [(92, 414)] + spline([(92, 414), (106, 260), (128, 214), (168, 190)], closed=False))
    c.shade(body, 7, 10, 9, 0.38)
    c.fill(body, base)
    c.ramp(body, lambda t: 0.20 * math.sin(t * 8 + 1) ** 2, (255, 248, 236))
    pocket = c.rect(166, 268, 148, 92, 6)
    c.fill(pocket, light(base, 0.09))
    c.fill(c.stroke([(166, 272), (166, 360), (314, 360), (314, 272)], 1.6), light(base, 0.35), 0.8)
    c.fill(c.stroke([(240, 270), (240, 360)], 1.6), light(base, 0.35), 0.7)
    for side in (-1, 1):
        c.fill(c.stroke(spline([(240 + side * 132, 250), (240 + side * 170, 270), (240 + side * 158, 330), (240 + side * 176, 360)], closed=False), 8), light(base, 0.12))


def mitten(c, rng, colour="red"):
    for x, y, flip, col in ((162, 220, 1, "#a8402f"), (322, 250, -1, "#35507a")):
        m = c.blob([(x - 62, y + 150), (x - 66, y - 10), (x - 40, y - 92), (x + 8, y - 104), (x + 48, y - 72), (x + 56, y - 4)] +
                   [(x + flip * 0 + 92, y - 28), (x + 104, y + 4), (x + 66, y + 56), (x + 60, y + 150)] if flip == 1 else
                   [(x + 62, y + 150), (x + 66, y - 10), (x + 40, y - 92), (x - 8, y - 104), (x - 48, y - 72), (x - 56, y - 4), (x - 92, y - 28), (x - 104, y + 4), (x - 66, y + 56), (x - 60, y + 150)])
        c.shade(m, 6, 12, 9, 0.4)
        c.fill(m, col)
        for i in range(-6, 7):
            for j in range(-6, 10):
                px, py = x + i * 19, y + j * 19
                c.fill(c.stroke([(px - 5, py), (px + 5, py)], 1.7), "#f2e6cc", 0.9, m)
                c.fill(c.stroke([(px + 9.5, py + 4.5), (px + 9.5, py + 14.5)], 1.7), "#f2e6cc", 0.9, m)
        c.round(m, 0.7)
        cuff = c.rect(x - 68, y + 128, 136, 26, 10)
        c.fill(cuff, PAPER)
        c.round(cuff, 0.6)


def mat(c, rng, colour="sand"):
    base = CLOTH[colour]
    m = c.rect(62, 130, 356, 240, 3)
    c.shade(m, 6, 10, 9, 0.34)
    for k in range(60):
        for x in (62, 418):
            c.fill(c.stroke([(x, 132 + k * 4), (x + (-13 if x < 100 else 13), 132 + k * 4 + rng.uniform(-2, 2))], 1.2), base)
    c.fill(m, base)
    for k in range(88):
        c.fill(c.stroke([(64 + k * 4.05, 130), (64 + k * 4.05, 370)], 0.9), light(base, 0.35), 0.5, m)
    for k in range(60):
        c.fill(c.stroke([(62, 132 + k * 4), (418, 132 + k * 4)], 0.9), dark(base, 0.2), 0.4, m)
    for x in (96, 106, 374, 384):
        c.fill(c.rect(x, 130, 5, 240), "#8b5a3c", 0.8, m)
    from draw_pots import plate_shape
    plate_shape(c, 228, 250, 84, 62, "#f2ece0", "#35507a")
    for x in (338, 350):
        c.fill(c.stroke([(x, 170), (x - 4, 334)], 5), "#6d3a24")


def blanket(c, rng, colour="navy"):
    base = CLOTH[colour]
    top = folded(c, colour, 3, h=62, w=320, x=80, y=318)
    sheet = c.poly([(96, top + 12), (146, top - 84), (424, top - 84), (388, top + 12)])
    c.fill(sheet, light(base, 0.06))
    for k in range(14):
        q = k / 14
        col = ("#c9a878", "#efe2c6", "#8c3f2f")[k % 3] if colour == "navy" else ("#a98561", "#c4a684", "#5b3d2a")[k % 3]
        c.fill(c.stroke([(96 + 300 * q, top + 12), (146 + 284 * q, top - 84)], 3.4 if k % 3 else 7), col, 0.8, sheet)
    for k in range(40):
        x = 100 + k * 7.2
        c.fill(c.stroke([(x, top + 10), (x - 2, top + 30)], 2), light(base, 0.35), 0.9)


def cushion(c, rng, colour="navy"):
    base = CLOTH[colour]
    m = c.blob([(78, 166), (160, 150), (240, 160), (322, 150), (402, 166), (412, 250), (402, 338), (322, 352), (240, 344), (160, 352), (78, 338), (68, 250)])
    c.shade(m, 6, 16, 11, 0.42)
    c.fill(m, base)
    for i in range(-5, 6):
        for j in range(-4, 5):
            x, y = 240 + i * 38 + (19 if j % 2 else 0), 250 + j * 32
            for d in (-5, 5):
                c.fill(c.stroke([(x - 10, y + d), (x + 10, y + d)], 2.8), "#e9e2d0", 0.92, m)
                c.fill(c.stroke([(x + d, y - 10), (x + d, y + 10)], 2.8), "#e9e2d0", 0.92, m)
    c.ball(m, 0.7)
    c.soft(c.ellipse(240, 252, 20, 16), 8, "#141c2c", 0.7, m)
    for x, y in ((80, 168), (400, 168), (402, 338), (78, 338)):
        c.fill(c.ellipse(x, y, 8, 8), "#a8402f")


# -- baskets and boxes --------------------------------------------------------------------------------
def weave(c, body, x0, x1, y0, y1, base, step=16, row=14):
    for j in range(int((y1 - y0) / row) + 2):
        for i in range(int((x1 - x0) / step) + 2):
            y = y0 + j * row
            x = x0 + i * step + (step / 2 if j % 2 else 0)
            c.fill(c.rect(x, y, step - 2, row - 3, 4), light(base, 0.22) if (i + j) % 2 else dark(base, 0.12), 0.9, body)


def basket(c, rng, colour="brown"):
    base = {"brown": "#7a4f30", "green": "#8a8f52", "sand": "#c7a468"}[colour]
    tall = colour == "sand"
    top, low, w = (182, 376, 124) if tall else (236, 366, 150)
    c.drop(240, low + 6, w * 0.92, 28)
    if not tall:
        arch = [(240 + w * 0.86 * math.cos(a / 24 * math.pi), top + 6 - 168 * math.sin(a / 24 * math.pi)) for a in range(25)]
        c.fill(c.stroke(arch, 17), dark(base, 0.15))
        c.fill(c.stroke(arch, 6), light(base, 0.3), 0.7)
        for a in range(3, 22):
            x, y = arch[a]
            c.fill(c.stroke([(x - 6, y - 7), (x + 6, y + 7)], 3), dark(base, 0.4), 0.8)
    c.fill(c.ellipse(240, top, w, 34), dark(base, 0.45))
    if colour == "green":
        for x, y, col in ((180, 224, "#e8dfc6"), (226, 208, "#b5522c"), (278, 214, "#6d8a3c"), (318, 226, "#8a5a84")):
            veg = c.ellipse(x, y, 34, 30)
            c.fill(veg, col)
            c.ball(veg, 0.8)
    body = c.lathe(240, [(top, w), ((top + low) / 2, w * 0.97), (low, w * 0.82)], lip=-34, foot=26)
    c.fill(body, base)
    weave(c, body, 240 - w, 240 + w, top, low + 30, base)
    c.round(body)
    rim = [(240 + w * math.cos(a / 30 * math.pi), top + 34 * math.sin(a / 30 * math.pi)) for a in range(31)]
    c.fill(c.stroke(rim, 14), dark(base, 0.2))
    c.fill(c.stroke(rim, 5), light(base, 0.3), 0.8)
    if tall:
        lid = c.lathe(240, [(150, 60), (176, w * 1.03)], lip=14, foot=36)
        c.fill(lid, base)
        weave(c, lid, 240 - w * 1.1, 240 + w * 1.1, 130, 214, light(base, 0.1), 18, 11)
        c.round(lid)
        knob = c.ellipse(240, 140, 19, 12)
        c.fill(knob, dark(base, 0.25))


def bamboobowl(c, rng):
    c.drop(240, 350, 140, 30)
    bowl = c.lathe(240, [(262, 166), (310, 140), (350, 88)], lip=52, foot=14)
    c.fill(c.ellipse(240, 262, 166, 54), "#8a6f3a")
    for x, y, r, col in ((180, 238, 50, "#d2722c"), (270, 226, 54, "#d2722c"), (330, 254, 40, "#c7932f"), (226, 268, 44, "#b5482c")):
        fruit = c.ellipse(x, y, r, r * 0.9)
        c.fill(fruit, col)
        c.ball(fruit)
        for k in range(4):
            c.fill(c.poly(petal(x, y - r * 0.72, r * 0.42, r * 0.13, k * 1.57 + 0.4)), "#5c6b34")
    front = c.lathe(240, [(262, 166), (310, 140), (350, 88)], lip=-54, foot=14)
    c.fill(front, "#c2a35e")
    for k in range(-14, 15):
        c.fill(c.stroke([(240 + k * 22, 250), (240 + k * 22 + 80, 400)], 5), "#94763a", 0.8, front)
        c.fill(c.stroke([(240 + k * 22, 250), (240 + k * 22 - 80, 400)], 5), "#ddc386", 0.8, front)
    c.round(front)
    c.fill(c.stroke([(240 + 166 * math.cos(a / 30 * math.pi), 262 + 54 * math.sin(a / 30 * math.pi)) for a in range(31)], 12), "#a5863f")


def woodbox(c, rng, colour="pale"):
    base = WOOD[colour]
    f, t, s = block(c, 96, 196, 224, 180, 78, base)
    grain(c, f, 96, 196, 224, 180, rng, lines=12)
    lid = c.poly([(90, 198), (170, 150), (408, 150), (328, 198)])
    c.fill(c.poly([(90, 198), (328, 198), (408, 150), (408, 164), (328, 214), (90, 214)]), dark(base, 0.2))
    c.fill(lid, light(base, 0.3))
    grain(c, lid, 90, 150, 318, 50, rng, lines=6)
    f2, t2, s2 = block(c, 214, 300, 74, 66, 28, light(base, 0.2))
    c.fill(c.poly([(222, 299), (242, 288), (310, 288), (292, 299)]), "#f7f2e4")
    c.fill(c.ellipse(160, 270, 20, 20), "#9c3a2c", 0.85)
    c.fill(c.ellipse(160, 270, 13, 13), base)


def jubako(c, rng):
    for k, y in enumerate((296, 216)):
        f, t, s = block(c, 84, y, 236, 74, 80, "#8d4a2e", "#63301d", "#a9633f")
        grain(c, f, 84, y, 236, 74, rng, "#5b2c1a", 7)
    lid = c.poly([(80, 210), (166, 160), (404, 160), (324, 210)])
    c.fill(c.poly([(80, 210), (324, 210), (404, 160), (404, 172), (324, 226), (80, 226)]), "#74391f")
    c.fill(lid, "#b06a45")
    c.ramp(lid, lambda t: 0.4 * math.exp(-((t - 0.35) / 0.14) ** 2), "#f0c8a4")
    for k in range(5):
        c.fill(c.poly(petal(242, 186, 44, 8, k * math.tau / 5)), "#d9a94f", 0.95, lid)


def boxes(c, rng, colour="hinoki"):
    base = WOOD[colour]
    for x, y, w, h, d in ((80, 282, 210, 92, 70), (140, 176, 150, 84, 56), (270, 300, 96, 70, 44)):
        f, t, s = block(c, x, y, w, h, d, base)
        grain(c, f, x, y, w, h, rng, lines=7)
        for q in (0.2, 0.5, 0.8):
            c.fill(c.rect(x, y + h * q - 5, 9, 10), dark(base, 0.25), 0.8, f)


def canvasbag(c, rng, colour="sand"):
    base = CLOTH[colour]
    c.drop(240, 378, 120, 26)
    body = c.lathe(240, [(198, 128), (300, 132), (370, 122)], lip=30, foot=26)
    c.fill(body, base)
    c.round(body)
    fold = c.lathe(240, [(170, 136), (248, 140)], lip=32, foot=32)
    c.fill(fold, light(base, 0.28))
    for k in range(40):
        c.fill(c.stroke([(104 + k * 7, 160), (104 + k * 7, 290)], 0.9), dark(base, 0.15), 0.35, fold)
    c.round(fold)
    c.fill(c.ellipse(240, 170, 136, 33), dark(base, 0.12))
    c.fill(c.ellipse(240, 174, 122, 27), dark(base, 0.5))
    for x, col in ((190, "#a8402f"), (244, "#efe6d0"), (292, "#5f7443")):
        roll = c.ellipse(x, 164, 34, 24)
        c.fill(roll, col)
        c.ball(roll, 0.7)
    c.fill(c.stroke([(240 + 136 * math.cos(a / 30 * math.pi), 170 + 33 * math.sin(a / 30 * math.pi)) for a in range(31)], 4), light(base, 0.4))
    c.fill(c.rect(222, 306, 40, 26, 2), "#6d4a30")


def cutlery(c, rng):
    for x, col, kind in ((196, "#7a4f30", 0), (222, "#9c3a2c", 0), (250, "#b98a52", 1), (282, "#8a8d8f", 1)):
        c.fill(c.stroke([(x, 96), (x + (240 - x) * 0.15, 300)], 8), col)
        if kind:
            head = c.ellipse(x, 96, 18, 27)
            c.fill(head, col)
            c.ball(head, 0.7)
    c.drop(240, 386, 66, 18)
    body = c.lathe(240, [(214, 66), (380, 62)], lip=-15, foot=15)
    c.fill(c.ellipse(240, 214, 66, 15), "#6d5426", 0.5)
    c.fill(body, "#b99a52")
    for k in range(-6, 7):
        c.fill(c.stroke([(240 + k * 10.4, 214), (240 + k * 9.8, 398)], 1.8), "#8a6f30", 0.7, body)
    for y in (244, 346):
        c.fill(c.stroke([(240 + 66 * math.cos(a / 20 * math.pi), y + 15 * math.sin(a / 20 * math.pi)) for a in range(21)], 9), "#94763a", inside=body)
    c.round(body)


def paperbox(c, rng, colour="red"):
    f, t, s = block(c, 76, 256, 256, 104, 86, "#9c3a32", "#6f2622", "#b5483e")
    lid = c.poly([(70, 258), (164, 204), (428, 204), (338, 258)])
    c.fill(c.poly([(70, 258), (338, 258), (428, 204), (428, 228), (338, 286), (70, 286)]), "#8a312b")
    c.fill(lid, "#b5483e")
    for mask, pts in ((lid, [(130, 238), (200, 222), (268, 240), (330, 218), (384, 216)]), (f, [(110, 320), (176, 336), (240, 314), (300, 334)])):
        for k, (x, y) in enumerate(pts):
            for q in range(5):
                c.fill(c.poly(petal(x, y, 22, 7, q * math.tau / 5 + k)), ("#f2dfc0", "#e3b45a", "#d99a93")[k % 3], inside=mask)
            c.fill(c.ellipse(x, y, 3.4, 3), "#8a312b")
    c.fill(c.stroke([(204, 286), (204, 258), (296, 204)], 7), "#e9d9b4")
    for a in (0.6, 2.4):
        c.fill(c.poly(petal(204, 270, 40, 9, a)), "#e9d9b4")


def hooks(c, rng):
    bar = c.rect(60, 118, 360, 40, 6)
    c.shade(bar, 4, 8, 7, 0.35)
    c.fill(bar, "#8b5e3c")
    grain(c, bar, 60, 118, 360, 40, rng, "#5f3c22", 5)
    for x in (130, 240, 350):
        c.fill(c.ellipse(x, 138, 13, 13), "#d9b25a")
        hook = c.stroke(spline([(x, 140), (x, 250), (x + 6, 286), (x + 34, 298), (x + 54, 276), (x + 54, 256)], closed=False), 13)
        c.shade(hook, 6, 8, 6, 0.35)
        c.fill(hook, "#c79a3f")
        c.ramp(hook, lambda t: 0.5 * math.exp(-((t - 0.2) / 0.14) ** 2), "#fbe9b4")
        c.fill(c.ellipse(x + 54, 252, 10, 10), "#d9b25a")
    cloth = c.poly(spline([(292, 284), (262, 350), (256, 424)], closed=False) + spline([(340, 424), (330, 350), (304, 284)], closed=False))
    c.fill(cloth, "#35507a")
    c.ramp(cloth, lambda t: 0.3 * math.sin(t * 7) ** 2, (255, 250, 240))


# -- scents -----------------------------------------------------------------------------------------
def incense(c, rng, colour="orange"):
    base = {"orange": "#cf8a34", "green": "#6d7a4c"}[colour]
    f, t, s = block(c, 96, 292, 240, 70, 60, base)
    for k in range(6):
        x = 134 + k * 34
        for q in range(4 if colour == "orange" else 5):
            c.fill(c.poly(petal(x, 326 + (8 if k % 2 else -6), 11, 4, q * math.tau / (4 if colour == "orange" else 5))), PAPER, 0.92, f)
    for k in range(9):
        c.fill(c.stroke([(148 + k * 20, 276), (170 + k * 19, 150 - (k % 3) * 8)], 5), "#6d4a33" if colour == "orange" else "#57492f")
    for k, w in ((1, 0.55), (2, 0.3)):
        smoke = spline([(250, 140), (234, 104), (262, 78), (244, 44)], closed=False)
        c.soft(c.stroke(smoke, 8 * k), 5 * k, "#ffffff", w)
    tray = c.ellipse(250, 276, 128, 17)
    c.fill(tray, "#4a3a30", 0.35)


def leafholder(c, rng):
    shape = c.blob([(70, 300), (150, 236), (262, 212), (372, 236), (416, 268), (352, 318), (236, 340), (130, 326)])
    c.shade(shape, 5, 12, 9, 0.4)
    c.fill(shape, "#c39a45")
    c.ramp(shape, lambda t: 0.5 * math.exp(-((t - 0.32) / 0.16) ** 2), "#fbe9b8")
    for k in range(70):
        c.fill(c.ellipse(96 + rng.random() * 290, 226 + rng.random() * 104, 6, 4), "#a87f2f", 0.28, shape)
    c.fill(c.stroke(spline([(80, 298), (220, 282), (408, 268)], closed=False), 3), "#8a6622", 0.85, shape)
    for k in range(6):
        x = 140 + k * 42
        for d in (-1, 1):
            c.fill(c.stroke([(x, 291 - k * 4), (x + 34, 291 - k * 4 + d * 30)], 1.8), "#8a6622", 0.7, shape)
    c.fill(c.ellipse(232, 280, 9, 6), "#7d5a1c")
    c.fill(c.stroke([(232, 280), (292, 128)], 5), "#57492f")
    c.fill(c.ellipse(292, 128, 4, 5), "#d9582c")
    for k, w in ((1, 0.6), (2, 0.35)):
        c.soft(c.stroke(spline([(292, 120), (274, 88), (304, 62), (288, 36)], closed=False), 7 * k), 4 * k, "#ffffff", w)


def candles(c, rng, colour="red"):
    for k, (x, y, col) in enumerate(((150, 0, "#a63428"), (210, -26, "#f2e8d4"), (270, -10, "#a63428"), (330, -34, "#f2e8d4"))):
        c.drop(x, 386, 24, 8)
        body = c.lathe(x, [(196 + y, 27), (260, 21), (330, 17), (384, 18)], lip=7, foot=6)
        c.fill(body, col)
        c.round(body)
        c.fill(c.ellipse(x, 196 + y, 27, 7), light(col, 0.3))
        c.fill(c.stroke([(x, 196 + y), (x, 176 + y)], 4), "#4a3a30")
        if k == 1:
            flame = c.blob([(x, 176 + y), (x - 18, 152 + y), (x - 4, 112 + y), (x + 2, 90 + y), (x + 10, 118 + y), (x + 18, 150 + y)])
            c.soft(flame, 14, "#ffd98a", 0.8)
            c.fill(flame, "#f2b53f")
            c.fill(c.blob([(x, 174 + y), (x - 9, 154 + y), (x, 128 + y), (x + 9, 154 + y)]), "#fff0c4")


def soap(c, rng, colour="green"):
    base = {"green": "#8d9b63", "cream": "#e9d9b3"}[colour]
    for x, y, w, h in ((100, 250, 200, 78), (176, 166, 190, 72)):
        f, t, s = block(c, x, y, w, h, 54, base)
        for _ in range(80):
            c.fill(c.ellipse(x + rng.random() * w, y + rng.random() * h, 1.9, 1.5), dark(base, 0.35), 0.6, f)
    c.fill(c.rect(196, 250, 44, 78), PAPER)
    c.fill(c.poly([(196, 250), (250, 220), (294, 220), (240, 250)]), "#fbf5e6")
    for q in range(3):
        c.fill(c.poly(petal(218, 306, 30, 7, -1.57 + (q - 1) * 0.6)), dark(base, 0.4))
    for x, y, r in ((366, 332, 22), (398, 306, 13), (394, 350, 9), (84, 226, 14), (66, 252, 8)):
        bubble = c.ellipse(x, y, r, r)
        c.fill(bubble, "#ffffff", 0.45)
        c.fill(c.ellipse(x - r * 0.3, y - r * 0.35, r * 0.25, r * 0.2), "#ffffff", 0.95)


def bath(c, rng, colour="yellow"):
    for k, x in enumerate((116, 196, 276)):
        sachet = c.poly([(x, 140 + k * 14), (x + 108, 130 + k * 14), (x + 116, 330 + k * 14), (x + 8, 340 + k * 14)])
        c.shade(sachet, 5, 9, 7, 0.36)
        c.fill(sachet, ("#e2bf55", "#ecd07a", "#e8c660")[k])
        c.fill(c.poly([(x, 140 + k * 14), (x + 108, 130 + k * 14), (x + 109, 152 + k * 14), (x + 1, 162 + k * 14)]), "#c79a2c", inside=sachet)
        cx, cy = x + 58, 240 + k * 14
        c.fill(c.ellipse(cx, cy, 36, 36), "#f7edc8")
        c.fill(c.ellipse(cx, cy, 30, 30), "#d9a52c")
        for q in range(9):
            c.fill(c.poly(petal(cx, cy, 26, 6.5, q * math.tau / 9)), "#f6dc8a")
    for x, y, r in ((362, 362, 42), (116, 378, 34)):
        yuzu = c.ellipse(x, y, r, r * 0.9)
        c.shade(yuzu, 2, 8, 6, 0.4)
        c.fill(yuzu, "#ddab30")
        c.ball(yuzu)
        c.fill(c.poly(petal(x, y - r * 0.8, 30, 9, -0.6)), "#56702f")


def woodblocks(c, rng):
    for x, y, t in ((92, 286, 0), (206, 196, 0)):
        f, t_, s = block(c, x, y, 150, 78, 62, "#e0bb84", "#b98c52", "#ecd0a2")
        grain(c, f, x, y, 150, 78, rng, lines=7)
        c.fill(c.ellipse(x + 75, y + 39, 17, 17), "#a5733d", 0.9)
        for q in range(3):
            c.fill(c.poly(petal(x + 75, y + 50, 20, 4.5, -1.57 + (q - 1) * 0.6)), "#f3dfb8")
    for x, y in ((364, 346), (396, 366), (334, 372)):
        c.fill(c.poly(petal(x, y, 40, 7, -0.6)), "#63763c")


def nioi(c, rng, colour="purple"):
    c.drop(240, 382, 92, 18)
    body = c.blob([(196, 190), (240, 198), (284, 190), (338, 272), (330, 358), (240, 386), (150, 358), (142, 272)])
    c.fill(body, "#7b5384")
    for k in range(24):
        x, y = 150 + (k * 53) % 190, 214 + (k * 37) % 160
        for q in range(3):
            c.fill(c.poly(petal(x, y, 17, 6, -1.57 + (q - 1) * 1.1)), ("#ead5e2", "#d9a7b5", "#c9b26a")[k % 3], 0.9, body)
    c.round(body)
    c.fill(c.blob([(178, 120), (208, 140), (240, 122), (272, 140), (302, 120), (286, 188), (240, 198), (194, 188)]), "#8d6496")
    c.fill(c.rect(190, 180, 100, 15, 7), "#d9b25a")
    for side in (-1, 1):
        c.fill(c.stroke(spline([(240, 188), (240 + side * 56, 168), (240 + side * 72, 206), (240, 190)], closed=False), 6), "#d9b25a")
        c.fill(c.stroke(spline([(240, 190), (240 + side * 30, 250), (240 + side * 46, 296)], closed=False), 5), "#d9b25a")
        tassel = c.poly([(240 + side * 46 - 9, 294), (240 + side * 46 + 9, 294), (240 + side * 46 + 14, 340), (240 + side * 46 - 14, 340)])
        c.fill(tassel, "#c79a3f")


def beeswax(c, rng):
    for x, top, w in ((176, 166, 56), (312, 226, 66)):
        c.drop(x, 378, w, 15)
        body = c.lathe(x, [(top, w), (374, w)], lip=14, foot=15)
        c.fill(body, "#d9a23f")
        for j in range(16):
            for i in range(-4, 5):
                px, py = x + i * 21 + (10 if j % 2 else 0), top + 18 + j * 17
                hexa = [(px + 10 * math.cos(q * math.tau / 6), py + 10 * math.sin(q * math.tau / 6)) for q in range(6)]
                c.fill(c.stroke(hexa, 1.7, True), "#b57d24", 0.75, body)
        c.round(body)
        c.fill(c.ellipse(x, top, w, 14), "#ecc36c")
        c.fill(c.stroke([(x, top), (x, top - 22)], 4), "#4a3a30")
        flame = c.blob([(x, top - 20), (x - 15, top - 42), (x, top - 84), (x + 15, top - 42)])
        c.soft(flame, 14, "#ffd98a", 0.8)
        c.fill(flame, "#f4b640")
        c.fill(c.blob([(x, top - 22), (x - 7, top - 40), (x, top - 60), (x + 7, top - 40)]), "#fff0c4")


def calendar(c, rng):
    base = c.poly([(112, 356), (366, 356), (404, 390), (76, 390)])
    c.shade(base, 2, 8, 8, 0.4)
    c.fill(base, "#8b5e3c")
    sheet = c.rect(118, 84, 244, 280, 3)
    c.shade(sheet, 6, 8, 8, 0.34)
    c.fill(sheet, "#f8f2e4")
    art = c.rect(132, 98, 216, 154)
    c.fill(art, "#d9c49a")
    c.fill(c.ellipse(296, 140, 27, 27), "#b5432c", inside=art)
    c.fill(c.blob([(100, 260), (170, 176), (214, 208), (250, 150), (330, 260)]), "#4c5f6d", inside=art)
    c.fill(c.blob([(232, 178), (250, 150), (270, 182), (252, 186)]), "#f5eede", inside=art)
    c.fill(c.blob([(90, 270), (170, 226), (260, 240), (380, 220), (380, 290)]), "#6d7a4c", inside=art)
    for k in range(31):
        x, y = 140 + (k + 2) % 7 * 31, 276 + (k + 2) // 7 * 17
        c.fill(c.rect(x, y, 15, 5, 2), "#a63f30" if (k + 2) % 7 == 0 else "#6d6258", 0.85)


def lantern(c, rng):
    c.soft(c.ellipse(240, 250, 190, 170), 40, "#fff2c8", 0.9)
    c.drop(240, 398, 66, 14)
    body = c.ellipse(240, 240, 132, 140)
    c.fill(body, "#f4dfae")
    c.soft(c.ellipse(240, 262, 80, 90), 30, "#fffbe6", 0.95, body)
    for k in range(-9, 10):
        y = 240 + k * 15
        w = 132 * math.sqrt(max(0, 1 - (k * 15 / 140) ** 2))
        c.fill(c.stroke([(240 - w * math.cos(a / 20 * math.pi), y + 9 * math.sin(a / 20 * math.pi)) for a in range(21)], 1.4), "#b58f4a", 0.75, body)
    c.round(body, 0.6)
    for y, w in ((106, 44), (376, 48)):
        ring = c.lathe(240, [(y - 9, w), (y + 11, w)], lip=9, foot=9)
        c.fill(ring, "#3b2f28")
        c.round(ring)
    c.fill(c.stroke([(240, 98), (240, 30)], 4), "#3b2f28")


# -- to wear ----------------------------------------------------------------------------------------
def socks(c, rng, colour="cream"):
    base = {"cream": "#ece0c6", "brown": "#8b6a50"}[colour]
    for x, y in ((150, 84), (258, 100)):
        m = c.blob([(x, y), (x + 84, y), (x + 88, y + 150), (x + 112, y + 212), (x + 128, y + 262), (x + 92, y + 294), (x + 40, y + 270), (x + 2, y + 220), (x - 4, y + 140)])
        m2 = c.poly([(x, y), (x + 84, y), (x + 87, y + 140)] + spline([(x + 87, y + 140), (x + 104, y + 206), (x + 132, y + 252), (x + 112, y + 296), (x + 62, y + 290), (x + 18, y + 240), (x - 2, y + 180)], closed=False) + [(x, y + 100)])
        c.shade(m2, 6, 9, 8, 0.36)
        c.fill(m2, base)
        if colour == "brown":
            for _ in range(240):
                px, py = x - 4 + rng.random() * 136, y + rng.random() * 296
                c.fill(c.stroke([(px, py), (px + 1, py + 5)], 1.8), ("#b39a80", "#5b4330")[rng.randrange(2)], 0.7, m2)
        for k in range(12):
            c.fill(c.stroke([(x + 4 + k * 7.2, y), (x + 4 + k * 7.2, y + 46)], 2), dark(base, 0.2), 0.6, m2)
        c.fill(c.ellipse(x + 110, y + 290, 50, 44), "#a8402f" if colour == "cream" else "#d9c4a4", 0.85, m2)
        if colour == "cream":
            for q in range(4):
                c.fill(c.stroke([(x + 84 + q * 14, y + 302 - q * 8), (x + 92 + q * 12, y + 276 - q * 8)], 2), dark(base, 0.4), 0.8, m2)
        c.round(m2, 0.6)


def haramaki(c, rng, colour="black"):
    c.drop(240, 362, 122, 28)
    body = c.lathe(240, [(150, 122), (240, 112), (356, 126)], lip=30, foot=32)
    c.fill(body, "#47464a")
    for k in range(-22, 23):
        x = 124 * math.sin(k / 23 * math.pi / 2)
        c.fill(c.stroke([(240 + x, 140), (240 + x * 0.93, 240), (240 + x, 400)], 2), "#2c2b2e", 0.6, body)
    for y in (300, 312):
        c.fill(c.stroke([(240 + 124 * math.cos(a / 20 * math.pi), y + 32 * math.sin(a / 20 * math.pi)) for a in range(21)], 4), "#b5573c", 0.9, body)
    c.round(body)
    c.fill(c.ellipse(240, 150, 122, 31), "#5b5a5e")
    c.fill(c.ellipse(240, 153, 110, 25), "#242326")


def scarf(c, rng, colour="red"):
    base = CLOTH[colour]
    fall = c.poly(spline([(170, 214), (150, 320), (140, 410)], closed=False) + spline([(226, 414), (236, 320), (244, 220)], closed=False))
    fall2 = c.poly(spline([(236, 220), (258, 310), (262, 384)], closed=False) + spline([(342, 378), (326, 300), (300, 214)], closed=False))
    for m, x0, x1, y in ((fall2, 262, 342, 382), (fall, 140, 226, 412)):
        c.shade(m, 6, 8, 8, 0.34)
        for k in range(14):
            x = x0 + (x1 - x0) * k / 13
            c.fill(c.stroke([(x, y - 6), (x + rng.uniform(-3, 3), y + 22)], 3), light(base, 0.1))
        c.fill(m, base)
        c.ramp(m, lambda t: 0.3 * math.sin(t * 6 + 0.6) ** 2, dark(base, 0.4))
        for q in (0, 13, 34):
            c.fill(c.stroke([(x0 - 12, y - 34 - q), (x1 + 12, y - 36 - q)], 5), light(base, 0.55), 0.8, m)
    loop = c.blob([(108, 196), (150, 128), (240, 108), (332, 128), (372, 196), (330, 250), (240, 262), (150, 250)])
    c.shade(loop, 3, 10, 8, 0.34)
    c.fill(loop, light(base, 0.05))
    for k in range(5):
        c.fill(c.stroke(spline([(116 + k * 6, 190 + k * 10), (180, 226 + k * 9 - 16), (240, 236 + k * 6 - 12), (300, 226 + k * 9 - 16), (364 - k * 6, 190 + k * 10)], closed=False), 2.2), dark(base, 0.35), 0.6, loop)
    c.round(loop, 0.7)
    c.fill(c.blob([(156, 176), (200, 142), (240, 134), (282, 142), (324, 176), (280, 196), (240, 202), (200, 196)]), dark(base, 0.45))


def monpe(c, rng, colour="navy"):
    base = CLOTH[colour]
    m = c.poly([(148, 84), (332, 84), (344, 150)] + spline([(344, 150), (366, 270), (346, 350), (322, 412)], closed=False) + [(262, 412)]
               + spline([(262, 412), (262, 320), (246, 236), (240, 214)], closed=False) + spline([(240, 214), (234, 236), (218, 320), (218, 412)], closed=False)
               + [(158, 412)] + spline([(158, 412), (134, 350), (114, 270), (136, 150)], closed=False))
    c.shade(m, 7, 9, 9, 0.36)
    c.fill(m, base)
    for k in range(32):
        c.fill(c.stroke([(112 + k * 8, 84), (112 + k * 8, 414)], 1.5 if k % 4 else 3), "#8b9bb5", 0.6, m)
    c.round(m, 0.5)
    band = c.rect(146, 78, 188, 24, 5)
    c.fill(band, dark(base, 0.25))
    c.fill(c.stroke([(232, 92), (224, 148)], 3), PAPER)
    c.fill(c.stroke([(248, 92), (258, 144)], 3), PAPER)


def tote(c, rng, colour="sand"):
    base = CLOTH[colour]
    for dx, col in ((8, dark(base, 0.25)), (0, dark(base, 0.1))):
        c.fill(c.stroke(spline([(176 + dx, 190), (182 + dx, 96), (240 + dx, 70), (298 + dx, 96), (304 + dx, 190)], closed=False), 15), col)
    c.drop(240, 386, 132, 20)
    body = c.poly([(110, 172), (370, 172), (350, 384), (130, 384)])
    c.fill(body, base)
    c.fill(c.poly([(110, 318), (370, 318), (350, 384), (130, 384)]), "#6d4a30", inside=body)
    for k in range(70):
        c.fill(c.stroke([(106 + k * 3.9, 172), (106 + k * 3.9, 318)], 0.8), dark(base, 0.14), 0.35, body)
    c.round(body, 0.7)
    for x in (176, 304):
        c.fill(c.rect(x - 9, 176, 18, 44, 3), dark(base, 0.12))
        c.fill(c.stroke([(x - 6, 214), (x + 6, 214)], 1.6), PAPER)
    c.fill(c.stroke([(116, 184), (364, 184)], 1.5), PAPER, 0.8)
    c.fill(c.ellipse(240, 262, 24, 24), "#a8402f", 0.9)
    c.fill(c.ellipse(240, 262, 16, 16), base)


def gamaguchi(c, rng, colour="brown"):
    c.drop(240, 376, 122, 20)
    body = c.blob([(140, 178), (240, 172), (340, 178), (386, 268), (348, 356), (240, 380), (132, 356), (94, 268)])
    c.fill(body, "#5b3a28")
    for j in range(8):
        for i in range(9):
            x, y = 108 + i * 34 + (17 if j % 2 else 0), 200 + j * 25
            for t in (0.5, 2.6):
                c.fill(c.poly(petal(x, y, 12, 2.6, t)), "#e2cda0", 0.9, body)
                c.fill(c.poly(petal(x, y + 3, 10, 2.2, t + 0.25)), "#e2cda0", 0.7, body)
            c.fill(c.stroke([(x, y - 5), (x, y + 11)], 2), "#e2cda0", 0.9, body)
    c.round(body, 0.9)
    arc = spline([(136, 186), (170, 146), (240, 132), (310, 146), (344, 186)], closed=False)
    c.fill(c.stroke(arc, 15), "#b98a3a")
    c.fill(c.stroke(arc, 5), "#f2dca0", 0.8)
    for x in (228, 254):
        ball = c.ellipse(x, 118, 14, 14)
        c.fill(ball, "#cda24a")
        c.ball(ball)


def umbrella(c, rng, colour="navy"):
    rod = c.stroke([(240, 80), (240, 380)], 8)
    c.fill(rod, "#6d4a30")
    c.fill(c.stroke(spline([(240, 376), (240, 408), (262, 420), (284, 406)], closed=False), 11), "#8b5e3c")
    ribs = 8
    canopy_pts = [(62, 256)] + spline([(62, 256), (110, 140), (240, 84), (370, 140), (418, 256)], closed=False)
    scallop = []
    for k in range(ribs):
        x1 = 418 - 356 * (k + 0.5) / ribs
        x2 = 418 - 356 * (k + 1) / ribs
        scallop += [(x1, 240), (x2, 256)]
    canopy = c.poly(canopy_pts + scallop)
    c.shade(canopy, 4, 16, 11, 0.34)
    c.fill(canopy, "#2b3a57")
    ring = c.poly(spline([(96, 216), (140, 148), (240, 108), (340, 148), (384, 216)], closed=False) + spline([(360, 232), (320, 176), (240, 142), (160, 176), (120, 232)], closed=False))
    c.fill(ring, "#f0e7d3", 0.95, canopy)
    for k in range(ribs + 1):
        x = 62 + 356 * k / ribs
        c.fill(c.stroke(spline([(240, 84), ((240 + x) / 2 + (x - 240) * 0.12, 150), (x, 256)], closed=False), 1.8), "#111a2c", 0.7, canopy)
    c.round(canopy, 0.6)
    c.fill(c.ellipse(240, 80, 8, 10), "#8b5e3c")


def yutanpo(c, rng):
    c.drop(214, 356, 132, 28)
    body = c.blob([(84, 262), (110, 206), (214, 188), (318, 206), (344, 262), (318, 332), (214, 354), (110, 332)])
    c.fill(body, "#b9703f")
    for k in range(-5, 6):
        c.fill(c.stroke(spline([(214 + k * 26, 196), (214 + k * 29, 268), (214 + k * 26, 346)], closed=False), 7), "#8f4f28", 0.55, body)
        c.fill(c.stroke(spline([(208 + k * 26, 196), (208 + k * 29, 268), (208 + k * 26, 346)], closed=False), 3), "#efc093", 0.6, body)
    c.ball(body)
    cap = c.lathe(214, [(162, 26), (194, 28)], lip=8, foot=8)
    c.fill(cap, "#d9a23f")
    c.round(cap)
    c.fill(c.ellipse(214, 162, 26, 8), "#f0cc80")
    cover = c.blob([(300, 300), (352, 268), (420, 292), (432, 360), (380, 396), (316, 376)])
    c.shade(cover, 4, 8, 7, 0.36)
    c.fill(cover, "#7c2f2a")
    for i in range(7):
        for j in range(6):
            c.fill(c.ellipse(310 + i * 20 + (10 if j % 2 else 0), 284 + j * 20, 4, 4), "#e9d6b0", 0.85, cover)
    c.ball(cover, 0.7)


def gloves(c, rng, colour="cream"):
    for x, flip in ((160, 1), (318, -1)):
        tips = [(-46, 150), (-26, 118), (-2, 110), (24, 122)]
        shape = None
        palm = c.blob([(x - 54, 246), (x, 232), (x + 54, 246), (x + 46, 330), (x, 340), (x - 46, 330)])
        parts = [palm] + [c.stroke([(x + dx * flip, y), (x + dx * flip * 0.86, 268)], 27) for dx, y in tips] + [c.stroke([(x + 78 * flip, 226), (x + 36 * flip, 296)], 28)]
        for m in parts:
            c.shade(m, 6, 9, 7, 0.22)
        for m in parts:
            c.fill(m, "#efe5cf")
        for m in parts[1:]:
            c.ramp(m, lambda t: 0.2 * t * t, (70, 48, 30))
        cuff = c.rect(x - 46, 318, 92, 84, 8)
        c.fill(cuff, "#e6d7b6")
        for k in range(12):
            c.fill(c.stroke([(x - 42 + k * 7.6, 320), (x - 42 + k * 7.6, 400)], 1.8), "#c9b389", 0.8, cuff)
        c.round(cuff, 0.6)


def comb(c, rng):
    back = c.poly(spline([(70, 262), (140, 168), (240, 142), (340, 168), (410, 262)], closed=False) + [(396, 286), (84, 286)])
    teeth = [c.poly([(92 + k * 8.5, 276), (97 + k * 8.5, 276), (95.5 + k * 8.5, 366 - abs(k - 17.5) * 1.4), (93.5 + k * 8.5, 366 - abs(k - 17.5) * 1.4)]) for k in range(36)]
    for m in (back,):
        c.shade(m, 5, 12, 8, 0.36)
    for m in teeth:
        c.fill(m, "#c08f45")
    c.fill(back, "#cf9f55")
    grain(c, back, 70, 150, 340, 130, rng, "#9b6a28", 12, 0.4)
    c.ramp(back, lambda t: 0.5 * math.exp(-((t - 0.3) / 0.13) ** 2), "#fae6b8")
    for k in range(5):
        c.fill(c.poly(petal(240, 216, 40, 9, k * math.tau / 5 - 1.57)), "#94611f", 0.85)
    c.fill(c.ellipse(240, 216, 6, 6), "#cf9f55")
