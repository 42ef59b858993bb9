//! The benchmark postcard: two sides, 26 elements, nearly all placed absolutely; about a third of the text is
//! new in every record.

use std::fmt::Write as _;

use super::{Drawn, Fixture, drawn, round};

const FOOTER: &str = "※クーポンは記載の有効期限内に、対象店舗および公式通販サイトで1回限りご利用いただけます。他の割引・優待との併用はできません。\
商品の価格は税込表示です。写真はイメージであり、実際の商品と色・形が異なる場合がございます。数に限りがございますので、品切れの際はご容赦ください。\
今後このようなご案内を希望されない場合は、お客様番号をお手元にご用意のうえ、表面のお客様センターまでご連絡ください。個人情報は当社の方針に従い適切に取り扱います。";
const SENDER: &str = "〒104-0061 東京都中央区銀座4丁目5番6号<br>株式会社みのり百貨店 通信販売部<br>お客様センター 0120-000-000（9:00〜18:00）<br>\
https://example.jp/minori/<br>料金後納郵便　差出有効期間2026年12月31日まで";
const PRODUCTS: [&str; 20] = [
    "深蒸し煎茶 八女の朝 100g",
    "有機ほうじ茶ティーバッグ 30包入",
    "国産はちみつ アカシア 500g",
    "北海道十勝 つぶあん最中 8個入",
    "瀬戸内レモンケーキ 5個セット",
    "京都宇治抹茶ロールケーキ",
    "信州りんごジュース 1L×3本",
    "鹿児島県産 黒酢 720ml",
    "越前塩うに風味ふりかけ",
    "讃岐うどん 半生 10人前",
    "今治タオル フェイス 3枚組",
    "美濃焼 湯呑み 夫婦セット",
    "有田焼 小皿 5枚組",
    "南部鉄器 急須 0.6L",
    "曲げわっぱ弁当箱 Mサイズ",
    "オーガニックコットン 靴下",
    "柿渋せっけん 2個入",
    "ヒノキの入浴料 450g",
    "椿油ヘアオイル 60ml",
    "米ぬか化粧水 200ml",
];
const GREETINGS: [&str; 4] = [
    "いつも格別のご愛顧を賜り、誠にありがとうございます。日頃の感謝の気持ちを込めまして、特別会員の皆さまだけにご用意した限定セットと優待クーポンをお届けいたします。ぜひこの機会にお試しください。",
    "日頃よりご利用いただき、ありがとうございます。前回お求めいただいた商品と一緒にお楽しみいただける、季節のおすすめを選びました。お近くの店舗でもご利用いただけるクーポンをぜひお使いください。",
    "先日は初めてのご注文をいただき、誠にありがとうございました。お届けした商品はお気に召していただけましたでしょうか。次回のお買い物でお使いいただけるご優待をご用意いたしました。お待ちしております。",
    "ご無沙汰しておりますが、いかがお過ごしでしょうか。しばらくお会いできていないお客様へ、感謝を込めて特別なご案内をお届けします。新しく仲間入りした人気商品をぜひ一度お確かめくださいませ。",
];
const SURNAMES: [&str; 12] =
    ["佐藤", "鈴木", "高橋", "長谷川", "田中", "伊藤", "渡辺", "菅原", "丸山", "小林", "加藤", "原"];
const GIVEN: [&str; 12] =
    ["陽菜", "凛", "久美子", "莉子", "美咲", "葵", "真由美", "さくら", "蓮", "悠真", "大翔", "樹"];
const TOWNS: [&str; 8] = [
    "東京都世田谷区三軒茶屋",
    "神奈川県横浜市青葉区美しが丘",
    "大阪府大阪市北区梅田",
    "愛知県名古屋市中区栄",
    "北海道札幌市中央区大通西",
    "福岡県福岡市博多区博多駅前",
    "京都府京都市下京区四条通室町東入函谷鉾町",
    "沖縄県那覇市久茂地",
];
const COUPONS: [&str; 4] = ["全品20%OFF", "1,000円OFF", "送料無料", "30%OFF"];

