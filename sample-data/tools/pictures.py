"""The product pictures: one drawing for each product, on a ground that belongs to its category."""

import io

import draw_food
import draw_home
import draw_pots
from canvas import SIZE, Canvas, dark

# The paper behind each category's goods, and the round "moon" on it.
GROUNDS = {"お茶": ("#e6e6d3", "#f1f0e2"), "菓子": ("#f1e2d0", "#f8efe2"), "食品": ("#eadfc8", "#f4ecdb"), "茶器": ("#e2e0d8", "#eeece6"),
           "うつわ": ("#e0e3e2", "#edefee"), "台所道具": ("#e6e0d4", "#f1ede4"), "布もの": ("#e7e0da", "#f2ede8"), "かご・収納": ("#ebe4d3", "#f5f0e3"),
           "香り": ("#e5dde0", "#f0eaec"), "身のまわり": ("#e8dfd3", "#f3ece3")}


def picture(product, number, rng):
    ground, moon = GROUNDS[product["category"]]
    c = Canvas(SIZE, SIZE, ground)
    # A low horizon, and a moon that stands elsewhere in each picture.
    c.ramp(c.rect(0, 300, SIZE, 180), lambda t: 0.30 * t, dark(ground, 0.35), upright=True)
    x, y = 240 + rng.uniform(-70, 70), 196 + rng.uniform(-24, 20)
    c.fill(c.ellipse(x, y, 168, 168), moon)
    name, *words = product["drawing"].split()
    for module in (draw_food, draw_pots, draw_home):
        if hasattr(module, name):
            getattr(module, name)(c, rng, *words)
            return c.done()
    raise SystemExit(f"{product['product_id']}: no drawing {name}")


def draw_all(products, folder, rng):
    folder.mkdir(parents=True, exist_ok=True)
    for number, product in enumerate(products):
        image = picture(product, number, rng(f"picture {product['product_id']}"))
        for quality in (85, 80, 74, 68):
            data = io.BytesIO()
            image.save(data, "JPEG", quality=quality, optimize=True)
            if data.tell() <= 25_000:
                break
        (folder / f"{product['product_id'].lower()}.jpg").write_bytes(data.getvalue())
    print(f"{len(products)} pictures")
