//! `elf`: what the ELF files of a tree are, and what is done with them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use pydeps_core::finding::Finding;
use pydeps_elf::judge::{Judgement, Treatment};
use pydeps_elf::rules::Rules;
use pydeps_elf::survey::{self, Read, Seen, Survey};
use pydeps_host::tree;
use pydeps_report::{json, text};

use crate::defaults;
use crate::elf_tree::files;
use crate::failure::{Failure, Outcome};
use crate::shared_args::Format;
use crate::ui::Ui;
use pydeps_core::name::ArchName;

/// Say of each ELF file whether it came ready-made or was linked here
///
/// Looks at every ELF file and ar archive of a directory as `dh_pyelf_scan` does: by the
/// tags and RECORD of the distribution that it belongs to, and by the traces that
/// auditwheel and patchelf leave. Foreign files are those that came ready-made, as in a
/// wheel; debhelper's tools must not strip or rewrite them. The exit status is 1 if a file
/// is damaged, and not as it came.
#[derive(Args, Debug)]
pub struct ElfArgs {
    /// Directory of an unpacked wheel, an environment or a package; or one file
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// Architecture that is built for, as dpkg calls it; by default this machine's
    #[arg(long, value_name = "ARCHITECTURE")]
    pub architecture: Option<ArchName>,
    /// How to print the answers
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &ElfArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let architecture = defaults::architecture(args.architecture.as_ref())?;
    let (judgements, findings) = look(&args.path, &architecture, ui)?;
    match args.format {
        Format::Json => ui.data(&json::elf(&architecture, &judgements, &findings)),
        Format::Text => {
            ui.page(&text::elf::table(&judgements));
            ui.status(&text::elf::summary(&judgements));
            ui.findings(&findings);
            for judgement in &judgements {
                ui.findings(&judgement.findings);
            }
        }
    }
    let sound = |judgement: &Judgement| judgement.treatment != Treatment::Refuse;
    Ok(Outcome::of(judgements.iter().all(sound)))
}

/// The judgements, and what is wrong with metadata.
fn look(
    path: &Path,
    architecture: &str,
    ui: &Ui,
) -> Result<(Vec<Judgement>, Vec<Finding>), Failure> {
    let progress = ui.progress();
    progress.say(&format!("reading {}", path.display()));
    let (root, files) = files(path, ui)?;
    let root = root.as_path();
    let seen = tree::inspect(root, &files, &READER).map_err(Failure::environment)?;
    let seen = seen.into_iter().map(|seen| Seen {
        path: seen.file.path,
        size: seen.file.size,
        read: seen.made,
    });
    let rules = Rules::default();
    let mut survey = Survey::new(seen.collect(), &rules, architecture);
    let unhashed: BTreeSet<String> = survey.unhashed().map(str::to_owned).collect();
    let hashes = tree::hashes(root, &files, &unhashed).map_err(Failure::environment)?;
    let mut judgements = survey.judgements(&hashes);
    if path.is_file() {
        let below = path.strip_prefix(root).unwrap_or(path);
        judgements.retain(|judgement| Path::new(&judgement.path) == below);
    }
    Ok((judgements, survey.findings))
}

const READER: tree::Reader<Read> = tree::Reader {
    wants: survey::wants,
    read: survey::read,
};
