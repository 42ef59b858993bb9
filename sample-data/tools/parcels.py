"""From orders to parcels, and what the packing desk lays in beside the goods."""

import lives

SHIP = ["ship_name", "ship_postcode", "ship_prefecture", "ship_address", "ship_address2", "latitude", "longitude"]


def shipments(rng, heads, lines):
    """A row for each order in each parcel. Some orders are packed with an earlier one of the same member, some leave in two
    parcels. Takes the address out of the orders and says in the lines which parcel each is in."""
    of = {}
    for line in lines:
        of.setdefault(line["order_id"], []).append(line)
    whole = [h for h in heads if h["status"] == "paid" and h["gift"] == "いいえ" and "𠮷" not in h["ship_name"]]
    members = [h for h in whole if h["customer_id"] and len(of[h["order_id"]]) <= 4]
    guests = [h for h in whole if not h["customer_id"] and len(of[h["order_id"]]) <= 3]
    with_earlier = {}
    for n, second in enumerate(rng.sample(guests, 12)):
        first = rng.choice([h for h in members if h["order_id"] < second["order_id"] and h["order_id"] not in with_earlier.values()]
                           or members)
        for field in ["customer_id", *SHIP]:
            second[field] = first[field]
        # Three were cancelled and one is held, when the labels were printed already.
        second["status"] = ["cancelled", "held", "cancelled", "cancelled"][n] if n < 4 else "paid"
        with_earlier[second["order_id"]] = first["order_id"]
    used = set(with_earlier) | set(with_earlier.values())
    in_two = {h["order_id"] for h in rng.sample([h for h in whole if len(of[h["order_id"]]) >= 3 and h["order_id"] not in used], 14)}
    out, parcel_of, parcels = [], {}, 0
    for head in heads:
        order = head["order_id"]
        mine = of[order]
        if order in with_earlier:
            parts = [(parcel_of[with_earlier[order]], mine)]
        else:
            cut = len(mine) // 2 + 1 if order in in_two else len(mine)
            parts = []
            for part in (mine[:cut], mine[cut:]):
                if part:
                    parcels += 1
                    parts.append((f"B{parcels:05}", part))
            parcel_of[order] = parts[0][0]
        for parcel, part in parts:
            for line in part:
                line["parcel_id"] = parcel
            out.append({"shipment_id": f"K{len(out) + 1:05}", "parcel_id": parcel, "order_id": order, **{f: head[f] for f in SHIP}})
    sequence = list(range(1, parcels + 1))
    rng.shuffle(sequence)
    for row in out:
        row["pick_sequence"] = sequence[int(row["parcel_id"][1:]) - 1]
    for head in heads:
        for field in [*SHIP, "first_order", "pick_sequence"]:
            del head[field]
    return out


# What is in the goods, by their names; recipes and facts of nutrition go by it.
INGREDIENTS = """
product|ingredient
だしパック「あわせ」10袋|だし
信州味噌「蔵人」750g|味噌
丸大豆醤油 300ml|醤油
新米 つや姫 2kg|米
炊き込みご飯の素 きのこ 2合用|きのこ
いちじくのジャム 150g|いちじく
柚子こしょう 60g|柚子
柚子緑茶 ティーバッグ 12個|柚子
柚子緑茶 ティーバッグ 12個|煎茶
十割そば 乾麺 200g|そば
そば茶 180g|そば
手延べそうめん 300g|そうめん
梅干し「昔漬け」200g|梅
太白ごま油 180g|ごま
おでんだし 3～4人前|おでんだし
抹茶「峰の白」30g|抹茶
抹茶カステラ 一斤|抹茶
ほうじ茶「焚き火」200g|ほうじ茶
ほうじ茶クッキー 缶入り|ほうじ茶
和紅茶「べにひかる」ティーバッグ 15個|紅茶
玄米茶「穂のか」150g|玄米茶
宇治煎茶「朝つゆ」缶入り 80g|煎茶
深蒸し茶「まるみ」100g|煎茶
玉露「しずく」50g|煎茶
水出し煎茶 ティーバッグ 10個|煎茶
お茶三種 詰め合わせ|煎茶
"""

