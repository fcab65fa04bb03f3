//! What is demanded of every answer, and what of this one.

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::input::{Expect, Input};
use crate::snapshot::{Change, Snapshot};
use crate::world::{Run, World};

/// The most that a run may leave on the disk, in bytes.
const WRITTEN: u64 = 1 << 30;
/// The longest message, in bytes.
const MESSAGE: usize = 4000;
/// The most that a run may say, in bytes.
const SAID: usize = 2 << 20;
/// How the names of unfinished files begin.
const UNFINISHED: [&str; 5] = [".new-", ".generating-", ".unpacking-", ".tmp", "dh-pydeps-"];
/// What an answer says of a release that cannot be used.
const UNUSABLE: &str = " cannot be used: ";
/// What no argument of a program may have in it, whatever the input.
const DENIED: [&str; 5] = [
    "-hook=",
    "--hook-dir",
    "PWNED",
    "--chroot-setup",
    "--starting-build",
];

/// How an input was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// With a clear error.
    Refused,
    /// With an answer.
    Taken,
}

/// What came of an input: how it was met, or all that is wrong.
pub fn judge(input: &Input, world: &World<'_>) -> Result<Met, Vec<String>> {
    let mut wrong = world.complaints.clone();
    if world.runs.is_empty() {
        wrong.push("nothing was run".to_owned());
    }
    for run in &world.runs {
        wrong.extend(
            of_run(run, input)
                .into_iter()
                .map(|text| format!("{}: {text}", run.line)),
        );
    }
    wrong.extend(files(world));
    wrong.extend(secrets(world));
    wrong.extend(arguments(world));
    let met = match world.runs.last() {
        Some(run) if is_refusal(run) => Met::Refused,
        _ => Met::Taken,
    };
    match (input.expect, met) {
        (Expect::Refuse, Met::Taken) => wrong.push("it was taken".to_owned()),
        (Expect::Take, Met::Refused) => wrong.push("it was refused".to_owned()),
        _ => {}
    }
    match wrong.is_empty() {
        true => Ok(met),
        false => Err(wrong),
    }
}

/// Whether a line begins an error: `error: …`, or `dh_x: error: …` of a debhelper command.
fn is_error(line: &str) -> bool {
    let of_debhelper = line.split_once(": error: ");
    line.starts_with("error: ")
        || of_debhelper.is_some_and(|(name, _)| name.starts_with("dh_") && !name.contains(' '))
}

/// An error; or an answer that says of what was asked for that it cannot be used.
fn is_refusal(run: &Run) -> bool {
    let [out, said] =
        [&run.outcome.stdout, &run.outcome.stderr].map(|s| String::from_utf8_lossy(s));
    run.outcome.status != Some(0) && (said.lines().any(is_error) || out.contains(UNUSABLE))
}

fn of_run(run: &Run, input: &Input) -> Vec<String> {
    let outcome = &run.outcome;
    let mut wrong = Vec::new();
    let (stdout, stderr) = (&outcome.stdout, &outcome.stderr);
    let said = String::from_utf8_lossy(stderr);
    if let Some(limit) = outcome.passed {
        let (time, memory) = (outcome.time.as_secs_f64(), outcome.memory >> 10);
        wrong.push(format!(
            "it passed its limit of {limit} ({time:.0} s, {memory} MiB)"
        ));
        return wrong;
    }
    if let Some(signal) = outcome.signal {
        wrong.push(format!("signal {signal} ended it: {}", brief(&said)));
        return wrong;
    }
    if !matches!(outcome.status, Some(0..=3)) {
        wrong.push(format!(
            "the exit status is {:?}: {}",
            outcome.status,
            brief(&said)
        ));
    }
    if said.contains("panicked at") {
        wrong.push(format!("it panics: {}", brief(&said)));
    }
    if outcome.left_running {
        wrong.push("what it has started is still running".to_owned());
    }
    if stdout.len().max(stderr.len()) > SAID {
        wrong.push(format!("it says {} bytes", stdout.len() + stderr.len()));
    }
    for (name, stream) in [("output", stdout), ("error", stderr)] {
        if let Some(byte) = unclean(stream) {
            wrong.push(format!("{byte} on standard {name}"));
        }
    }
    wrong.extend(clear(run, &said, input));
    wrong
}

/// What is wrong with the message of a command that failed.
fn clear(run: &Run, said: &str, input: &Input) -> Vec<String> {
    let mut wrong = Vec::new();
    let errors: Vec<&str> = said.lines().filter(|line| is_error(line)).collect();
    let failed = matches!(run.outcome.status, Some(2 | 3));
    if failed && errors.len() != 1 {
        wrong.push(format!(
            "{} errors are told, not one: {}",
            errors.len(),
            brief(said)
        ));
    }
    if run.outcome.status == Some(0) && !errors.is_empty() {
        wrong.push("an error, and the exit status does not say so".to_owned());
    }
    if !is_refusal(run) {
        return wrong;
    }
    if let Some(long) = said.lines().find(|line| line.len() > MESSAGE) {
        wrong.push(format!(
            "a message of {} bytes: {}",
            long.len(),
            brief(long)
        ));
    }
    let out = String::from_utf8_lossy(&run.outcome.stdout);
    let answer = out.split_once(UNUSABLE).map_or("", |(_, rest)| rest);
    let message = said.split_once("error: ").map_or(answer, |(_, rest)| rest);
    if !input.names.split('|').any(|name| message.contains(name)) {
        wrong.push(format!(
            "the error does not name {}: {}",
            input.names,
            brief(message)
        ));
    }
    // What to do stands in a hint, or behind a semicolon.
    if !errors.is_empty() && !message.contains("hint: ") && !message.contains("; ") {
        wrong.push(format!(
            "the error does not say what to do: {}",
            brief(message)
        ));
    }
    wrong
}

