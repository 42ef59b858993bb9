"""Makes symbols of every kind with the command line, rasterises them with PDFium at 300 dpi, decodes them with zxing-cpp, and
compares their bars with those of zint. Japan Post's are read by a reader of their own, if it is beside the checkout.

    barcodes.py SURIMONO [--count 200] [--customer-reader FILE] [--keep DIR]
"""

import argparse
import json
import math
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import zxingcpp
from PIL import Image

DPI = 300
SET_82 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!\"%&'*+,-./:;<=>?_"
CODE_39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
JAPANESE = "秋の味覚ご優待券お買物割引山田太郎様東京都渋谷区アイスクリーム鮮魚"

faults = 0


def judge(what, wrong, more=""):
    global faults
    wrong = list(wrong)
    faults += bool(wrong)
    print(f"{'FAIL' if wrong else 'ok  '} {what}{': ' + more if more else ''}")
    for line in wrong[:5]:
        print(f"       {line}")
    if len(wrong) > 5:
        print(f"       and {len(wrong) - 5} more")


def check_digit(digits):
    weights = ((3 if i % 2 == 0 else 1) for i, _ in enumerate(digits))
    return digits + str(-sum(int(d) * w for d, w in zip(reversed(digits), weights)) % 10)


class Values:
    """Seeded values, and what a reader should make of them."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def digits(self, least, most=None):
        return "".join(self.random.choice("0123456789") for _ in range(self.random.randint(least, most or least)))

    def of(self, letters, least, most):
        return "".join(self.random.choice(letters) for _ in range(self.random.randint(least, most)))

    def date(self):
        return f"26{self.random.randint(1, 12):02}{self.random.randint(0, 28):02}"

    def gs1(self):
        r = self.random
        article = "(01)" + check_digit(self.digits(13))
        return r.choice([
            lambda: article,
            lambda: article + "(10)" + self.of(SET_82, 1, 12),
            lambda: article + "(17)" + self.date(),
            lambda: article + "(21)" + self.digits(1, 12) + "(10)" + self.of(SET_82, 1, 4),
            lambda: article + "(3922)" + self.digits(3, 5),
            lambda: "(91)" + self.digits(5, 30),
            lambda: "(00)" + check_digit(self.digits(17)),
            lambda: "(10)" + self.of(SET_82, 1, 10) + "(17)" + self.date(),
        ])()

    def qr(self):
        r = self.random
        return r.choice([
            lambda: "https://example.jp/c/" + self.of("abcdef0123456789", 4, 40),
            lambda: self.digits(1, 60),
            lambda: self.of("ABC-/:. 0123", 1, 40).strip() or "A",
            lambda: self.of(JAPANESE + "0123AB", 1, 40),
            lambda: self.of("髙﨑𠮷①〜é€ab日", 1, 20),
        ])()

    def micro(self):
        r = self.random
        return r.choice([
            lambda: self.digits(1, 30),
            lambda: self.of("ABCXYZ0123$*:/", 1, 18),
            lambda: self.of("abcXYZ019", 1, 13),
            lambda: self.of(JAPANESE, 1, 6),
            lambda: self.of(JAPANESE + "019AB", 1, 5),
        ])()

    def code128(self):
        parts = [lambda: self.digits(2, 8), lambda: self.of(SET_82 + " ()#$", 1, 5), lambda: chr(self.random.choice([1, 9, 27, 31]))]
        weights = [4, 5, 1]
        return "".join(p() for p in self.random.choices(parts, weights, k=self.random.randint(1, 5)))[:24]

    def nw7(self):
        r = self.random
        return r.choice("ABCD") + self.digits(3, 10) + r.choice(["", "-", "$", ":", "/", ".", "+"]) + self.digits(2) + r.choice("ABCD")

    def japan_post(self):
        r = self.random
        number = "-".join(r.choice([self.digits(1, 4), self.of("ABKTUZ", 1, 1) + self.digits(1, 3)]) for _ in range(r.randint(1, 4)))
        return self.digits(7) + number


# kind: zxing's formats, zint's number (of those that have one), its options, ours for the same bars, the values
F = zxingcpp.BarcodeFormat
KINDS = {
    "qr": (F.QRCode, 58, ["--secure=2"], [], Values.qr),
    "gs1-qr": (F.QRCode, None, [], [], Values.gs1),
    "micro-qr": (F.MicroQRCode, 97, ["--secure=2"], [], Values.micro),
    "jan13": (F.EAN13, 13, [], [], lambda v: v.digits(12)),
    "jan8": (F.EAN8, 13, [], [], lambda v: v.digits(7)),
    "code128": (F.Code128, 20, [], [], Values.code128),
    "gs1-128": (F.Code128, 16, [], [], Values.gs1),
    "itf": (F.ITF, 3, [], ["--ratio", "3"], lambda v: "".join(v.digits(2) for _ in range(v.random.randint(3, 8)))),
    "itf14": (F.ITF, 89, [], ["--ratio", "3"], lambda v: v.digits(13)),
    "nw7": (F.Codabar, 18, [], ["--ratio", "2"], Values.nw7),
    "code39": (F.Code39Std, 8, [], ["--ratio", "2"], lambda v: v.of(CODE_39, 2, 12).strip() or "X1"),
    "databar-expanded": (F.DataBarExp, 31, [], [], Values.gs1),
    "databar-expanded-stacked": (F.DataBarExpStk, 81, [], [], Values.gs1),
    "datamatrix": (F.DataMatrix, 71, ["--square"], [], lambda v: v.of(SET_82 + " 0123456789", 1, 40).strip() or "A"),
    "gs1-datamatrix": (F.DataMatrix, 71, ["--square", "--gs1"], [], Values.gs1),
}
# zint writes the same modules; elsewhere it chooses other modes, and ours must be no larger
SAME_BARS = {"jan13", "jan8", "itf", "nw7", "code39", "databar-expanded", "databar-expanded-stacked"}


def make(surimono, kind, values, options, folder):
    folder.mkdir(parents=True, exist_ok=True)
    lines, out = folder / f"{kind}.txt", folder / f"{kind}.pdf"
    lines.write_text("\n".join(values) + "\n", encoding="utf-8", newline="")
    done = subprocess.run([surimono, "barcode", kind, "--lines", lines, "-o", out, *options], capture_output=True, text=True)
    if done.returncode:
        judge(f"{kind} is made", [done.stderr.strip()])
        return None
    return pdfium.PdfDocument(out)


def picture(page, dpi=DPI):
    grey = page.render(scale=dpi / 72, grayscale=True).to_numpy()
    return grey.reshape(grey.shape[0], grey.shape[1])


def expected(kind, value):
    if kind in ("jan13", "jan8", "itf14"):
        return check_digit(value)
    return value


def same_text(kind, value, found):
    wanted = expected(kind, value)
    if kind.startswith(("gs1", "databar")):
        strip = lambda text: re.sub(r"[()\x1d]", "", text)
        return strip(found) == strip(wanted)
    return found == wanted


def zint(number, options, kind, value):
    """The rows of zint's symbol, as text of 0 and 1, up to the last whole hexadecimal digit."""
    data = value
    if number in (16, 31, 81) or "--gs1" in options:
        data = value.replace("(", "[").replace(")", "]")
    done = subprocess.run(["zint", "-b", str(number), "--dump", *options, "-d", data], capture_output=True, text=True)
    if done.returncode:
        return None
    rows = ["".join(f"{int(h, 16):04b}" for h in line.replace(" ", "")) for line in done.stdout.split("\n") if re.fullmatch(r"[0-9A-F ]+", line)]
    return rows


