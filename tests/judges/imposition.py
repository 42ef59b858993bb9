#!/usr/bin/env python3
"""Outside judges of sheets: does each place hold what the map says?

usage: imposition.py RUN [--checker check_pdfx_vt.py] [--vt] [--sheets N] [--words pieces|names]
       imposition.py --integrity datamatrix|omr PDF MANIFEST [--job N] [--place EDGE INSET FROM]

RUN is the output folder of a run with [output.impose]. For N sheets of every map, spread evenly, poppler reads the text at
each place of each side, and it must be the text of the page that the map names (read from the run's own file); the back of a
place lies behind its front; places stay empty only at the end of the job; boxes are the sheet; PDFium and MuPDF draw the same.
With --integrity the marks of all pages are read back: Data Matrix by zxing-cpp, OMR lines from the rendered page."""
import argparse, csv, glob, json, os, re, subprocess, sys

ap = argparse.ArgumentParser()
ap.add_argument("run")
ap.add_argument("manifest", nargs="?")
ap.add_argument("--checker")
ap.add_argument("--vt", action="store_true")
ap.add_argument("--sheets", type=int, default=12)
ap.add_argument("--integrity")
ap.add_argument("--job", type=int, default=0)
ap.add_argument("--place", nargs=3, default=["right", "5", "30"])
args = ap.parse_args()
passed, failed = [], []


def judge(what, faults, note=""):
    faults = list(faults)
    (failed if faults else passed).append(what)
    print(("FAIL  " if faults else "ok    ") + what + (f"  ({note})" if note and not faults else ""), flush=True)
    for f in faults[:5]:
        print("      " + str(f))


def run(*command):
    p = subprocess.run(command, capture_output=True)
    return p.returncode, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")


