//! `e2e kill`: each step of a session is killed at random moments and started again; what
//! comes of it has to be what an undisturbed run gives.

use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::command::root;
use crate::demo::PROGRAM;
use crate::say;

/// What to kill, and how often.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub(crate) struct Options {
    /// Application, as `dh-pydeps resolve` takes a requirement
    application: String,
    /// Suite
    #[arg(short, long, default_value = "trixie")]
    suite: String,
    /// How often each step is killed
    #[arg(long, default_value_t = 20)]
    times: u32,
    /// An older release that is generated first, so that `generate` goes on from it
    #[arg(long, value_name = "REQUIREMENT")]
    before: Option<String>,
    /// Only this step: resolve, generate or build
    #[arg(long, value_name = "STEP")]
    only: Option<String>,
}

/// Digests of all files but logs and bookkeeping.
const FIND: &str = "( -path */logs -o -path */state ) -prune -o -type f -exec sha256sum {} +";

/// A step of a session, and the files that count as its result.
struct Step {
    name: &'static str,
    words: Vec<String>,
    /// Below the session's directory; a path that ends in `/` is a tree.
    results: &'static [&'static str],
}

fn steps(options: &Options) -> Vec<Step> {
    let step = |name, words: &[&str], results| Step {
        name,
        words: words.iter().map(ToString::to_string).collect(),
        results,
    };
    let resolve = resolve(&options.application, options);
    vec![
        step("resolve", &resolve, &["pydeps.lock"]),
        step("generate", &["generate"], &["build-area/"]),
        step("build", &["build"], &["build-area/repository/"]),
    ]
}

fn resolve<'o>(application: &'o str, options: &'o Options) -> [&'o str; 5] {
    ["resolve", application, "--suite", &options.suite, "--quiet"]
}

/// Generates the older release.
fn begin(options: &Options, base: &Path) -> Result<()> {
    let Some(before) = &options.before else {
        return Ok(());
    };
    for (name, words) in [
        ("resolve", &resolve(before, options)[..]),
        ("generate", &["generate"]),
    ] {
        let step = Step {
            name,
            words: words.iter().map(ToString::to_string).collect(),
            results: &[],
        };
        ensure!(
            complete(&step, base)?,
            "{name} of {before} does not succeed"
        );
    }
    Ok(())
}

/// Kills each step, and judges what a second run makes of it.
pub(crate) fn run(options: &Options) -> Result<()> {
    let top = &root().join("target/kill");
    let base = top.join("base");
    if base.exists() {
        fs_err::remove_dir_all(&base)?;
    }
    fs_err::create_dir_all(&base)?;
    begin(options, &base)?;
    let mut bad = 0;
    for step in steps(options) {
        let wanted = options.only.as_ref().is_none_or(|only| *only == step.name);
        if wanted {
            bad += trials(&step, &base, top, options.times)?;
        }
        ensure!(complete(&step, &base)?, "{} does not succeed", step.name);
    }
    match bad {
        0 => Ok(()),
        bad => bail!("{bad} results differ from those of an undisturbed run"),
    }
}

/// Kills one step so many times, each in a copy of `base`. Gives how many results differ.
fn trials(step: &Step, base: &Path, top: &Path, times: u32) -> Result<u32> {
    let undisturbed = copy(base, &top.join("undisturbed"))?;
    let start = Instant::now();
    ensure!(
        complete(step, &undisturbed)?,
        "{} does not succeed",
        step.name
    );
    let takes = start.elapsed();
    let expect = results(step, &undisturbed)?;
    ensure!(!expect.is_empty(), "{} has no result", step.name);
    let mut bad = 0;
    for _ in 0..times {
        let trial = copy(base, &top.join("trial"))?;
        let after = moment(takes);
        kill_after(start_step(step, &trial)?, after)?;
        ensure!(
            complete(step, &trial)?,
            "{}, killed after {after:?}, does not succeed",
            step.name
        );
        let differing = differing(&expect, &results(step, &trial)?);
        if !differing.is_empty() {
            bad += 1;
            let count = differing.len();
            let some: Vec<String> = differing.into_iter().take(3).collect();
            let differing = format!("{count} files, such as {}", some.join(", "));
            say::line(&format!(
                "BAD {}, killed after {after:.1?}: {differing}",
                step.name
            ));
        }
    }
    let takes = takes.as_secs_f64();
    say::line(&format!(
        "{}: takes {takes:.1} s; killed {times} times, {bad} results differ",
        step.name
    ));
    Ok(bad)
}

/// A copy of a directory, in place of what is there.
fn copy(from: &Path, to: &Path) -> Result<PathBuf> {
    let sh = Shell::new()?;
    cmd!(sh, "rm -rf {to}").quiet().run()?;
    cmd!(sh, "cp -a {from} {to}").quiet().run()?;
    Ok(to.to_owned())
}

/// Some time before the end.
fn moment(takes: Duration) -> Duration {
    let random = RandomState::new().build_hasher().finish() % 1000;
    takes.mul_f64(f64::from(u32::try_from(random).unwrap_or(0)) / 1000.0)
}

fn start_step(step: &Step, directory: &Path) -> Result<Child> {
    Command::new(root().join(PROGRAM))
        .args(&step.words)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context(PROGRAM)
}

/// Kills the program, and nothing that it has started.
fn kill_after(mut child: Child, after: Duration) -> Result<()> {
    std::thread::sleep(after);
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// Runs a step to its end; that something is left to do is no failure.
fn complete(step: &Step, directory: &Path) -> Result<bool> {
    let status = start_step(step, directory)?.wait()?;
    let may = if step.name == "resolve" { 1 } else { 0 };
    Ok(status.code().is_some_and(|code| code <= may))
}

/// The files of a step's result, with their digests.
fn results(step: &Step, directory: &Path) -> Result<BTreeMap<String, String>> {
    let sh = Shell::new()?;
    sh.change_dir(directory);
    let mut files = BTreeMap::new();
    for path in step.results {
        let words = FIND.split(' ');
        let list = cmd!(sh, "find {path} {words...}");
        for line in list.quiet().read()?.lines() {
            if let Some((digest, file)) = line.split_once("  ") {
                files.insert(file.to_owned(), digest.to_owned());
            }
        }
    }
    Ok(files)
}

/// The files that are not the same in both.
fn differing(expect: &BTreeMap<String, String>, got: &BTreeMap<String, String>) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = expect.keys().chain(got.keys()).collect();
    let differs = |name: &&&String| expect.get(**name) != got.get(**name);
    names
        .iter()
        .filter(differs)
        .map(ToString::to_string)
        .collect()
}
