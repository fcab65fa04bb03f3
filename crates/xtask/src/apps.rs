//! The lists of applications in `tests/e2e`.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::command::root;

/// The applications that a person chose.
pub(crate) const CHOSEN: &str = "tests/e2e/applications.toml";
const DRAWN: &str = "tests/e2e/applications-by-downloads.tsv";
/// The suite that those drawn by downloads are resolved for.
const DRAWN_FOR: &str = "trixie";

/// `tests/e2e/applications.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    application: Vec<Application>,
}

/// One application, and the suites to resolve it for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Application {
    pub(crate) name: String,
    pub(crate) suites: Vec<String>,
    /// Suites for which the answer is also installed and judged.
    #[serde(default)]
    pub(crate) verify: Vec<String>,
}

/// The applications that a person chose.
pub(crate) fn chosen() -> Result<Vec<Application>> {
    let text = fs_err::read_to_string(root().join(CHOSEN))?;
    let list: List = toml_edit::de::from_str(&text).context(CHOSEN)?;
    Ok(list.application)
}

/// Every application with a suite to judge it on: the chosen ones, then those drawn.
pub(crate) fn to_verify() -> Result<Vec<(String, String)>> {
    let chosen = chosen()?;
    let pairs = chosen.iter().flat_map(|application| {
        let suites = application.verify.iter();
        suites.map(|suite| (application.name.clone(), suite.clone()))
    });
    let text = fs_err::read_to_string(root().join(DRAWN))?;
    let drawn = drawn(&text).context(DRAWN)?;
    let drawn = drawn
        .iter()
        .map(|name| ((*name).to_owned(), DRAWN_FOR.to_owned()));
    Ok(pairs.chain(drawn).collect())
}

/// The names that are marked as drawn.
fn drawn(text: &str) -> Result<Vec<&str>> {
    let mut names = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.starts_with('#') {
            continue;
        }
        match line.split('\t').collect::<Vec<_>>()[..] {
            [_, _, name, _, "drawn"] => names.push(name),
            [_, _, _, _, ""] => {}
            _ => bail!("line {}: five columns, the last `drawn` or empty", at + 1),
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn() {
        let text = "# place\n1\t7\truff\tno\t\n2\t9\tuv\tyes\tdrawn\n";
        assert_eq!(drawn(text).unwrap(), ["uv"]);
        let error = drawn("1\t7\truff\tno\tmaybe\n").unwrap_err().to_string();
        assert_eq!(error, "line 1: five columns, the last `drawn` or empty");
    }

    #[test]
    fn the_lists_are_what_was_agreed() {
        let pairs = to_verify().unwrap();
        assert_eq!(pairs.len(), 6 * 3 + 20);
        assert!(pairs.contains(&("flower".to_owned(), "sid".to_owned())));
    }
}
