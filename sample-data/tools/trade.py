"""What was bought, ordered and asked to stop; the rules and recipes of the marketing desk."""

import datetime
import math

import folk
import shops

LAST = datetime.date(2026, 11, 15)
FIRST = datetime.date(2024, 11, 16)
DAYS = (LAST - FIRST).days
MONTH_WEIGHT = [0, 0.85, 0.8, 0.95, 0.95, 1.0, 0.9, 0.95, 0.85, 1.0, 1.1, 1.3, 1.6]
TOGETHER = {"お茶": ["菓子", "茶器"], "菓子": ["お茶"], "食品": ["台所道具", "うつわ"], "茶器": ["お茶"], "うつわ": ["食品", "台所道具"],
            "台所道具": ["食品"], "布もの": ["身のまわり", "香り"], "かご・収納": ["布もの"], "香り": ["布もの"], "身のまわり": ["布もの", "香り"]}


def day_of(rng, until):
    """A day from FIRST to FIRST + until, busier towards the end of the year."""
    while True:
        day = FIRST + datetime.timedelta(days=rng.randrange(max(1, until)))
        if rng.random() < MONTH_WEIGHT[day.month] / 1.6:
            return day


def purchases(rng, people, products, stores, lines):
    by_category = {}
    for p in products:
        by_category.setdefault(p["category"], []).append(p)
    categories = list(by_category)
    # A few goods sell far more than the rest.
    pull = {p["product_id"]: rng.paretovariate(1.6) / math.sqrt(p["price"]) * (2.2 if "定番" in p["tags"] else 1) for p in products}
    taste = {}
    for person in people:
        favourite = rng.choice(categories)
        taste[person["customer_id"]] = [favourite, *TOGETHER[favourite]]
    # Visits: most people come seldom, a few come weekly; a third have stopped coming.
    visits = []
    for person in people:
        rate = rng.gammavariate(0.8, 1.0) * {"ゴールド": 3.2, "シルバー": 1.6, "レギュラー": 0.75}[person["rank"]]
        until = DAYS + 1 if rng.random() < 0.62 else rng.randrange(60, DAYS)
        near = min(stores, key=lambda s: (float(s["latitude"]) - float(person["latitude"])) ** 2
                   + (float(s["longitude"]) - float(person["longitude"])) ** 2)
        visits.append((person, rate * until / DAYS, until, near))
    total = sum(v[1] for v in visits)
    out = []
    for person, share, until, near in visits:
        want = share / total * lines
        want = int(want) + (rng.random() < want % 1)
        bought = 0
        while bought < want:
            day = max(day_of(rng, until), datetime.date.fromisoformat(person["joined_at"]))
            if day > LAST:
                day = LAST
            channel = rng.choices(["store", "web"], [7, 3])[0]
            for _ in range(min(want - bought, 1 + int(rng.expovariate(0.75)))):
                category = rng.choice(taste[person["customer_id"]]) if rng.random() < 0.72 else rng.choice(categories)
                goods = by_category[category]
                product = rng.choices(goods, [pull[p["product_id"]] for p in goods])[0]
                quantity = rng.choices([1, 2, 3, 4, 6], [78, 14, 5, 2, 1])[0]
                out.append({"customer_id": person["customer_id"], "product_id": product["product_id"],
                            "store_id": near["store_id"] if channel == "store" else "", "channel": channel,
                            "bought_at": day.isoformat(), "quantity": quantity, "amount": quantity * product["price"]})
                bought += 1
    # Returns: some days later, with a minus sign.
    for line in rng.sample(out, 220):
        day = datetime.date.fromisoformat(line["bought_at"]) + datetime.timedelta(days=rng.randint(1, 12))
        if day <= LAST:
            out.append({**line, "bought_at": day.isoformat(), "quantity": -line["quantity"], "amount": -line["amount"]})
    # Strays: goods and members that no table knows.
    for line in rng.sample(out, 14):
        out.append({**line, "product_id": f"P9{rng.randint(100, 999)}"})
    for line in rng.sample(out, 6):
        out.append({**line, "customer_id": f"C9{rng.randint(10000, 99999)}"})
    out.sort(key=lambda l: (l["bought_at"], l["customer_id"], l["product_id"]))
    last = {}
    for number, line in enumerate(out, start=1):
        line["line_id"] = f"L{number:07}"
        last[line["customer_id"]] = line["bought_at"]
    for person in people:
        person["last_visit"] = last.get(person["customer_id"], person["joined_at"])
    return [{"line_id": l["line_id"], **{k: v for k, v in l.items() if k != "line_id"}} for l in out]