def text(pdf, page, box=None, turn=0):
    """The letters on a page, or of a box on it (pixels at 72 dpi): sorted, so that it does not matter how they lie."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-f", str(page), "-l", str(page)]
    if box:
        x, y, w, h = (round(v) for v in box)
        command += ["-r", "72", "-x", str(x), "-y", str(y), "-W", str(w), "-H", str(h)]
    return sorted(c for c in run(*command, pdf, "-")[1] if not c.isspace())


def sheets(folder):
    import pikepdf
    for name in sorted(glob.glob(os.path.join(folder, "sheets", "*.json"))):
        if os.path.basename(name) == "report.json":
            continue
        m = json.load(open(name))
        stem = os.path.basename(name)[:-5]
        pdf = os.path.join(folder, "sheets", m["file"]["name"])
        mm = 72 / 25.4
        W, H = m["sheet"]["width"], m["sheet"]["height"]
        places = {(p["side"], p["place"]): p for p in m["places"]}
        up = m["up"][0] * m["up"][1]
        sides = m["sheets"]

        wrong = []
        for p in (p for p in m["places"] if p["side"] == "back"):
            f = places["front", p["place"]]
            across = abs(W - f["x"] - f["width"] - p["x"]) < 0.02 and abs(f["y"] - p["y"]) < 0.02
            down = abs(H - f["y"] - f["height"] - p["y"]) < 0.02 and abs(f["x"] - p["x"]) < 0.02
            if not (across or down):
                wrong.append(f"place {p['place']}: {p} is not behind {f}")
        fronts = [s for s in sides if s["side"] == "front"]
        backs = {s["sheet"]: s for s in sides if s["side"] == "back"}
        for s in fronts:
            b = backs.get(s["sheet"])
            if b and [(p["place"], p["number"], p["piece"]) for p in s["placed"]] != [(p["place"], p["number"], p["piece"]) for p in b["placed"]]:
                wrong.append(f"sheet {s['sheet']}: its back holds other pieces than its front")
        judge(f"{stem}: fronts and backs lie on each other", wrong, f"{len(fronts)} sheets")

        # cut and stack: the piles under the places, one after the other, are the job
        job = [n for place in range(1, up + 1) for n in [next((p["number"] for p in s["placed"] if p["place"] == place), None) for s in fronts]]
        blank = next((i for i, n in enumerate(job) if n is None), len(job))
        first = job[0] if job else 1
        wrong = [] if job[:blank] == list(range(first, first + blank)) else ["the piles are not the job in its order"]
        wrong += ["a place is empty in the middle of the job"] if any(n is not None for n in job[blank:]) else []
        judge(f"{stem}: the piles are the job, empty places at its end", wrong, f"{blank} pieces, {len(job) - blank} empty")

        with open(os.path.join(folder, "manifest.csv"), newline="", encoding="utf-8") as f:
            rows = {r["piece"]: r for r in csv.DictReader(f) if r["outcome"] == "printed"}
        wrong = []
        for s in sides:
            for p in s["placed"]:
                r = rows.get(p["piece"])
                if not r or r["file"] != p["file"] or not int(r["first_page"]) <= p["page"] <= int(r["last_page"]) or int(r["source_row"]) != p["row"]:
                    wrong.append(f"sheet {s['sheet']} {s['side']} place {p['place']}: {p} is not {r}")
        judge(f"{stem}: pieces, pages and rows are those of the manifest", wrong)

        step = max(1, len(sides) // (2 * args.sheets))
        wrong, looked = [], 0
        for index in sorted(set(range(0, len(sides), step)) | {len(sides) - 1}):
            s = sides[index]
            for p in s["placed"]:
                q = places[s["side"], p["place"]]
                there = text(pdf, index + 1, [q["x"] * mm, q["y"] * mm, q["width"] * mm, q["height"] * mm])
                made = text(os.path.join(folder, p["file"]), p["page"])
                looked += 1
                if there != made:
                    wrong.append(f"sheet {s['sheet']} {s['side']} place {p['place']}: {''.join(there)[:40]} instead of {''.join(made)[:40]}")
        judge(f"{stem}: each place holds the page that the map names", wrong, f"{looked} places read")

        wrong = []
        with pikepdf.open(pdf) as doc:
            if len(doc.pages) != len(sides):
                wrong.append(f"{len(doc.pages)} pages, {len(sides)} sides")
            for i, page in enumerate(doc.pages):
                for key in ("/MediaBox", "/TrimBox", "/BleedBox"):
                    box = [float(v) for v in page[key]]
                    if max(abs(a - b) for a, b in zip(box, [0, 0, W * mm, H * mm])) > 0.05:
                        wrong.append(f"page {i + 1}: {key} {box}")
        judge(f"{stem}: boxes are the sheet", wrong)

        rc, out, err = run("qpdf", "--check", pdf)
        judge(f"{stem}: qpdf --check", [out.splitlines()[-1:] + [err]] if rc else [])
        if args.checker:
            rc, out, err = run(sys.executable, args.checker, pdf, *(["--vt"] if args.vt else []))
            judge(f"{stem}: {os.path.basename(args.checker)}{' --vt' if args.vt else ''}", [l for l in (out + err).splitlines() if l.startswith("FAIL")] if rc else [])
        judge(f"{stem}: PDFium and MuPDF draw the same sheet", pictures(pdf))


def pictures(pdf):
    import io, numpy, pypdfium2
    from PIL import Image, ImageChops, ImageFilter
    doc = pypdfium2.PdfDocument(pdf)
    for page in {0, len(doc) - 1}:
        a = doc[page].render(scale=60 / 72).to_pil().convert("L")
        p = subprocess.run(["mutool", "draw", "-q", "-F", "png", "-r", "60", "-o", "-", pdf, str(page + 1)], capture_output=True)
        b = Image.open(io.BytesIO(p.stdout)).convert("L").resize(a.size)
        a, b = (i.filter(ImageFilter.GaussianBlur(2)) for i in (a, b))
        apart = float((numpy.asarray(ImageChops.difference(a, b)) > 85).mean())
        if apart > 0.002:
            yield f"page {page + 1}: {apart:.2%} of it differs"


def integrity(pdf):
    """Every mark of the file against the manifest: which set, which leaf of so many, whether the set ends."""
    import numpy, pypdfium2
    with open(args.manifest, newline="", encoding="utf-8") as f:
        printed = [r for r in csv.DictReader(f) if r["outcome"] == "printed"]
    doc, wrong, read = pypdfium2.PdfDocument(pdf), [], 0
    name = os.path.basename(pdf)
    for sequence, r in enumerate(printed, 1):
        if r["file"] != name:
            continue
        fronts = list(range(int(r["first_page"]), int(r["last_page"]) + 1, 2))
        for page in range(int(r["first_page"]), int(r["last_page"]) + 1):
            leaf = fronts.index(page) + 1 if page in fronts else None
            scale = 300 / 72
            picture = doc[page - 1].render(scale=scale).to_pil()
            box = [float(v) for v in doc[page - 1].get_trimbox()]
            # our media boxes begin at 0; PDFium does not see that they are inherited
            corner = (box[0] * scale, (doc[page - 1].get_height() - box[3]) * scale)
            width, height = (box[2] - box[0]) * scale, (box[3] - box[1]) * scale
            if args.integrity == "datamatrix":
                import zxingcpp
                found = [b.text for b in zxingcpp.read_barcodes(picture) if b.format == zxingcpp.BarcodeFormat.DataMatrix]
                want = [f"{args.job:06}{sequence:08}{leaf:03}{len(fronts):03}{int(leaf == len(fronts))}"] if leaf else []
            else:
                grey = numpy.asarray(picture.convert("L"))
                edge, inset, start = args.place[0], float(args.place[1]) * 300 / 25.4, float(args.place[2]) * 300 / 25.4
                line = 8 * 300 / 25.4
                lines = []
                for n in range(10):
                    along = start + n * 50 + 0.25 * 300 / 25.4  # a sixth of an inch; the middle of the stroke
                    x = corner[0] + (width - inset - line / 2 if edge == "right" else inset + line / 2)
                    y = corner[1] + along
                    spot = grey[int(y) - 1:int(y) + 2, int(x) - 30:int(x) + 30]
                    lines.append(int(spot.mean() < 100))
                if leaf:
                    end, s = int(leaf == len(fronts)), sequence % 8
                    want = [1, 1, end, 0] + [s >> b & 1 for b in range(3)] + [leaf % 8 >> b & 1 for b in range(3)]
                    want[3] = sum(want) % 2
                else:
                    want = [0] * 10
                found = lines
            read += leaf is not None
            if found != want:
                wrong.append(f"page {page}: {found} instead of {want}")
    judge(f"{name}: {args.integrity} marks say which leaf this is", wrong, f"{read} marks read")


if args.integrity:
    integrity(args.run)
else:
    sheets(args.run)
print(f"{len(passed)} passed, {len(failed)} failed")
sys.exit(1 if failed or not passed else 0)
