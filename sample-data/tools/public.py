"""Facts that come from public data: which towns exist, their postcodes and where they lie; which surnames
are how common.

- Towns and postcodes: Japan Post, utf_ken_all.csv (free of use restrictions by its own statement).
- Coordinates: Geolonia 住所データ (CC BY 4.0).
- Surnames and their readings: last_name_org.csv (MIT), see README.md.
"""

import csv
import io
import subprocess
import zipfile
from collections import defaultdict
from pathlib import Path

KANJI = {k: i + 1 for i, k in enumerate("一二三四五六七八九")}


def chome_number(text):
    """"十二丁目" -> 12."""
    text = text.removesuffix("丁目")
    if "十" in text:
        tens, _, ones = text.partition("十")
        return KANJI.get(tens, 1) * 10 + KANJI.get(ones, 0)
    return KANJI.get(text)


class Town:
    """A town that has exactly one postcode of its own, with the places of its 丁目."""

    def __init__(self, pref, city, name, postcode, spots):
        self.pref, self.city, self.name, self.postcode = pref, city, name, postcode
        # [(丁目 or 0, latitude, longitude)] in the order of the number
        self.spots = sorted(spots)


def towns(folder: Path):
    """(prefecture, city) -> [Town], in the order of the postcode file."""
    where = defaultdict(list)
    raw = subprocess.run(
        ["zstd", "-dc", str(folder / "jp_towns_geolonia/towns.csv.zst")], check=True, capture_output=True
    ).stdout.decode("utf-8")
    for row in csv.DictReader(io.StringIO(raw)):
        if row["koaza"] or not row["lat"]:
            continue
        spot = (float(row["lat"]), float(row["lng"]))
        name, chome = row["town"], 0
        if name.endswith("丁目"):
            head = name.removesuffix("丁目").rstrip("一二三四五六七八九十")
            number = chome_number(name[len(head):])
            if head and number:
                name, chome = head, number
        where[row["pref"], row["city"], name].append((chome, *spot))
    found = defaultdict(list)
    with zipfile.ZipFile(folder / "jp_postal/utf_ken_all.zip") as archive:
        text = archive.read("utf_ken_all.csv").decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        postcode, pref, city, name = row[2], row[6], row[7], row[8].removesuffix("（次のビルを除く）")
        # A town with several codes, a code for several towns, and all remarks in brackets are left out.
        if row[9] != "0" or row[12] != "0" or any(mark in name for mark in ("（", "）", "「", "、", "～", "〜", "一円", "以下に")):
            continue
        spots = where.get((pref, city, name))
        if spots:
            found[pref, city].append(Town(pref, city, name, postcode, spots))
    return found


KATAKANA = str.maketrans({chr(c): chr(c + 0x60) for c in range(0x3041, 0x3097)})


def surnames(folder: Path, count):
    """[(surname, katakana, people)], the most common first."""
    out = []
    with open(folder / "jp_names/last_name_org.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            if len(row) >= 3 and row[1].isdigit():
                out.append((row[0], row[2].translate(KATAKANA), int(row[1])))
    return out[:count]


def postcodes(folder: Path, wanted):
    """The rows of Japan Post's table for some postcodes, in its order and as they stand there."""
    with zipfile.ZipFile(folder / "jp_postal/utf_ken_all.zip") as archive:
        text = archive.read("utf_ken_all.csv").decode("utf-8-sig")
    return [row for row in csv.reader(io.StringIO(text)) if row[2] in wanted]


def places(towns, wanted):
    """The middle of each town with one of these postcodes."""
    out = []
    for town in (t for found in towns.values() for t in found if t.postcode in wanted):
        _, lats, lngs = zip(*town.spots)
        out.append({"postcode": town.postcode, "latitude": f"{sum(lats) / len(lats):.4f}", "longitude": f"{sum(lngs) / len(lngs):.4f}"})
    return sorted(out, key=lambda p: p["postcode"])
