//! Diagnostics for people: drawn with the text underlined, as the Rust compiler draws its own.

use std::io::Write;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::base::{Diagnostic, Place, Severity, SourceText};

/// Writes each diagnostic with a blank line after it.
pub fn print(out: &mut dyn Write, diagnostics: &[Diagnostic], styled: bool) -> std::io::Result<()> {
    for d in diagnostics {
        writeln!(out, "{}\n", render(d, styled))?;
    }
    Ok(())
}

/// One diagnostic as text, without a trailing line break.
#[must_use]
pub fn render(d: &Diagnostic, styled: bool) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    // Places in tables have no text to underline: they are told in the title.
    let title = match &d.place {
        // Some messages name the file themselves.
        Some(Place::Cell { origin, .. }) if d.message.contains(&*origin.file) => {
            format!("{} (row {})", d.message, origin.row)
        }
        Some(Place::File(name)) if d.message.contains(name.as_str()) => d.message.clone(),
        Some(Place::Cell { origin, column: Some(column) }) => format!("{origin}, column `{column}`: {}", d.message),
        Some(Place::Cell { origin, column: None }) => format!("{origin}: {}", d.message),
        // Many a fault of a file names it in its sentence.
        Some(Place::File(name)) if !d.message.contains(name.as_str()) => format!("{name}: {}", d.message),
        _ => d.message.clone(),
    };
    let mut group = Group::with_title(level.primary_title(title).id(d.code));
    if let Some(Place::Text { source, span }) = &d.place {
        group = group.element(snippet(source, AnnotationKind::Primary, span.clone(), &d.label));
    } else if !d.label.is_empty() {
        group = group.element(Level::NOTE.message(d.label.clone()));
    }
    for more in &d.more {
        match &more.place {
            Place::Text { source, span } => {
                group = group.element(snippet(source, AnnotationKind::Context, span.clone(), &more.text));
            }
            Place::Cell { origin, .. } => {
                group = group.element(Level::NOTE.message(format!("{origin}: {}", more.text)))
            }
            Place::File(name) => group = group.element(Level::NOTE.message(format!("{name}: {}", more.text))),
        }
    }
    for help in &d.help {
        group = group.element(Level::HELP.message(help.clone()));
    }
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

fn snippet<'a>(
    source: &'a SourceText,
    kind: AnnotationKind,
    span: std::ops::Range<usize>,
    label: &'a str,
) -> Snippet<'a, Annotation<'a>> {
    let end = span.end.clamp(span.start.min(source.text.len()), source.text.len());
    let span = span.start.min(end)..end;
    let annotation = kind.span(span);
    let annotation = if label.is_empty() { annotation } else { annotation.label(label) };
    Snippet::source(source.text.as_str())
        .path(source.name.as_str())
        .line_start(source.first_line)
        .annotation(annotation)
}

/// One line: `file:line:column: error[code]: message (help)`, for logs and editors.
#[must_use]
pub fn one_line(d: &Diagnostic) -> String {
    let severity = match d.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = match &d.place {
        Some(Place::Text { source, span }) => {
            let (line, column) = source.line_column(span.start);
            format!("{}:{line}:{column}: ", source.name)
        }
        Some(Place::Cell { origin, column }) => {
            format!("{origin}{}: ", column.as_ref().map_or(String::new(), |c| format!(", column `{c}`")))
        }
        Some(Place::File(name)) if !d.message.contains(name.as_str()) => format!("{name}: "),
        Some(Place::File(_)) | None => String::new(),
    };
    let help = if d.help.is_empty() { String::new() } else { format!(" ({})", d.help.join("; ")) };
    format!("{place}{severity}[{}]: {}{help}", d.code, d.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_offending_text_is_underlined() {
        let source = SourceText::new("campaign.toml", "[campaign]\ntitel = \"秋\"\n");
        let d = Diagnostic::error("campaign-unknown-key", "there is no key `titel` here")
            .at_text(&source, 11..16, "unknown key")
            .help("did you mean `title`?");
        let expected = "\
error[campaign-unknown-key]: there is no key `titel` here
 --> campaign.toml:2:1
  |
2 | titel = \"秋\"
  | ^^^^^ unknown key
  |
  = help: did you mean `title`?";
        assert_eq!(render(&d, false), expected);
        assert_eq!(
            one_line(&d),
            "campaign.toml:2:1: error[campaign-unknown-key]: there is no key `titel` here (did you mean `title`?)"
        );
    }
}