# After the Standard Tables of Food Composition in Japan.
NUTRITION = """
ingredient|per|energy|protein|fat|carbohydrate|salt
味噌|100g|182kcal|12.5g|6.0g|21.9g|12.4g
醤油|100g|76kcal|7.7g|0.0g|7.9g|14.5g
米|100g|342kcal|6.1g|0.9g|77.6g|0.0g
いちじく|100g|57kcal|0.6g|0.1g|14.3g|0.0g
そば|100g|344kcal|14.0g|2.3g|66.7g|0.0g
そうめん|100g|333kcal|9.5g|1.1g|72.7g|3.8g
梅|100g|29kcal|0.9g|0.7g|8.6g|18.2g
ごま|100g|890kcal|0.0g|100.0g|0.0g|0.0g
抹茶|100g|237kcal|29.6g|5.3g|39.5g|0.0g
"""

# What is in the recipe that people may not eat, and the ingredient it goes by.
RECIPES = """
recipe_id|ingredient|allergens
R001|だし|大豆、小麦
R002|味噌|大豆、乳
R003|醤油|小麦、大豆、ごま
R004|米|
R005|きのこ|小麦、大豆、ごま
R006|いちじく|小麦、乳、くるみ
R007|柚子|鶏肉
R008|そば|そば、小麦、大豆
R009|そうめん|小麦、鶏肉
R010|梅|小麦、大豆
R011|ごま|小麦、ごま
R012|おでんだし|卵、小麦、大豆
R013|抹茶|乳
R014|ほうじ茶|乳、ゼラチン
R015|紅茶|りんご
R016|玄米茶|小麦、大豆、ごま
R017|煎茶|
R018|味噌|大豆、豚肉
R019|抹茶|
"""

# Goods that go together; each line is read both ways.
PAIRS = """
宇治煎茶「朝つゆ」缶入り 80g、常滑焼 急須 300ml、季節の上生菓子 4個、波佐見焼 湯のみ 藍線
深蒸し茶「まるみ」100g、信楽焼 湯のみ 土灰、手焼き醤油せんべい 12枚、山桜の茶さじ
ほうじ茶「焚き火」200g、美濃焼 マグカップ 飴釉、栗蒸し羊羹、銅の茶筒 100g用
抹茶「峰の白」30g、茶筅 高山 八十本立、抹茶カステラ 一斤、季節の上生菓子 4個
和紅茶「べにひかる」ティーバッグ 15個、蜂蜜カステラ 一斤、いちじくのジャム 150g、さつまいもの焼き菓子 5個
玄米茶「穂のか」150g、粉引のフリーカップ、どら焼き「月うさぎ」6個、きなこ飴 120g
柚子緑茶 ティーバッグ 12個、九谷焼 豆皿と湯のみの組、最中「小萩」8個、柿のドライフルーツ 80g
黒豆茶 ティーバッグ 20個、そば茶 180g、ほうじ茶クッキー 缶入り、耐熱ガラスの急須 450ml
玉露「しずく」50g、水出し煎茶 ティーバッグ 10個、有田焼 そば猪口 市松、黒糖わらび餅 2人前
信州味噌「蔵人」750g、漆の汁椀 欅、だし引きの網こし、竹の菜箸 3膳組
新米 つや姫 2kg、砥部焼 飯碗 唐草、梅干し「昔漬け」200g、桐の米びつ 5kg
丸大豆醤油 300ml、鋳物の卵焼き器、太白ごま油 180g、有田焼 そば猪口 市松
炊き込みご飯の素 きのこ 2合用、伊賀焼 土鍋 8号、おでんだし 3～4人前、どんぶり 鉄絵
十割そば 乾麺 200g、手延べそうめん 300g、竹のざる 21cm、柚子こしょう 60g
益子焼 六寸皿 糠白、小鹿田焼 八寸皿 飛び鉋、木のプレート 胡桃、ランチョンマット 麻
萩焼 小鉢 紅萩、耐熱ガラスの小鉢 2個組、瑠璃釉 長皿、織部 角皿
備前焼 徳利と盃の組、瑠璃釉 長皿、柿のドライフルーツ 80g、手焼き醤油せんべい 12枚
鉄のフライパン 24cm、檜のまな板 36cm、三徳包丁 165mm、鍋つかみ 二枚組
銅のおろし金、山椒のすりこぎ、竹のざる 21cm、蚊帳生地のふきん 5枚
ホーロー保存容器 角 M、曲げわっぱ弁当箱 小判、竹のカトラリー入れ、竹の菜箸 3膳組
今治 ハンドタオル 亜麻色、今治 フェイスタオル 藍、今治 バスタオル 生成り、手づくり石けん よもぎ
注染手ぬぐい「紅葉」、匂い袋「萩」、がま口 印伝ふう、2027年 木版の卓上暦
リネンのエプロン 墨、鍋つかみ 二枚組、蚊帳生地のふきん 5枚、ランチョンマット 麻
こたつ掛け 会津木綿、座布団カバー 久留米絣、ウールのひざ掛け 焦茶、湯たんぽ 銅 カバーつき
あけびの手さげかご、すずたけの市場かご、竹の盛りかご 丸、帆布のトート 中
杉の重箱 二段、漆の汁椀 欅、竹の盛りかご 丸
ひのきの小箱 3つ組、和紙の文箱、真鍮のフック 3個、帆布の収納袋 大
ラタンの洗濯かご、今治 バスタオル 生成り、ひのきの入浴木 2個、手づくり石けん 米ぬか
線香「金木犀」、線香「白檀」、香立て 真鍮の葉、和ろうそく 10本
柚子の入浴料 5包、ひのきの入浴木 2個、手づくり石けん 米ぬか、今治 フェイスタオル 藍
みつろうキャンドル、和ろうそく 10本、匂い袋「萩」、2027年 木版の卓上暦
絹の五本指くつ下、絹のはらまき 墨、絹の手袋 おやすみ用、ウールのくつ下 杢
カシミヤの首巻き、遠州綿のストール 藍、絹の手袋 おやすみ用
会津木綿のもんぺ、帆布のトート 中、和傘ふう 長傘 紺、がま口 印伝ふう
つげの櫛、手づくり石けん よもぎ、がま口 印伝ふう
"""

