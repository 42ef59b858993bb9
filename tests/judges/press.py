#!/usr/bin/env python3
"""Outside judges of what a press needs: PDF/X-4, PDF/VT-1, inks.

usage: press.py PDF... [--vt] [--checker check_pdfx_vt.py] [--max-pages N] [--black PAGES] [--preflight] [--pictures N]

Each PDF is looked at by qpdf, poppler and the checker (all of its rules). --black says on which pages (counted from 1)
there is nothing but black: Ghostscript's separations must have no cyan, magenta or yellow there. --preflight asks
PDFBox (Debian's libpdfbox2-java, libactivation-java, libjaxb-api-java and a Java) and counts what it says of syntax and fonts;
its other rules are those of PDF/A. --pictures N draws N pages by PDFium and by MuPDF and compares them.
Prints one line per judge and the closing line "N passed, N failed"; exits 1 when one failed."""
import argparse, glob, os, re, subprocess, sys, tempfile

ap = argparse.ArgumentParser()
ap.add_argument("pdf", nargs="+")
ap.add_argument("--vt", action="store_true")
ap.add_argument("--checker")
ap.add_argument("--max-pages", type=int, default=0)
ap.add_argument("--black", default="")
ap.add_argument("--preflight", action="store_true")
ap.add_argument("--pictures", type=int, default=0)
args = ap.parse_args()

passed, failed = [], []


def judge(what, faults, note=""):
    faults = list(faults)
    (failed if faults else passed).append(what)
    print(("FAIL  " if faults else "ok    ") + what + (f"  ({note})" if note and not faults else ""), flush=True)
    for f in faults[:5]:
        print("      " + str(f))
    if len(faults) > 5:
        print(f"      … and {len(faults) - 5} more")


def run(*command):
    p = subprocess.run(command, capture_output=True)
    return p.returncode, p.stdout.decode("utf-8", "replace"), p.stderr.decode("utf-8", "replace")


def preflight(pdf):
    """What PDFBox says of syntax (1.x) and fonts (3.x)."""
    jars = ["pdfbox2", "fontbox2", "preflight", "xmpbox", "commons-logging", "commons-io", "javax.activation", "jaxb-api"]
    path = ":".join(p for p in (f"/usr/share/java/{j}.jar" for j in jars) if os.path.exists(p))
    rc, out, err = run("java", "-Xmx1g", "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", pdf)
    codes = re.findall(r"^\s*(\d+(?:\.\d+)*)\s*:\s*(.*)$", out + err, re.M)
    if not codes and "is a valid PDF/A-1b" not in out:
        return [f"it could not be asked: {(err or out).strip()[-300:]}"], 0
    # Not in PDF/A-1, which is PDF 1.4, and no fault elsewhere: tables of objects as streams; fonts without a CIDSet.
    elsewhere = ("/XRef cross reference streams", "CIDSet entry is missing")
    bad = [f"{code}: {words}" for code, words in codes if code.split(".")[0] in ("1", "3") and not any(e in words for e in elsewhere)]
    return bad, len(codes) - len(bad)


def separations(pdf, page):
    """Ink on each of the four plates of a page, as a share of the whole page."""
    from PIL import Image, ImageChops
    import numpy
    with tempfile.TemporaryDirectory() as folder:
        rc, out, err = run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=tiffsep", "-r150", f"-dFirstPage={page}", f"-dLastPage={page}",
                           f"-sOutputFile={folder}/p.tif", pdf)
        ink = {}
        for f in glob.glob(f"{folder}/p*(*).tif"):
            name = re.search(r"\(([^)]*)\)\.tif$", f).group(1)
            ink[name] = float((255 - numpy.asarray(Image.open(f).convert("L"), dtype=float)).mean() / 255)
        return ink, err


def apart(a, b):
    """How far two pictures of a page lie apart: the share of pixels, after a blur, that differ by more than a third."""
    from PIL import ImageChops, ImageFilter
    import numpy
    a, b = (i.convert("L").filter(ImageFilter.GaussianBlur(2)) for i in (a, b.resize(a.size)))
    return float((numpy.asarray(ImageChops.difference(a, b)) > 85).mean())


for pdf in args.pdf:
    name = os.path.basename(pdf)
    rc, out, err = run("qpdf", "--check", pdf)
    judge(f"qpdf --check {name}", [out.splitlines()[-1:] + [err]] if rc else [])
    rc, out, err = run("pdfinfo", pdf)
    pages = int(re.search(r"Pages:\s+(\d+)", out).group(1))
    judge(f"pdfinfo: {name} is PDF/X-4", [] if re.search(r"PDF subtype:\s+PDF/X-4", out) else [out], f"{pages} pages")
    if args.checker:
        command = [sys.executable, args.checker, *(["--vt"] if args.vt else []), *(["--max-pages", str(args.max_pages)] if args.max_pages else []), pdf]
        rc, out, err = run(*command)
        lines = out.splitlines()
        bad = [l for l in lines if l.startswith("FAIL")] + ([err[-300:]] if rc == 2 else [])
        judge(f"check_pdfx_vt.py{' --vt' if args.vt else ''} {name}", bad, lines[-1].strip("- ") if lines else "")
    for page in [int(p) for p in args.black.split(",") if p]:
        ink, err = separations(pdf, page)
        bad = [f"{plate}: {ink.get(plate, 'no such plate')}" for plate in ("Cyan", "Magenta", "Yellow") if ink.get(plate, 1) != 0]
        bad += [] if ink.get("Black", 0) > 0 else [f"no black at all: {ink} {err}"]
        judge(f"tiffsep: page {page} of {name} is black ink alone", bad, f"{100 * ink.get('Black', 0):.2f} % of it black")
    if args.preflight:
        bad, codes = preflight(pdf)
        judge(f"PDFBox preflight: syntax and fonts of {name}", bad, f"{codes} remarks on other things")
    if args.pictures:
        import io
        import pypdfium2
        from PIL import Image
        doc = pypdfium2.PdfDocument(pdf)
        step = max(1, len(doc) // args.pictures)
        far, most = [], 0.0
        for at in range(0, len(doc), step)[:args.pictures]:
            ours = doc[at].render(scale=100 / 72).to_pil()
            p = subprocess.run(["mutool", "draw", "-q", "-r", "100", "-F", "png", "-o", "-", pdf, str(at + 1)], capture_output=True)
            share = apart(ours, Image.open(io.BytesIO(p.stdout)))
            most = max(most, share)
            if share > 0.002:
                far.append(f"page {at + 1}: {100 * share:.2f} % of its pixels differ")
        doc.close()
        judge(f"PDFium and MuPDF draw the same pages of {name}", far, f"{args.pictures} pages, at most {100 * most:.3f} % of the pixels differ")

print(f"{len(passed)} passed, {len(failed)} failed")
sys.exit(1 if failed else 0)
