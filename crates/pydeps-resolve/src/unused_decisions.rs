//! Decisions that have no effect.

use pydeps_core::decision::{Choice, Decision};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;

use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;
use pydeps_core::outcome::Distribution;

/// A warning for each decision that changes nothing.
pub(crate) fn findings(provider: &DebianProvider<'_>, rows: &[Distribution]) -> Vec<Finding> {
    let decisions = provider.problem.decisions.iter();
    let found = decisions.filter_map(|(name, decision)| {
        let needed = rows.iter().any(|row| row.name == *name);
        let (text, hint) = match needed {
            false if is_at_hand(provider, name) => (
                format!("{name} is the project at hand"),
                "decide about what it requires".to_owned(),
            ),
            false => (
                format!("nothing needs {name}"),
                "check its spelling".to_owned(),
            ),
            true => without_effect(provider, name, decision)?,
        };
        let word = decision.choice.word();
        let text = format!("the decision to {word} {name} has no effect: {text}");
        Some(
            Finding::warning("decision-unused", text)
                .with_origin(&decision.origin)
                .with_hint(hint),
        )
    });
    found.collect()
}

/// Whether it is the project whose source was given.
fn is_at_hand(provider: &DebianProvider<'_>, name: &DistName) -> bool {
    let mut roots = provider.problem.roots.iter();
    roots.any(|root| matches!(root, ResolutionRoot::Project { name: Some(own), .. } if own == name))
}

/// Why a decision on something that is needed changes nothing, and what would.
fn without_effect(
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
            let named = decision.choice == Choice::Backport || decision.from.is_some();
            let hint = format!("--backport-from {from} tells what that suite has");
            named.then(|| (format!("nothing newer is known of {name}"), hint))
        }
        _ => None,
    }
}
