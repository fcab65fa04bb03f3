//! Runs the fuzz targets, each in a process of its own, and keeps what was too much for one.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use clap::Parser;
use pydeps_attack::fuzz::{self, Target, run};

/// Run the fuzz targets on seeds with mutations.
#[derive(Debug, Parser)]
struct Options {
    /// Only this target
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// How long each target runs on mutations, in seconds
    #[arg(long, default_value_t = 60.0)]
    seconds: f64,
    /// Number of the first mutation; the same number gives the same inputs
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Targets side by side
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,
    /// Directory for inputs that were too much
    #[arg(long, value_name = "DIR", default_value = "target/fuzz")]
    output: PathBuf,
    /// Print the names of all targets
    #[arg(long)]
    list: bool,
    /// Write the seeds of all targets to DIR/TARGET/, for a corpus
    #[arg(long, value_name = "DIR")]
    seeds: Option<PathBuf>,
    /// Read this file once, in this process
    #[arg(long, value_name = "FILE", requires = "only")]
    replay: Option<PathBuf>,
    /// Run the one target in this process, and note in FILE what is read
    #[arg(long, value_name = "FILE", hide = true)]
    child: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.list {
        fuzz::all().iter().for_each(|target| say(target.name));
        return ExitCode::SUCCESS;
    }
    let target = options.only.as_deref().and_then(fuzz::named);
    match (&options.replay, &options.child, &options.seeds, target) {
        (Some(file), _, _, Some(target)) => {
            let bytes = fs_err::read(file).expect("--replay");
            (target.read)(&bytes);
            ExitCode::SUCCESS
        }
        (_, Some(notes), _, Some(target)) => child(&target, notes, &options),
        (_, _, Some(directory), _) => seeds(directory),
        _ => parent(&options),
    }
}

fn say(text: &str) {
    _ = writeln!(std::io::stdout(), "{text}");
}

fn child(target: &Target, notes: &Path, options: &Options) -> ExitCode {
    let file = std::fs::File::options().write(true).open(notes).ok();
    let time = Duration::from_secs_f64(options.seconds);
    let wrong = run::run(target, time, options.first, &run::Progress::new(file));
    wrong.iter().for_each(|text| say(text));
    match wrong.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn seeds(directory: &Path) -> ExitCode {
    for target in fuzz::all() {
        let place = directory.join(target.name);
        fs_err::create_dir_all(&place).expect("--seeds");
        for (number, seed) in target.seeds.iter().enumerate() {
            fs_err::write(place.join(format!("seed-{number}")), seed).expect("--seeds");
        }
    }
    ExitCode::SUCCESS
}

fn parent(options: &Options) -> ExitCode {
    let chosen = |target: &Target| {
        let only = options.only.as_ref();
        only.is_none_or(|only| target.name.contains(only.as_str()))
    };
    let targets: Vec<Target> = fuzz::all().into_iter().filter(chosen).collect();
    let (count, queue) = (targets.len(), Mutex::new(targets.into_iter()));
    let bad = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().expect("no panic").next();
                    let Some(target) = next else { break };
                    if let Err(text) = one(&target, options) {
                        say(&format!("{}: {text}", target.name));
                        *bad.lock().expect("no panic") += 1;
                    }
                }
            });
        }
    });
    let bad = bad.into_inner().expect("no panic");
    say(&format!("{count} targets, {bad} failed"));
    match (count, bad) {
        (1.., 0) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Runs one target; the error says what was too much for it.
fn one(target: &Target, options: &Options) -> Result<(), String> {
    let notes = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(own)
        .arg(format!("--only={}", target.name))
        .arg(format!("--seconds={}", options.seconds))
        .arg(format!("--first={}", options.first))
        .arg("--child")
        .arg(notes.path())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    if output.status.code() == Some(1) && !out.is_empty() {
        return Err(out.trim().to_owned());
    }
    let note = fs_err::read_to_string(notes.path()).unwrap_or_default();
    let last: Vec<&str> = err
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(3)
        .collect();
    let kept =
        fuzz::run::noted(target, &note).map(|bytes| keep(target, &note, &bytes, &options.output));
    let kept = kept.unwrap_or_default();
    let status = output.status;
    Err(format!(
        "{status} at `{}`{kept}\n    {}",
        note.trim(),
        last.join("\n    ")
    ))
}

fn keep(target: &Target, note: &str, bytes: &[u8], directory: &Path) -> String {
    let name = format!("{}-{}", target.name, note.trim().replace(' ', "-"));
    let path = directory.join(name);
    let written = fs_err::create_dir_all(directory).and_then(|()| fs_err::write(&path, bytes));
    match written {
        Ok(()) => format!(", kept as {}", path.display()),
        Err(error) => format!(", not kept: {error}"),
    }
}
