//! Which licences a text is, or holds.
//!
//! The comparison of texts is the `spdx` crate's (pairs of words, counted; the method of
//! askalono). What is here: where in a file a licence begins and ends, and which of two that
//! are nearly the same it is.

mod known;
mod passages;
mod siblings;
#[cfg(test)]
mod tests;

use std::ops::Range;

use spdx::detection::TextData;

pub(crate) use known::text as standard_text;
pub(crate) use siblings::plain;

/// A text that is this similar as a whole is that licence and nothing else (of 1).
const WHOLE: f32 = 0.93;

/// Python's licence is several in a row, to which every few years one is added.
const STACK: f32 = 0.7;

/// A part of a text that is less similar is not recognised.
const PASSAGE: f32 = 0.82;

/// A licence found in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its SPDX identifier. Of the GNU licences without `-only` or `-or-later`: that is not
    /// in their texts.
    pub id: String,
    /// How similar it is to the text on the SPDX list, of 1.
    pub score: f32,
    /// The lines, counted from 0.
    pub lines: Range<usize>,
}

/// The licences whose full texts are in a text, from the top; none where nothing is
/// recognised. Notices that only name a licence are [`crate::notice`]'s.
pub fn recognise(text: &str) -> Vec<Found> {
    let lines: Vec<&str> = text.lines().collect();
    let whole = compare(&lines, 0..lines.len());
    let is_stack = whole.id == "Python-2.0" && whole.score >= STACK;
    if whole.score >= WHOLE || is_stack {
        return vec![whole];
    }
    let passages = passages::find(&lines);
    if passages.is_empty() && whole.score >= PASSAGE {
        return vec![whole];
    }
    passages
}

/// What these lines come nearest to.
fn compare(lines: &[&str], range: Range<usize>) -> Found {
    let text = lines[range.clone()].join("\n");
    let found = known::store().analyze(&TextData::new(&text));
    Found {
        id: siblings::right_one(found.name, &text).to_owned(),
        score: found.score,
        lines: range,
    }
}
