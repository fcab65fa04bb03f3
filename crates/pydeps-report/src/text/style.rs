//! How text looks.

use anstyle::{AnsiColor, Style};

/// What is as it should be.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();

/// What has to be done.
pub(super) const WORK: Style = AnsiColor::Yellow.on_default();

/// What stands in the way.
pub(super) const BAD: Style = AnsiColor::Red.on_default();

/// How text is written for where it goes: a terminal, or a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TextStyle {
    /// Whether it is coloured, with ANSI escape sequences.
    pub colored: bool,
}

impl TextStyle {
    /// Text in a style, where text is coloured.
    pub fn paint(self, style: Style, text: &str) -> String {
        match self.colored {
            true => format!("{style}{text}{style:#}"),
            false => text.to_owned(),
        }
    }
}
