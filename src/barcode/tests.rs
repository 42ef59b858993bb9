//! What is said of wrong values and sizes, and symbols whose bars are known.

use super::size::{Device, Wanted, measure};
use super::wide::Ratio;
use super::{Kind, Request, Symbol, encode, qr};
use crate::base::Pt;

fn symbol(kind: &str, value: &str) -> Result<Symbol, String> {
    let kind = Kind::parse(kind)?;
    encode(&Request::new(kind, value), &mut qr::Scratch::default()).map_err(|f| f.to_string())
}

fn told(kind: &str, value: &str) -> String {
    symbol(kind, value).map_or_else(|f| f, |_| "no fault".to_owned())
}

/// The first row of modules.
fn row(symbol: &Symbol, row: u16) -> String {
    (0..symbol.columns).map(|x| if symbol.is_dark(x, row) { '1' } else { '0' }).collect()
}

#[test]
fn jan_13_has_its_bars_and_its_check_digit() {
    let with = symbol("jan13", "4901234567894").unwrap();
    assert_eq!(symbol("jan13", "490123456789").unwrap(), with);
    let left = "10100010110100111001100100100110100001001110101010";
    assert!(row(&with, 0).starts_with(left), "{}", row(&with, 0));
    assert_eq!((with.columns, with.labels.len()), (95, 3));
    assert_eq!(row(&with, 1).matches('1').count(), 6, "only the guards reach down");
}

#[test]
fn wrong_values_are_told_with_what_is_expected() {
    assert_eq!(told("jan13", "4901234567890"), "the check digit is `0` where it must be `4`");
    assert_eq!(
        told("jan13", "49012"),
        "the value has 5 characters; it must have 12 digits, or 13 with the check digit (JAN-13)"
    );
    assert_eq!(told("jan8", "49O12345"), "character 3 is `O`; allowed are the digits 0 to 9");
    assert_eq!(
        told("jan13", "490123456789 123"),
        "the value has 3 characters; it must have 2 or 5 digits in its add-on"
    );
    assert_eq!(
        told("itf", "123"),
        "the value has 3 characters; it must have an even number of digits; put a 0 before them"
    );
    assert_eq!(
        told("nw7", "A12E4B"),
        "character 4 is `E`; allowed are the digits 0 to 9 and - $ : / . + between a start and a stop A to D"
    );
    assert!(told("nw7", "A1234").starts_with("a start character A to D stands without its stop"));
    assert_eq!(told("nw7", "AB"), "there is no value to put into the symbol");
    assert_eq!(
        told("code39", "abc"),
        "character 1 is `a`; allowed are the digits, A to Z, and - . $ / + % and the blank"
    );
    assert_eq!(
        told("micro-qr", &"7".repeat(36)).split(';').next(),
        Some("the value is too long: it has 36 characters")
    );
    let long = told("code39", &"A".repeat(101));
    assert_eq!(long, "the value is too long: it has 101 characters; code39 is made of 100 at most");
    assert_eq!(told("qr", ""), "there is no value to put into the symbol");
    assert_eq!(told("q-r", "1").split(';').nth(1), Some(" did you mean `qr`?"));
    assert!(told("pdf417", "1").contains("there are qr, micro-qr, jan13"), "{}", told("pdf417", "1"));
    let long = format!("(10){}(21){}(22){}", "x".repeat(20), "y".repeat(20), "z".repeat(20));
    assert!(told("databar-expanded", &long).contains("holds at most 22"));
}

#[test]
fn check_characters_are_added_and_verified_on_request() {
    let checked = |kind: Kind, value: &str, how: &str| {
        let mut request = Request::new(kind, value);
        assert_eq!(request.set("check", how), Ok(true));
        encode(&request, &mut qr::Scratch::default())
            .map(|s| s.labels.first().map_or(String::new(), |l| l.text.clone()))
            .map_err(|f| f.to_string())
    };
    assert_eq!(checked(Kind::Code39, "CODE39", "add").as_deref(), Ok("*CODE39W*"));
    assert_eq!(checked(Kind::Code39, "CODE39W", "verify").as_deref(), Ok("*CODE39W*"));
    let wrong = checked(Kind::Code39, "CODE39X", "verify").unwrap_err();
    assert_eq!(wrong, "the check digit is `X` where it must be `W`");
    // 1 2 3 between A (16) and A: 38, to 48
    assert_eq!(checked(Kind::Nw7, "123", "add").as_deref(), Ok("A123-A"));
    assert_eq!(checked(Kind::Nw7, "A123-A", "verify").as_deref(), Ok("A123-A"));
    assert_eq!(checked(Kind::Nw7, "123", "add-7").as_deref(), Ok("A1234A"), "123 = 17 × 7 + 4");
    assert_eq!(checked(Kind::Itf, "123", "add").as_deref(), Ok("1236"));
    let wrong = Request::new(Kind::Itf, "1").set("check", "maybe").unwrap_err().to_string();
    assert!(wrong.starts_with("`check` is `maybe`; it can be"), "{wrong}");
}