fn css() -> String {
    let line = |x: f32, y: f32, w: f32, s: f32, lead: f32| {
        format!("left:{x}mm;top:{y}mm;width:{w}mm;font-size:{s}pt;line-height:{lead}pt;")
    };
    let mut css = String::from(
        "@page{size:100mm 148mm;bleed:3mm;margin:0}html,body{margin:0;padding:0}\
         body{font-family:\"BIZ UDPGothic\";font-weight:400;color:#000}\
         .pg{position:relative;width:100mm;height:148mm;break-after:page;margin:0;padding:0}\
         .pg div,.pg img,.pg bar-code{position:absolute;display:block;margin:0;padding:0}\
         .pg .bg{left:-3mm;top:-3mm;width:106mm;height:154mm}\
         .i1,.i2,.i3{top:46mm;width:26mm;height:26mm}.i1{left:8mm}.i2{left:37mm}.i3{left:66mm}\
         .cb{left:8mm;top:88mm;width:84mm;height:26mm;border:.5pt solid #000;border-radius:2mm;background:#fff;box-sizing:border-box}\
         .qr{left:69mm;top:91mm;width:20mm;height:20mm}",
    );
    let bold = "font-weight:700;";
    for (class, rule) in [
        ("pc", line(10.0, 12.0, 80.0, 14.0, 17.0)),
        ("ad", line(10.0, 22.0, 80.0, 10.0, 14.0)),
        ("nm", line(14.0, 44.0, 80.0, 18.0, 24.0) + bold),
        ("cn", line(10.0, 113.0, 84.0, 6.0, 8.0)),
        ("sd", line(10.0, 118.0, 84.0, 7.0, 10.0)),
        ("hl", line(8.0, 7.0, 84.0, 16.0, 20.0) + bold),
        ("gr", line(8.0, 24.0, 84.0, 8.0, 13.0)),
        ("n1", line(8.0, 73.0, 26.0, 7.0, 9.0)),
        ("n2", line(37.0, 73.0, 26.0, 7.0, 9.0)),
        ("n3", line(66.0, 73.0, 26.0, 7.0, 9.0)),
        ("c1", line(8.0, 81.0, 26.0, 9.0, 12.0) + bold),
        ("c2", line(37.0, 81.0, 26.0, 9.0, 12.0) + bold),
        ("c3", line(66.0, 81.0, 26.0, 9.0, 12.0) + bold),
        ("ct", line(12.0, 91.0, 55.0, 12.0, 16.0) + bold),
        ("cc", line(12.0, 99.0, 55.0, 10.0, 13.0)),
        ("ce", line(12.0, 106.0, 55.0, 7.0, 10.0)),
        ("st", line(8.0, 117.0, 84.0, 7.0, 10.0)),
        ("ft", line(8.0, 126.0, 84.0, 5.0, 7.5)),
    ] {
        let _ = write!(css, ".{class}{{{rule}}}");
    }
    css
}

/// Whole numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below
    }
    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| char::from_digit(self.next(16) as u32, 16).unwrap_or('0')).collect()
    }
}

