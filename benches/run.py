#!/usr/bin/env python3
"""Times the whole product on the benchmark postcard: campaign file, CSV, Tera, HTML and CSS, layout, PDF.

usage: benches/run.py [--postcard DIR] [--sizes 1000,10000,100000,1000000] [--threads 1] [--runs 3]
                      [--font FILE#FACE]... [--peer reportlab] [--peers DIR] [--side-by-side] [--short]

DIR holds make_data.py of the benchmark postcard (default: ../shared/bench/postcard beside the checkout); it needs
PyPI's pillow. For each size the release binary runs as a process of its own; CPU seconds (user + system) and the
peak resident memory are what the kernel counted for it. Rates leave start-up out: (CPU at N - CPU at 100) / (N - 100).
--peer runs that peer over the same records in the same minute and prints the ratio. --font sets
the whole card in another font instead of BIZ UDPGothic, for example
--font "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc#Noto Sans CJK JP" (give its bold face by a second --font).
--side-by-side compares one run
with two threads with two one-thread runs at the same time."""
import argparse, hashlib, json, os, resource, shutil, statistics, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
ap = argparse.ArgumentParser()
ap.add_argument("--postcard", default=os.path.join(ROOT, "..", "shared", "bench", "postcard"))
ap.add_argument("--peers", default=os.path.join(ROOT, "..", "shared", "bench", "peers"))
ap.add_argument("--sizes", default="1000,10000,100000,1000000")
ap.add_argument("--threads", type=int, default=1)
ap.add_argument("--runs", type=int, default=3)
ap.add_argument("--font", action="append", default=[])
ap.add_argument("--peer")
ap.add_argument("--side-by-side", action="store_true")
ap.add_argument("--short", action="store_true", help="1,000 and 10,000 pieces, one run each, for CI")
ap.add_argument("--work", default=os.path.join(ROOT, "target", "bench"))
args = ap.parse_args()
if args.short:
    args.sizes, args.runs = "1000,10000", 1
sizes = [int(s) for s in args.sizes.split(",")]
exe = os.path.join(ROOT, "target", "release", "surimono" + (".exe" if os.name == "nt" else ""))

make = os.path.join(args.postcard, "make_data.py")
if not os.path.exists(make):
    print(f"skipped: the benchmark postcard's make_data.py is not in {args.postcard} (see --postcard)")
    sys.exit(0)
subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
data = os.path.join(args.work, "data")
wanted = [n for n in sorted({100, *sizes}) if not os.path.exists(os.path.join(data, f"records-{n}.csv"))]
if wanted:
    print(f"making records: {wanted}", flush=True)
    subprocess.run([sys.executable, make, data, *map(str, wanted)], check=True)


def campaign(n, copy=""):
    """A campaign folder for n records."""
    folder = os.path.join(args.work, f"campaign-{n}{copy}")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(HERE, "postcard"), folder)
    os.makedirs(os.path.join(folder, "data"))
    os.link(os.path.join(data, f"records-{n}.csv"), os.path.join(folder, "data", "records.csv"))
    shutil.copytree(os.path.join(data, "img"), os.path.join(folder, "data", "img"))
    if args.font:
        folders = sorted({os.path.dirname(os.path.abspath(f)) for f in args.font})
        faces = [os.path.basename(f) for f in args.font]
        with open(os.path.join(folder, "campaign.toml"), "a") as toml:
            toml.write(f"\n[fonts]\nfolders = {json.dumps(folders)}\nfamilies = {{ bench = {json.dumps(faces)} }}\n")
        css = os.path.join(folder, "template", "postcard.css")
        with open(css) as f:
            style = f.read()
        if '"BIZ UDPGothic"' not in style:
            sys.exit("the card names its font in another way than --font knows")
        with open(css, "w") as f:
            f.write(style.replace('"BIZ UDPGothic"', '"bench"'))
    return folder


def start(folder, threads):
    out = os.path.join(folder, "out")
    shutil.rmtree(out, ignore_errors=True)
    return subprocess.Popen([exe, "run", os.path.join(folder, "campaign.toml"), "--threads", str(threads), "--force"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait(process):
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"the run ended with exit code {process.returncode}")
    return used


def once(folder, threads):
    t = time.monotonic()
    used = wait(start(folder, threads))
    return used.ru_utime + used.ru_stime, time.monotonic() - t, used.ru_maxrss / 1024


def file_bytes(folder):
    return os.path.getsize(os.path.join(folder, "out", "bench.pdf"))


folders = {n: campaign(n) for n in {100, *sizes}}
base = [once(folders[100], args.threads) for _ in range(max(3, args.runs))]
base_cpu, base_bytes = statistics.median(c for c, _, _ in base), file_bytes(folders[100])
print(f"start-up with 100 pieces: {base_cpu * 1000:.0f} ms CPU, {statistics.median(w for _, w, _ in base) * 1000:.0f} ms wall")
print(f"{'pieces':>9} {'CPU s':>8} {'wall s':>8} {'µs/piece':>9} {'pieces/s per core':>18} {'peak MiB':>9} {'bytes/further piece':>20}")
for n in sizes:
    runs = [once(folders[n], args.threads) for _ in range(args.runs if n <= 100_000 else 1)]
    cpu, wall, peak = (statistics.median(r[i] for r in runs) for i in range(3))
    per = (cpu - base_cpu) / (n - 100)
    print(f"{n:>9,} {cpu:>8.2f} {wall:>8.2f} {per * 1e6:>9.1f} {1 / per:>18,.0f} {peak:>9.1f} {(file_bytes(folders[n]) - base_bytes) / (n - 100):>20,.0f}", flush=True)

if args.side_by_side:
    n = 100_000 if 100_000 in folders else sizes[-1]
    twins = [campaign(n, "-a"), campaign(n, "-b")]
    one, two = [], []
    for _ in range(args.runs):
        t = time.monotonic()
        processes = [start(f, 1) for f in twins]
        for p in processes:
            wait(p)
        two.append(2 * n / (time.monotonic() - t))
        t = time.monotonic()
        wait(start(folders[n], 2))
        one.append(n / (time.monotonic() - t))
    a, b = statistics.median(one), statistics.median(two)
    print(f"one run with two threads: {a:,.0f} pieces/s; two one-thread runs side by side: {b:,.0f} pieces/s; ratio {a / b:.3f}")

if args.peer:
    # The peers read their pictures from ../postcard/img beside them.
    peers = os.path.join(args.work, "peers")
    shutil.rmtree(peers, ignore_errors=True)
    shutil.copytree(args.peers, peers)
    os.makedirs(os.path.join(args.work, "postcard"), exist_ok=True)
    shutil.copytree(os.path.join(data, "img"), os.path.join(args.work, "postcard", "img"), dirs_exist_ok=True)
    script = os.path.join(peers, f"peer_{args.peer}.py")
    n = min(s for s in sizes if s >= 1000)

    def peer(count):
        used0 = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, script, os.path.join(data, f"records-{count}.csv"), os.path.join(args.work, "peer.pdf")],
                       check=True, stdout=subprocess.DEVNULL, cwd=args.work)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime - used0.ru_utime - used0.ru_stime

    ours, theirs = [], []
    for _ in range(args.runs):  # turn by turn, so that both see the same machine
        ours.append((once(folders[n], 1)[0] - base_cpu) / (n - 100))
        theirs.append((peer(n) - peer(100)) / (n - 100))
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"{args.peer}: {1 / b:,.0f} pieces/s per core; surimono {1 / a:,.0f}; ratio {b / a:.1f}")
