//! What a file says of its own copyright and licence, in its first lines.

mod holder;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use holder::{Holder, Holders};

use crate::licence_text;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// Who holds the copyright.
    pub holders: Holders,
    /// Licences that it is under, all of them: SPDX expressions, as in
    /// `SPDX-License-Identifier`, or one identifier.
    pub licences: BTreeSet<String>,
}

/// Reads the notices in the beginning of a file, in whatever language it is.
///
/// What stands in code below the first lines is not looked for, and neither are texts
/// without a word on licences: the directory's or the whole source's licence covers them.
pub fn read(head: &[u8]) -> Notice {
    let text = String::from_utf8_lossy(head);
    let text = uncommented(&text);
    let mut notice = Notice {
        holders: holder::read(&text),
        licences: statement::identifiers(&text),
    };
    if notice.licences.is_empty() {
        notice.licences = statement::licences(&text);
    }
    // Which of the GNU licences a text is says no more than a statement about it.
    if notice.licences.is_empty() && statement::may_hold_text(&text) {
        let found = licence_text::recognise(&text).into_iter();
        notice.licences = found.map(|found| found.id).collect();
    }
    notice
}

/// The same lines without the signs that make them comments in one language or another.
fn uncommented(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line
            .trim()
            .trim_start_matches("dnl ")
            .trim_start_matches("rem ");
        let line =
            line.trim_start_matches(['#', '*', '/', ';', '%', '"', '\'', '!', '<', '-', '|']);
        plain.push_str(
            line.trim()
                .trim_end_matches("*/")
                .trim_end_matches("-->")
                .trim_end(),
        );
        plain.push('\n');
    }
    plain
}
