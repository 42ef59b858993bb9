#!/usr/bin/env python3
"""What it is worth to a RIP that pictures and forms are in the file once: Ghostscript and MuPDF draw the sample campaign as
it is written, and the same pages with every picture and form copied for each page that draws it.

usage: benches/rip.py [--campaign sample-data/autumn-dm/campaign.toml] [--pieces 1000] [--dpi 300] [--exe PATH] [--work DIR]

Needs Ghostscript, MuPDF's mutool and PyPI's pikepdf. Fonts stay shared in both files. CPU seconds (user + system) are what the kernel
counted; the pixels (CMYK) go nowhere, and the first pages of both files are compared."""
import argparse, hashlib, os, shutil, subprocess, sys

import pikepdf

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ap = argparse.ArgumentParser()
ap.add_argument("--campaign", default=os.path.join(ROOT, "sample-data", "autumn-dm", "campaign.toml"))
ap.add_argument("--pieces", type=int, default=1000)
ap.add_argument("--dpi", type=int, default=300)
ap.add_argument("--exe", default=os.path.join(ROOT, "target", "release", "surimono"))
ap.add_argument("--work", default=os.path.join(ROOT, "target", "rip"))
args = ap.parse_args()

shutil.rmtree(args.work, ignore_errors=True)
os.makedirs(args.work)
made = os.path.join(args.work, "out")
subprocess.run([args.exe, "run", args.campaign, "--out", made], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
shared, repeated = os.path.join(args.work, "shared.pdf"), os.path.join(args.work, "repeated.pdf")


def pages_of(pieces):
    """Pages of the first so many pieces, by the manifest."""
    import csv
    with open(os.path.join(made, "manifest.csv"), encoding="utf-8-sig", newline="") as f:
        printed = [row for row in csv.DictReader(f) if row["outcome"] == "printed"]
    if len(printed) < pieces:
        sys.exit(f"the campaign prints {len(printed)} pieces only")
    return int(printed[pieces - 1]["last_page"])


source = [f for f in os.listdir(made) if f.endswith(".pdf")]
pages = pages_of(args.pieces)
with pikepdf.open(os.path.join(made, source[0])) as pdf:
    del pdf.pages[pages:]
    pdf.save(shared)

copies = 0


def copied(pdf, stream):
    """A copy of a picture or form, with copies of all that it draws."""
    global copies
    copies += 1
    new = pdf.make_stream(stream.read_raw_bytes())
    for key, value in stream.items():
        if key not in ("/Length",):
            new[key] = value
    if "/SMask" in new:
        new["/SMask"] = copied(pdf, new["/SMask"])
    if "/Resources" in new:
        new["/Resources"] = own(pdf, new["/Resources"])
    return new


def own(pdf, resources):
    out = pikepdf.Dictionary(dict(resources.items()))
    if "/XObject" in out:
        out["/XObject"] = pikepdf.Dictionary({name: copied(pdf, x) for name, x in out["/XObject"].items()})
    return out


with pikepdf.open(shared) as pdf:
    for page in pdf.pages:
        page.obj["/Resources"] = own(pdf, page.obj["/Resources"])
    pdf.save(repeated)


GS = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pamcmyk32", f"-r{args.dpi}"]


def first_pages(path):
    """The digest of what the first pages look like."""
    p = subprocess.run([*GS, "-dLastPage=4", "-sOutputFile=-", path], capture_output=True, check=True)
    return hashlib.sha256(p.stdout).hexdigest()


def seconds(*command):
    """CPU seconds of a process and those that it starts."""
    p = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        sys.exit(f"{command[0]} ended with {p.returncode}")
    return used.ru_utime + used.ru_stime


if first_pages(shared) != first_pages(repeated):
    sys.exit("the two files do not show the same")
print(f"{args.pieces:,} pieces, {pages:,} pages at {args.dpi} dpi; {copies:,} copies of pictures and forms")
sizes = [os.path.getsize(p) for p in (shared, repeated)]
print(f"bytes: {sizes[0]:,} shared, {sizes[1]:,} repeated, ratio {sizes[1] / sizes[0]:.1f}", flush=True)
for name, command in (("Ghostscript", [*GS, "-sOutputFile=/dev/null"]), ("MuPDF", ["mutool", "draw", "-q", "-r", str(args.dpi), "-c", "cmyk", "-F", "pam", "-o", "/dev/null"])):
    a, b = (seconds(*command, path) for path in (shared, repeated))
    print(f"{name}: {1000 * a / pages:.1f} ms CPU a page shared, {1000 * b / pages:.1f} ms repeated, ratio {b / a:.2f}", flush=True)
