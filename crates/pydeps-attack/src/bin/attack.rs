//! Runs the programs on hostile inputs, and judges the answers.

use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use clap::Parser;
use pydeps_attack::input::{Class, Input};
use pydeps_attack::report::{self, Result};
use pydeps_attack::world::{Shared, World};
use pydeps_attack::{inputs, judge, record, suite};

/// The user and group of an ordinary user, where root runs this: nobody's.
const NOBODY: (u32, u32) = (65534, 65534);

/// Run the programs on hostile inputs, and judge the answers.
#[derive(Debug, Parser)]
struct Options {
    /// Directory with the programs; by default that of this one
    #[arg(long, value_name = "DIR")]
    programs: Option<PathBuf>,
    /// Repository, which has the debhelper add-on
    #[arg(long, value_name = "DIR", default_value = ".")]
    repository: PathBuf,
    /// Only this class
    #[arg(long)]
    class: Option<Class>,
    /// Only inputs whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// As root, run the programs as an ordinary user alone; by default as both
    #[arg(long)]
    as_user: bool,
    /// Inputs side by side
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
    /// Print what was said, too
    #[arg(long)]
    show: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    let users: &[(&str, Option<(u32, u32)>)] = match (is_root, options.as_user) {
        (false, _) => &[("as this user", None)],
        (true, true) => &[("as an ordinary user", Some(NOBODY))],
        (true, false) => &[("as root", None), ("as an ordinary user", Some(NOBODY))],
    };
    let bin = tempfile::Builder::new()
        .prefix("attack-bin-")
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir()
        .expect("a temporary directory");
    let mut shared = shared(&options, bin.path());
    let mut bad = 0;
    for (name, user) in users {
        shared.user = *user;
        let results = all(&shared, &options, is_root);
        bad += results
            .iter()
            .filter(|result| result.verdict.is_err())
            .count();
        say(&format!(
            "{}\n{name}\n{}",
            report::details(&results),
            report::table(&results)
        ));
    }
    match bad {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn say(text: &str) {
    _ = writeln!(std::io::stdout(), "{text}");
}

fn shared(options: &Options, bin: &std::path::Path) -> Shared {
    let own = std::env::current_exe().expect("this program is a file");
    let programs = options.programs.clone();
    let programs = programs.unwrap_or_else(|| own.parent().expect("a directory").to_owned());
    let programs = programs.canonicalize().expect("--programs");
    let repository = options.repository.canonicalize().expect("--repository");
    record::put(bin);
    Shared {
        index: suite::index(&programs.join("dh-pydeps")),
        programs,
        bin: bin.to_owned(),
        user: None,
        perl: repository.join("crates/dh-tools/share/perl5"),
    }
}

/// All inputs that are asked for, in their order.
fn all(shared: &Shared, options: &Options, is_root: bool) -> Vec<Result> {
    let chosen = |class: &Class| options.class.is_none_or(|only| only == *class);
    let named = |input: &Input| {
        let only = options.only.as_ref();
        only.is_none_or(|only| input.name.contains(only)) && (is_root || !input.root_only)
    };
    let mut queue: Vec<(Class, Input)> = Vec::new();
    for class in Class::ALL.into_iter().filter(chosen) {
        queue.extend(
            inputs::of(class)
                .into_iter()
                .filter(named)
                .map(|input| (class, input)),
        );
    }
    let queue = Mutex::new(queue.into_iter().enumerate());
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("no panic").next();
                    let Some((at, (class, input))) = next else {
                        break;
                    };
                    let result = try_one(shared, class, input, options.show);
                    results.lock().expect("no panic").push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no panic");
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

fn try_one(shared: &Shared, class: Class, input: Input, show: bool) -> Result {
    let start = Instant::now();
    let mut world = World::new(shared);
    (input.play)(&mut world);
    let verdict = judge::judge(&input, &world);
    if show {
        for run in &world.runs {
            let outcome = &run.outcome;
            let (out, err) = (&outcome.stdout, &outcome.stderr);
            let [out, err] = [out, err].map(|bytes| {
                let text = String::from_utf8_lossy(&bytes[..bytes.len().min(6000)]).into_owned();
                text.replace('\x1b', "<ESC>")
            });
            say(&format!(
                "## {}: $ {}\n{out}{err}[{:?} {:?}, {:.2} s, {} MiB]",
                input.name,
                run.line,
                outcome.status,
                outcome.signal,
                outcome.time.as_secs_f64(),
                outcome.memory >> 10
            ));
        }
    }
    Result {
        class,
        input,
        verdict,
        time: start.elapsed(),
    }
}
