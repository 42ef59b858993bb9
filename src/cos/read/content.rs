//! Page contents as operators with their operands (ISO 32000-1, 7.8.2): enough to see what a page asks for.

use std::ops::ControlFlow;

use super::syntax::{Parser, Token, Value, Wrong};

/// Operands of one operator; more are dropped from the front (annex C.2 allows fewer).
const MOST_OPERANDS: usize = 4096;

/// What is told of one operator: its name and operands.
type Each<'a> = &'a mut dyn FnMut(&[u8], &[Value]) -> ControlFlow<()>;

/// Hands each operator of `content` with its operands to `each`. An inline picture is one operator `BI`, whose
/// operands are the keys and values of its dictionary. What is no operator is passed over: viewers do so too. Ends with
/// the content or when `each` breaks off.
pub fn operators(content: &[u8], each: Each<'_>) {
    let mut parser = Parser::new(content);
    let mut operands: Vec<Value> = Vec::new();
    loop {
        parser.skip();
        if parser.at >= content.len() {
            return;
        }
        let before = parser.at;
        match parser.token() {
            Ok(Token::Word(b"BI")) => {
                operands.clear();
                inline_picture(&mut parser, content, &mut operands);
                if each(b"BI", &operands).is_break() {
                    return;
                }
                operands.clear();
            }
            Ok(Token::Word(word)) => {
                if each(word, &operands).is_break() {
                    return;
                }
                operands.clear();
            }
            Ok(Token::ArrayBegin | Token::DictBegin) => {
                parser.at = before;
                match parser.value() {
                    Ok(value) => keep(&mut operands, value),
                    Err(Wrong::Ends) => return,
                    Err(_) => parser.at = before + 1,
                }
            }
            Ok(Token::Value(value)) => keep(&mut operands, value),
            Err(Wrong::Ends) => return,
            Ok(Token::ArrayEnd | Token::DictEnd) | Err(_) => parser.at = parser.at.max(before + 1),
        }
    }
}

fn keep(operands: &mut Vec<Value>, value: Value) {
    if operands.len() >= MOST_OPERANDS {
        operands.clear();
    }
    operands.push(value);
}

/// From behind `BI` to behind `EI` (8.9.7).
fn inline_picture(parser: &mut Parser<'_>, content: &[u8], pairs: &mut Vec<Value>) {
    loop {
        let before = parser.at;
        match parser.token() {
            Ok(Token::Word(b"ID")) => break,
            Ok(Token::Value(value)) => keep(pairs, value),
            Ok(Token::ArrayBegin | Token::DictBegin) => {
                parser.at = before;
                match parser.value() {
                    Ok(value) => keep(pairs, value),
                    Err(_) => return,
                }
            }
            _ => return,
        }
    }
    // One white space, data, and `EI` between white space.
    let space = |b: Option<&u8>| b.is_none_or(u8::is_ascii_whitespace);
    let data = content.get(parser.at..).unwrap_or_default();
    let end = memchr::memmem::find_iter(data, b"EI")
        .find(|at| space(at.checked_sub(1).and_then(|at| data.get(at))) && space(data.get(at + 2)));
    parser.at = end.map_or(content.len(), |at| parser.at + at + 2);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &[u8]) -> Vec<String> {
        let mut out = Vec::new();
        operators(content, &mut |word, operands| {
            let mut text = Vec::new();
            for operand in operands {
                let _ = operand.write(&mut text, &mut |n| Ok::<u32, ()>(n));
            }
            out.push(format!("{} {}", String::from_utf8_lossy(&text).trim(), String::from_utf8_lossy(word)));
            ControlFlow::Continue(())
        });
        out
    }

    #[test]
    fn operators_come_with_their_operands() {
        assert_eq!(
            read(b"q 1 0 0 RG/C0 cs [(a)-3<62>] TJ %no f\n0 g Q"),
            [" q", "1 0 0 RG", "/C0 cs", "[(a) -3(b)] TJ", "0 g", " Q"]
        );
        assert_eq!(read(b"/A <</MCID 1>> BDC f"), ["/A<</MCID 1>> BDC", " f"]);
    }

    #[test]
    fn an_inline_picture_is_passed_over_and_told() {
        assert_eq!(read(b"BI /W 1 /CS /RGB /D [0 1] ID \x01EI\x02 EI\nQ"), ["/W 1/CS/RGB/D[ 0 1] BI", " Q"]);
        assert_eq!(read(b"BI /W 1 ID never ends"), ["/W 1 BI"]);
    }

    #[test]
    fn who_has_seen_enough_breaks_off() {
        let mut seen = 0;
        operators(b"q q BI /W 1 ID x EI Q Q", &mut |word, _| {
            seen += 1;
            if word == b"BI" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, 3);
    }

    #[test]
    fn what_is_damaged_ends_without_harm() {
        assert_eq!(read(b"f ] > ) f*"), [" f", " f*"]);
        assert_eq!(read(b"f (open"), [" f"]);
        assert_eq!(read(b"[[[[ f"), [" f"]);
    }
}
