//! Licences that a person has decided on, where a release does not say, or says it badly.

use std::collections::BTreeMap;

use pydeps_copyright::copyright::is_expression;
use pydeps_core::name::DistName;

use super::fetch::Fetched;
use super::jobs::Job;
use crate::failure::Failure;

/// SPDX expressions by the distributions that they are of.
pub(crate) type Licences = BTreeMap<DistName, String>;

/// What was given as `NAME=EXPRESSION`.
pub(crate) fn parse(texts: &[String]) -> Result<Licences, Failure> {
    texts.iter().map(|text| parse_one(text)).collect()
}

fn parse_one(text: &str) -> Result<(DistName, String), Failure> {
    let Some((name, expression)) = text.split_once('=') else {
        let error = anyhow::anyhow!("--licence `{text}`: it has no `=`");
        return Err(Failure::input(error).with_hint("write NAME=EXPRESSION"));
    };
    let expression = expression.trim();
    if !is_expression(expression) {
        let error = anyhow::anyhow!("--licence `{text}`: `{expression}` is no SPDX expression");
        let hint = "write it like MIT, GPL-2.0-or-later or 'Apache-2.0 AND BSD-3-Clause'";
        return Err(Failure::input(error).with_hint(hint));
    }
    let name = crate::inputs::distribution(name.trim())?;
    Ok((name, expression.to_owned()))
}

/// A licence of something that is not packaged is a slip of the pen.
pub(super) fn check(licences: &Licences, fetched: &[(Job, Fetched)]) -> Result<(), Failure> {
    let is_made = |name: &DistName| fetched.iter().any(|(_, one)| one.release.name == *name);
    match licences.keys().find(|name| !is_made(name)) {
        None => Ok(()),
        Some(name) => {
            let error = anyhow::anyhow!("--licence {name}: no package is made of it");
            Err(Failure::input(error).with_hint("look at its spelling, or leave it out"))
        }
    }
}
