#!/usr/bin/env python3
"""Looks at the plates: which inks the pages of a file really put on paper, by Ghostscript's separation device.

usage: inks.py FILE.pdf [--black X,Y,W,H] [--spot NAME] [--overprints NAME X,Y,W,H PLATE] [--totals NOTES.csv] [--most PERCENT]

Always: no DeviceRGB anywhere in the file (content, resources, pictures, shadings, soft masks, groups).
--black X,Y,W,H       in this box of page 1 (mm from the trim's top left corner) cyan, magenta and yellow are
                      the same as the ground beside the letters, and black is there
--spot NAME           the plate NAME exists and is not empty
--overprints NAME BOX PLATE   in BOX the plate NAME has ink, and PLATE below it has too
--totals NOTES.csv    what the notes of a run say of the ink of each page (ink_limit = 100) is what the fullest pixel of
                      all plates together has: not less by more than --under, not more by more than --above percent
--most PERCENT        the same of the highest figure of all pages, as `surimono preflight` tells it
--uncounted NAME      this plate is no ink on the paper

Needs Debian's ghostscript, PyPI's pikepdf, pillow and numpy. Exits 1 when something is wrong."""
import argparse, csv, os, re, subprocess, sys, tempfile

import numpy as np
import pikepdf
from PIL import Image

ap = argparse.ArgumentParser()
ap.add_argument("file")
ap.add_argument("--black", action="append", default=[])
ap.add_argument("--spot", action="append", default=[])
ap.add_argument("--overprints", nargs=3, action="append", default=[])
ap.add_argument("--totals")
ap.add_argument("--most", type=float)
ap.add_argument("--pages", type=int, default=0, help="pages that --most is of; 0 = all")
ap.add_argument("--uncounted", action="append", default=[])
ap.add_argument("--under", type=float, default=3)
ap.add_argument("--above", type=float, default=6)
args = ap.parse_args()
DPI = 200
faults = []


def space_name(space):
    return str(space[0]) if isinstance(space, pikepdf.Array) and len(space) else str(space)


def no_rgb(pdf):
    """Every stream and dictionary of the file."""
    for n, obj in enumerate(pdf.objects):
        def look(o, where, depth=0):
            if depth > 12:
                return
            if isinstance(o, (pikepdf.Dictionary, pikepdf.Stream)):
                for key, value in o.items():
                    if key in ("/Parent", "/P"):
                        continue
                    if key in ("/ColorSpace", "/CS") and not isinstance(value, pikepdf.Dictionary):
                        if space_name(value) == "/DeviceRGB":
                            faults.append(f"object {n}: {where}{key} is DeviceRGB")
                    if not getattr(value, "is_indirect", False):
                        look(value, where + key, depth + 1)
            elif isinstance(o, pikepdf.Array):
                if len(o) > 2 and str(o[0]) in ("/Separation", "/Indexed", "/DeviceN") and "/DeviceRGB" in [str(x) for x in o if isinstance(x, pikepdf.Name)]:
                    faults.append(f"object {n}: {where} stands for DeviceRGB")
                for value in o:
                    if not getattr(value, "is_indirect", False):
                        look(value, where, depth + 1)
        look(obj, "")
        if isinstance(obj, pikepdf.Stream) and (obj.get("/Subtype") == "/Form"):
            content(pikepdf.parse_content_stream(obj), f"form {n}")
    for i, page in enumerate(pdf.pages):
        content(pikepdf.parse_content_stream(page), f"page {i + 1}")


def content(instructions, where):
    for operands, operator in instructions:
        op = str(operator)
        if op in ("rg", "RG") or op in ("cs", "CS") and str(operands[0]) == "/DeviceRGB":
            faults.append(f"{where}: {op} {[str(o) for o in operands]}")


with pikepdf.open(args.file) as pdf:
    no_rgb(pdf)
    page = pdf.pages[0]
    media = [float(v) for v in page.mediabox]
    trim = [float(v) for v in page.trimbox]


