//! Scores that another model made: a table with a person, a product and a score in each row.

use std::sync::Arc;

use crate::data::index::Index;
use crate::data::record::Field;
use crate::data::table::Table;

/// The `scores` rung as compiled.
#[derive(Clone, Debug)]
pub struct ScoresPlan {
    pub table: usize,
    /// Columns.
    pub person: usize,
    pub product: usize,
    pub score: usize,
    pub model: Option<usize>,
    /// Only rows of this model.
    pub only: Option<Arc<str>>,
    /// Only scores from this on.
    pub least: Option<f64>,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Row of the product.
    pub product: u32,
    /// Row in the table of scores.
    pub row: u32,
    pub score: f64,
}

/// All scores by person, the best first; equal ones in the order of the products' keys.
#[derive(Debug)]
pub struct Scores {
    index: Index,
    table: Arc<Table>,
    model: Option<usize>,
    /// In the order of the index: `scores[starts[g]..starts[g + 1]]` are one person's.
    starts: Vec<u32>,
    scores: Vec<Score>,
    /// By row of the table: which group.
    groups: Vec<u32>,
}

impl Scores {
    #[must_use]
    pub fn new(plan: &ScoresPlan, table: &Arc<Table>, products: &Table, rank_of: &[u32]) -> Self {
        let index = Index::new(table, plan.person);
        let mut starts = vec![0u32];
        let mut scores: Vec<Score> = Vec::new();
        let mut groups = vec![u32::MAX; table.len() as usize];
        for (group, (_, rows)) in (0u32..).zip(index.groups(table)) {
            let from = scores.len();
            for row in rows.iter().copied() {
                groups[row as usize] = group;
                let other = plan.only.as_deref().zip(plan.model);
                if other.is_some_and(|(name, column)| table.text(row, column).trim() != name) {
                    continue;
                }
                #[expect(clippy::cast_precision_loss, reason = "scores are compared, not booked")]
                let score = match table.field(row, plan.score) {
                    Field::Number(n) if n.is_finite() => n,
                    Field::Integer(n) => n as f64,
                    _ => continue,
                };
                if plan.least.is_some_and(|least| score < least) {
                    continue;
                }
                if let Some(product) = products.find(table.text(row, plan.product)) {
                    scores.push(Score { product, row, score });
                }
            }
            let rank = |product: u32| rank_of.get(product as usize).copied().unwrap_or(u32::MAX);
            scores[from..].sort_unstable_by(|a, b| {
                b.score.total_cmp(&a.score).then_with(|| (rank(a.product), a.row).cmp(&(rank(b.product), b.row)))
            });
            starts.push(u32::try_from(scores.len()).unwrap_or(u32::MAX));
        }
        scores.shrink_to_fit();
        Self { index, table: Arc::clone(table), model: plan.model, starts, scores, groups }
    }

    /// A person's scores, the best first.
    #[must_use]
    pub fn of(&self, person: &str) -> &[Score] {
        let first = self.index.rows_of(&self.table, person).first();
        let group = first.and_then(|row| self.groups.get(*row as usize)).copied().unwrap_or(u32::MAX);
        super::bought::span(&self.starts, &self.scores, group)
    }

    /// The model that a score is of, if the table says.
    #[must_use]
    pub fn model(&self, score: &Score) -> Option<&str> {
        let name = self.table.text(score.row, self.model?).trim();
        (!name.is_empty()).then_some(name)
    }
}
