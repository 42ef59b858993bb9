#!/usr/bin/env python3
"""Outside judges: programs that share no code with Surimono look at what it made.

usage: judge.py OUT_DIR [--customers CSV --encoding ENC --key COLUMN --name COLUMN] [--codes N] [--checker check_pdfx_vt.py]

OUT_DIR holds the PDF files and manifest.csv of one run. Needs Debian's qpdf and poppler-utils, PyPI's zxing-cpp,
pypdfium2 and Pillow, and (for --checker) pikepdf. Prints one line per judge and the closing line
"N passed, N failed"; exits 1 when one failed."""
import argparse, csv, glob, json, os, re, subprocess, sys, unicodedata

ap = argparse.ArgumentParser()
ap.add_argument("out")
ap.add_argument("--customers")
ap.add_argument("--encoding", default="cp932")
ap.add_argument("--key", default="customer_id")
ap.add_argument("--name", default="name")
ap.add_argument("--codes", type=int, default=200)
ap.add_argument("--checker")
args = ap.parse_args()

passed, failed = [], []


def judge(what, faults, note=""):
    faults = list(faults)
    (failed if faults else passed).append(what)
    print(("FAIL  " if faults else "ok    ") + what + (f"  ({note})" if note and not faults else ""))
    for f in faults[:5]:
        print("      " + str(f))
    if len(faults) > 5:
        print(f"      … and {len(faults) - 5} more")


def run(*command):
    p = subprocess.run(command, capture_output=True)
    return p.returncode, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")


pdfs = sorted(glob.glob(os.path.join(args.out, "*.pdf")))
judge("there are PDF files", [] if pdfs else [f"none in {args.out}"], f"{len(pdfs)}")

with open(os.path.join(args.out, "manifest.csv"), encoding="utf-8-sig", newline="") as f:
    manifest = list(csv.DictReader(f))
printed = [m for m in manifest if m["outcome"] == "printed"]
judge("the manifest names printed pieces", [] if printed else ["none"], f"{len(printed)} of {len(manifest)} rows")
leftovers = glob.glob(os.path.join(args.out, "*.partial"))
judge("nothing half-written is left", leftovers)

with open(os.path.join(args.out, "manifest.json"), encoding="utf-8") as f:
    whole = json.load(f)
t = whole["totals"]
parts = t["printed"] + t["held_out"] + t["suppressed"] + t["over_budget"] + t["rejected"]
judge("the books close", [] if t["read"] == parts == len(manifest) else [f"read {t['read']}, parts {parts}, rows {len(manifest)}"],
      f"read {t['read']} = printed {t['printed']} + held out {t['held_out']} + suppressed {t['suppressed']} + over budget {t['over_budget']} + rejected {t['rejected']}")

# qpdf: syntax, streams, object streams, xref streams.
judge("qpdf --check", [f"{p}: {o.splitlines()[-1:]} {e}" for p in pdfs for rc, o, e in [run("qpdf", "--check", p)] if rc != 0])

# poppler: all fonts embedded, subset, with ToUnicode.
faults, fonts = [], 0
for p in pdfs:
    rc, out, err = run("pdffonts", p)
    rows = out.splitlines()[2:]
    fonts += len(rows)
    if rc or err.strip() or not rows:
        faults.append(f"{p}: {err.strip() or 'no fonts'}")
    for row in rows:
        emb, sub, uni = row.split()[-5:-2]
        if (emb, sub, uni) != ("yes", "yes", "yes"):
            faults.append(f"{p}: {row}")
judge("pdffonts: embedded, subset, with ToUnicode", faults, f"{fonts} fonts")

# poppler: boxes.
faults = []
for p in pdfs:
    _, out, _ = run("pdfinfo", "-box", p)
    box = {k: [float(x) for x in v.split()] for k, v in re.findall(r"(MediaBox|BleedBox|TrimBox):\s+([\d. -]+)", out)}
    # slips go to the desk's printer: sheets without a bleed
    cut = os.path.basename(p) == "slips.pdf"
    if len(box) < 3 or not all(a <= b for a, b in zip(box["BleedBox"][:2], box["TrimBox"][:2])) or (box["TrimBox"] == box["MediaBox"]) != cut:
        faults.append(f"{p}: {box}")
