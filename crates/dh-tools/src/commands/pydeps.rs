//! `dh_pydeps`: the dependencies of Python packages.

use clap::Args;
use pydeps_core::finding::Severity;
use pydeps_core::name::DebName;
use pydeps_core::relate::Field;

use crate::failure::Failure;
use crate::pydeps::extras::Chosen;
use crate::pydeps::world::World;
use crate::pydeps::{private, substvars};
use crate::run::Run;
use crate::tool::Tool;

/// The options of `dh_pydeps`.
#[derive(Args, Debug, Default)]
pub struct Pydeps {
    /// Extra whose requirements become dependencies: EXTRA, or DISTRIBUTION[EXTRA]; may be
    /// repeated
    #[arg(long, value_name = "EXTRA")]
    depends_extra: Vec<String>,
    /// Extra whose requirements are recommended
    #[arg(long, value_name = "EXTRA")]
    recommends_extra: Vec<String>,
    /// Extra whose requirements are suggested
    #[arg(long, value_name = "EXTRA")]
    suggests_extra: Vec<String>,
    /// Write nothing; fail if the substvars lack something, or have what the package does not
    /// need any more
    #[arg(long)]
    check: bool,
}

impl Tool for Pydeps {
    const NAME: &'static str = "dh_pydeps";
    const ABOUT: &'static str = "Write the dependencies of Python packages";
    const LONG_ABOUT: &'static str = "\
Reads the metadata of the Python distributions in each package's tree, finds the Debian \
package for each requirement, and writes the relations, with every bound, to \
${pydeps:Depends}, ${pydeps:Recommends} and ${pydeps:Suggests}.

Which package it is, is asked in this order: debian/pydeps.toml and \
debian/py3dist-overrides; this source package's own binary packages; the metadata of \
installed packages; debian/pydeps.lock; the archive index of this system's suite, or the \
table that is built in; a package of the usual name, which is told.

A requirement without an answer, or one that the suite's version does not meet, makes the \
build fail: nothing is left out in silence. Neither network nor home directory is needed.";

    fn run(&self, run: &Run) -> Result<(), Failure> {
        let world = World::gather(run)?;
        let mut good = true;
        for package in &run.packages {
            good &= self.one(run, &world, package)?;
        }
        match good {
            true => Ok(()),
            false => Err(Failure::told()),
        }
    }
}

impl Pydeps {
    /// One package; whether all went well.
    fn one(&self, run: &Run, world: &World, package: &DebName) -> Result<bool, Failure> {
        let Some(stanza) = run.package(package) else {
            return Ok(true);
        };
        let chosen = self.chosen(run, package)?;
        let mut answer = world.dependencies(stanza, &chosen);
        let (dists, pythons) = (world.tree(package), world.pythons()?);
        let (relations, findings) = private::relations(run, package, dists, pythons.as_ref())?;
        for relation in relations {
            answer.add(Field::Depends, &relation);
        }
        answer.findings.extend(findings);
        answer
            .findings
            .extend(substvars::unused(run, package, &answer));
        for finding in &mut answer.findings {
            let origin = finding.origin.take();
            finding.origin = Some(match origin {
                Some(origin) => format!("{package}: {origin}"),
                None => package.to_string(),
            });
        }
        run.say.findings(&answer.findings);
        if answer
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
        {
            return Ok(false);
        }
        match self.check {
            true => substvars::compare(run, package, &answer),
            false => substvars::write(run, package, &answer).map(|()| true),
        }
    }

    fn chosen(&self, run: &Run, package: &DebName) -> Result<Chosen, Failure> {
        let mut chosen = Chosen::default();
        let options = [
            (Field::Depends, &self.depends_extra),
            (Field::Recommends, &self.recommends_extra),
            (Field::Suggests, &self.suggests_extra),
        ];
        for (field, words) in options {
            for word in words {
                chosen
                    .add(field, word, "the command line")
                    .map_err(Failure::input)?;
            }
        }
        let (path, lines) = run.config(package, "pydeps")?;
        for line in lines {
            let place = format!("{path}:{}", line.number);
            chosen
                .add_line(&line.words, &place)
                .map_err(Failure::input)?;
        }
        Ok(chosen)
    }
}
