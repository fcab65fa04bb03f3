//! One build: a process of its own, whose output is its log.
//!
//! The process gets a process group of its own and dies with this program, however that
//! ends: `setpriv --pdeathsig` asks the kernel for it. It is SIGTERM, on which sbuild and
//! pbuilder clean up.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::BuildEnd;
use crate::BuildError;
use crate::log::phase::Phase;
use pydeps_host::process::ProcessError;

/// How often it is looked whether a build has ended, and how far it is.
const TICK: Duration = Duration::from_millis(100);
/// The rest of a log is read as far as this at once.
const PIECE: u64 = 1 << 20;

/// Wraps a command so that it ends when this program does.
pub(crate) fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", program]);
    command
}

/// Keeps the log of an attempt from the next one, as `LOG.NUMBER`; those of an earlier run go
/// before the first.
pub(crate) fn keep(log: &Path, earlier: usize) -> io::Result<()> {
    let numbered = |number: usize| {
        let mut name = log.as_os_str().to_owned();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    match earlier {
        0 => (1..)
            .map(numbered)
            .take_while(|path| path.exists())
            .try_for_each(fs_err::remove_file),
        number => fs_err::rename(log, numbered(number)),
    }
}

/// The process groups of builds that are under way.
#[derive(Debug, Default)]
pub(crate) struct Running {
    groups: Mutex<BTreeSet<u32>>,
}

impl Running {
    fn groups(&self) -> MutexGuard<'_, BTreeSet<u32>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells every build to end, on which builders clean up.
    pub(crate) fn cancel(&self) {
        for group in self.groups().iter() {
            let group = i32::try_from(*group).ok().and_then(Pid::from_raw);
            // One that has ended meanwhile needs no signal.
            let _ = group.map(|group| kill_process_group(group, Signal::TERM));
        }
    }

    /// Runs a command to its end; what it says goes to the log, which is begun anew. `events`
    /// hears every phase as it begins.
    pub(crate) fn build(
        &self,
        command: &mut Command,
        log: &Path,
        events: &mut dyn FnMut(Phase),
    ) -> Result<BuildEnd, BuildError> {
        if let Some(directory) = log.parent() {
            fs_err::create_dir_all(directory)?;
        }
        let output = fs_err::File::create(log)?.into_parts().0;
        let start = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::from(output.try_clone()?))
            .stderr(Stdio::from(output))
            .process_group(0)
            .spawn()
            .map_err(|error| not_run(command, error))?;
        self.groups().insert(child.id());
        let status = follow(&mut child, log, events);
        self.groups().remove(&child.id());
        let time = start.elapsed();
        Ok(BuildEnd {
            status: status?,
            time,
        })
    }
}

/// Waits for the end of a build, and tells its phases by its log.
fn follow(
    child: &mut Child,
    log: &Path,
    events: &mut dyn FnMut(Phase),
) -> Result<ExitStatus, BuildError> {
    let mut tail = Tail::new(log);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        tail.lines(|line| Phase::of(line).into_iter().for_each(&mut *events));
        std::thread::sleep(TICK);
    }
}

fn not_run(command: &Command, source: std::io::Error) -> BuildError {
    let program = command.get_program().to_string_lossy().into_owned();
    BuildError::Process(match source.kind() {
        std::io::ErrorKind::NotFound => ProcessError::NotFound { program },
        _ => ProcessError::Io {
            command: program,
            source,
        },
    })
}

/// The lines that a file gets while it grows.
struct Tail<'a> {
    path: &'a Path,
    at: u64,
}

impl<'a> Tail<'a> {
    fn new(path: &'a Path) -> Self {
        Self { path, at: 0 }
    }

    /// The complete lines since the last time. Progress only: a log that cannot be read
    /// now is no failure.
    fn lines(&mut self, each: impl FnMut(&str)) {
        let Ok(mut file) = fs_err::File::open(self.path) else {
            return;
        };
        let mut bytes = Vec::new();
        let read = file
            .seek(SeekFrom::Start(self.at))
            .and_then(|_| file.take(PIECE).read_to_end(&mut bytes));
        let end = bytes.iter().rposition(|byte| *byte == b'\n');
        if let (Ok(_), Some(end)) = (read, end) {
            self.at += end as u64 + 1;
            String::from_utf8_lossy(&bytes[..end])
                .lines()
                .for_each(each);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_as_it_grows() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let mut tail = Tail::new(&log);
        let mut seen = Vec::new();
        for text in ["a\nb", "a\nbc\nd\n"] {
            fs_err::write(&log, text).unwrap();
            tail.lines(|line| seen.push(line.to_owned()));
        }
        assert_eq!(seen, ["a", "bc", "d"]);
    }

    #[test]
    fn logs_of_earlier_attempts_are_kept() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("a_1_all.log");
        let texts = |names: &[&str]| -> Vec<String> {
            let paths = names.iter().map(|name| directory.path().join(name));
            let read = |path| fs_err::read_to_string(path).unwrap_or_default();
            paths.map(read).collect()
        };
        let names = ["a_1_all.log", "a_1_all.log.1", "a_1_all.log.2"];
        let check = |run: &str, expect: [&[&str]; 3]| {
            for (earlier, expect) in expect.iter().enumerate() {
                keep(&log, earlier).unwrap();
                fs_err::write(&log, format!("{run}{earlier}")).unwrap();
                assert_eq!(texts(&names), *expect);
            }
        };
        check(
            "a",
            [&["a0", "", ""], &["a1", "a0", ""], &["a2", "a0", "a1"]],
        );
        check(
            "b",
            [&["b0", "", ""], &["b1", "b0", ""], &["b2", "b0", "b1"]],
        );
    }

    #[test]
    fn both_streams_are_in_the_log() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("logs/x.log");
        let mut command = bound("sh");
        command.args([
            "-c",
            "echo out; echo err >&2; echo '| Build  '; sleep 1; exit 3",
        ]);
        let mut phases = Vec::new();
        let running = Running::default();
        let mut events = |phase| phases.push(phase);
        let end = running.build(&mut command, &log, &mut events).unwrap();
        assert_eq!(end.status.code(), Some(3));
        assert_eq!(phases, [Phase::Building]);
        assert_eq!(
            fs_err::read_to_string(&log).unwrap(),
            "out\nerr\n| Build  \n"
        );
    }

    #[test]
    fn what_is_cancelled_ends() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        let running = Running::default();
        let mut command = bound("sh");
        command.args(["-c", "echo '| Build  '; sleep 60 & wait"]);
        let mut begun = |_| running.cancel();
        let end = running.build(&mut command, &log, &mut begun).unwrap();
        assert_eq!(end.status.code(), None, "{}", end.status);
        assert!(end.time < Duration::from_secs(30));
    }
}
