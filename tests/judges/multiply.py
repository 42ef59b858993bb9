#!/usr/bin/env python3
"""A copy of the sample shop with so many records: customers and parcels again and again under new keys, for judging large
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


def again(row, turn, keys=1):
    """The row under other keys, which stand in its first cells; its first round is the row itself."""
    *named, rest = row.split(b",", keys)
    return row if turn == 0 else b",".join([key + b"-%d" % turn for key in named] + [rest])


for name in ["customers.csv", "shipments.csv"]:
    head, rows = lines_of(name)
    # rows that are faulty on purpose may hold an open quote: only whole ones are repeated
    whole = [r for r in rows if r.count(b",") == head.count(b",") and b'"' not in r]
    made = list(rows)
    turn = 1
    keys = 3 if name == "shipments.csv" else 1  # a shipment's own, its parcel's and its order's
    while len(made) < records:
        made += [again(r, turn, keys) for r in whole[: records - len(made)]]
        turn += 1
    write(name, head, made)
    if name == "shipments.csv":
        for more in ["orders.csv", "order_lines.csv"]:
            head, rows = lines_of(more)
            if more == "orders.csv":
                write(more, head, [again(row, t) for t in range(turn) for row in rows])
                continue
            # a line ends with its parcel
            def line(row, t):
                return again(row, t) if t == 0 else again(row, t).rstrip(b"\r\n") + b"-%d\r\n" % t
            write(more, head, [line(row, t) for t in range(turn) for row in rows])
