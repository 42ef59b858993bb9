#!/usr/bin/env python3
"""Two back ends that share no drawing code must draw the same pages: PDFium draws both files, and the pictures are compared.

usage: compare_backends.py OURS.pdf SECOND.pdf [--dpi 100] [--tolerance 48] [--share 0.05] [--save DIR]

Both files hold the same pieces (`surimono proof`, without and with `--backend printpdf`). A pixel is unlike when no pixel at most
one place away in the other picture is within TOLERANCE of 255 of it in every channel: edges may be smoothed differently, a
missing, moved or wrongly coloured thing may not. A page fails when SHARE per cent of its pixels or more are unlike: sound pages of
the sample campaigns have 0.013 at most, a postcard's front without a number of seven digits in small type has 0.065.
With --save, the pictures of pages that fail are kept in DIR, with what is unlike in red.
Prints a line a page and the closing line "N passed, N failed"; exits 1 when one failed. Needs PyPI's pypdfium2, numpy, Pillow."""
import argparse, os, sys

import numpy as np
import pypdfium2
from PIL import Image

ap = argparse.ArgumentParser()
ap.add_argument("ours")
ap.add_argument("second")
ap.add_argument("--dpi", type=float, default=100)
ap.add_argument("--tolerance", type=int, default=48)
ap.add_argument("--share", type=float, default=0.05)
ap.add_argument("--save")
args = ap.parse_args()

passed, failed = 0, 0


def judge(what, fault, note=""):
    global passed, failed
    passed, failed = passed + (not fault), failed + bool(fault)
    print(("FAIL  " if fault else "ok    ") + what + f"  ({fault or note})", flush=True)


def seen(page):
    """What can be seen of the page. Both files begin at the origin; PDFium's own boxes miss what the page tree hands down."""
    return (0, 0, *page.get_size())


def size(box):
    return (box[2] - box[0], box[3] - box[1])


def picture(page, margin):
    """The page's trim box and `margin` points around it."""
    left, bottom, right, top = page.get_trimbox()
    shown = seen(page)
    crop = (left - margin - shown[0], bottom - margin - shown[1], shown[2] - right - margin, shown[3] - top - margin)
    crop = tuple(max(0.0, round(c, 3)) for c in crop)
    pixels = page.render(scale=args.dpi / 72, crop=crop, draw_annots=False).to_pil().convert("RGB")
    return np.asarray(pixels, dtype=np.int16)


def margin(page):
    """How far the page can be seen beyond its trim."""
    trim, shown = page.get_trimbox(), seen(page)
    return max(0.0, min(trim[0] - shown[0], trim[1] - shown[1], shown[2] - trim[2], shown[3] - trim[3]))


def unlike(a, b):
    """Pixels of `a` that nothing near in `b` is like."""
    height, width, _ = a.shape
    padded = np.pad(b, ((1, 1), (1, 1), (0, 0)), mode="edge")
    like = np.zeros((height, width), dtype=bool)
    for y in range(3):
        for x in range(3):
            like |= (np.abs(a - padded[y:y + height, x:x + width]) <= args.tolerance).all(axis=2)
    return ~like


def difference(a, b):
    """A mask of what is unlike; the pictures may differ by one pixel in size, for lengths are rounded."""
    height, width = min(a.shape[0], b.shape[0]), min(a.shape[1], b.shape[1])
    a, b = a[:height, :width], b[:height, :width]
    return unlike(a, b) | unlike(b, a)


ours, second = pypdfium2.PdfDocument(args.ours), pypdfium2.PdfDocument(args.second)
judge("both files have the same number of pages", len(ours) != len(second) and f"{len(ours)} and {len(second)}", f"{len(ours)}")

worst, last = 0.0, None
for n in range(min(len(ours), len(second))):
    a, b = ours[n], second[n]
    trims = [size(p.get_trimbox()) for p in (a, b)]
    if any(abs(x - y) > 0.05 for x, y in zip(*trims)):
        judge(f"page {n + 1}", f"trim sizes {trims[0]} and {trims[1]}")
        continue
    around = min(margin(a), margin(b))
    a, b = picture(a, around), picture(b, around)
    if max(abs(a.shape[0] - b.shape[0]), abs(a.shape[1] - b.shape[1])) > 1:
        judge(f"page {n + 1}", f"pictures of {a.shape[1]}×{a.shape[0]} and {b.shape[1]}×{b.shape[0]} pixels")
        continue
    mask = difference(a, b)
    share = 100 * mask.mean()
    worst = max(worst, share)
    judge(f"page {n + 1}", share >= args.share and f"{share:.3f} % of the pixels are unlike", f"{share:.3f} % unlike, {around:.1f} pt around the trim")
    if share >= args.share and args.save:
        os.makedirs(args.save, exist_ok=True)
        red = a[:mask.shape[0], :mask.shape[1]].copy()
        red[mask] = (255, 0, 0)
        for name, pixels in (("ours", a), ("second", b), ("unlike", red)):
            Image.fromarray(pixels.astype(np.uint8)).save(os.path.join(args.save, f"page{n + 1}-{name}.png"))
    last = (a, b)

# The measure must be able to fail: the first page of one file is not the last page of the other.
if last is not None and len(ours) > 1:
    share = 100 * difference(picture(ours[0], 0), picture(second[len(second) - 1], 0)).mean()
    judge("the measure tells two different pages apart", share < args.share and f"only {share:.3f} % unlike", f"{share:.1f} % unlike")

print(f"{passed} passed, {failed} failed; worst page {worst:.3f} % unlike (limit {args.share} %)")
sys.exit(1 if failed else 0)
