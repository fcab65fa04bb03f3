//! `map`: which package holds a distribution.

use clap::Args;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::DistName;
use pydeps_report::{json, text};

use crate::archive::Debian;
use crate::failure::{Failure, Outcome};
use crate::shared_args::Format;
use crate::shared_args::SuiteArgs;
use crate::ui::Ui;

/// Say which Debian package holds a distribution, with the evidence
///
/// The sources are asked in this order, and the first that answers wins:
/// debian/py3dist-overrides, metadata installed on this machine (if it runs that suite),
/// the suite's file lists, the curated aliases, Provides, and a guess by name that is
/// labelled as one. The exit status is 1 if one of the names is missing.
///
/// With --backports and --backport-from it is told what they have beside: a newer
/// package, whether it can be rebuilt, and which relations of the suite's packages it
/// would break.
#[derive(Args, Debug)]
pub struct MapArgs {
    /// Distribution, as a package index spells it
    #[arg(required = true, value_name = "NAME")]
    pub names: Vec<String>,
    /// The suite.
    #[command(flatten)]
    pub suite: SuiteArgs,
    /// How to print the answers
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &MapArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let names: Vec<DistName> = args
        .names
        .iter()
        .map(|name| crate::inputs::distribution(name))
        .collect::<Result<_, _>>()?;
    let debian = Debian::open(&args.suite.query(), ui)?;
    let mut answers: Vec<(DistName, Answer)> = names
        .into_iter()
        .map(|name| {
            let answer = debian.look_up(&name);
            (name, answer)
        })
        .collect();
    let suite = debian.archive().suite();
    match args.format {
        Format::Json => {
            for (name, answer) in &mut answers {
                add(answer, debian.offers_told(name));
            }
            ui.data(&json::mappings(suite, &answers));
        }
        Format::Text => {
            for (name, answer) in &answers {
                ui.line(&text::mapping::line(name, answer, &suite.codename));
                for told in debian.offers_told(name) {
                    ui.line(&format!("  {}", told.message));
                }
                ui.findings(answer.findings());
            }
        }
    }
    let found = |(_, answer): &(DistName, Answer)| !matches!(answer, Answer::Missing { .. });
    Ok(Outcome::of(answers.iter().all(found)))
}

fn add(answer: &mut Answer, told: Vec<Finding>) {
    match answer {
        Answer::Mapped(mapping) => mapping.findings.extend(told),
        Answer::Missing { findings, .. } => findings.extend(told),
        Answer::Ignored(_) => {}
    }
}
