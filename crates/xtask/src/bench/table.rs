//! The table of what was measured.

use std::time::Duration;

/// Times of runs, ascending.
#[derive(Debug)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    /// Of runs in any order.
    pub(super) fn new(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self(times)
    }

    fn median(&self) -> Duration {
        self.0.get(self.0.len() / 2).copied().unwrap_or_default()
    }

    /// Median, least and most.
    fn columns(&self) -> [String; 3] {
        let (least, most) = (self.0.first(), self.0.last());
        let end = |time: Option<&Duration>| ms(time.copied().unwrap_or_default());
        [ms(self.median()), end(least), end(most)]
    }
}

fn ms(time: Duration) -> String {
    format!("{:.1}", time.as_secs_f64() * 1000.0)
}

/// One line of the table.
#[derive(Debug)]
pub(super) struct Row {
    what: String,
    measured: Result<Measured, String>,
}

#[derive(Debug)]
struct Measured {
    ours: [String; 3],
    theirs: [String; 3],
    ratio: f64,
    target: f64,
}

impl Row {
    /// Our times and theirs.
    pub(super) fn contest(what: &str, ours: &Times, theirs: &Times, target: f64) -> Self {
        let measured = Measured {
            ratio: ours.median().as_secs_f64() / theirs.median().as_secs_f64(),
            ours: ours.columns(),
            theirs: theirs.columns(),
            target,
        };
        Self {
            what: what.to_owned(),
            measured: Ok(measured),
        }
    }

    /// Two numbers.
    pub(super) fn counts(what: &str, ours: usize, theirs: usize, target: f64) -> Self {
        let column = |count: usize| [count.to_string(), String::new(), String::new()];
        let measured = Measured {
            ours: column(ours),
            theirs: column(theirs),
            ratio: ours as f64 / theirs as f64,
            target,
        };
        Self {
            what: what.to_owned(),
            measured: Ok(measured),
        }
    }

    /// What cannot be measured here, and why.
    pub(super) fn missing(what: &str, why: &str) -> Self {
        Self {
            what: what.to_owned(),
            measured: Err(why.to_owned()),
        }
    }

    fn text(&self) -> String {
        let what = &self.what;
        let measured = match &self.measured {
            Err(why) => return format!("not measured: {what}: {why}\n"),
            Ok(measured) => measured,
        };
        let columns =
            |[median, least, most]: &[String; 3]| format!("{median:>9} {least:>9} {most:>9}");
        let (ours, theirs) = (columns(&measured.ours), columns(&measured.theirs));
        let (ratio, target) = (measured.ratio, measured.target);
        let verdict = if ratio <= target { "met" } else { "MISSED" };
        format!("{ours}  {theirs} {ratio:>7.3} {target:>6.2} {verdict:<6}  {what}\n")
    }
}

/// All rows, with a heading.
pub(super) fn text(rows: &[Row]) -> String {
    let group = |who: &str| format!("{:>9} {:>9} {:>9}", format!("{who} ms"), "min", "max");
    let mut text = format!(
        "{}  {} {:>7} {:>6} {:<6}  what\n",
        group("ours"),
        group("theirs"),
        "ratio",
        "target",
        ""
    );
    let (measured, missing): (Vec<&Row>, Vec<&Row>) =
        rows.iter().partition(|row| row.measured.is_ok());
    text.extend(measured.into_iter().chain(missing).map(Row::text));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(ms: &[u64]) -> Times {
        Times::new(ms.iter().copied().map(Duration::from_millis).collect())
    }

    #[test]
    fn a_table_has_medians_spreads_ratios_and_verdicts() {
        let text = text(&[
            Row::missing("build", "there is none"),
            Row::contest("fast", &times(&[9, 2, 4]), &times(&[400, 500, 90]), 0.01),
            Row::contest("slow", &times(&[3]), &times(&[2]), 1.0),
            Row::counts("fetches", 8, 4, 2.0),
        ]);
        let words: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        let fast = "4.0 2.0 9.0 400.0 90.0 500.0 0.010 0.01 met fast";
        assert_eq!(words[1].join(" "), fast);
        assert_eq!(words[2][6..], ["1.500", "1.00", "MISSED", "slow"]);
        assert_eq!(words[3], ["8", "4", "2.000", "2.00", "met", "fetches"]);
        assert_eq!(words[4].join(" "), "not measured: build: there is none");
    }
}
