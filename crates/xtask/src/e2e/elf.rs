//! The judge of the dh_pyelf commands: real wheels, packaged whole in chroots of each suite.
//!
//! `tests/e2e/elf.py` says what is done, `tests/e2e/elf_judge.py` by what it is judged:
//! the wheel, readelf, dpkg and the dynamic linker.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::json;
use xshell::{Shell, cmd};

use crate::command::{cargo, root, shell, status};
use crate::say;
use crate::workshop::{SHARED, Workshop};

const BUILD: &[&str] = &["build", "--locked", "--package", "dh-tools"];
const PROGRAMS: [&str; 5] = [
    "dh_pydeps",
    "dh_pyelf_scan",
    "dh_pyelf_hold",
    "dh_pyelf_restore",
    "dh_pyelf_check",
];
const ADDON: &str = "crates/dh-tools/share/perl5";
/// Suites, with the compat levels that are tried there.
const SUITES: &[(&str, &[u32])] = &[("bookworm", &[13]), ("trixie", &[13]), ("sid", &[13, 14])];

/// What to build.
#[derive(Clone, Debug, Default, PartialEq, Eq, clap::Args)]
pub(crate) struct Options {
    /// Only this suite; may be repeated
    #[arg(long)]
    suite: Vec<String>,
    /// Only this wheel or variant, e.g. pillow, pillow-old, hook or odd; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Show, too, what happens without the add-on
    #[arg(long)]
    bare: bool,
    /// Do once more, too, what was good before with the same programs
    #[arg(long)]
    again: bool,
    /// Directory that has the programs; by default they are built
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// Setting for apt where a suite is fetched or a chroot is made; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    apt_option: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Facts {
    rows: Vec<Row>,
    bare: Vec<Bare>,
    variants: Vec<String>,
    problems: Vec<String>,
}

/// What became of a wheel in a package.
#[derive(Debug, Deserialize)]
struct Row {
    compat: u32,
    package: String,
    problems: Vec<String>,
    binaries: usize,
    imports: bool,
    depends: Vec<String>,
}

/// The same without the add-on.
#[derive(Debug, Deserialize)]
struct Bare {
    compat: u32,
    package: String,
    failed: Vec<String>,
    changed_binaries: Vec<String>,
    broken: serde_json::Map<String, serde_json::Value>,
    import: Option<String>,
    published: Vec<String>,
}

/// Runs it; fails at the end if anything is not as it should be.
pub(super) fn run(options: &Options) -> Result<()> {
    let sh = shell()?;
    let built = match &options.programs {
        Some(directory) => fs_err::canonicalize(directory)?,
        None => build(&sh)?,
    };
    let workshop = Workshop::open(&options.apt_option)?;
    let programs = programs(&sh, &built, &workshop.shared())?;
    let wanted = |suite: &str| options.suite.is_empty() || options.suite.iter().any(|s| s == suite);
    let mut bad = 0;
    for (suite, compats) in SUITES.iter().filter(|(suite, _)| wanted(suite)) {
        workshop.fetch(&sh, suite)?;
        let task = json!({
            "suite": suite,
            "programs": programs,
            "compats": compats,
            "only": options.only,
            "bare": options.bare,
            "again": options.again,
        });
        say::line(suite);
        let facts = workshop.run(suite, &format!("elf-{suite}"), "elf.py", &task)?;
        bad += tell(&serde_json::from_value(facts).context("facts.json")?);
    }
    match bad {
        0 => Ok(()),
        _ => bail!("{bad} things are not as they should be"),
    }
}

/// Builds the programs; the directory that has them.
fn build(sh: &Shell) -> Result<PathBuf> {
    if status(cargo(sh, BUILD))? != Some(0) {
        bail!("the build failed");
    }
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(|| root().join("target"), Into::into);
    Ok(target.join("debug"))
}

/// Puts the programs and the add-on where the chroot sees them.
fn programs(sh: &Shell, built: &Path, shared: &Path) -> Result<String> {
    const NAME: &str = "elf-programs";
    let target = shared.join(NAME);
    sh.remove_path(&target)?;
    sh.create_dir(target.join("bin"))?;
    for program in PROGRAMS {
        sh.copy_file(built.join(program), target.join("bin"))?;
    }
    let perl = target.join("perl5");
    cmd!(sh, "cp -r {ADDON} {perl}").quiet().run()?;
    Ok(format!("{SHARED}/{NAME}"))
}

/// Prints what was found; how many problems there are.
fn tell(facts: &Facts) -> usize {
    for row in &facts.rows {
        let mark = if row.problems.is_empty() {
            "ok "
        } else {
            "BAD"
        };
        let (compat, package) = (row.compat, &row.package);
        let depends = row.depends.join(", ");
        say::line(&format!(
            "{mark} {compat} {package}: {} binaries as in the wheel{}; depends on {depends}",
            row.binaries,
            if row.imports { ", imported" } else { "" },
        ));
        row.problems
            .iter()
            .for_each(|problem| say::line(&format!("      {problem}")));
    }
    say::line(&format!("variants: {}", facts.variants.join(", ")));
    facts.bare.iter().for_each(|bare| say::line(&without(bare)));
    facts
        .problems
        .iter()
        .for_each(|problem| say::line(&format!("BAD {problem}")));
    facts.problems.len()
        + facts
            .rows
            .iter()
            .map(|row| row.problems.len())
            .sum::<usize>()
}

/// What happened to a package without the add-on.
fn without(bare: &Bare) -> String {
    let list = |what: &str, names: &[String]| match names {
        [] => String::new(),
        names => format!("; {what} {}", names.join(", ")),
    };
    let import = bare.import.as_ref().filter(|error| !error.is_empty());
    let import = import.map_or_else(String::new, |error| format!("; import: {error}"));
    format!(
        "    without {} {}: {} binaries changed, {} do not load any more{}{}{import}",
        bare.compat,
        bare.package,
        bare.changed_binaries.len(),
        bare.broken.len(),
        list("failed:", &bare.failed),
        list("published:", &bare.published),
    )
}
