//! `generate` against py2dsp, from the same sdist.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::Shell;

use super::Options;
use super::measure::{Contest, Runnable};
use super::table::Row;
use crate::command::root;
use crate::demo::PROGRAM;
use crate::needs;

/// One release, fetched before.
pub(super) fn row(sh: &Shell, options: &Options) -> Result<Row> {
    let release = &options.release;
    let what = format!("generate {release}");
    if !needs::on_path("py2dsp") {
        return Ok(Row::missing(&what, "py2dsp is not installed (pypi2deb)"));
    }
    let top = root().join("target/bench/generate");
    let area = top.join("ours");
    ours(options, &area, &[]).run(sh)?;
    let sdist = sdist(&area, release)?;
    let copy = top.join(format!("{}.tar.gz", release.replace("==", "-")));
    fs_err::copy(sdist, &copy)?;
    let (copy, theirs) = (copy.display().to_string(), top.join("theirs"));
    let contest = Contest {
        what,
        ours: ours(options, &area, &["--offline"]),
        theirs: Runnable {
            forget: vec![theirs.clone()],
            silent: true,
            ..Runnable::new(&["py2dsp", "--root", &theirs.display().to_string(), &copy])
        },
        target: 0.1,
    };
    contest.row(sh, options.runs)
}

fn ours(options: &Options, area: &Path, more: &[&str]) -> Runnable {
    let (suite, area_name) = (&options.suite, area.display().to_string());
    let release = options.release.as_str();
    let mut words = vec![PROGRAM, "generate", release, "--suite", suite];
    words.extend(["--output", &area_name]);
    words.extend(more);
    Runnable {
        forget: vec![area.to_owned()],
        environment: vec![("DEBEMAIL".to_owned(), "nobody@example.org".to_owned())],
        ..Runnable::new(&words)
    }
}

/// What `generate` has fetched.
fn sdist(area: &Path, release: &str) -> Result<PathBuf> {
    let mut entries = fs_err::read_dir(area)?.filter_map(|entry| Some(entry.ok()?.path()));
    let is_it = |path: &PathBuf| path.to_string_lossy().ends_with(".orig.tar.gz");
    let found = entries.find(is_it);
    found.with_context(|| format!("{release} has no sdist that is a .tar.gz"))
}