def modules(page, kind, module):
    """Our own modules, read from the page's rectangles by sampling a fine picture: rows of 0 and 1 without the quiet zone."""
    dpi = 25.4 / module * 8  # eight pixels to a module
    dark = picture(page, dpi) < 128
    columns = np.flatnonzero(dark.any(axis=0))
    if not len(columns):
        return []
    if "databar" in kind:
        # it begins and ends with light modules: what lies between its quiet zones, a module on each side
        columns = np.arange(8, dark.shape[1] - 8)
    across = dark[:, columns[0]: columns[-1] + 1]
    width = round(across.shape[1] / 8)
    at = ((np.arange(width) + 0.5) * 8).astype(int).clip(0, across.shape[1] - 1)
    rows = []
    ys = np.flatnonzero(across.any(axis=1))
    y = ys[0] + 4
    while y <= ys[-1]:
        rows.append("".join("1" if d else "0" for d in across[y, at]))
        y += 8
    return rows


def compare(kind, ours, theirs, exact):
    if theirs is None or not ours:
        return None
    if kind == "databar-expanded-stacked":
        # rows of bars and separators, each once
        ours = [row for i, row in enumerate(ours) if i == 0 or row != ours[i - 1]]
    elif exact:
        ours, theirs = ours[:1], theirs[:1]
    width = len(ours[0])
    if not exact:
        size = max((len(row.rstrip("0")) for row in theirs), default=0)
        return width <= size + 4
    whole = width // 4 * 4
    same = lambda a, b: a[:whole].ljust(whole, "0") == b[:whole].ljust(whole, "0")
    if len(ours) != len(theirs):
        return len(ours) < len(theirs)
    if kind.startswith("databar") and not all(same(a, b) for a, b in zip(ours, theirs)):
        # the same bits in other sets of characters: no larger, and read back above
        return "other"
    return all(same(a, b) for a, b in zip(ours, theirs))


