//! Warnings about decisions that have no effect.

use pydeps_core::decision::{Choice, Decision};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::outcome::Distribution;

use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;

/// A warning for each decision that has no effect on the distributions of an answer.
pub(crate) fn findings(provider: &DebianProvider<'_>, rows: &[Distribution]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, decision) in &provider.problem.decisions {
        let reason = if rows.iter().any(|row| row.name == *name) {
            why_without_effect(provider, name, decision)
        } else {
            Some(why_not_needed(provider, name))
        };
        let Some((reason, hint)) = reason else {
            continue;
        };
        let word = decision.choice.word();
        let text = format!("the decision to {word} {name} has no effect: {reason}");
        findings.push(
            Finding::warning("decision-unused", text)
                .with_origin(&decision.origin)
                .with_hint(hint),
        );
    }
    findings
}

/// Why no distribution of the answer has the name, and a hint.
fn why_not_needed(provider: &DebianProvider<'_>, name: &DistName) -> (String, String) {
    let mut roots = provider.problem.roots.iter();
    let is_own = |root: &ResolutionRoot| match root {
        ResolutionRoot::Project { name: own, .. } => own.as_ref() == Some(name),
        ResolutionRoot::Requirement { .. } => false,
    };
    if roots.any(is_own) {
        let reason = format!("{name} is the project at hand");
        return (reason, "decide about what it requires".to_owned());
    }
    let reason = format!("nothing needs {name}");
    (reason, "check its spelling".to_owned())
}

/// Why a decision about a distribution of the answer has no effect, and a hint.
fn why_without_effect(
    provider: &DebianProvider<'_>,
    name: &DistName,
    decision: &Decision,
) -> Option<(String, String)> {
    let origins = provider.origins(name);
    let suite = provider.problem.suite;
    let from = decision.from.as_deref().unwrap_or("sid");
    match decision.choice {
        Choice::Generate if origins.mapping.is_some() => {
            let hint = format!("{name} = {{ action = \"replace\" }} takes its place");
            Some((format!("{suite} has it"), hint))
        }
        Choice::Replace if origins.mapping.is_none() => {
            let hint = "without a decision it is packaged".to_owned();
            Some((format!("{suite} lacks it"), hint))
        }
        Choice::Backport | Choice::Replace if origins.offers.is_empty() && from != "index" => {
            let names_suite = decision.choice == Choice::Backport || decision.from.is_some();
            let hint = format!("--backport-from {from} tells what that suite has");
            names_suite.then(|| (format!("nothing newer is known of {name}"), hint))
        }
        _ => None,
    }
}