/// The markup of one card; `n` chooses the person.
pub fn card(css: &str, n: u64) -> String {
    let mut r = Numbers(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let name = format!("{} {}", SURNAMES[r.next(12)], GIVEN[r.next(12)]);
    let town = TOWNS[r.next(8)];
    let segment = r.next(4);
    let code = r.hex(12).to_uppercase();
    let building =
        if r.next(3) > 0 { format!("<br>グランドメゾン{}号室", 101 + r.next(1400)) } else { String::new() };
    let mut html = format!(
        "<!DOCTYPE html><html lang=\"ja\"><head><meta charset=\"utf-8\"><title>postcards</title><style>{css}</style></head><body>\n\
         <section class=\"pg\"><div class=\"pc\">〒{}-{:04}</div><div class=\"ad\">{town}{}丁目{}番{}号{building}</div>\
         <div class=\"nm\">{name} 様</div><div class=\"cn\">お客様番号 C{n:09}-{code}-{:06}</div><div class=\"sd\">{SENDER}</div></section>\n\
         <section class=\"pg\"><img class=\"bg\" src=\"bg.png\"><div class=\"hl\">{name}様だけの特別なご案内</div>\
         <div class=\"gr\">{}</div>",
        100 + r.next(899),
        r.next(10_000),
        1 + r.next(8),
        1 + r.next(29),
        1 + r.next(19),
        r.next(1_000_000),
        GREETINGS[segment],
    );
    for i in 1..=3 {
        let p = r.next(40);
        let price = (p * 137 + 480) / 10 * 10;
        let _ = write!(
            html,
            "<img class=\"i{i}\" src=\"p{}.png\"><div class=\"n{i}\">{}</div><div class=\"c{i}\">{price}円（税込）</div>",
            p % 4,
            PRODUCTS[p % 20],
        );
    }
    let _ = write!(
        html,
        "<div class=\"cb\"></div><div class=\"ct\">{}</div><div class=\"cc\">{}-{}-{}</div><div class=\"ce\">2026年12月31日まで</div>\
         <bar-code class=\"qr\" type=\"qr\" value=\"https://ex.jp/c/{code}{}\" ecc=\"M\"></bar-code>\
         <div class=\"st\">最寄り店舗：{town}店　{town}{}-{}（約{}.{}km）</div><div class=\"ft\">{FOOTER}</div></section>\n</body></html>\n",
        COUPONS[segment],
        &code[..4],
        &code[4..8],
        &code[8..],
        r.hex(16),
        1 + r.next(8),
        1 + r.next(29),
        r.next(9),
        r.next(10),
    );
    html
}

fn fixture(caches: bool) -> Fixture {
    let f = Fixture::new(|s| s.options.caches = caches);
    for name in ["bg", "p0", "p1", "p2", "p3"] {
        f.picture(&format!("{name}.png"), 30, 30);
    }
    f
}

#[test]
fn the_card_is_laid_out_where_its_designer_put_it() {
    let (pages, faults) = fixture(true).compose(&card(&css(), 7));
    assert_eq!(faults, []);
    assert_eq!(pages.len(), 2);
    for p in &pages {
        let size = [p.trim.width, p.trim.height, p.bleed].map(|v| round(v.to_mm()));
        assert_eq!(size, [100.0, 148.0, 3.0]);
    }
    let offer = drawn(&pages[1]);
    let pictures: Vec<[f32; 4]> = offer
        .iter()
        .filter_map(|d| match d {
            Drawn::Image(r) => Some([r.x, r.y, r.width, r.height].map(|v| round(v.to_mm()))),
            _ => None,
        })
        .collect();
    assert_eq!(
        pictures,
        [[-3.0, -3.0, 106.0, 154.0], [8.0, 46.0, 26.0, 26.0], [37.0, 46.0, 26.0, 26.0], [66.0, 46.0, 26.0, 26.0]]
    );
    let symbol = offer.iter().find_map(|d| if let Drawn::Modules(at, m) = d { Some((*at, m.clone())) } else { None });
    let (at, symbol) = symbol.expect("a symbol");
    let module = 20.0 / f32::from(symbol.columns + 8);
    assert_eq!(round(symbol.module.to_mm()), round(module));
    assert_eq!([round(at.x.to_mm()), round(at.y.to_mm())], [round(69.0 + 4.0 * module), round(91.0 + 4.0 * module)]);
    let lefts: Vec<f32> = drawn(&pages[0])
        .iter()
        .filter_map(|d| if let Drawn::Text(at, _) = d { Some(round(at.x.to_mm())) } else { None })
        .collect();
    assert!(lefts.iter().all(|x| [10.0, 14.0].contains(x) || *x > 14.0), "{lefts:?}");
    assert!(lefts.contains(&10.0) && lefts.contains(&14.0));
}

#[test]
fn cards_are_the_same_with_and_without_caches() {
    let (css, mut with, mut without) = (css(), fixture(true), fixture(false));
    for n in 0..60 {
        let html = card(&css, n);
        assert_eq!(format!("{:?}", with.compose(&html)), format!("{:?}", without.compose(&html)), "card {n}");
    }
    let (hits, lookups) = with.composer.cache_hits();
    assert!(hits * 4 > lookups, "{hits} of {lookups}");
}

/// Time for each card; run in release with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stderr, clippy::disallowed_methods, clippy::disallowed_types)]
fn measure() {
    use crate::markup::{
        dom::Dom,
        html,
        styler::{LoadNothing, Styler},
    };
    let css = css();
    let cards: Vec<String> = (0..4000).map(|n| card(&css, n)).collect();
    let (mut pages, mut faults) = (Vec::new(), Vec::new());
    let mut f = fixture(true);
    for html in &cards[..2000] {
        f.composer.compose(html, &mut pages, &mut faults);
    }
    let (hits, lookups) = f.composer.cache_hits();
    let start = std::time::Instant::now();
    for html in &cards[2000..] {
        f.composer.compose(html, &mut pages, &mut faults);
    }
    let all = start.elapsed().as_secs_f64() / 2000.0 * 1e6;
    let (h, l) = f.composer.cache_hits();
    let mut dom = Dom::new();
    let start = std::time::Instant::now();
    for html in &cards[2000..] {
        html::parse(html, &mut dom).expect("well formed");
    }
    let parse = start.elapsed().as_secs_f64() / 2000.0 * 1e6;
    let mut styler = Styler::new();
    let start = std::time::Instant::now();
    for html in &cards[2000..] {
        html::parse(html, &mut dom).expect("well formed");
        styler.begin(&dom, &mut LoadNothing);
        style_all(&dom, &mut styler, dom.root().expect("a root"), None);
    }
    let style = start.elapsed().as_secs_f64() / 2000.0 * 1e6 - parse;
    let mut plain = fixture(false);
    let start = std::time::Instant::now();
    for html in &cards[2000..3000] {
        plain.composer.compose(html, &mut pages, &mut faults);
    }
    let without = start.elapsed().as_secs_f64() / 1000.0 * 1e6;
    eprintln!(
        "{} bytes; parse {parse:.1} µs, style of all elements {style:.1} µs, compose {all:.1} µs (all of it), without caches {without:.1} µs; {:.1} of {:.1} look-ups hit",
        cards[0].len(),
        (h - hits) as f64 / 2000.0,
        (l - lookups) as f64 / 2000.0
    );
}

fn style_all(
    dom: &crate::markup::dom::Dom,
    styler: &mut crate::markup::styler::Styler,
    node: crate::markup::dom::NodeId,
    parent: Option<&crate::markup::styler::Styled>,
) {
    let styled = styler.style(dom, node, parent);
    for child in dom.children(node) {
        if dom.is_element(child) {
            style_all(dom, styler, child, Some(&styled));
        }
    }
}
