//! What was weighed on the way to a decision, kept only when someone asks for it.

/// Lines for `explain`; in a run nothing is kept and nothing is formatted.
#[derive(Debug, Default)]
pub struct Trace(Option<Vec<String>>);

impl Trace {
    #[must_use]
    pub fn kept() -> Self {
        Self(Some(Vec::new()))
    }

    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.0.is_some()
    }

    pub fn line(&mut self, words: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.0 {
            lines.push(words());
        }
    }

    #[must_use]
    pub fn into_lines(self) -> Vec<String> {
        self.0.unwrap_or_default()
    }
}
