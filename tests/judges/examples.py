#!/usr/bin/env python3
"""Holds the two examples on real data against what is worked out here from the same tables, with no code of Surimono's.

usage: examples.py SURIMONO DATA EXAMPLES

DATA holds the sets that the examples' READMEs name, EXAMPLES is a copy of examples/ with its tables laid out by prepare.sh,
in which both campaigns have been run. Needs zstd and poppler-utils. Prints one line for each comparison and
"N passed, N failed"; exits 1 when one failed."""
import csv, io, json, math, os, re, subprocess, sys, zipfile
from collections import Counter, defaultdict

surimono, data, examples = sys.argv[1:]
passed, failed = [], []


def judge(what, faults, note=""):
    faults = list(faults)
    (failed if faults else passed).append(what)
    print(("FAIL  " if faults else "ok    ") + what + (f"  ({note})" if note and not faults else ""))
    for f in faults[:5]:
        print("      " + str(f))


def table(path):
    path = os.path.join(data, path)
    raw = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout if path.endswith(".zst") else open(path, "rb").read()
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8").lstrip("\ufeff"))))


# -- The supermarket: where people live -------------------------------------------------------------------------------------
DIGITS = "一二三四五六七八九"


def chome(m):
    n = d = 0
    for c in m.group(1):
        if c == "十":
            n, d = n + 10 * (d or 1), 0
        else:
            d = DIGITS.index(c) + 1
    return f"{n + d}丁目"


def fold(s):
    s = re.sub(r"\s", "", s).translate(str.maketrans("ヶヵが０１２３４５６７８９ノ之", "ケケケ0123456789のの"))
    return re.sub("([一二三四五六七八九十]+)丁目", chome, s, count=1)


def point(lat, lng):
    n, e = math.radians(float(lat)), math.radians(float(lng))
    return math.cos(n) * math.cos(e), math.cos(n) * math.sin(e), math.sin(n)


def middle(points):
    s = [sum(c) for c in zip(*points)]
    length = math.sqrt(sum(c * c for c in s))
    return tuple(c / length for c in s)


def km(a, b):
    return 6371.0088 * math.acos(max(-1, min(1, sum(x * y for x, y in zip(a, b)))))


points = defaultdict(list)
for t in table("jp_towns_geolonia/towns.csv.zst"):
    if t["lat"] and t["lng"] and t["town"]:
        name, here = fold(t["pref"] + t["city"] + t["town"]), point(t["lat"], t["lng"])
        points[name].append(here)
        whole = re.fullmatch(r"(.+?)\d+丁目", name)
        if whole and len(whole.group(1)) > len(t["pref"] + t["city"]):
            points[whole.group(1)].append(here)
places = {name: middle(p) for name, p in points.items()}
of_code = defaultdict(list)
for row in csv.reader(io.StringIO(zipfile.ZipFile(os.path.join(data, "jp_postal/ken_all.zip")).read("KEN_ALL.CSV").decode("cp932"))):
    name = re.split("[（(]", fold(row[6] + row[7] + row[8]))[0]
    if name in places:
        of_code[row[2]].append(places[name])
codes = {code: middle(p) for code, p in of_code.items()}


def home(c):
    code = c["postal_cd"].replace("-", "")
    if code in codes:
        return "postcode", codes[code]
    a = fold(c["address"])
    for end in range(len(a), 3, -1):
        if a[:end] in places:
            return "address", places[a[:end]]
    return "none", None


customers = table("ds100_supermarket/customer.csv")
stores = [(s["store_cd"], float(s["floor_area"]), point(s["latitude"], s["longitude"])) for s in table("ds100_supermarket/store.csv")]
homes = {c["customer_id"]: home(c) for c in customers}
how = Counter(h for h, _ in homes.values())
judge("where customers live is found", [] if how == {"postcode": 21705, "address": 190, "none": 76} else [how], f"{dict(how)}")

