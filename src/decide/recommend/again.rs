//! What the person buys again and again: own purchases, each day of them fading with its age.
//!
//! A product's score is Σ 2^(−age / half-life) over the different days on which the person bought it and kept it; the
//! age is counted to the campaign's day. So what is bought every week stands before what was bought often long ago. Where
//! people come back for the same milk, nothing that is learnt from others comes near it (Li, Jullien, Ariannezhad and de
//! Rijke, "A Next Basket Recommendation Reality Check", ACM TOIS 41, 2023, whose `P-TopFreq` this is, with decay).

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::decide::rule::{NO_ROW, Scene};

/// The `bought_again` rung as compiled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgainPlan {
    /// On so many different days at least.
    pub min_days: u32,
    /// In days.
    pub half_life: f64,
    /// So many days before `as_of` count; all when not said.
    pub days: Option<u32>,
}

/// What a person bought: product, day, line; memory to work in.
pub type Bought = Vec<(u32, i32, u32)>;

/// A product that the person bought on several days.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Again {
    pub row: u32,
    pub score: f64,
    pub days: u32,
    /// The last line.
    pub line: u32,
}

impl AgainPlan {
    /// The products that the person bought on days enough, by row. `since` is the first day that counts, `today` that of
    /// the campaign. The order of the person's lines does not matter.
    pub fn of(&self, scene: &Scene<'_>, since: i32, today: i32, bought: &mut Bought, mut each: impl FnMut(Again)) {
        bought.clear();
        let Some(history) = &scene.world.history else { return };
        for line in scene.lines.iter().copied().filter(|l| history.kept_since(*l, since)) {
            if let (Some(day), product) = (history.day(line), history.product(line))
                && product != NO_ROW
            {
                bought.push((product, day, line));
            }
        }
        bought.sort_unstable();
        for lines in bought.chunk_by(|a, b| a.0 == b.0) {
            let (mut days, mut score) = (0u32, 0.0);
            for of_day in lines.chunk_by(|a, b| a.1 == b.1) {
                let age = of_day.first().map_or(0, |l| today.saturating_sub(l.1));
                score += libm::exp2(-f64::from(age.max(0)) / self.half_life);
                days += 1;
            }
            if let Some((row, _, line)) = lines.last().copied().filter(|_| days >= self.min_days) {
                each(Again { row, score, days, line });
            }
        }
    }
}

/// Why, in words.
pub(super) fn because(days: u32, last: Option<Date>, out: &mut String) {
    let _ = write!(out, "bought on {days} day{}", if days == 1 { "" } else { "s" });
    if let Some(date) = last {
        let _ = write!(out, ", last on {date}");
    }
}
