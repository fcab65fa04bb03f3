//! Lines for people. Whatever is put into one is printable, so that no text in an answer steers
//! a terminal or adds a line.

use anstyle::Style;
use pydeps_core::printable::Printable;

use super::style::TextStyle;

/// A line: pieces of text, each in its style.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line(Vec<(Style, Printable)>);

impl Line {
    /// The same, with this behind it.
    #[must_use]
    pub fn plain(self, text: &str) -> Self {
        self.painted(Style::new(), text)
    }

    /// The same, with this behind it in a style.
    #[must_use]
    pub fn painted(mut self, style: Style, text: &str) -> Self {
        self.0.push((style, Printable::line(text)));
        self
    }

    fn write(&self, style: TextStyle) -> String {
        let mut out = String::new();
        for (look, text) in &self.0 {
            out.push_str(&style.paint(*look, text.as_str()));
        }
        out
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::default().plain(&text)
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::default().plain(text)
    }
}

/// An answer for people.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page(Vec<Line>);

impl Page {
    /// Adds a line.
    pub fn push(&mut self, line: impl Into<Line>) {
        self.0.push(line.into());
    }

    /// Adds lines.
    pub fn extend<L: Into<Line>>(&mut self, lines: impl IntoIterator<Item = L>) {
        self.0.extend(lines.into_iter().map(Into::into));
    }

    /// The lines, each with a line feed between it and the next.
    pub fn write(&self, style: TextStyle) -> String {
        let lines: Vec<String> = self.0.iter().map(|line| line.write(style)).collect();
        lines.join("\n")
    }
}

impl<L: Into<Line>> FromIterator<L> for Page {
    fn from_iter<I: IntoIterator<Item = L>>(lines: I) -> Self {
        Self(lines.into_iter().map(Into::into).collect())
    }
}

#[cfg(test)]
mod tests {
    use anstyle::AnsiColor;

    use super::*;

    #[test]
    fn only_styles_are_escape_sequences() {
        let red = AnsiColor::Red.on_default();
        let line = Line::default().painted(red, "a\x1b[2J").plain("\n\u{202e}");
        let page: Page = [line, Line::from("b")].into_iter().collect();
        assert_eq!(
            page.write(TextStyle { colored: false }),
            "a\\u{1b}[2J\\n\\u{202e}\nb"
        );
        let colored = page.write(TextStyle { colored: true });
        assert!(colored.starts_with(&format!("{red}a\\u{{1b}}[2J{red:#}")));
    }
}
