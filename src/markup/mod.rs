//! HTML and CSS to a styled tree. May import `base` and `color`; ends in a [`dom::Dom`] and, for each of its
//! elements, a [`styler::Styled`].
//!
//! * [`decode`] – the bytes of a page to text, for pages that are not made from templates
//! * [`html`] – text to [`dom::Dom`]: quickly for what is well formed, as a browser for the rest
//! * [`css`] – stylesheets, parsed; the page, its fonts
//! * [`faces`] – the measures of fonts that lengths can be in, which layout tells
//! * [`styler`] – the same with caches: what a worker uses

pub mod boxing;
pub mod cascade;
pub mod composition;
mod composition_kinds;
pub mod counter;
pub mod css;
pub mod decode;
pub mod dom;
mod effects;
mod extras;
pub mod faces;
pub mod fault;
mod generated;
mod gradient;
mod ground;
pub mod hash;
mod hints;
pub mod html;
mod inks;
mod kind;
mod kind_text;
mod logical;
pub mod margin;
mod media;
pub mod name;
mod page;
pub mod paged;
mod property;
mod selector;
mod shorthand;
pub mod style;
pub mod styler;
pub mod support;
pub mod tracks;
mod values;
mod writing;

mod build;
mod entity;
mod repair;
mod xhtml;

#[cfg(test)]
mod box_tests;
#[cfg(test)]
mod condition_tests;
#[cfg(test)]
mod css_tests;
#[cfg(test)]
mod html_tests;
#[cfg(test)]
mod math_tests;