def suppressions(rng, people):
    out = []
    for person in sorted(rng.sample(people, 62), key=lambda p: p["customer_id"]):
        cause = rng.choices(["returned", "stop_request", "complaint", "moved", "deceased"], [24, 18, 4, 12, 4])[0]
        day = datetime.date(2026, 1, 8) + datetime.timedelta(days=rng.randrange(310))
        out.append({"customer_id": person["customer_id"], "cause": cause, "since": day.isoformat()})
    # Someone who is not (or no longer) a member.
    out.append({"customer_id": "C088888", "cause": "stop_request", "since": "2025-06-11"})
    return out


# segment ("*" = any) | category of the last purchase ("*" = any) | names of goods | why
RULES = """
vip|お茶|銅の茶筒 100g用、抹茶碗「もみじ」、玉露「しずく」50g|お茶を長くお楽しみのお客様へ
vip|菓子|季節の上生菓子 4個、玉露「しずく」50g、九谷焼 豆皿と湯のみの組|季節の菓子を続けてお求めのお客様へ
vip|食品|伊賀焼 土鍋 8号、漆の汁椀 欅、新米 つや姫 2kg|台所にこだわるお客様へ
vip|茶器|玉露「しずく」50g、抹茶碗「もみじ」、銅の茶筒 100g用|茶器をお求めのお客様へ
vip|うつわ|小鹿田焼 八寸皿 飛び鉋、漆の汁椀 欅、杉の重箱 二段|うつわをお集めのお客様へ
vip|台所道具|伊賀焼 土鍋 8号、銅のおろし金、新米 つや姫 2kg|よい道具を選ばれるお客様へ
vip|布もの|ウールのひざ掛け 焦茶、カシミヤの首巻き、こたつ掛け 会津木綿|冬の布ものをお探しのお客様へ
vip|*|カシミヤの首巻き、和紙のあかり 丸、お茶三種 詰め合わせ|いつもご愛顧のお客様へ
regular|お茶|ほうじ茶クッキー 缶入り、栗蒸し羊羹、常滑焼 急須 300ml|お茶と合わせて
regular|菓子|ほうじ茶「焚き火」200g、和紅茶「べにひかる」ティーバッグ 15個、最中「小萩」8個|菓子と合わせて
regular|食品|炊き込みご飯の素 きのこ 2合用、だしパック「あわせ」10袋、伊賀焼 土鍋 8号|秋のごはんに
regular|茶器|宇治煎茶「朝つゆ」缶入り 80g、ほうじ茶「焚き火」200g、蜂蜜カステラ 一斤|お持ちの茶器に合わせて
regular|うつわ|豆皿 秋草 5枚組、木のプレート 胡桃、炊き込みご飯の素 きのこ 2合用|秋の食卓に
regular|台所道具|だしパック「あわせ」10袋、丸大豆醤油 300ml、鋳物の卵焼き器|道具と合わせて
regular|布もの|柚子の入浴料 5包、鍋つかみ 二枚組、ウールのくつ下 杢|冬じたくに
regular|かご・収納|注染手ぬぐい「紅葉」、竹の盛りかご 丸、柿のドライフルーツ 80g|かごと合わせて
regular|香り|和ろうそく 10本、線香「金木犀」、和紙のあかり 丸|秋の夜長に
regular|身のまわり|湯たんぽ 銅 カバーつき、絹の五本指くつ下、柚子の入浴料 5包|冷えの季節に
new|お茶|波佐見焼 湯のみ 藍線、どら焼き「月うさぎ」6個|はじめての一服に
new|菓子|宇治煎茶「朝つゆ」缶入り 80g、お茶三種 詰め合わせ|菓子によく合うお茶を
new|*|どら焼き「月うさぎ」6個、だしパック「あわせ」10袋、蚊帳生地のふきん 5枚|はじめてのお客様に人気です
dormant|お茶|ほうじ茶「焚き火」200g、栗蒸し羊羹|この秋の焙じたてを
dormant|*|栗蒸し羊羹、新米 つや姫 2kg、2027年 木版の卓上暦|この秋のおすすめです
"""