def main():
    args = argparse.ArgumentParser()
    args.add_argument("surimono")
    args.add_argument("--count", type=int, default=200)
    args.add_argument("--zint", type=int, default=40, help="values of each kind whose bars are compared")
    args.add_argument("--customer-reader")
    args.add_argument("--keep")
    args = args.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(args.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for kind, (formats, number, options, ours, values_of) in KINDS.items():
            values = Values(f"surimono {kind}")
            chosen = [values_of(values) for _ in range(args.count)]
            # with their text, which must not disturb readers; without it for the bars alone
            pdf = make(args.surimono, kind, chosen, ours, folder)
            bare = make(args.surimono, kind, chosen[: args.zint], ["--no-text", *ours], folder / "bare")
            if pdf is None or bare is None:
                continue
            wrong, differ, compared, others = [], [], 0, 0
            if len(pdf) != len(chosen):
                wrong.append(f"{len(pdf)} pages for {len(chosen)} values")
            for i, value in enumerate(chosen[: len(pdf)]):
                page = pdf[i]
                image = np.pad(picture(page), 20, constant_values=255)
                found = zxingcpp.read_barcodes(image, formats=formats, text_mode=zxingcpp.TextMode.Plain)
                texts = [f.text for f in found]
                if len(found) != 1 or not same_text(kind, value, texts[0]):
                    wrong.append(f"line {i + 1}: {value!r} is read as {texts!r}")
                elif kind == "gs1-qr" and found[0].symbology_identifier != "]Q3":
                    wrong.append(f"line {i + 1}: {value!r} is no GS1 QR but {found[0].symbology_identifier}")
                if number is not None and i < args.zint:
                    module = {"jan13": 0.33, "jan8": 0.33, "qr": 0.5, "micro-qr": 0.4, "datamatrix": 0.35, "gs1-datamatrix": 0.35, "itf14": 0.5}.get(kind, 0.264 if "databar" in kind else 0.25)
                    same = compare(kind, modules(bare[i], kind, module), zint(number, options, kind, value), kind in SAME_BARS)
                    if same is not None:
                        compared += 1
                        others += same == "other"
                        if not same:
                            differ.append(f"line {i + 1}: {value!r}")
            judge(f"zxing-cpp reads each {kind} at {DPI} dpi", wrong, f"{len(chosen)} values")
            read_from_bars(args.surimono, kind, chosen, folder)
            whole_dots(args.surimono, kind, chosen[:20], ours, folder)
            if kind in SAME_BARS:
                if others * 5 > compared:
                    differ.append(f"{others} of {compared} in other sets of characters")
                judge(f"the bars of {kind} are zint's", differ or ([] if compared else ["none compared"]), f"{compared} values")
            elif number is not None and kind != "itf14":
                judge(f"no {kind} is larger than zint's", differ or ([] if compared else ["none compared"]), f"{compared} values")
        japan_post(args, folder)
    return 1 if faults else 0


def read_from_bars(surimono, kind, chosen, folder):
    """Our own preflight reads the same values from the rectangles in the file."""
    out = folder / "report"
    out.mkdir(exist_ok=True)
    subprocess.run([surimono, "preflight", folder / f"{kind}.pdf", "--values", "--codes", "0", "-o", out], capture_output=True)
    symbols = json.loads((out / "report.json").read_text())["files"][0]["facts"]["symbols"]
    found = {s["page"]: s for s in symbols["found"]}
    wrong = [f"page {n} cannot be read" for n in symbols["unread"]]
    for i, value in enumerate(chosen):
        s = found.get(i + 1)
        wanted = customer_text(value).split("<")[0] if kind == "japan-post" else value
        if s is None or s["kind"] not in (kind, kind.removesuffix("-stacked")) or not same_text(kind, wanted, s["value"]):
            wrong.append(f"line {i + 1}: {value!r} is read as {s}")
    judge(f"preflight reads each {kind} from its bars", wrong, f"{len(chosen)} values")


def whole_dots(surimono, kind, chosen, ours, folder):
    """Modules are whole dots of the device: at its resolution poppler draws every bar and space as wide as a multiple of one width."""
    wrong = []
    for dpi, reduction in ((300, 0), (600, 0), (600, 2)):
        where = folder / f"dots-{dpi}-{reduction}"
        if make(surimono, kind, chosen, ["--dpi", str(dpi), "--bwr", f"{reduction}dot", "--no-text", *ours], where) is None:
            return
        subprocess.run(["pdftoppm", "-gray", "-r", str(dpi), where / f"{kind}.pdf", where / "page"], check=True)
        for i, file in enumerate(sorted(where.glob("page*.pgm"))):
            image = np.array(Image.open(file))
            row = (image[image.shape[0] // 2] < 128).astype(int)
            edges = np.flatnonzero(np.diff(row))
            # a bar first; bars are narrower by the reduction, and spaces wider
            widths = [int(w) + (reduction if n % 2 == 0 else -reduction) for n, w in enumerate(np.diff(edges))]
            if not widths or math.gcd(*widths) < 2:
                wrong.append(f"{dpi} dpi, {reduction} dots less: line {i + 1} has {sorted(set(widths))}")
    judge(f"modules of {kind} are whole dots at 300 and 600 dpi", wrong, f"{len(chosen)} values")


def japan_post(args, folder):
    values = Values("surimono japan-post")
    chosen = [values.japan_post() for _ in range(args.count)]
    pdf = make(args.surimono, "japan-post", chosen, [], folder)
    if pdf is None:
        return
    differ = []
    compared = 0
    for i, value in enumerate(chosen):
        theirs = zint(76, [], "japan-post", value) if i < args.zint else None
        if theirs is None or len(theirs) != 3:
            continue
        compared += 1
        ours = modules(pdf[i], "japan-post", 0.6)
        # each row is two modules high: the second of each
        ours = [ours[1], ours[3], ours[5]] if len(ours) >= 6 else ours
        if len(ours) != 3 or any(a[:132] != b[:132] for a, b in zip(ours, theirs)):
            differ.append(f"line {i + 1}: {value!r}")
    judge("the bars of japan-post are zint's", differ or ([] if compared else ["none compared"]), f"{compared} values")
    read_from_bars(args.surimono, "japan-post", chosen, folder)
    reader = args.customer_reader
    if not reader or not Path(reader).is_file():
        print("skipped: the reader of customer barcodes is not beside this checkout")
        return
    done = subprocess.run([sys.executable, reader, "--json", folder / "japan-post.pdf"], capture_output=True, text=True)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        judge("the reader of customer barcodes reads them", [done.stderr.strip() or "no JSON"])
        return
    judge("the reader of customer barcodes finds nothing wrong", [] if done.returncode == 0 else [done.stdout[:300]], f"{len(chosen)} values")
    texts = [f.get("text") or f.get("human") or f.get("data") for f in (found if isinstance(found, list) else found.get("symbols", []))]
    cut = lambda value: customer_text(value)
    # a letter whose digit is cut off leaves its control character
    wrong = [f"{v!r} is read as {t!r}" for v, t in zip(chosen, texts) if cut(v) != re.sub("<CC[123]>$", "", t)]
    if len(texts) != len(chosen):
        wrong.append(f"{len(texts)} found of {len(chosen)}")
    judge("it reads what was written", wrong)


def customer_text(value):
    """What 20 places hold: a letter takes two."""
    out, places = "", 0
    for c in value:
        takes = 2 if c.isalpha() else 1
        if places + takes > 20:
            break
        out += c
        places += takes
    return out


if __name__ == "__main__":
    sys.exit(main())
