//! What a file says of its own copyright and licence, in its first lines.

mod banner;
mod comment;
mod holder;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

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

/// Reads notices, and remembers the texts of licences: many files have the same.
#[derive(Debug, Default)]
pub struct Reader {
    seen: HashMap<String, Vec<(String, String)>>,
}

impl Reader {
    /// Reads the notices in the beginning of a file, in whatever language it is.
    ///
    /// What stands in code below the first lines is not looked for, and neither are texts
    /// without a word on licences: the directory's or the whole source's licence covers them.
    pub fn read(&mut self, head: &[u8]) -> Notice {
        let text = String::from_utf8_lossy(head);
        let plain = uncommented(&text);
        let mut notice = Notice {
            holders: holder::read(&plain),
            licences: statement::identifiers(&plain),
        };
        if notice.licences.is_empty() {
            notice.licences = statement::licences(&plain);
        }
        // Which of the GNU licences a text is says no more than a statement about it.
        if notice.licences.is_empty() {
            let texts = self.texts(&text).into_iter();
            notice.licences = texts.map(|(id, _)| id).collect();
        }
        notice
    }

    /// The licences that sentences and identifiers name.
    pub(crate) fn statements(&self, text: &str) -> BTreeSet<String> {
        let plain = uncommented(text);
        let named = statement::identifiers(&plain);
        match named.is_empty() {
            true => statement::licences(&plain),
            false => named,
        }
    }

    /// Reads the notices of a script or style sheet for browsers: those at its top, and those
    /// of the works that were put into it.
    pub fn read_script(&mut self, text: &[u8]) -> Notice {
        let text = String::from_utf8_lossy(text);
        let mut notice = Notice::default();
        for banner in banner::find(&text) {
            let read = self.read(banner::lines(banner).as_bytes());
            notice.holders.extend(&read.holders);
            let said = banner::licences(banner);
            notice.licences.extend(match read.licences.is_empty() {
                true => said,
                false => read.licences,
            });
        }
        notice
    }

    /// The full texts of licences in the beginning of a file, by SPDX identifier.
    pub(crate) fn texts(&mut self, text: &str) -> Vec<(String, String)> {
        if !statement::may_hold_text(text) {
            return Vec::new();
        }
        let mut texts = Vec::new();
        for block in comment::with_licence(text) {
            let known = self.seen.get(&block).cloned();
            let found = known.unwrap_or_else(|| licences_in(&block));
            texts.extend(found.iter().cloned());
            self.seen.insert(block, found);
        }
        texts
    }
}

fn licences_in(block: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = block.lines().collect();
    let found = licence_text::recognise(block).into_iter();
    found
        .map(|found| (found.id, licence_text::terms_only(&lines[found.lines])))
        .collect()
}

/// The same lines without the signs that make them comments in one language or another.
fn uncommented(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.lines() {
        plain.push_str(comment::bare(line));
        plain.push('\n');
    }
    plain
}
