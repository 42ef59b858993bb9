#!/usr/bin/env python3
"""Asks Chromium where it puts the boxes and lines of tests/browser/pages/*.html, and writes its answers to
tests/browser/answers/*.json. Needs chromium and chromedriver; nothing beyond Python's own library.

    python3 tests/browser/record.py            # all areas
    python3 tests/browser/record.py block flex # some
"""
import json, pathlib, re, subprocess, sys, tempfile, time, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
FONTS = HERE.parent.parent / "fonts"
PORT = 19515

# What stands before every page: the same as in tests/browser.rs, with the shipped fonts by name.
FACES = "".join(
    f'@font-face{{font-family:"{family}";font-weight:{weight};src:url("{(FONTS / file).as_uri()}")}}'
    for family, weight, file in [
        ("BIZ UDGothic", 400, "BIZUDGothic-Regular.ttf"), ("BIZ UDGothic", 700, "BIZUDGothic-Bold.ttf"),
        ("BIZ UDPGothic", 400, "BIZUDPGothic-Regular.ttf"), ("BIZ UDPGothic", 700, "BIZUDPGothic-Bold.ttf")])

ASK = r"""
const done = arguments[arguments.length - 1];
document.fonts.ready.then(() => Promise.all([...document.images].map(i => i.decode().catch(() => 0)))).then(() => {
  const round = v => Math.round(v * 100) / 100;
  const boxes = {}, lines = {};
  for (const el of document.querySelectorAll('[id]')) {
    const rects = [...el.getClientRects()].map(r => [r.left, r.top, r.width, r.height].map(round));
    boxes[el.id] = rects;
    if (!el.hasAttribute('lines')) continue;
    const vertical = getComputedStyle(el).writingMode.startsWith('vertical');
    const found = []; let line = '', last = null;
    const walk = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(); n; n = walk.nextNode()) {
      let own = true;
      for (let up = n.parentElement; up !== el; up = up.parentElement) {
        const s = getComputedStyle(up);
        if (!/^(inline|ruby|contents)$/.test(s.display) || s.float !== 'none' || up.matches('rt,rp')) own = false;
      }
      if (!own) continue;
      for (let i = 0; i < n.data.length; ) {
        const c = String.fromCodePoint(n.data.codePointAt(i));
        const range = document.createRange();
        range.setStart(n, i); range.setEnd(n, i + c.length); i += c.length;
        const r = range.getClientRects()[0];
        if (!r || (r.width === 0 && r.height === 0)) continue;
        if (/\s/.test(c) && c !== '\u00a0' && c !== '\u3000') { line += ' '; continue; }
        if (last) {
          const [back, below] = vertical
            ? [r.top < last.top - .5, r.right <= last.left + 1 || r.left >= last.right - 1]
            : [r.left < last.left - .5, r.top >= last.bottom - 1];
          if (back || below) { found.push(line); line = ''; }
        }
        line += c; last = r;
      }
    }
    found.push(line);
    lines[el.id] = found.map(l => l.replace(/[\u200b\u00ad]/g, '').replace(/ +/g, ' ').replace(/^ | $/g, '')).filter(l => l);
  }
  done({ boxes, lines });
});
"""


def pages(area):
    """Name and markup of each page of an area."""
    parts = re.split(r"^== (.*)\n", (HERE / "pages" / f"{area}.html").read_text("utf-8"), flags=re.M)
    shared = ""
    for name, body in zip(parts[1::2], parts[2::2]):
        if name == "*":
            shared = body
        else:
            yield name, shared + body


def document(body):
    base = (HERE / "pages").as_uri()
    head = (HERE / "prelude.html").read_text("utf-8")
    return f'<!DOCTYPE html><meta charset="utf-8"><base href="{base}/"><style>{FACES}</style>{head}{body}'


def call(method, path, value=None):
    data = json.dumps(value).encode() if value is not None else None
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["value"]


def main():
    areas = sys.argv[1:] or sorted(p.stem for p in (HERE / "pages").glob("*.html"))
    driver = subprocess.Popen(["chromedriver", f"--port={PORT}", "--log-level=SEVERE"])
    try:
        time.sleep(2)
        with tempfile.TemporaryDirectory() as folder:
            options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
                       "--disable-background-networking", "--disable-component-update", "--disable-sync",
                       "--font-render-hinting=none", "--allow-file-access-from-files", f"--user-data-dir={folder}/profile"]
            session = call("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": {"args": options}}}})
            at = f"/session/{session['sessionId']}"
            version = session["capabilities"]["browserVersion"]
            call("POST", f"{at}/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": {
                "width": 600, "height": 2000, "deviceScaleFactor": 1, "mobile": False}})
            for area in areas:
                answers = {}
                for name, body in pages(area):
                    page = pathlib.Path(folder) / "page.html"
                    page.write_text(document(body), "utf-8")
                    call("POST", f"{at}/url", {"url": page.as_uri()})
                    answers[name] = call("POST", f"{at}/execute/async", {"script": ASK, "args": []})
                out = ",\n".join(f"{json.dumps(n)}:{json.dumps(a, ensure_ascii=False, separators=(',', ':'))}" for n, a in answers.items())
                (HERE / "answers").mkdir(exist_ok=True)
                (HERE / "answers" / f"{area}.json").write_text(f'{{"chromium":"{version}","pages":{{\n{out}\n}}}}\n', "utf-8")
                print(area, len(answers))
            call("DELETE", at)
    finally:
        driver.terminate()


main()