fn brief(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = text
        .chars()
        .take(400)
        .flat_map(char::escape_debug)
        .collect();
    format!("`{shown}`")
}

/// The first byte or character that a terminal acts on or that hides how a text reads.
pub fn unclean(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    let bad = |c: &char| match c {
        '\n' | '\t' => false,
        c => c.is_control() || is_direction(*c),
    };
    text.chars()
        .find(bad)
        .map(|c| format!("the character {}", c.escape_unicode()))
}

/// Marks, embeddings, overrides and isolates of direction, and line separators.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What was written, changed or left where it should not be.
fn files(world: &World<'_>) -> Vec<String> {
    let Some(before) = &world.before else {
        return Vec::new();
    };
    let after = Snapshot::of(world.top());
    let mut wrong = Vec::new();
    if after.size().saturating_sub(before.size()) > WRITTEN {
        wrong.push(format!("it leaves {} MiB on the disk", after.size() >> 20));
    }
    // What had to be killed could not tidy up.
    if world.runs.iter().any(|run| run.outcome.passed.is_some()) {
        return wrong;
    }
    for (path, change) in before.changes(&after) {
        if let Some(text) = of_file(world, &path, change) {
            wrong.push(text);
        }
    }
    wrong
}

fn of_file(world: &World<'_>, path: &Path, change: Change) -> Option<String> {
    let shown = path.as_os_str().as_bytes().escape_ascii().to_string();
    let starts = |list: &[String]| list.iter().any(|begin| path.starts_with(begin));
    if path.starts_with("record") || starts(&world.free) {
        return None;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if change == Change::New && UNFINISHED.iter().any(|begin| name.starts_with(begin)) {
        return Some(format!("{shown} is left over"));
    }
    if ["PWNED", "HACKED"].contains(&name.as_ref()) {
        return Some(format!(
            "{shown} is {change}: a command of the input was run"
        ));
    }
    if starts(&world.kept) || !may_write(world.work(), path) {
        return Some(format!("{shown} is {change}"));
    }
    let in_debian = path.components().any(|part| part.as_os_str() == "debian");
    let is_text = in_debian || name.ends_with(".lock") || name.ends_with(".toml");
    if change != Change::Gone && is_text {
        let bytes = std::fs::read(world.top().join(path)).unwrap_or_default();
        let text = std::str::from_utf8(&bytes)
            .ok()
            .filter(|text| !text.contains('\0'));
        let bad = text.and_then(|text| unclean(text.as_bytes()))?;
        return Some(format!("{bad} in {shown}"));
    }
    None
}

/// Where the programs write.
fn may_write(work: &str, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(work) else {
        return path.starts_with("cache");
    };
    let names = ["build-area", "debian", "pydeps.lock", "pydeps.toml"];
    names.iter().any(|name| inside.starts_with(name))
}

fn secrets(world: &World<'_>) -> Vec<String> {
    let mut wrong = Vec::new();
    for secret in &world.secrets {
        for run in &world.runs {
            let streams = [&run.outcome.stdout, &run.outcome.stderr];
            if streams.iter().any(|stream| has(stream, secret)) {
                wrong.push(format!("{}: it says {secret}", run.line));
            }
        }
        let places = [world.work(), "cache", "tmp"];
        for place in places {
            if let Some(path) = file_with(&world.top().join(place), secret) {
                wrong.push(format!("{secret} is in {path}"));
            }
        }
    }
    wrong
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

fn file_with(directory: &Path, text: &str) -> Option<String> {
    let entries = std::fs::read_dir(directory).ok()?.flatten();
    entries.into_iter().find_map(|entry| {
        let (path, kind) = (entry.path(), entry.file_type().ok()?);
        if kind.is_dir() {
            return file_with(&path, text);
        }
        let is_input = path.to_string_lossy().contains("given");
        let found = kind.is_file() && !is_input && has(&std::fs::read(&path).ok()?, text);
        found.then(|| path.display().to_string())
    })
}

fn arguments(world: &World<'_>) -> Vec<String> {
    let denied: Vec<&str> = world
        .denied
        .iter()
        .map(String::as_str)
        .chain(DENIED)
        .collect();
    let mut wrong = Vec::new();
    for call in world.calls() {
        let bad = call
            .iter()
            .find(|word| denied.iter().any(|text| word.contains(text)));
        if let Some(bad) = bad {
            wrong.push(format!("{} was called with {}", call[0], brief(bad)));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_acts_on() {
        assert_eq!(unclean("a\tb\u{e9}\n".as_bytes()), None);
        for text in [
            "\x1b[2J", "\r", "\u{9b}", "\u{202e}", "\u{2066}", "\u{2028}",
        ] {
            assert!(unclean(text.as_bytes()).is_some(), "{text:?}");
        }
    }

    #[test]
    fn errors_of_both_kinds_of_programs() {
        assert!(is_error("error: x"));
        assert!(is_error("dh_pyelf_scan: error: x"));
        assert!(!is_error("warning: an error: x"));
    }
}
