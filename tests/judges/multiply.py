#!/usr/bin/env python3
"""A copy of the sample shop with so many records: customers and orders again and again under new keys, for judging large
files (docs/conformance/PDF_VT1.md).

usage: tests/judges/multiply.py SAMPLE OUT RECORDS"""
import os, shutil, sys

sample, out, records = sys.argv[1], sys.argv[2], int(sys.argv[3])
shutil.copytree(sample, out, ignore=shutil.ignore_patterns("out"))
data = os.path.join(out, "data")


def lines_of(name):
    with open(os.path.join(data, name), "rb") as f:
        head, *rows = f.read().splitlines(keepends=True)
    return head, rows


def write(name, head, rows):
    with open(os.path.join(data, name), "wb") as f:
        f.writelines([head, *rows])


def again(row, turn):
    """The row under another key; its first round is the row itself."""
    key, rest = row.split(b",", 1)
    return row if turn == 0 else key + b"-%d," % turn + rest


for name in ["customers.csv", "orders.csv"]:
    head, rows = lines_of(name)
    # rows that are faulty on purpose may hold an open quote: only whole ones are repeated
    whole = [r for r in rows if r.count(b",") == head.count(b",") and b'"' not in r]
    made = list(rows)
    turn = 1
    while len(made) < records:
        made += [again(r, turn) for r in whole[: records - len(made)]]
        turn += 1
    write(name, head, made)
    if name == "orders.csv":
        lines_head, lines = lines_of("order_lines.csv")
        write("order_lines.csv", lines_head, [again(line, t) for t in range(turn) for line in lines])
