//! `relation`: a requirement as a Debian relation.

use clap::Args;
use pydeps_core::relate::{Field, Related, relate};
use pydeps_core::requirement::Requirement;
use pydeps_report::json;

use crate::archive::Debian;
use crate::failure::{Failure, Outcome};
use crate::shared_args::Format;
use crate::shared_args::SuiteArgs;
use crate::ui::Ui;

/// Write a Python requirement as a Debian relation
///
/// Bounds are written in the spelling of the suite's package, and checked at its
/// version; where they cannot be exact, it is said which versions are lost or gained
/// (with -v). The exit status is 1 if the suite does not satisfy the requirement.
#[derive(Args, Debug)]
pub struct RelationArgs {
    /// Requirement, as in pyproject.toml (PEP 508): `requests[socks]>=2.31,!=2.32.0`
    #[arg(required = true, value_name = "REQUIREMENT")]
    pub requirements: Vec<String>,
    /// Write it for Build-Depends: no alternatives, as sbuild looks at the first only
    #[arg(long)]
    pub build: bool,
    /// The suite.
    #[command(flatten)]
    pub suite: SuiteArgs,
    /// How to print the answers
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &RelationArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let requirements = args.requirements.iter();
    let requirements: Vec<Requirement> = requirements
        .map(|text| crate::inputs::requirement(text))
        .collect::<Result<_, _>>()?;
    let debian = Debian::open(&args.suite.query(), ui)?;
    let suite = debian.archive().suite();
    let (target, field) = (debian.target(), field(args));
    let related: Vec<(Requirement, Related)> = requirements
        .into_iter()
        .map(|requirement| {
            let answer = debian.look_up(&requirement.name);
            let related = relate(&requirement, &answer, &target, field, &suite.codename);
            (requirement, related)
        })
        .collect();
    match args.format {
        Format::Json => ui.data(&json::relations(suite, &related)),
        Format::Text => {
            for (_, one) in &related {
                ui.line(&one.relation);
                ui.findings(&Vec::from_iter(one.all_findings().cloned()));
            }
        }
    }
    Ok(Outcome::of(
        related.iter().all(|(_, one)| one.is_satisfied()),
    ))
}

fn field(args: &RelationArgs) -> Field {
    match args.build {
        true => Field::BuildDepends,
        false => Field::Depends,
    }
}