# In the bins of the packing desk; a rule says which parcels each goes into.
LEAFLETS = """
leaflet|bin|where|note
はじめての方へ 小萩堂の歩み|A-01|segment == "first" && !order.gift|
贈りもののしおり|A-02|order.gift|金額のわかるものは入れない
おいしいお茶のいれかた|A-03|any(order_lines, where = product.category == "お茶")|
だしの引きかた帖|A-04|any(order_lines, where = product.category == "食品")|
急須のお手入れ|B-11|any(order_lines, where = product.category == "茶器")|
土と木のうつわ 使いはじめ|B-12|any(order_lines, where = product.category in ["うつわ", "台所道具"])|
茶房のご案内|C-05|store.km <= 15 && store.tearoom|お近くに茶房のある方
冬の頒布会 お申込書|C-06|rfm.spent >= 20_000 && !order.gift|
"""


def by_name(products):
    return {p["name"]: p for p in products}


def ingredients(products):
    known = by_name(products)
    return [{"product_id": known[r["product"]]["product_id"], "ingredient": r["ingredient"]} for r in lives.sheet(INGREDIENTS)]


def pairs(products):
    known = by_name(products)
    out = []
    for line in PAIRS.strip().splitlines():
        together = [known[name] for name in line.split("、")]
        for one in together:
            out += [{"product_id": one["product_id"], "with_id": other["product_id"], "allergens": other["allergens"]}
                    for other in together if other is not one]
    return out


def recipes(rows):
    """Adds what each goes by, and what is in it."""
    more = {r["recipe_id"]: r for r in lives.sheet(RECIPES)}
    for row in rows:
        row.pop("product_id")
        row.pop("category")
        row["ingredient"], row["allergens"] = more[row["recipe_id"]]["ingredient"], more[row["recipe_id"]]["allergens"]
    return rows
