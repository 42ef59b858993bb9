use std::sync::Arc;

use super::super::qr::Scratch;
use super::super::size::{Device, Wanted, measure};
use super::super::{Request, encode};
use super::*;
use crate::base::{Edges, Point, Pt};
use crate::color::Ink;
use crate::page::Modules;

/// The rectangles that the symbol of a request is drawn with.
fn drawn(request: &Request<'_>, dpi: f32, reduction: &str) -> Vec<Dark> {
    let symbol = encode(request, &mut Scratch::default()).expect("a sound value");
    let mut device = Device { dpi, reduction: Pt::ZERO };
    device.set_reduction(reduction).expect("a length");
    let wanted = Wanted { device, ..Wanted::default() };
    let narrow = request.ratio.columns().0;
    let measures = measure(request.kind, &symbol, narrow, &wanted).expect("a sound size");
    let modules = Modules {
        at: Point::new(Pt(70.0), Pt(31.4)),
        module: measures.module,
        columns: symbol.columns,
        rows: symbol.rows,
        bits: Arc::clone(&symbol.bits),
        heights: (!measures.rows.is_empty()).then(|| Arc::from(&measures.rows[..])),
        reduction: measures.reduction,
        quiet: Edges::all(Pt::ZERO),
        ink: Ink::BLACK,
    };
    let rectangles = modules.rectangles();
    // three places behind the point, as they stand in a file
    let short = |n: Pt| f64::from((n.0 * 1000.0).round()) / 1000.0;
    rectangles
        .iter()
        .map(|r| Dark { x: short(r.x), y: short(r.y), width: short(r.width), height: short(r.height) })
        .collect()
}

fn said(kind: Kind, value: &str, set: &[(&str, &str)]) -> Vec<(Kind, String)> {
    let mut request = Request::new(kind, value);
    for (name, text) in set {
        request.set(name, text).expect("a choice");
    }
    [(0.0, "0mm"), (600.0, "1dot"), (1200.0, "-0.01mm")]
        .into_iter()
        .map(|(dpi, reduction)| match read(&drawn(&request, dpi, reduction)) {
            Found::Symbol(read) => (read.kind, read.text),
            other => panic!("{kind:?} {value} at {dpi} dpi: {other:?}"),
        })
        .collect()
}

#[test]
fn every_kind_says_what_was_asked_for() {
    let gs1 = "(01)04912345678904(10)A1-b(21)42";
    let plain = plain_gs1(gs1).expect("sound");
    assert_eq!(plain, "010491234567890410A1-b\u{1d}2142");
    for (kind, value, says, set) in [
        (Kind::Qr, "https://example.jp/c/A1B2C3?k=9", "https://example.jp/c/A1B2C3?k=9", &[][..]),
        (Kind::Qr, "秋のご優待 A1B2C3 0123456789", "秋のご優待 A1B2C3 0123456789", &[("ecc", "Q")]),
        (Kind::Qr, "𠮷野家様 é", "𠮷野家様 é", &[("version", "12")]),
        (Kind::Gs1Qr, gs1, &plain, &[("ecc", "H")]),
        (Kind::Gs1Qr, "(01)04912345678904(91)50%OFF", "01049123456789049150%OFF", &[]),
        (Kind::MicroQr, "A1B2C3", "A1B2C3", &[]),
        (Kind::MicroQr, "12345", "12345", &[("ecc", "L")]),
        (Kind::MicroQr, "秋の会員様", "秋の会員様", &[]),
        (Kind::MicroQr, "abc-9", "abc-9", &[("ecc", "Q")]),
        (Kind::Jan13, "490123456789", "4901234567894", &[]),
        (Kind::Jan13, "978410109205 12345", "9784101092058 12345", &[]),
        (Kind::Jan13, "491012345678+07", "4910123456782 07", &[]),
        (Kind::Jan8, "4912345", "49123456", &[]),
        (Kind::Code128, "DM-2026-0042\tz", "DM-2026-0042\tz", &[]),
        (Kind::Gs1128, gs1, &plain, &[]),
        (Kind::Itf, "12345678", "12345678", &[("ratio", "3")]),
        (Kind::Itf, "0000", "0000", &[("ratio", "2")]),
        (Kind::Itf14, "1491234567890", "14912345678901", &[]),
        (Kind::Nw7, "A1234567B", "A1234567B", &[("ratio", "2")]),
        (Kind::Nw7, "12-34$", "A12-34$A", &[]),
        (Kind::Code39, "CODE-39 %", "CODE-39 %", &[]),
        (Kind::DataBarExpanded, gs1, &plain, &[]),
        (Kind::DataBarExpanded, "(01)04912345678904(3922)795", "01049123456789043922795", &[]),
        (Kind::DataBarExpanded, "(91)0123", "910123", &[]),
        (Kind::DataBarExpandedStacked, gs1, &plain, &[]),
        (
            Kind::DataBarExpandedStacked,
            "(01)04912345678904(10)A1B2C3(21)4212345",
            "010491234567890410A1B2C3\u{1d}214212345",
            &[("blocks", "3")],
        ),
        (Kind::DataMatrix, "JOB1-0000042/2", "JOB1-0000042/2", &[]),
        (Kind::Gs1DataMatrix, gs1, &plain, &[]),
        (Kind::JapanPost, "10000131-3-2-503", "10000131-3-2-503", &[]),
        (Kind::JapanPost, "27301023-20-5B604", "27301023-20-5B604", &[]),
    ] {
        for (read, text) in said(kind, value, set) {
            assert_eq!((read, text.as_str()), (kind, says), "{value}");
        }
    }
}

