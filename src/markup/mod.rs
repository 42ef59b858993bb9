//! HTML and CSS to a styled tree.
//!
//! * [`html`] – text to [`dom::Dom`]
//! * [`css`] – stylesheets; [`values`] – the values of properties; [`selector`] – matching
//! * [`cascade`] – from sheets and tree to a computed [`style::Style`] for each element
//! * [`support`] – the list of what is supported

pub mod dom;
pub mod style;
