//! The quick way from text to tree, for markup that is well formed.

/// An element whose end tag has not come yet.
#[derive(Debug)]
pub(super) struct Open {}
