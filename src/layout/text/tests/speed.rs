//! Times, for whoever works on this: `cargo test --release text::tests::speed -- --ignored --nocapture`.

use std::time::Instant;

use super::*;

const PLAIN: &str = "いつもご愛顧いただき、まことにありがとうございます。秋の新作がそろいましたので、ご案内申し上げます。\
期間中は全店で1,980円以上のお買い物に、1,000円分のお買い物券をお付けします。皆様のご来店をお待ちしております。";

fn time(what: &str, mut f: impl FnMut()) {
    for _ in 0..200 {
        f();
    }
    let mut best = f64::INFINITY;
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..200 {
            f();
        }
        best = best.min(start.elapsed().as_secs_f64() / 200.0);
    }
    println!("{what}: {:.2} µs", best * 1e6);
}

#[test]
#[ignore = "a measurement"]
fn paragraphs() {
    let fonts = FontSet::shipped();
    let mut scratch = TextScratch::default();
    let mut out = TextLayout::default();
    let block_style = Arc::new(TextStyle { font_family: Arc::from([Arc::from("BIZ UDPGothic")]), ..style() });
    let block = Block::new(&block_style);
    let long: String = PLAIN.chars().cycle().take(450).collect();
    let items = [text(&long)];
    time("collect and shape 450 plain characters", || {
        scratch.prepare(&fonts, &items, &block);
    });
    time("collect 450", || {
        collect::collect(&mut scratch.paragraph, &mut scratch.chains, &[], &fonts, &items, &block);
    });
    let hundred: String = PLAIN.chars().take(100).collect();
    let items = [text(&hundred)];
    time("100 characters on one line", || lay_out(&mut scratch, &fonts, &items, &block, Pt(2000.0), &mut out));
    time("100 characters on 4 lines", || lay_out(&mut scratch, &fonts, &items, &block, Pt(250.0), &mut out));
    println!("   {} lines", out.lines.len());
    time("segment 100", || linebreak::mark_again(&mut scratch.paragraph));
    time("measure", || {
        measure(&mut scratch, &fonts, &items, &block);
    });
    let items = [text("foto 100 fifty office が100")];
    time("27 characters shaped, one line", || lay_out(&mut scratch, &fonts, &items, &block, Pt(2000.0), &mut out));
}
