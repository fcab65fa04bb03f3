//! Where in a text licences begin and end.

use std::ops::Range;

use super::known::{self, Model};
use super::siblings::plain;
use super::{Found, PASSAGE, compare};

/// How licences begin, after their title, in words as [`plain`] leaves them.
const BEGINNINGS: [&str; 25] = [
    "1 this license agreement is between the python software foundation",
    "a history of the software",
    "academic free license",
    "apache license version",
    "boost software license",
    "by obtaining using and or copying",
    "creative commons",
    "eclipse public license",
    "european union public licence",
    "gnu affero general public license",
    "gnu free documentation license",
    "gnu general public license version",
    "gnu lesser general public license version",
    "gnu library general public license",
    "mozilla public license",
    "permission is hereby granted",
    "permission to use copy",
    "python software foundation license version 2",
    "redistribution and use",
    "redistributions of source code must retain",
    "sil open font license",
    "the artistic license",
    "this is free and unencumbered software",
    "this software is provided as is without any express or implied warranty",
    "zope public license",
];

/// How many words a beginning may stretch over, with what wraps and decorates it.
const LOOK_AHEAD: usize = 3;

/// Where in the list the beginnings near the top of a text are, each with the words from
/// there to the end.
pub(super) fn beginnings(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = (0..lines.len()).filter_map(|at| Some((at, beginning(&lines, at)?)));
    let sized = |(at, beginning): (usize, usize)| {
        let words = lines[at..].iter().map(|line| words(line)).sum();
        (beginning, words)
    };
    begins.take(3).map(sized).collect()
}

fn words(line: &str) -> usize {
    line.split_whitespace().count()
}

/// Which of the beginnings stands at the start of this line, maybe broken over the next.
fn beginning(lines: &[&str], at: usize) -> Option<usize> {
    if lines[at].trim().is_empty() {
        return None;
    }
    let ahead = lines.iter().skip(at).take(LOOK_AHEAD);
    let text = plain(&ahead.copied().collect::<Vec<_>>().join(" "));
    let text = text
        .trim_start_matches("the mit license ")
        .trim_start_matches("c ");
    BEGINNINGS.iter().position(|known| text.starts_with(known))
}

/// Whether the terms of a licence begin on this line.
pub(crate) fn begins(lines: &[&str], at: usize) -> bool {
    beginning(lines, at).is_some()
}

/// Looks for licences from the top on; what one takes up is not looked at again.
pub(super) fn find(lines: &[&str]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let passage = beginning(lines, at).and_then(|b| best(lines, at, b));
        match passage {
            Some(passage) => {
                at = passage.lines.end.max(at + 1);
                found.push(passage);
            }
            None => at += 1,
        }
    }
    found
}

/// The passage from this line on that comes nearest to a licence that begins so.
fn best(lines: &[&str], at: usize, beginning: usize) -> Option<Found> {
    let mut best: Option<Found> = None;
    for (range, words) in ranges(lines, at, beginning) {
        let fits = |model: &Model| sizes(model, beginning).any(|size| is_near(words, size));
        let Some(found) = compare(lines, range, fits) else {
            continue;
        };
        if best.as_ref().is_none_or(|best| found.score > best.score) {
            best = Some(found);
        }
    }
    best.filter(|best| best.score >= PASSAGE)
}

fn sizes(model: &Model, beginning: usize) -> impl Iterator<Item = usize> {
    let begins = model.begins.iter().filter(move |(at, _)| *at == beginning);
    begins.map(|(_, words)| *words)
}

/// Whether so many words may be a licence of this size, as people fill in and leave out.
fn is_near(words: usize, size: usize) -> bool {
    words * 10 >= size * 8 && words * 10 <= size * 13
}

/// Whether a line parts paragraphs: nothing is on it, or a rule.
fn parts(line: &str) -> bool {
    let is_rule = |mark: char| line.len() > 9 && line.chars().all(|c| c == mark);
    line.is_empty() || ['-', '=', '*', '_'].into_iter().any(is_rule)
}

/// Whole paragraphs from this line on, of about the size of licences that begin so, and
/// their words.
fn ranges(lines: &[&str], at: usize, beginning: usize) -> Vec<(Range<usize>, usize)> {
    let models = known::models().iter();
    let sizes: Vec<usize> = models.flat_map(|model| sizes(model, beginning)).collect();
    let largest = sizes.iter().max().copied().unwrap_or_default();
    let mut ranges = Vec::new();
    let mut count = 0;
    for (end, line) in lines.iter().enumerate().skip(at) {
        count += words(line);
        if count > largest * 2 {
            break;
        }
        let next_is_blank = lines.get(end + 1).is_none_or(|next| parts(next.trim()));
        let fits = sizes.iter().any(|size| is_near(count, *size));
        if !line.trim().is_empty() && next_is_blank && fits {
            ranges.push((at..end + 1, count));
        }
    }
    ranges
}
