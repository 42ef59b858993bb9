#!/usr/bin/env python3
"""Times the reading of a large table: a generated file of purchases, 2,000,000 lines when nothing else is said.

usage: benches/tables.py [--lines N] [--work DIR]

The lines are what a till writes: line, customer, product, store, day, quantity, amount. Prints, for one thread and
for two, lines per second and the bytes that a line takes in memory: the table alone, as the program counts it."""
import argparse, os, random, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ap = argparse.ArgumentParser()
ap.add_argument("--lines", type=int, default=2_000_000)
ap.add_argument("--work", default=os.path.join(ROOT, "target", "bench"))
args = ap.parse_args()
os.makedirs(args.work, exist_ok=True)
path = os.path.join(args.work, f"purchases-{args.lines}.csv")
if not os.path.exists(path):
    rng = random.Random(20261121)
    with open(path + ".new", "w", encoding="utf-8", newline="") as out:
        out.write("customer_id,product_id,store_id,bought_at,quantity,amount\r\n")
        for _ in range(args.lines):
            product = int(rng.paretovariate(0.8)) % 4000
            quantity = rng.choice((1, 1, 1, 1, 2, 3, -1))
            day = rng.randrange(730)
            out.write(
                f"C{rng.randrange(200_000):07},P{product:05},S{rng.randrange(120):03},"
                f"{2025 + day // 365}-{day % 365 // 31 + 1:02}-{day % 28 + 1:02},"
                f"{quantity},{quantity * (180 + product * 13 % 9800)}\r\n"
            )
    os.replace(path + ".new", path)
for threads in (1, 2):
    env = dict(os.environ, TABLE=path, RAYON_NUM_THREADS=str(threads))
    run = subprocess.run(["cargo", "bench", "--quiet", "--bench", "tables"], cwd=ROOT, env=env)
    if run.returncode:
        sys.exit(run.returncode)