judge("pdfinfo: trim inside bleed inside media", faults)


def flat(text):
    """Without blanks, and with the shapes that one glyph may stand for made one."""
    return "".join(unicodedata.normalize("NFKC", text).split())


# poppler: each record's name can be found as text on its own pages.
if args.customers:
    with open(args.customers, "rb") as f:
        raw = f.read()
    names = {}
    rows = csv.reader(raw.decode(args.encoding, "replace").lstrip("\ufeff").splitlines())
    header = next(rows)
    for number, row in enumerate(rows, start=2):
        if len(row) == len(header):
            names[number] = dict(zip(header, row))[args.name]
    texts = {}
    for p in pdfs:
        _, out, _ = run("pdftotext", "-enc", "UTF-8", p, "-")
        texts[os.path.basename(p)] = out.split("\f")
    missing = []
    for m in printed:
        pages = texts[m["file"]][int(m["first_page"]) - 1:int(m["last_page"])]
        if flat(names[int(m["source_row"])]) not in flat("".join(pages)):
            missing.append(f"row {m['source_row']}: its name is not on pages {m['first_page']}-{m['last_page']} of {m['file']}")
    judge("pdftotext finds each record's name on its pages", missing, f"{len(printed)} records")


def over(a, b):
    """Whether the middle of one symbol lies within another."""
    def corners(s):
        p = s.position
        return [(c.x, c.y) for c in (p.top_left, p.top_right, p.bottom_right, p.bottom_left)]
    x, y = (sum(c[i] for c in corners(a)) / 4 for i in (0, 1))
    xs, ys = zip(*corners(b))
    return min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)


# zxing-cpp over PDFium's pixels: every QR says what the manifest says.
if args.codes:
    import pypdfium2, zxingcpp
    with_code = [m for m in printed if m.get("url")]
    step = max(1, len(with_code) // args.codes)
    chosen = with_code[::step][:args.codes]
    wrong, docs = [], {}
    for m in chosen:
        doc = docs.setdefault(m["file"], pypdfium2.PdfDocument(os.path.join(args.out, m["file"])))
        found = set()
        for page in range(int(m["first_page"]) - 1, int(m["last_page"])):
            image = doc[page].render(scale=300 / 72).to_pil().convert("L")
            read = zxingcpp.read_barcodes(image)
            is_ean = [b.format == zxingcpp.BarcodeFormat.EAN13 for b in read]
            # what the till reads is a number for use within the shop
            till = [b for b, ean in zip(read, is_ean) if ean and "20" <= b.text[:2] <= "29"]
            for b, ean in zip(read, is_ean):
                # at 300 dpi the reader now and then takes the same bars backwards for another number
                if not (ean and any(over(b, t) for t in till)):
                    found.add(b.text)
        if found != {m["url"]}:
            wrong.append(f"row {m['source_row']}: decoded {sorted(found)}, manifest says {m['url']}")
    if not chosen:
        wrong.append("the manifest has no url to compare with")
    judge("zxing-cpp decodes the QR of each piece to the manifest's URL", wrong, f"{len(chosen)} pieces at 300 dpi")

# The independent checker: all of its rules on PDF/X-4; things drawn twice or not shared are faults too.
if args.checker:
    for p in pdfs:
        rc, out, err = run(sys.executable, args.checker, "--max-pages", "400", p)
        lines = [line.strip() for line in out.splitlines()]
        bad = [line for line in lines if line.startswith("FAIL") or re.match(r"warn\s+S\.", line)]
        if rc == 2 or not lines:
            bad.append(err or out)
        rules = sum(line.startswith("ok") for line in lines)
        judge(f"check_pdfx_vt.py: PDF/X-4 and sharing of {os.path.basename(p)}", bad, f"{rules} rules")

print(f"{len(passed)} passed, {len(failed)} failed")
sys.exit(1 if failed else 0)
