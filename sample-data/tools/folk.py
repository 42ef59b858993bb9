"""Invented people at real towns. Names are drawn apart: surname by how common it is, given name from a list."""

import datetime

import shops

# (given name, kana, first and last year of birth it suits)
GIVEN = """
和子 カズコ 1935 1958|幸子 サチコ 1936 1960|節子 セツコ 1935 1952|洋子 ヨウコ 1940 1965|恵子 ケイコ 1945 1972|京子 キョウコ 1940 1968
久美子 クミコ 1952 1975|由美子 ユミコ 1953 1976|真由美 マユミ 1958 1978|明美 アケミ 1955 1975|直美 ナオミ 1958 1980|智子 トモコ 1960 1985
裕子 ユウコ 1958 1984|陽子 ヨウコ 1952 1984|典子 ノリコ 1948 1978|美穂 ミホ 1965 1990|香織 カオリ 1968 1990|絵美 エミ 1972 1992
愛 アイ 1976 2000|彩 アヤ 1976 2000|麻衣 マイ 1978 1998|千尋 チヒロ 1975 2000|美咲 ミサキ 1985 2005|葵 アオイ 1988 2006
七海 ナナミ 1988 2006|結衣 ユイ 1990 2006|遥 ハルカ 1978 2004|さくら サクラ 1980 2006|ひとみ ヒトミ 1962 1990|みどり ミドリ 1948 1975
あゆみ アユミ 1968 1992|かおる カオル 1950 1980|千恵子 チエコ 1940 1968|美智子 ミチコ 1938 1962|紀子 ノリコ 1945 1975|佳代子 カヨコ 1948 1972
清 キヨシ 1930 1955|茂 シゲル 1930 1955|正 タダシ 1932 1958|博 ヒロシ 1938 1965|隆 タカシ 1945 1975|誠 マコト 1950 1982
浩二 コウジ 1952 1976|健一 ケンイチ 1950 1980|修 オサム 1945 1972|哲也 テツヤ 1958 1984|直樹 ナオキ 1962 1992|大輔 ダイスケ 1972 1992
健太 ケンタ 1975 1998|翔太 ショウタ 1982 2000|拓也 タクヤ 1975 1996|亮 リョウ 1972 1998|大樹 ダイキ 1982 2002|蓮 レン 1992 2006
悠人 ユウト 1990 2006|陽介 ヨウスケ 1972 1996|和彦 カズヒコ 1945 1972|正弘 マサヒロ 1945 1972|信一郎 シンイチロウ 1946 1978|俊介 シュンスケ 1972 1998
"""
# Old forms that stand in family registers; all of them in CP932 and in BIZ UD.
RARE = [("髙橋", "タカハシ"), ("山﨑", "ヤマザキ"), ("渡邊", "ワタナベ"), ("渡邉", "ワタナベ"), ("齋藤", "サイトウ"), ("齊藤", "サイトウ"),
        ("濵田", "ハマダ"), ("髙木", "タカギ"), ("宮﨑", "ミヤザキ"), ("神﨑", "カンザキ"), ("廣瀬", "ヒロセ"), ("國分", "コクブン"),
        ("德永", "トクナガ"), ("冨樫", "トガシ"), ("五十嵐", "イガラシ"), ("長谷川", "ハセガワ"), ("小田切", "オダギリ"), ("勅使河原", "テシガワラ"),
        ("東海林", "ショウジ"), ("薮下", "ヤブシタ"), ("纐纈", "コウケツ"), ("鑓水", "ヤリミズ")]
HOUSES = ["メゾン{t}", "コーポ{w}", "グラン{w}", "{w}ハイツ", "パークサイド{t}", "{t}レジデンス", "ハイム{w}", "{t}第二団地", "サンライズ{t}",
          "ヴィラ{w}", "シティハイム{t}", "{w}荘", "プラザ{t}", "ガーデンコート{t}"]
WORDS = ["けやき", "青葉", "みずき", "桜", "若葉", "ひかり", "松風", "さつき", "白樺", "緑", "朝日", "いずみ"]
WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def given_names():
    out = []
    for part in GIVEN.replace("\n", "|").strip("|").split("|"):
        name, kana, first, last = part.split()
        out.append((name, kana, int(first), int(last)))
    return out


