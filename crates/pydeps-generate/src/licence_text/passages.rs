//! Where in a text licences begin and end.

use std::ops::Range;
use std::sync::OnceLock;

use super::siblings::plain;
use super::{Found, PASSAGE, compare, known};

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

/// A known licence from its beginning on.
struct Shape {
    beginning: usize,
    words: usize,
}

/// The sizes of known licences, counted from where they begin.
fn shapes() -> &'static [Shape] {
    static SHAPES: OnceLock<Vec<Shape>> = OnceLock::new();
    SHAPES.get_or_init(|| known::all().flat_map(|(_, text)| shapes_of(text)).collect())
}

fn shapes_of(text: &str) -> Vec<Shape> {
    let lines: Vec<&str> = text.lines().collect();
    let begins = (0..lines.len()).filter_map(|at| Some((at, beginning(&lines, at)?)));
    let shape = |(at, beginning): (usize, usize)| Shape {
        beginning,
        words: lines[at..].iter().map(|line| words(line)).sum(),
    };
    // Only near its top does a licence begin.
    begins.take(3).map(shape).collect()
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

/// The passage from this line on that comes nearest to a licence.
fn best(lines: &[&str], at: usize, beginning: usize) -> Option<Found> {
    let mut best: Option<Found> = None;
    for range in ranges(lines, at, beginning) {
        let found = compare(lines, range);
        if best.as_ref().is_none_or(|best| found.score > best.score) {
            best = Some(found);
        }
    }
    best.filter(|best| best.score >= PASSAGE)
}

/// Whole paragraphs from this line on, of about the size of licences that begin so.
fn ranges(lines: &[&str], at: usize, beginning: usize) -> Vec<Range<usize>> {
    let sizes = shapes().iter().filter(|shape| shape.beginning == beginning);
    let sizes: Vec<usize> = sizes.map(|shape| shape.words).collect();
    let mut ranges = Vec::new();
    let mut count = 0;
    for (end, line) in lines.iter().enumerate().skip(at) {
        count += words(line);
        let next_is_blank = lines.get(end + 1).is_none_or(|next| next.trim().is_empty());
        let near = |size: &usize| count * 10 >= size * 8 && count * 10 <= size * 13;
        if !line.trim().is_empty() && next_is_blank && sizes.iter().any(near) {
            ranges.push(at..end + 1);
        }
    }
    ranges
}
