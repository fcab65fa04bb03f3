//! Foreign text on its way to a terminal or into a file that people read: nothing in it steers
//! the terminal, breaks a line or changes the direction in which the text reads.

use std::borrow::Cow;
use std::fmt;

/// Text without control characters, but for tabs and the line breaks that its maker allows,
/// and without characters that change the direction of text. What is left out stands there
/// escaped. What is written to a terminal has this type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printable(String);

impl Printable {
    /// One line: line breaks are escaped, too.
    pub fn line(text: &str) -> Self {
        Self(escaped_line(text).into_owned())
    }

    /// Lines: line feeds stay.
    pub fn lines(text: &str) -> Self {
        Self(escaped_lines(text).into_owned())
    }

    /// A document in JSON, which says the same as before. Its line feeds stay.
    pub fn json(document: &str) -> Self {
        let mut out = String::with_capacity(document.len());
        for c in document.chars() {
            match is_harmful(c) && c != '\n' {
                // All of them are of the Basic Multilingual Plane: one escape of four digits.
                true => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                false => out.push(c),
            }
        }
        Self(out)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Printable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text with everything escaped that [`Printable::line`] escapes.
pub fn escaped_line(text: &str) -> Cow<'_, str> {
    escaped(text, is_harmful)
}

/// The text with everything escaped that [`Printable::lines`] escapes.
pub fn escaped_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_harmful(c) && c != '\n')
}

fn escaped(text: &str, is_harmful: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_harmful) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_harmful(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a terminal acts on the character, or it hides how a line reads: control characters
/// but the tab; marks, embeddings, overrides and isolates of direction; separators of lines.
fn is_harmful(c: char) -> bool {
    let is_direction = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    is_direction || (c.is_control() && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        let check = |text: &str, expect: &str| {
            assert_eq!(Printable::line(text).as_str(), expect);
            assert_eq!(escaped_lines(text), expect);
        };
        check("", "");
        check("Größe\t→ 日本", "Größe\t→ 日本");
        check("\x1b[2J", "\\u{1b}[2J");
        check("a\rb\x07\x7f", "a\\rb\\u{7}\\u{7f}");
        check("\u{9b}31m", "\\u{9b}31m");
        check(
            "\u{202a}\u{202e}x\u{2066}\u{2069}",
            "\\u{202a}\\u{202e}x\\u{2066}\\u{2069}",
        );
        check(
            "\u{200e}\u{200f}\u{61c}\u{2028}",
            "\\u{200e}\\u{200f}\\u{61c}\\u{2028}",
        );
    }

    #[test]
    fn line_breaks_are_for_who_allows_them() {
        assert_eq!(Printable::line("a\nb").as_str(), "a\\nb");
        assert_eq!(Printable::lines("a\nb").as_str(), "a\nb");
    }

    #[test]
    fn json_has_escapes_of_its_own() {
        let document = "{\n  \"a\": \"\u{9b}\u{202e}\u{7f}ä\"\n}";
        let printable = Printable::json(document);
        assert_eq!(
            printable.as_str(),
            "{\n  \"a\": \"\\u009b\\u202e\\u007fä\"\n}"
        );
    }
}
