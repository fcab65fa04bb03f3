//! The table of what was tried, and what was wrong.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use crate::input::{Class, Input};
use crate::judge::Met;

/// What came of one input.
pub struct Result {
    /// Its class.
    pub class: Class,
    /// The input.
    pub input: Input,
    /// How it was met, or what is wrong.
    pub verdict: std::result::Result<Met, Vec<String>>,
    /// How long it took, laying out and judging included.
    pub time: Duration,
}

/// The counts of a class.
#[derive(Default)]
struct Counts {
    tried: usize,
    refused: usize,
    taken: usize,
    wrong: usize,
    time: Duration,
}

/// One line for each class.
pub fn table(results: &[Result]) -> String {
    let mut classes: BTreeMap<Class, Counts> = BTreeMap::new();
    for result in results {
        let counts = classes.entry(result.class).or_default();
        counts.tried += 1;
        counts.time = counts.time.max(result.time);
        match result.verdict {
            Ok(Met::Refused) => counts.refused += 1,
            Ok(Met::Taken) => counts.taken += 1,
            Err(_) => counts.wrong += 1,
        }
    }
    let mut text = format!(
        "{:<8} {:>6} {:>16} {:>14} {:>6} {:>9}\n",
        "class", "tried", "refused clearly", "taken rightly", "wrong", "longest"
    );
    for (class, counts) in &classes {
        let Counts {
            tried,
            refused,
            taken,
            wrong,
            time,
        } = counts;
        let (class, time) = (class.word(), format!("{:.1} s", time.as_secs_f64()));
        _ = writeln!(
            text,
            "{class:<8} {tried:>6} {refused:>16} {taken:>14} {wrong:>6} {time:>9}"
        );
    }
    text
}

/// What is wrong, input by input.
pub fn details(results: &[Result]) -> String {
    let mut text = String::new();
    for result in results {
        let Err(wrong) = &result.verdict else {
            continue;
        };
        let (class, input) = (result.class.word(), &result.input);
        _ = writeln!(text, "{class} {}: {}", input.name, input.idea);
        for line in wrong {
            _ = writeln!(text, "    {line}");
        }
    }
    text
}
