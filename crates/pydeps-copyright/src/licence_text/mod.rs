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

use known::Model;
use spdx::detection::TextData;

pub(crate) use known::text as standard_text;
pub(crate) use passages::begins;
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
    let words = text.split_whitespace().count();
    // A stack may be much longer than the one on the list.
    let fits = |model: &Model| model.words * 3 >= words && model.words <= words * 2;
    let whole = compare(&lines, 0..lines.len(), fits);
    let is_whole = |found: &Found| {
        let is_stack = found.id == "Python-2.0" && found.score >= STACK;
        found.score >= WHOLE || is_stack
    };
    if let Some(whole) = whole.clone().filter(is_whole) {
        return vec![whole];
    }
    let passages = passages::find(&lines);
    match whole.filter(|whole| passages.is_empty() && whole.score >= PASSAGE) {
        Some(whole) => vec![whole],
        None => passages,
    }
}

/// The lines of a licence without its title and what stands above its terms: copyright
/// notices have a field of their own in debian/copyright.
pub(crate) fn terms_only(lines: &[&str]) -> String {
    let top = (0..lines.len().min(40)).find(|at| begins(lines, *at));
    let lines = &lines[top.unwrap_or(0)..];
    let full = lines.iter().filter(|line| !line.trim().is_empty());
    let indent = full.map(|line| line.len() - line.trim_start().len()).min();
    let indent = indent.unwrap_or(0);
    let moved = lines
        .iter()
        .map(|line| line.get(indent..).unwrap_or_default());
    moved.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// What these lines come nearest to, among some.
fn compare(lines: &[&str], range: Range<usize>, among: impl Fn(&Model) -> bool) -> Option<Found> {
    let text = lines[range.clone()].join("\n");
    let data = TextData::new(&text);
    let models = known::models().iter().filter(|model| among(model));
    let scored = models.map(|model| (model.data.match_score(&data), model.id));
    // The first of equals.
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (score, id) = best?;
    Some(Found {
        id: siblings::right_one(id, &text).to_owned(),
        score,
        lines: range,
    })
}
