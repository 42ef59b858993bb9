#!/usr/bin/env python3
"""Times deciding alone: the sample campaign's rules, models included, for generated customers with 20 purchases each.

usage: benches/decisions.py [--sizes 100000,1000000] [--threads 1] [--purchases 20] [--exe PATH] [--work DIR]

Customers, purchases and scores are generated with a fixed seed; products, stores and rules are the sample shop's. CPU seconds (user + system) and the
peak resident memory of `surimono decide` are what the kernel counted. `decisions/s` counts everything: reading all tables, the models, the decisions and the lines that are
written. `further` leaves out what is done once: (decisions at N - at N/10) / (CPU at N - CPU at N/10), with N/10 people and their purchases."""
import argparse, os, random, re, resource, shutil, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ap = argparse.ArgumentParser()
ap.add_argument("--sizes", default="100000,1000000")
ap.add_argument("--threads", type=int, default=1)
ap.add_argument("--purchases", type=int, default=20)
ap.add_argument("--exe", default=os.path.join(ROOT, "target", "release", "surimono"))
ap.add_argument("--work", default=os.path.join(ROOT, "target", "bench-decisions"))
args = ap.parse_args()
SAMPLE = os.path.join(ROOT, "sample-data", "autumn-dm")


def rows_of(name, encoding):
    with open(os.path.join(SAMPLE, "data", name), encoding=encoding, errors="replace") as f:
        return f.read().splitlines()


def generate(size):
    folder = os.path.join(args.work, str(size))
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("out", "images"))
    draw = random.Random(20261121)
    data = os.path.join(folder, "data")
    head, *people = rows_of("customers.csv", "cp932")
    people = [p for p in people if p.count(",") == head.count(",") and '"' not in p and "\ufffd" not in p]
    ids = [f"B{n:07}" for n in range(size)]
    with open(os.path.join(data, "customers.csv"), "w", encoding="utf-8") as f:
        f.write(head + "\n")
        # each round of the members lives in houses of its own
        household = head.split(",").index("household_id")
        for n, key in enumerate(ids):
            cells = people[n % len(people)].split(",")
            cells[0] = key
            if cells[household]:
                cells[household] += f"-{n // len(people)}"
            f.write(",".join(cells) + "\n")
    # as many of a hundred get a card as in the sample
    campaign = os.path.join(folder, "campaign.toml")
    with open(campaign, encoding="utf-8") as f:
        text = f.read()
    budget = re.search(r"budget = \{ pieces = ([\d_]+), yen = ([\d_]+) \}", text)
    pieces, yen = (int(n.replace("_", "")) * size // len(people) for n in budget.groups())
    with open(campaign, "w", encoding="utf-8") as f:
        f.write(text.replace(budget.group(), f"budget = {{ pieces = {pieces}, yen = {yen} }}"))
    head = rows_of("purchases.csv", "utf-8-sig")[0]
    columns = head.split(",")
    products = [r.split(",")[0] for r in rows_of("products.csv", "utf-8-sig")[1:]]
    stores = [r.split(",")[0] for r in rows_of("stores.csv", "utf-8-sig")[1:]]
    weights = [1 / (1 + n) for n in range(len(products))]
    days = [f"{2024 + m // 12}-{m % 12 + 1:02}-{d:02}" for m in range(11, 35) for d in range(1, 29)]
    with open(os.path.join(data, "purchases.csv"), "w", encoding="utf-8") as f:
        f.write(head + "\n")
        number = 0
        for key in ids:
            picks = draw.choices(products, weights, k=args.purchases)
            for product, day, store in zip(picks, draw.choices(days, k=args.purchases), draw.choices(stores, k=args.purchases)):
                number += 1
                cell = {"customer_id": key, "product_id": product, "store_id": store, "bought_at": day, "channel": "store", "quantity": "1", "amount": "1200"}
                f.write(",".join(cell.get(c, str(number)) for c in columns) + "\n")
    return folder


def timed(size):
    folder = generate(size)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = os.path.join(folder, "decisions.jsonl")
    # of the children, the largest is told: each size runs after smaller ones
    subprocess.run([args.exe, "decide", os.path.join(folder, "campaign.toml"), "-o", out, "--threads", str(args.threads)],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with open(out, "rb") as f:
        lines = sum(1 for _ in f)
    if lines != size:
        sys.exit(f"{lines} decisions for {size} customers")
    shutil.rmtree(folder)
    return cpu, after.ru_maxrss / 1024


for size in [int(s) for s in args.sizes.split(",")]:
    small, _ = timed(size // 10)
    cpu, peak = timed(size)
    print(f"{size:>9,} customers, {args.threads} thread(s): {cpu:8.1f} s CPU, {size / cpu:8,.0f} decisions/s, "
          f"{(size - size // 10) / (cpu - small):8,.0f} further, peak {peak:,.0f} MiB", flush=True)
