//! How the time of a reader grows with the length of what it reads.

use std::time::{Duration, Instant};

use super::{Target, mutate};

/// The clock of processor time ticks a hundred times a second; a time below this says nothing.
const MEASURABLE: Duration = Duration::from_millis(300);
/// A text may take so many times as long as its four quarters one after the other: 1 is linear,
/// 4 quadratic.
const MOST: f64 = 2.2;
/// No text is made longer, in bytes.
const LONGEST: usize = 4 << 20;

/// What grows faster than its input.
#[derive(Clone, Debug)]
pub struct Growth {
    /// The length of the longer text, in bytes.
    pub length: usize,
    /// How long four texts of a quarter of that took.
    pub quarters: Duration,
    /// How long it took.
    pub whole: Duration,
}

/// How many kinds of text there are to be measured.
pub fn kinds(target: &Target) -> usize {
    mutate::repeated(target, 1).count()
}

/// Measures one kind, by its number; nothing, if its time grows as it should.
pub fn measure(target: &Target, kind: usize) -> Option<Growth> {
    let text = |times: usize| {
        let made = mutate::repeated(target, times).nth(kind);
        made.unwrap_or_default()
    };
    let mut times = 64;
    loop {
        let whole = text(times * 4);
        let took = time(target, &whole);
        if took > MEASURABLE {
            return compare(target, &text(times), &whole, took);
        }
        if whole.len() > LONGEST {
            return None;
        }
        times *= 2;
    }
}

fn compare(target: &Target, quarter: &[u8], whole: &[u8], took: Duration) -> Option<Growth> {
    let mut quarters = Duration::ZERO;
    for _ in 0..4 {
        quarters += time(target, quarter);
    }
    let ratio = took.as_secs_f64() / quarters.as_secs_f64().max(0.01);
    (ratio > MOST).then_some(Growth {
        length: whole.len(),
        quarters,
        whole: took,
    })
}

fn time(target: &Target, bytes: &[u8]) -> Duration {
    let (start, began) = (processor_time(), Instant::now());
    (target.read)(bytes);
    match (start, processor_time()) {
        (Some(start), Some(end)) => end.saturating_sub(start),
        _ => began.elapsed(),
    }
}

/// How long this thread had a processor: what others do at the same time does not count.
fn processor_time() -> Option<Duration> {
    let text = fs_err::read_to_string("/proc/thread-self/stat").ok()?;
    // After the name in parentheses, user and system time are the twelfth and thirteenth field.
    let (_, rest) = text.rsplit_once(") ")?;
    let ticks: Vec<u64> = rest
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse().ok())
        .collect();
    Some(Duration::from_millis(10 * ticks.iter().sum::<u64>()))
}