folder = os.path.join(examples, "supermarket")
lines = subprocess.run([surimono, "decide", os.path.join(folder, "campaign.toml")], capture_output=True, check=True).stdout
decided = [json.loads(line) for line in lines.splitlines()]
manifest = {m["piece"]: m for m in csv.DictReader(open(os.path.join(folder, "out/manifest.csv"), encoding="utf-8-sig"))}
words = {"print": "printed", "held-out": "held-out", "suppressed": "suppressed", "over-budget": "over-budget"}
judge("what is decided is what was run", [d["piece"] for d in decided if words.get(d["outcome"]) != manifest[d["piece"]]["outcome"]], f"{len(decided)} rows")
minors = sum(c["birth_day"] > "2001-04-08" for c in customers)  # 18 on 8 April 2019
outside = [d for d in decided if d.get("cause") == "outside the audience"]
judge("nobody under 18 is written to", [] if len(outside) == minors == 133 else [len(outside), minors], f"{minors}")

wrong, near, seen = [], 0, Counter()
for d in decided:
    if d["outcome"] != "print":
        continue
    way, at = homes[d["customer"]]
    honours = [s for s in stores if s[1] >= 1200 or d.get("coupon", {}).get("id") != "deli"]
    best = min((km(at, s[2]) for s in honours), default=None) if at else None
    told = d.get("store")
    seen["store" if told else "no store"] += 1
    if best is None or best > 6:
        if told or ("coupon" in d and d["segment"] != "new"):
            wrong.append((d["piece"], best, told))
        continue
    near += 1
    its = {s[0]: s[2] for s in honours}.get(told["id"] if told else None)
    if its is None or km(at, its) - best > 1e-4 or abs(told["km"] - best) > 0.06:
        wrong.append((d["piece"], best, told))
judge("each piece names the nearest store that honours its coupon", wrong, f"{near} near one, {seen['no store']} without")
arms = Counter((d["segment"], d["arm"]) for d in decided if "arm" in d)
# each arm's half is drawn before money is counted: whom that leaves out may be of either arm
left = Counter(d["segment"] for d in decided if d["outcome"] == "over-budget" or d.get("cause") == "costs more than it brings")
apart = {s: abs(arms[s, "price"] - arms[s, "recipe"]) for s in {s for s, _ in arms}}
judge("arms hold within segments", [s for s in apart if apart[s] > 1 + 3 * left[s] ** 0.5], f"{apart} apart, {dict(left)} left out by money")
pieces = sum(d["outcome"] == "print" for d in decided)
judge("the budget is filled and not passed", [] if pieces <= 9000 and pieces * 76 <= 700_000 and (pieces + 1 > 9000 or (pieces + 1) * 76 > 700_000) else [pieces], f"{pieces} pieces")
deli = sum(d.get("coupon", {}).get("id") == "deli" for d in decided)
judge("coupons end with their budget", [] if 0 < deli <= 3000 else [deli], f"{deli} of 3000")

# -- The grocer's coupons ---------------------------------------------------------------------------------------------------
folder = os.path.join(examples, "redemptions")
slips = table("completejourney/coupon_redemptions.csv.zst")
days = {d["campaign_id"]: (d["start_date"], d["end_date"]) for d in table("completejourney/campaign_descriptions.csv.zst")}
sent = {(c["household_id"], c["campaign_id"]) for c in table("completejourney/campaigns.csv.zst")}
issued = {(c["coupon_upc"], c["campaign_id"]) for c in table("completejourney/coupons.csv.zst")}
holds = [
    (s["household_id"], s["campaign_id"]) in sent
    and (s["coupon_upc"], s["campaign_id"]) in issued
    and days[s["campaign_id"]][0] <= s["redemption_date"] <= days[s["campaign_id"]][1]
    for s in slips
]
rows = list(csv.DictReader(open(os.path.join(folder, "out/manifest.csv"), encoding="utf-8-sig")))
judge("every recorded redemption is accepted", [r["piece"] for r, h in zip(rows, holds, strict=True) if not h or r["outcome"] != "printed"], f"{len(rows)}")
text = subprocess.run(["pdftotext", "-layout", os.path.join(folder, "out/coupon-accounts-2017.pdf"), "-"], capture_output=True, check=True).stdout.decode()
pages = text.split("\f")[:-1]
judge("each voucher is its slip's", [n for n, (p, s) in enumerate(zip(pages, slips, strict=True), 1) if f"S{n:05}" not in p or s["redemption_date"] not in p or not re.search(rf"Household\s+{s['household_id']}\b", p)], f"{len(pages)} pages")

print(f"{len(passed)} passed, {len(failed)} failed")
sys.exit(bool(failed))
