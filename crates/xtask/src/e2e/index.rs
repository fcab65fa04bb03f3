//! The oracle for answers that come from the package index alone: uv, which solves the
//! same problem without sharing anything with our solver.
//!
//! Both see the index as it was on one date. uv has to accept our pins and come to the
//! same set; our program has to accept uv's; no pin of ours can be raised while the
//! others stay. Where the two differ is told and is no failure: both may be right.

mod verdict;

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use xshell::{Shell, cmd};

use self::verdict::{Facts, Ours, problems, summary};
use crate::command::{root, shell};
use crate::demo::PROGRAM;
use crate::say;
use crate::workshop::Workshop;

const LIST: &str = "tests/e2e/index-applications.toml";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct List {
    exclude_newer: String,
    suite: String,
    applications: Vec<String>,
}

/// Runs the list, or the application of that name; fails at the end if one fails.
pub(super) fn run(only: Option<&str>) -> Result<()> {
    let list: List =
        toml_edit::de::from_str(&fs_err::read_to_string(root().join(LIST))?).context(LIST)?;
    let workshop = Workshop::open(&[])?;
    let sh = shell()?;
    workshop.fetch(&sh, &list.suite)?;
    let wanted = |name: &&String| only.is_none_or(|only| only == name.as_str());
    let mut bad = 0;
    for app in list.applications.iter().filter(wanted) {
        let (found, line) = one(&workshop, &sh, &list, app)
            .unwrap_or_else(|error| (vec![format!("{error:#}")], "not judged".to_owned()));
        bad += usize::from(!found.is_empty());
        let mark = if found.is_empty() { "ok " } else { "BAD" };
        say::line(&format!("{mark} {app}: {line}"));
        found
            .iter()
            .for_each(|line| say::line(&format!("      {line}")));
    }
    match bad {
        0 => Ok(()),
        _ => bail!("{bad} applications fail"),
    }
}

fn one(workshop: &Workshop, sh: &Shell, list: &List, app: &str) -> Result<(Vec<String>, String)> {
    let ours = resolve(sh, list, app, None)?;
    let task = json!({"root": app, "pins": ours.pins, "exclude_newer": list.exclude_newer});
    let facts = workshop.run(&list.suite, &format!("index-{app}"), "index.py", &task)?;
    let facts: Facts = serde_json::from_value(facts).context("facts.json")?;
    let theirs = match &facts.own.pins {
        Some(pins) => Some(resolve(sh, list, app, Some(pins))?),
        None => None,
    };
    let found = problems(&ours, &facts, theirs.as_ref());
    Ok((found, summary(app, &ours.pins, &facts)))
}

/// Our pins, held to some where they are given.
fn resolve(
    sh: &Shell,
    list: &List,
    app: &str,
    held: Option<&BTreeMap<String, String>>,
) -> Result<Ours> {
    let (suite, date) = (&list.suite, &list.exclude_newer);
    let directory = sh.create_temp_dir()?;
    let constraints = directory.path().join("constraints.txt");
    let lines = held
        .into_iter()
        .flatten()
        .map(|(name, version)| format!("{name}=={version}\n"));
    fs_err::write(&constraints, lines.collect::<String>())?;
    let output = cmd!(
        sh,
        "{PROGRAM} resolve {app} --suite {suite} --origin index --exclude-newer {date}
         --constraint {constraints} --format json --quiet --no-lock"
    )
    .quiet()
    .ignore_status()
    .output()?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{PROGRAM} resolve {app} --origin index`: {}", said.trim());
    }
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    Ours::of(&answer).context("the program's answer")
}