def place(rng, towns, weights):
    """A town, a spot in it and a house number as people write them."""
    pref, city = rng.choices([w[:2] for w in weights], [int(w[2]) for w in weights])[0]
    town = rng.choice(towns[pref, city])
    chome, lat, lng = rng.choice(town.spots)
    banchi, go = rng.randint(1, 42), rng.randint(1, 24)
    if chome:
        number = rng.choice([f"{chome}-{banchi}-{go}"] * 5 + [f"{chome}丁目{banchi}-{go}"] * 2 + [f"{chome}丁目{banchi}番{go}号"] * 2)
    else:
        banchi = rng.randint(12, 2400)
        number = rng.choice([f"{banchi}-{go}"] * 3 + [f"{banchi}番地"] * 2 + [f"{banchi}番地{go}", f"{banchi}"])
    if rng.random() < 0.12:
        number = number.translate(WIDE)
    house = ""
    if rng.random() < 0.46:
        word = town.name if len(town.name) <= 5 else rng.choice(WORDS)
        house = rng.choice(HOUSES).format(t=word, w=rng.choice(WORDS))
        room = f"{rng.randint(1, 14)}{rng.randint(1, 12):02}"
        house += rng.choice([f" {room}", f"{room}号室", f" {room}号", f"-{room}"])
        if rng.random() < 0.06:
            house = rng.choice(["A棟", "弐番館 ", "ウエストタワー "]) + house
    return {
        "postcode": f"{town.postcode[:3]}-{town.postcode[3:]}", "prefecture": pref, "city": city, "town": town.name,
        "address1": number, "address2": house,
        "latitude": f"{lat + rng.uniform(-0.003, 0.003):.4f}", "longitude": f"{lng + rng.uniform(-0.003, 0.003):.4f}",
    }


def person(rng, surnames, given):
    if rng.random() < 0.05:
        family, family_kana = rng.choice(RARE)
    else:
        family, family_kana, _ = rng.choices(surnames, [n ** 0.75 for _, _, n in surnames])[0]
    name, kana, first, last = rng.choice(given)
    day = datetime.date(rng.randint(first, last), 1, 1) + datetime.timedelta(days=rng.randrange(365))
    return f"{family} {name}", f"{family_kana} {kana}", day


ERAS = [("令和", datetime.date(2019, 5, 1), 2018), ("平成", datetime.date(1989, 1, 8), 1988), ("昭和", datetime.date(1926, 12, 25), 1925)]


def written(rng, day):
    """The same day as different clerks wrote it."""
    roll = rng.random()
    if roll < 0.62:
        return day.isoformat()
    if roll < 0.80:
        return f"{day.year}/{day.month:02}/{day.day:02}"
    if roll < 0.88:
        return f"{day:%Y%m%d}"
    if roll < 0.93:
        return f"{day.year}/{day.month}/{day.day}"
    if roll < 0.97:
        return f"{day.year}年{day.month}月{day.day}日"
    era, _, before = next(e for e in ERAS if day >= e[1])
    return f"{era}{day.year - before}年{day.month}月{day.day}日"


def customers(rng, count, towns, surnames):
    given, weights = given_names(), shops.lines(shops.CITIES)
    out = []
    for number in range(1, count + 1):
        name, kana, born = person(rng, surnames, given)
        rank = rng.choices(["ゴールド", "シルバー", "レギュラー"], [12, 28, 60])[0]
        joined = datetime.date(2016, 4, 1) + datetime.timedelta(days=int(rng.random() ** 0.8 * 3830))
        points = int(rng.expovariate(1 / {"ゴールド": 1900, "シルバー": 800, "レギュラー": 260}[rank]))
        out.append({
            "customer_id": f"C{number:06}", **(where := place(rng, towns, weights)), "name": name, "kana": kana,
            "born": born, "birth_date": "" if rng.random() < 0.04 else written(rng, born), "rank": rank, "points": points,
            "points_expire": rng.choice(["2026-12-31", "2027-03-31", "2027-06-30"]) if points else "",
            "joined_at": joined.isoformat(), "last_visit": "", "status": "active" if rng.random() < 0.965 else "withdrawn",
            "consent_dm": "はい" if rng.random() < 0.93 else "いいえ",
        })
        assert where["postcode"]
    return out