def plates(folder):
    """Plates of page 1 by ink, 1 = solid."""
    subprocess.run(
        ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=tiffsep", f"-r{DPI}", "-dFirstPage=1", "-dLastPage=1",
         "-dOverprint=/enable", f"-sOutputFile={folder}/p.tif", args.file], check=True)
    found = {}
    for name in sorted(os.listdir(folder)):
        m = re.fullmatch(r"p(?:\.tif)?\((.+)\)\.tif", name)
        if m:
            found[m.group(1)] = 1 - np.asarray(Image.open(os.path.join(folder, name)).convert("L"), float) / 255
    return found


def fullest(pages):
    """The fullest pixel of each page in percent, by Ghostscript; text without smoothing, so that no pixel is a mixture."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=tiffsep", f"-r{DPI}", "-dOverprint=/enable",
             f"-dLastPage={pages}", f"-sOutputFile={folder}/p-%d.tif", args.file], check=True)
        sums = {}
        for name in sorted(os.listdir(folder)):
            m = re.fullmatch(r"p-(\d+)(?:\.tif)?\((.+)\)\.tif", name)
            if m and m.group(2) not in args.uncounted:
                plate = 1 - np.asarray(Image.open(os.path.join(folder, name)).convert("L"), float) / 255
                page = int(m.group(1))
                sums[page] = sums.get(page, 0) + plate
        return {page: 100 * total.max() for page, total in sums.items()}


def compare(what, told, seen):
    apart = told - seen
    print(f"{what}: told {told:.0f} %, by the separation {seen:.1f} %, apart {apart:+.1f}")
    if apart < -args.under or apart > args.above:
        faults.append(f"{what}: {told:.0f} % is told, the separation has {seen:.1f} %")


def cut(plate, box):
    x, y, w, h = (float(v) * 72 / 25.4 for v in box.split(","))
    left, top = trim[0] - media[0] + x, media[3] - trim[3] + y
    scale = DPI / 72
    return plate[round(top * scale):round((top + h) * scale), round(left * scale):round((left + w) * scale)]


with tempfile.TemporaryDirectory() as folder:
    found = plates(folder)
    for box in args.black:
        for ink in ("Cyan", "Magenta", "Yellow"):
            part = cut(found[ink], box)
            if part.max() - part.min() > 0.02:
                faults.append(f"{ink} changes in the box {box}, from {part.min():.2f} to {part.max():.2f}: text is not black alone, or is cut out")
        if cut(found["Black"], box).max() < 0.98:
            faults.append(f"no solid black in the box {box}")
    for ink in args.spot:
        if ink not in found or found[ink].max() < 0.02:
            faults.append(f"no plate {ink}; there are {sorted(found)}")
    for ink, box, below in args.overprints:
        if ink in found and below in found:
            both = (cut(found[ink], box) > 0.5) & (cut(found[below], box) > 0.5)
            if not both.any():
                faults.append(f"{ink} cuts {below} away in the box {box}")
        else:
            faults.append(f"no plates {ink} and {below}; there are {sorted(found)}")

if args.totals:
    seen = fullest(len(pikepdf.open(args.file).pages))
    with open(args.totals, encoding="utf-8-sig") as notes:
        rows = [r for r in csv.DictReader(notes) if r["code"] == "ink-limit"]
    told = {int(r["box"].split()[1]): float(re.search(r"[\d.]+", r["class"]).group()) for r in rows}
    if not told:
        faults.append("the notes tell nothing of ink")
    for page, percent in sorted(told.items()):
        compare(f"page {page}", percent, seen[page])
    for page, percent in seen.items():
        if page not in told and percent > 104:
            faults.append(f"page {page} has {percent:.1f} % and is not told")
if args.most is not None:
    count = args.pages or len(pikepdf.open(args.file).pages)
    compare("the fullest page", args.most, max(fullest(count).values()))

for fault in faults:
    print("FAIL ", fault)
print(f"{os.path.basename(args.file)}: plates {', '.join(sorted(found))}; {'as they should be' if not faults else f'{len(faults)} faults'}")
sys.exit(1 if faults else 0)
