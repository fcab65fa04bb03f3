//! Commands, with errors that name the command and say what it said.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

/// How many lines of a failed command's stderr an error repeats.
const TAIL: usize = 6;

/// What a command that ended well has said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Its standard output; what is not UTF-8 is replaced.
    pub stdout: String,
    /// Its standard error; likewise.
    pub stderr: String,
}

/// A command could not be run, or failed.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// There is no such program.
    #[error("{program}: command not found")]
    NotFound {
        /// The program that was looked for.
        program: String,
    },
    /// It could not be started, or its output not be read.
    #[error("cannot run `{command}`: {source}")]
    Io {
        /// The whole command.
        command: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// It ended with a status other than 0.
    #[error("`{command}` failed ({status}){}", Tail(stderr))]
    Failed {
        /// The whole command.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// Its whole standard error.
        stderr: String,
    },
}

struct Tail<'a>(&'a str);

impl std::fmt::Display for Tail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lines: Vec<&str> = self
            .0
            .lines()
            .filter(|line| !line.trim().is_empty())
            .collect();
        let skip = lines.len().saturating_sub(TAIL);
        lines[skip..]
            .iter()
            .try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// Runs a command to its end, without standard input.
pub fn run(command: &mut Command) -> Result<Said, ProcessError> {
    let (stdout, stderr) = stream(command, |out| {
        let mut bytes = Vec::new();
        out.read_to_end(&mut bytes).map(|_| bytes)
    })?;
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    Ok(Said { stdout, stderr })
}

/// The standard output of a command, whether it fails or not.
pub fn output(command: &mut Command) -> Result<String, ProcessError> {
    command.stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.output().map_err(|source| io(command, source))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, giving `consume` its output while it runs. Returns what
/// `consume` made of it, and the command's standard error.
pub fn stream<T>(
    command: &mut Command,
    consume: impl FnOnce(&mut BufReader<ChildStdout>) -> std::io::Result<T>,
) -> Result<(T, String), ProcessError> {
    let mut child = spawn(command)?;
    let errors = drain(child.stderr.take());
    let made = child
        .stdout
        .take()
        .map(|stdout| consume(&mut BufReader::with_capacity(1 << 18, stdout)));
    let status = child.wait().map_err(|source| io(command, source))?;
    let stderr = errors
        .and_then(|thread| thread.join().ok())
        .unwrap_or_default();
    match made {
        Some(Err(source)) => Err(io(command, source)),
        Some(Ok(made)) if status.success() => Ok((made, stderr)),
        _ => Err(ProcessError::Failed {
            command: describe(command),
            status,
            stderr,
        }),
    }
}

/// As [`run`], telling `each` every line of standard output as it comes.
pub fn run_lines(
    command: &mut Command,
    mut each: impl FnMut(&str),
) -> Result<String, ProcessError> {
    let ((), stderr) = stream(command, |out| {
        out.lines()
            .try_for_each(|line| line.map(|line| each(&line)))
    })?;
    Ok(stderr)
}

fn spawn(command: &mut Command) -> Result<Child, ProcessError> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => ProcessError::NotFound {
            program: command.get_program().to_string_lossy().into_owned(),
        },
        _ => io(command, source),
    })
}

/// Standard error is read on a thread of its own, so that a command that says
/// much on both streams never waits for us.
fn drain(stderr: Option<impl Read + Send + 'static>) -> Option<JoinHandle<String>> {
    let mut stderr = stderr?;
    Some(std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stderr.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    }))
}

fn io(command: &Command, source: std::io::Error) -> ProcessError {
    ProcessError::Io {
        command: describe(command),
        source,
    }
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_of_both_streams_larger_than_a_pipe() {
        let script = "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero";
        let said = run(&mut sh(script)).unwrap();
        assert_eq!((said.stdout.len(), said.stderr.len()), (300_000, 300_000));
    }

    #[test]
    fn failure_names_command_status_and_last_lines() {
        let error = run(&mut sh("seq 1 9 >&2; exit 7")).unwrap_err().to_string();
        assert!(
            error.starts_with("`sh -c seq 1 9 >&2; exit 7` failed (exit status: 7)\n  4\n"),
            "{error}"
        );
        assert!(error.ends_with("\n  9"), "{error}");
    }

    #[test]
    fn absent_program() {
        let error = run(&mut Command::new("no-such-program-here")).unwrap_err();
        assert!(matches!(error, ProcessError::NotFound { .. }), "{error}");
    }
}