def rules(products):
    by_name = {p["name"]: p["product_id"] for p in products}
    out = []
    for segment, category, names, why in shops.lines(RULES):
        for rank, name in enumerate(names.split("、"), start=1):
            out.append({"segment": segment, "category": category, "product_id": by_name[name], "priority": rank, "because": why})
    return out


# product (or category) | title | serves | minutes | ingredients | steps
RECIPES = """
だしパック「あわせ」10袋|かぶと油揚げの煮びたし|2人分|15|かぶ 3個、油揚げ 1枚、だしパック 1袋、水 400ml、薄口醤油 大さじ1、みりん 大さじ1|鍋に水とだしパックを入れ、沸いてから3分煮出して取り出す。|くし形のかぶと、湯をかけて切った油揚げを加える。|醤油とみりんを入れ、弱火で8分。葉は最後の1分で。
信州味噌「蔵人」750g|鮭ときのこの味噌ホイル焼き|2人分|20|生鮭 2切れ、しめじ 1/2袋、味噌 大さじ1、みりん 大さじ1、バター 10g|味噌とみりんを混ぜ、鮭に塗って5分おく。|ホイルに鮭ときのこ、バターをのせて包む。|フライパンに並べ、ふたをして中火で12分。
丸大豆醤油 300ml|里いもの照り焼き|2人分|25|里いも 6個、丸大豆醤油 大さじ1と1/2、みりん 大さじ2、太白ごま油 小さじ2|里いもは皮ごと10分蒸し、熱いうちに皮をむく。|油で表面をこんがり焼く。|醤油とみりんをからめ、照りが出たら火を止める。
新米 つや姫 2kg|土鍋で炊く新米の白ごはん|3合分|50|つや姫 3合、水 600ml|やさしく研ぎ、30分水に浸す。|土鍋を中火にかけ、沸いたら弱火で12分。|最後に10秒強火、火を止めて15分蒸らす。
炊き込みご飯の素 きのこ 2合用|きのこご飯の焼きおにぎり|6個分|30|炊きあがったきのこご飯 2合、醤油 小さじ2、太白ごま油 少々|熱いうちに、きつめに三角ににぎる。|網か油を引いたフライパンで両面を焼く。|はけで醤油を塗り、香りが立つまで焼く。
いちじくのジャム 150g|いちじくとチーズのトースト|2人分|8|食パン 2枚、いちじくのジャム 大さじ3、クリームチーズ 40g、くるみ 少々|パンにチーズを塗り、こんがり焼く。|ジャムをのせ、砕いたくるみを散らす。
柚子こしょう 60g|鶏だんごの柚子こしょう鍋|2人分|25|鶏ひき肉 250g、長ねぎ 1本、白菜 1/8株、だしパック 1袋、柚子こしょう 小さじ1|ひき肉に刻みねぎと塩を混ぜ、丸める。|だしを沸かし、だんごを6分煮る。|白菜を加えて5分。柚子こしょうを溶いて食べる。
十割そば 乾麺 200g|きのこのあったかそば|2人分|15|十割そば 200g、まいたけ 1袋、だしパック 1袋、醤油 大さじ2、みりん 大さじ2|だしに醤油とみりんを合わせて温める。|まいたけを加えて3分煮る。|ゆでて洗ったそばを、つゆで温め直す。
手延べそうめん 300g|鶏と柚子のにゅうめん|2人分|15|そうめん 3束、鶏もも肉 120g、だしパック 1袋、柚子の皮 少々|だしで鶏肉を6分煮て、塩で味を調える。|固めにゆでたそうめんを洗い、つゆで温める。|柚子の皮を散らす。
梅干し「昔漬け」200g|いわしの梅煮|2人分|25|いわし 4尾、梅干し 2個、酒 100ml、醤油 大さじ1と1/2、しょうが 1かけ|頭とわたを除き、水気をふく。|酒、醤油、水100mlを沸かし、いわしと梅干しを並べる。|落としぶたをして、弱火で15分煮含める。
太白ごま油 180g|れんこんと春菊のかき揚げ|2人分|20|れんこん 100g、春菊 1/2束、薄力粉 60g、冷水 80ml、太白ごま油 適量|れんこんは薄切り、春菊は3cmに切り、粉をまぶす。|冷水で溶いた衣をさっとからめる。|170℃の油で、返しながら3分揚げる。
おでんだし 3～4人前|ことこと おでん|3人分|60|大根 1/2本、ゆで卵 3個、こんにゃく 1枚、さつま揚げ 3枚、おでんだし 1袋|大根は面取りして、20分下ゆでする。|表示の水でだしを沸かし、練りもの以外を30分煮る。|練りものを加えて10分。一度冷ますと味がしみる。
抹茶「峰の白」30g|抹茶ラテ|1人分|5|抹茶 小さじ1、湯 40ml、牛乳 160ml、きび砂糖 小さじ1|抹茶と砂糖に湯を注ぎ、茶筅でだまなく溶く。|温めて泡立てた牛乳を静かに注ぐ。
ほうじ茶「焚き火」200g|ほうじ茶のミルクプリン|4個分|15|ほうじ茶 12g、牛乳 400ml、生クリーム 100ml、砂糖 40g、粉ゼラチン 5g|牛乳を温め、茶葉を入れて5分蒸らして漉す。|砂糖とふやかしたゼラチンを溶かす。|生クリームを混ぜ、器に注いで3時間冷やす。
和紅茶「べにひかる」ティーバッグ 15個|りんごの紅茶煮|2人分|20|りんご 1個、和紅茶 1袋、水 200ml、砂糖 大さじ2、レモン汁 小さじ1|りんごは皮つきで8等分に切る。|水と砂糖を沸かし、紅茶を2分煮出して取り出す。|りんごを入れ、落としぶたで12分煮る。
玄米茶「穂のか」150g|鯛のだし茶漬け|1人分|10|ごはん 1膳、鯛の刺身 4切れ、醤油 小さじ2、すりごま 小さじ1、玄米茶 200ml|鯛を醤油とごまで5分漬ける。|ごはんにのせ、熱い玄米茶を注ぐ。
お茶|おいしい煎茶のいれかた|2人分|3|茶葉 6g、湯 200ml（80℃）|湯を湯のみに移し、80℃まで冷ます。|茶葉を入れた急須に注ぎ、1分待つ。|少しずつ回し注ぎ、最後の一滴まで。
食品|根菜の豚汁|4人分|30|豚こま 120g、大根・にんじん・ごぼう 各適量、だし 800ml、味噌 大さじ3|根菜を薄切りにして、豚肉と油で炒める。|だしを加え、あくを取りながら15分煮る。|味噌を溶き、火を止めて5分おく。
菓子|お菓子に合う濃いめの抹茶|1人分|3|抹茶 2g、湯 60ml（80℃）|茶碗を温め、抹茶を茶こしでふるい入れる。|湯を注ぎ、手首を前後に振って泡立てる。
"""


