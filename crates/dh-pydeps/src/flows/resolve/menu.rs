//! What may be decided, as a menu: a person picks one line, says why, and it stands in
//! the file of decisions.

use std::io::{self, BufRead};
use std::path::Path;

use pydeps_core::name::DistName;
use pydeps_host::decisions;
use pydeps_report::text::resolution::effect;
use pydeps_resolve::{Resolution, Way};

use crate::failure::Failure;
use crate::ui::Ui;

/// Who answers, a line at a time.
pub(crate) struct Person<R> {
    lines: io::Lines<R>,
}

impl Person<io::StdinLock<'static>> {
    /// Whoever is at standard input.
    pub(crate) fn at_stdin() -> Self {
        Self {
            lines: io::stdin().lock().lines(),
        }
    }
}

/// What a person made of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Picked {
    /// One of the ways, by its place.
    Way(usize),
    /// None; what is open stays open.
    Stop,
}

impl<R: BufRead> Person<R> {
    /// Shows what may be decided and records what is picked. `false` if nothing was.
    pub(crate) fn decide(&mut self, resolution: &Resolution, ui: &Ui) -> Result<bool, Failure> {
        let ways = &resolution.choices;
        if ways.is_empty() {
            return Ok(false);
        }
        ui.prompt(&menu(resolution));
        let Picked::Way(at) = self.pick(ways.len(), ui)? else {
            return Ok(false);
        };
        ui.prompt("Why? (for the file; may be empty)");
        let reason = self.line()?.filter(|reason| !reason.is_empty());
        record(&ways[at], reason.as_deref(), ui)?;
        Ok(true)
    }

    fn pick(&mut self, count: usize, ui: &Ui) -> Result<Picked, Failure> {
        loop {
            ui.prompt(&format!("Which? 1 to {count}, or q to leave it open"));
            let Some(answer) = self.line()? else {
                return Ok(Picked::Stop);
            };
            match picked(&answer, count) {
                Some(picked) => return Ok(picked),
                None => ui.prompt(&format!("`{answer}` is none of these.")),
            }
        }
    }

    /// The next line without its blanks; `None` if nobody is there any more.
    fn line(&mut self) -> Result<Option<String>, Failure> {
        let line = self.lines.next().transpose();
        let line = line.map_err(|error| {
            Failure::environment(anyhow::anyhow!("standard input cannot be read: {error}"))
        })?;
        Ok(line.map(|line| line.trim().to_owned()))
    }
}

fn picked(answer: &str, count: usize) -> Option<Picked> {
    if matches!(answer, "q" | "Q") {
        return Some(Picked::Stop);
    }
    let number: usize = answer.parse().ok()?;
    (1..=count)
        .contains(&number)
        .then(|| Picked::Way(number - 1))
}

/// The ways, numbered, below the distributions that they are about.
fn menu(resolution: &Resolution) -> String {
    let now = resolution.to_build().count();
    let mut lines = Vec::new();
    let mut about: Option<&DistName> = None;
    for (at, way) in resolution.choices.iter().enumerate() {
        if about != Some(&way.name) {
            about = Some(&way.name);
            lines.push(way.name.to_string());
        }
        let (number, word) = (at + 1, way.choice.word());
        let effect = effect(way, now);
        lines.push(format!("  {number:>2}) {word:<8}  {effect}"));
        let also = way.also.iter();
        lines.extend(also.map(|way| format!("      and {}: {}", way.choice.word(), way.effect)));
    }
    lines.join("\n")
}

/// Records a way, and what has to be decided together with it.
fn record(way: &Way, reason: Option<&str>, ui: &Ui) -> Result<(), Failure> {
    let mut lines = std::iter::once(way).chain(&way.also);
    lines.try_for_each(|way| record_line(way, reason, ui))
}

fn record_line(way: &Way, reason: Option<&str>, ui: &Ui) -> Result<(), Failure> {
    let (name, mut decision) = decisions::parse_line(&way.line, "the menu").map_err(|error| {
        Failure::environment(anyhow::anyhow!("the line `{}`: {error}", way.line))
    })?;
    decision.reason = reason.map(str::to_owned);
    let path = decisions::record(Path::new("."), &name, &decision)?;
    let path = path.strip_prefix(".").unwrap_or(&path).display();
    ui.status(&format!("{path}: {}", decision.line(&name)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answer: &str, expect: Option<Picked>) {
        assert_eq!(picked(answer, 3), expect, "{answer}");
    }

    #[test]
    fn what_is_picked() {
        check("1", Some(Picked::Way(0)));
        check("3", Some(Picked::Way(2)));
        check("q", Some(Picked::Stop));
        for wrong in ["0", "4", "", "relax", "-1"] {
            check(wrong, None);
        }
    }
}