fn measured(kind: Kind, value: &str, wanted: Wanted) -> Result<super::size::Measures, String> {
    let symbol = encode(&Request::new(kind, value), &mut qr::Scratch::default()).unwrap();
    measure(kind, &symbol, Ratio::default().columns().0, &wanted).map_err(|f| f.to_string())
}

#[test]
fn jan_is_as_large_as_its_standard_draws_it() {
    let usual = measured(Kind::Jan13, "4901234567894", Wanted::default()).unwrap();
    assert!((usual.size.width.to_mm() - 113.0 * 0.33).abs() < 1e-3);
    assert!((usual.rows[0].to_mm() - 22.85).abs() < 1e-3, "the bars");
    assert!((usual.rows[1].to_mm() - 1.65).abs() < 1e-3, "the guards");
    assert!((25.0..27.0).contains(&usual.size.height.to_mm()), "{} with digits", usual.size.height.to_mm());
}

#[test]
fn modules_are_whole_dots() {
    let device = Device { dpi: 600.0, ..Device::default() };
    let dots = |m: Pt| m.0 / 72.0 * 600.0;
    let asked = Wanted { module: Some(Pt::from_mm(0.33)), device, ..Wanted::default() };
    let near = measured(Kind::Jan13, "4901234567894", asked).unwrap();
    assert!((dots(near.module) - 8.0).abs() < 1e-3, "7.8 dots become 8");
    let into = Wanted { across: Some(Pt::from_mm(38.0)), device, ..Wanted::default() };
    let below = measured(Kind::Jan13, "4901234567894", into).unwrap();
    assert!((dots(below.module) - 7.0).abs() < 1e-3, "a box is never left: 7.94 dots become 7");
    // 0.264 mm are 6.2 dots: six would be too narrow
    let least = Wanted { module: Some(Pt::from_mm(0.264)), device, ..Wanted::default() };
    assert!((dots(measured(Kind::Jan13, "4901234567894", least).unwrap().module) - 7.0).abs() < 1e-3);
}

#[test]
fn modules_too_narrow_too_wide_and_boxes_too_small_are_faults() {
    let module = |mm| Wanted { module: Some(Pt::from_mm(mm)), ..Wanted::default() };
    assert_eq!(
        measured(Kind::Jan13, "4901234567894", module(0.2)).unwrap_err(),
        "a module of 0.200 mm is too narrow for jan13: 0.264 mm is the least"
    );
    assert_eq!(
        measured(Kind::Jan13, "4901234567894", module(0.7)).unwrap_err(),
        "a module of 0.700 mm is too wide for jan13: 0.660 mm is the most"
    );
    let small = Wanted { across: Some(Pt::from_mm(25.0)), ..Wanted::default() };
    assert_eq!(
        measured(Kind::Jan13, "4901234567894", small).unwrap_err(),
        "a module of 0.221 mm is too narrow for jan13: 0.264 mm is the least; its box must be at least 29.9 mm wide"
    );
    let both = Wanted { across: Some(Pt::from_mm(30.0)), ..module(0.33) };
    assert_eq!(
        measured(Kind::Jan13, "4901234567894", both).unwrap_err(),
        "the symbol is 37.3 mm wide with its quiet zones and its box 30.0 mm"
    );
    let low = Wanted { height: Some(Pt::from_mm(3.0)), ..Wanted::default() };
    assert_eq!(
        measured(Kind::Code128, "A1", low).unwrap_err(),
        "the bars are 3.0 mm high; code128 needs 5.0 mm at least"
    );
    let mut device = Device::default();
    assert!(device.set_reduction("1dot").is_err(), "no resolution");
    device.dpi = 600.0;
    device.set_reduction("1dot").unwrap();
    assert!((device.reduction.to_mm() - 0.0423).abs() < 1e-3);
    device.set_reduction("0.15mm").unwrap();
    let wanted = Wanted { device, ..Wanted::default() };
    assert!(measured(Kind::Code128, "A1", wanted).unwrap_err().contains("half of a module"));
    assert!(device.set_reduction("2mm").is_err() && device.set_reduction("thick").is_err());
}

#[test]
fn the_customer_barcode_of_ten_points_is_eighty_millimetres_long() {
    let size = measured(Kind::JapanPost, "10000131-3-2-503", Wanted { bare: true, ..Wanted::default() }).unwrap();
    assert!((size.size.width.to_mm() - 79.8).abs() < 1e-2);
    assert!((size.size.height.to_mm() - 3.6).abs() < 1e-2);
}