def recipes(products):
    by_name = {p["name"]: p for p in products}
    out = []
    for number, (target, title, serves, minutes, ingredients, *steps) in enumerate(shops.lines(RECIPES), start=1):
        product = by_name.get(target)
        assert product or target in {p["category"] for p in products}, target
        row = {"recipe_id": f"R{number:03}", "product_id": product["product_id"] if product else "",
               "category": product["category"] if product else target,
               "title": title, "serves": serves, "minutes": minutes, "ingredients": ingredients}
        for step in range(4):
            row[f"step_{step + 1}"] = steps[step] if step < len(steps) else ""
        out.append(row)
    return out


def orders(rng, people, products, towns, surnames, count):
    """Web orders of one week, with the lines in the shape of a cart's export: one row a product."""
    given, weights = folk.given_names(), shops.lines(shops.CITIES)
    heads, lines = [], []
    in_stock = [p for p in products if p["stock"]]
    popular = [rng.paretovariate(1.4) / math.sqrt(p["price"]) for p in in_stock]
    for number in range(1, count + 1):
        order_id = f"A261115{number:04}"
        member = rng.choice(people) if rng.random() < 0.78 else None
        if member and rng.random() < 0.88:
            to, ship_name = member, member["name"]
        else:
            # A guest, or a present to somebody else.
            to, ship_name = folk.place(rng, towns, weights), folk.person(rng, surnames, given)[0]
        status = rng.choices(["paid", "held", "cancelled"], [94, 2, 4])[0]
        heads.append({
            "order_id": order_id, "customer_id": member["customer_id"] if member else "", "ordered_at":
            f"2026-11-{rng.randint(14, 20)}", "status": status,
            "ship_name": ship_name, "ship_postcode": to["postcode"], "ship_prefecture": to["prefecture"],
            "ship_address": f"{to['prefecture']}{to['city']}{to['town']}{to['address1']}", "ship_address2": to["address2"],
            "latitude": to["latitude"], "longitude": to["longitude"], "first_order": "いいえ" if member and rng.random() < 0.8 else "はい",
            "gift": "はい" if member and to is not member else "いいえ", "pick_sequence": 0, "total": 0,
        })
        chosen = []
        for _ in range(rng.choices([1, 2, 3, 4, 5, 7], [24, 30, 22, 13, 8, 3])[0]):
            product = rng.choices(in_stock, popular)[0]
            if product not in chosen:
                chosen.append(product)
        for line, product in enumerate(chosen, start=1):
            quantity = rng.choices([1, 2, 3, 5], [76, 16, 6, 2])[0]
            heads[-1]["total"] += quantity * product["price"]
            lines.append({"order_id": order_id, "line": line, "product_id": product["product_id"], "quantity": quantity,
                          "amount": quantity * product["price"]})
    pick = list(range(1, count + 1))
    rng.shuffle(pick)
    for head, sequence in zip(heads, pick):
        head["pick_sequence"] = sequence
    # A character that no shipped font has (it cannot be written in CP932 either): this order must not print with a hole.
    heads[117]["ship_name"], heads[117]["status"] = "𠮷野 ひとみ", "paid"
    return heads, lines


def past_pieces(random, people, products):
    """What the postcards of spring and summer showed: a row for each."""
    keys = [p["product_id"] for p in products]
    rows = []
    for campaign, day, share in (("2026-spring-dm", "2026-03-02", 0.7), ("2026-summer-dm", "2026-07-01", 0.8)):
        for person in people:
            if random.random() < share:
                picks = random.sample(keys, 3)
                rows.append({"customer_id": person["customer_id"], "campaign": campaign, "posted_on": day,
                             "pick_1": picks[0], "pick_2": picks[1], "pick_3": picks[2]})
    return rows


def scores(random, people, products):
    """What another program's model says of every fourth member: a score for five products."""
    keys = [p["product_id"] for p in products]
    rows = []
    for person in people:
        if random.random() < 0.25:
            for key in random.sample(keys, 5):
                rows.append({"customer_id": person["customer_id"], "product_id": key,
                             "score": f"{random.random():.3f}", "model": "als-2026w46"})
    return rows
