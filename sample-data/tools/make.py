#!/usr/bin/env python3
"""Makes everything in sample-data/autumn-dm/data. Run it as README.md says; the same seed gives the same bytes."""

import argparse
import csv
import io
import random
from pathlib import Path

import faults
import folk
import goods
import lives
import parcels
import public
import shops
import trade

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "autumn-dm" / "data"
SEED = "小萩堂 2026 秋"


def rng(part):
    """Each table has its own stream, so that changing one leaves the others alone."""
    return random.Random(f"{SEED} {part}")


def line(values, encoding, quote=True):
    buffer = io.StringIO()
    if quote:
        csv.writer(buffer, lineterminator="\r\n").writerow(values)
    else:
        buffer.write(",".join(map(str, values)) + "\r\n")
    return buffer.getvalue().encode(encoding)


def write(name, rows, encoding="utf-8", bom=0, body=None):
    head = line(rows[0].keys(), encoding)
    body = body or [line(row.values(), encoding) for row in rows]
    (OUT / name).write_bytes(b"\xef\xbb\xbf" * bom + head + b"".join(body))
    print(f"{name}: {len(body)} rows")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--public", type=Path, required=True, help="folder with jp_postal, jp_towns_geolonia, jp_names")
    parser.add_argument("--no-pictures", action="store_true")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)

    towns = public.towns(args.public)
    surnames = public.surnames(args.public, 400)

    stock = rng("stock")
    products = goods.products()
    for number, product in enumerate(products):
        product["stock"] = 0 if number in goods.SOLD_OUT else int(stock.lognormvariate(4.2, 0.8)) + 3
    columns = ["product_id", "name", "category", "price", "stock", "image", "tags", "blurb", "allergens"]
    write("products.csv", [{c: p[c] for c in columns} for p in products], "cp932")

    stores = shops.stores(rng("stores"), towns)
    write("stores.csv", stores, bom=2)

    people = folk.customers(rng("customers"), 2000, towns, surnames)
    lives.households(rng("households"), people)
    bought = trade.purchases(rng("purchases"), people, products, stores, 25_000)
    lives.lost_coordinates(rng("coordinates"), people)
    lives.consents(rng("consents"), people)
    lives.allergies(rng("allergies"), people)
    columns = ["customer_id", "name", "kana", "postcode", "prefecture", "city", "town", "address1", "address2", "birth_date", "rank",
               "points", "points_expire", "joined_at", "last_visit", "status", "consent_dm", "consented_on", "withdrawn_on", "household_id",
               "email", "allergies", "latitude", "longitude"]
    rows = [{c: p[c] for c in columns} for p in people]
    write("customers.csv", rows, "cp932", body=faults.add(rows, lambda row, quote=True: line(row.values(), "cp932", quote)))
    # What the post's own table says of the postcodes of the members: the campaign needs no table of the shop's own.
    extract = public.postcodes(args.public, {p["postcode"].replace("-", "") for p in rows})
    (OUT / "postcodes.csv").write_bytes(b"".join(line(row, "utf-8") for row in extract))
    print(f"postcodes.csv: {len(extract)} rows")
    write("purchases.csv", bought, bom=1)
    write("suppressions.csv", trade.suppressions(rng("suppressions"), people))
    write("rules.csv", trade.rules(products))
    write("past_pieces.csv", trade.past_pieces(rng("past pieces"), people, products) + lives.letters(rng("letters"), people))
    write("family.csv", lives.family(rng("family"), people))
    write("web_events.csv", lives.events(rng("events"), people))
    write("refusals.csv", lives.refusals(rng("refusals"), people))
    write("returned_mail.csv", lives.returned(rng("returned mail"), people))
    write("tearoom_codes.csv", lives.tearoom_codes(rng("tearoom codes"), 240))
    write("needs.csv", lives.needs())
    write("response.csv", lives.sheet(lives.RESPONSE))
    write("scores.csv", trade.scores(rng("scores"), people, products))
    write("recipes.csv", parcels.recipes(trade.recipes(products)))
    write("ingredients.csv", parcels.ingredients(products))
    write("nutrition.csv", lives.sheet(parcels.NUTRITION))
    write("pairs.csv", parcels.pairs(products))
    write("leaflets.csv", lives.sheet(parcels.LEAFLETS))
    orders, lines = trade.orders(rng("orders"), people, products, towns, surnames, 300)
    shipments = parcels.shipments(rng("shipments"), orders, lines)
    write("orders.csv", orders)
    write("shipments.csv", shipments)
    known = {p["postcode"].replace("-", "") for p in rows} | {s["ship_postcode"].replace("-", "") for s in shipments}
    write("places.csv", public.places(towns, known))
    write("order_lines.csv", lines)

    if not args.no_pictures:
        import pictures
        pictures.draw_all(products, OUT / "images", rng)


if __name__ == "__main__":
    main()