#[test]
fn many_values_of_each_length_are_read() {
    let mut seed = 7_u32;
    let mut next = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    for n in 1..30 {
        let text: String = (0..n).map(|_| char::from(b' ' + next(95) as u8)).collect();
        let digits: String = (0..n).map(|_| char::from(b'0' + next(10) as u8)).collect();
        let value = format!("(01)0491234567890{}(10){}", ["", "4"][(n % 2) as usize], &digits[..digits.len().min(20)]);
        for (kind, value, says) in [
            (Kind::Qr, text.as_str(), text.clone()),
            (Kind::Code128, &text, text.clone()),
            (Kind::DataMatrix, &text, text.clone()),
            (Kind::DataBarExpanded, &value, plain_gs1(&value).expect("sound")),
            (Kind::DataBarExpandedStacked, &value, plain_gs1(&value).expect("sound")),
        ] {
            for (read, found) in said(kind, value, &[]) {
                assert_eq!((read, found), (kind, says.clone()), "{value}");
            }
        }
    }
}

#[test]
fn a_module_that_is_wrong_is_not_read() {
    for (kind, value) in [
        (Kind::Qr, "https://example.jp"),
        (Kind::MicroQr, "A1B2C3"),
        (Kind::Jan13, "490123456789"),
        (Kind::Code128, "DM-2026"),
        (Kind::JapanPost, "10000131-3"),
        (Kind::DataBarExpanded, "(91)0123"),
    ] {
        let mut dark = drawn(&Request::new(kind, value), 0.0, "0mm");
        assert!(matches!(read(&dark), Found::Symbol(_)), "{kind:?}");
        // one bar, or one run of modules, is not there
        let at = dark.len() / 2;
        dark.remove(at);
        assert!(!matches!(read(&dark), Found::Symbol(_)), "{kind:?}");
    }
}

#[test]
fn rules_and_frames_are_no_symbols() {
    let rule = |i: usize| Dark { x: 10.0, y: 12.0 * i as f64, width: 200.0, height: 0.5 };
    assert_eq!(read(&(0..30).map(rule).collect::<Vec<_>>()), Found::Nothing);
    let column = |i: usize| Dark { x: 10.0 * i as f64, y: 0.0, width: 0.5, height: 200.0 };
    assert_eq!(read(&(0..30).map(column).collect::<Vec<_>>()), Found::Nothing);
    assert_eq!(read(&[]), Found::Nothing);
    let wrong = Dark { x: f64::NAN, y: 0.0, width: 1.0, height: 1.0 };
    assert_eq!(read(&[wrong; 40]), Found::Nothing);
}
