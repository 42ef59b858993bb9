"""What a shop comes to know of its members beyond their purchases: who lives with whom, children, what they looked at on the
web, which letters they agreed to, and who asked for none."""

import datetime

import shops

POSTED = datetime.date(2026, 12, 1)
# Members whose rows the deliberate faults are made of: they live alone, so that nothing hides what is wrong with them.
ALONE = {31, 58, 77, 102, 140, 203, 266, *range(611, 640)}


def households(rng, people):
    """Twenty-six members move in with another one: the same address, the same surname, one number for both."""
    for person in people:
        person["household_id"] = ""
    free = [n for n in range(len(people)) if n not in ALONE]
    chosen = rng.sample(free, 52)
    for number, (first, second) in enumerate(zip(sorted(chosen[:26]), sorted(chosen[26:])), start=1):
        a, b = people[first], people[second]
        for field in ("postcode", "prefecture", "city", "town", "address1", "address2", "latitude", "longitude"):
            b[field] = a[field]
        for field in ("name", "kana"):
            b[field] = f"{a[field].split(' ')[0]} {b[field].split(' ')[1]}"
        a["household_id"] = b["household_id"] = f"H{number:04}"


def family(rng, people):
    """Children, as members told them for birthday sweets."""
    out = []
    for person in people:
        age = (POSTED - person["born"]).days // 365
        if rng.random() < (0.42 if 26 <= age <= 50 else 0.02):
            for _ in range(rng.choices([1, 2, 3], [45, 45, 10])[0]):
                born = person["born"] + datetime.timedelta(days=rng.randint(24 * 365, 40 * 365))
                born = min(born, datetime.date(2026, 9, 30) - datetime.timedelta(days=rng.randrange(700)))
                out.append({"customer_id": person["customer_id"], "relation": "子", "birth_date": born.isoformat()})
    return out


def consents(rng, people):
    """Adds the days on which letters were agreed to and declined, and an address for other letters."""
    for person in people:
        joined = datetime.date.fromisoformat(person["joined_at"])
        given = joined
        # Whoever agreed long ago was asked again in the spring of 2025; a few did not answer.
        if joined < datetime.date(2016, 12, 31) and rng.random() < 0.95:
            given = datetime.date(2025, 4, 1) + datetime.timedelta(days=rng.randrange(60))
        agreed = person["consent_dm"] == "はい"
        person["consented_on"] = given.isoformat() if agreed else ""
        # Withdrawn at the counter; the till's flag is set at the end of the month.
        person["withdrawn_on"] = f"2026-11-{rng.randint(2, 20):02}" if agreed and rng.random() < 0.0035 else ""
        person["email"] = f"{person['customer_id'].lower()}@mail.example" if rng.random() < 0.35 else ""


def allergies(rng, people):
    """What members said that they cannot eat."""
    for person in people:
        what = rng.choices(["小麦", "卵", "乳", "卵、乳", "そば", "小麦、乳", "ごま"], [20, 18, 16, 10, 14, 8, 4])[0]
        person["allergies"] = what if rng.random() < 0.09 else ""


THEMES = [["お茶", "菓子", "茶器"], ["食品", "うつわ", "台所道具"], ["布もの", "かご・収納", "香り", "身のまわり"]]


def events(rng, people):
    """What some members looked at in the web shop in autumn, most of it of one kind."""
    out = []
    for person in people:
        if rng.random() >= 0.24:
            continue
        theme = rng.choice(THEMES)
        for _ in range(1 + int(rng.expovariate(0.45))):
            category = rng.choice(theme) if rng.random() < 0.8 else rng.choice(rng.choice(THEMES))
            day = datetime.date(2026, 11, 18) - datetime.timedelta(days=min(110, int(rng.expovariate(1 / 30))))
            out.append({"customer_id": person["customer_id"], "at": day.isoformat(),
                        "kind": rng.choices(["view", "favourite", "cart"], [80, 13, 7])[0], "category": category})
    out.sort(key=lambda e: (e["at"], e["customer_id"]))
    return out


OLD_FORMS = str.maketrans("髙﨑邊邉齋", "高崎辺辺斎")
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def refusals(rng, people):
    """Telephone calls: the desk wrote down a name and a postcode, as it heard them."""
    out = []
    for person in sorted(rng.sample(people, 10), key=lambda p: p["customer_id"]):
        name = person["name"].translate(OLD_FORMS)
        name = rng.choice([name, name.replace(" ", "　"), name.replace(" ", "")])
        postcode = rng.choice([person["postcode"], person["postcode"].replace("-", ""), person["postcode"].translate(WIDE)])
        out.append({"name": name, "postcode": postcode, "cause": rng.choice(["電話で停止", "苦情"]),
                    "since": (datetime.date(2026, 6, 1) + datetime.timedelta(days=rng.randrange(160))).isoformat()})
    return out


def returned(rng, people):
    """Cards that came back: nobody of the household lives there any more."""
    together = [p for p in people if p["household_id"]]
    some = rng.sample(together, 4) + rng.sample(people, 3)
    return [{"customer_id": p["customer_id"], "cause": "宛先不明", "since": "2026-07-16"} for p in sorted(some, key=lambda p: p["customer_id"])]


def lost_coordinates(rng, people):
    """Members of the counter's paper forms have no point on the map: they are found by their postcode."""
    for person in rng.sample(people, 60):
        person["latitude"] = person["longitude"] = ""


def letters(rng, people):
    """Two small mailings after those of spring and summer: birthday greetings, and the invitation to a tasting."""
    out = []
    for person in people:
        if person["rank"] == "ゴールド" and person["born"].month == 9:
            out.append({"customer_id": person["customer_id"], "campaign": "2026-birthday", "posted_on": "2026-09-01"})
    for person in sorted(rng.sample([p for p in people if p["rank"] != "レギュラー"], 18), key=lambda p: p["customer_id"]):
        out.append({"customer_id": person["customer_id"], "campaign": "2026-tea-evening", "posted_on": "2026-11-18"})
    return [{**row, "pick_1": "", "pick_2": "", "pick_3": ""} for row in out]


LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def tearoom_codes(rng, count):
    """Codes that the tearooms' own till gave out, for one cup each."""
    seen = set()
    while len(seen) < count:
        seen.add("T" + "".join(rng.choice(LETTERS) for _ in range(6)))
    return [{"code": code} for code in sorted(seen, key=lambda c: (c[3:], c))]


def sheet(text):
    """A desk's sheet: the first line is its head."""
    head, *rows = shops.lines(text)
    return [dict(zip(head, row)) for row in rows]


# What somebody looks for, by what they looked at on the web, then by what they bought last.
NEEDS = """
segment.interest|last_bought.category|need|note
tea|*|tea|ウェブで見た品を先に
table|*|table|
home|*|home|
none|お茶、菓子、茶器|tea|
none|食品、うつわ、台所道具|table|
none|*|home|はじめての方もここへ
"""

# The odds of an order, from what the mailings of 2025 brought.
RESPONSE = """
segment|rank|response|note
vip|*|0.16|
new|*|0.12|はじめの一年は反応がよい
regular|ゴールド|0.14|
regular|シルバー|0.12|
regular|*|0.10|
dormant|ゴールド|0.11|ごぶさたでも上位会員は戻る
dormant|*|0.09|
"""


def needs():
    return [{**row, "last_bought.category": row["last_bought.category"].replace("、", "|")} for row in sheet(NEEDS)]
