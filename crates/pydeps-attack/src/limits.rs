//! Programs with a limit on their time, memory and files.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often a running program is looked at.
const TICK: Duration = Duration::from_millis(4);
/// How long what a program has started may live on after it.
const GRACE: Duration = Duration::from_millis(1500);
/// The most that is kept of a stream, in bytes.
const KEPT: usize = 8 << 20;
/// What a program may reserve and not touch, in bytes.
const ADDRESS_SPACE: u64 = 16 << 30;
/// The largest file that a program may write, in bytes.
const FILE: u64 = 2 << 30;

/// What a program may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Processor time; it may last three times as long, as machines have other things to do.
    pub time: Duration,
    /// Memory of its own, files that it maps aside, in KiB.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(20),
            memory: 400 << 10,
        }
    }
}

/// What came of a program.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its exit status, if it ended by itself.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// The limit that it passed.
    pub passed: Option<&'static str>,
    /// How long it ran.
    pub time: Duration,
    /// The most memory that it was seen to have, in KiB.
    pub memory: u64,
    /// The beginning of its standard output.
    pub stdout: Vec<u8>,
    /// The beginning of its standard error.
    pub stderr: Vec<u8>,
    /// Whether something that it has started was still there some time afterwards.
    pub left_running: bool,
}

/// The command under limits that the system enforces.
pub fn limited(program: &std::ffi::OsStr) -> Command {
    let mut command = Command::new("prlimit");
    command
        .arg(format!("--as={ADDRESS_SPACE}"))
        .arg(format!("--fsize={FILE}"))
        .arg("--core=0")
        .arg("--")
        .arg(program)
        .process_group(0);
    command
}

/// Runs a command to its end, or to its limit.
///
/// # Errors
///
/// What the system says if it cannot be started.
pub fn run(command: &mut Command, limits: Limits) -> std::io::Result<Outcome> {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let streams = [child.stdout.take().map(keep), child.stderr.take().map(keep)];
    let mut watch = Watch {
        memory: 0,
        passed: None,
    };
    let status = watch.until_end(&mut child, start, limits)?;
    let time = start.elapsed();
    let left_running = group_lives_on(&child);
    signal(&child, "KILL");
    let [stdout, stderr] = streams.map(|stream| {
        let read = stream.and_then(|thread| thread.join().ok());
        read.unwrap_or_default()
    });
    Ok(Outcome {
        status: status.code(),
        signal: status.signal(),
        passed: watch.passed,
        time,
        memory: watch.memory,
        stdout,
        stderr,
        left_running,
    })
}

struct Watch {
    memory: u64,
    passed: Option<&'static str>,
}

impl Watch {
    fn until_end(
        &mut self,
        child: &mut Child,
        start: Instant,
        limits: Limits,
    ) -> std::io::Result<ExitStatus> {
        loop {
            self.memory = self.memory.max(memory(child.id()));
            let took = processor_time(child.id()).max(start.elapsed() / 3);
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            let passed = match (took > limits.time, self.memory > limits.memory) {
                (true, _) => Some("time"),
                (_, true) => Some("memory"),
                _ => None,
            };
            if passed.is_some() {
                self.passed = passed;
                signal(child, "KILL");
                return child.wait();
            }
            std::thread::sleep(TICK);
        }
    }
}

/// Sends a signal to a program and all that it has started.
fn signal(child: &Child, signal: &str) {
    let mut kill = Command::new("kill");
    _ = kill
        .arg(format!("-{signal}"))
        .arg("--")
        .arg(format!("-{}", child.id()))
        .stderr(Stdio::null())
        .status();
}

/// Whether anything that the program has started is still there.
fn group_lives_on(child: &Child) -> bool {
    let start = Instant::now();
    while is_running(child.id()) {
        if start.elapsed() > GRACE {
            return true;
        }
        std::thread::sleep(TICK * 10);
    }
    false
}

/// Whether a process of this group runs. What has ended and waits to be noticed does not.
fn is_running(group: u32) -> bool {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let runs = |stat: String| {
        // After the name in parentheses: state, parent, group.
        let (_, rest) = stat.rsplit_once(") ")?;
        let mut fields = rest.split(' ');
        let (state, own) = (fields.next()?, fields.nth(1)?);
        Some(own.parse() == Ok(group) && !["Z", "X"].contains(&state))
    };
    let mut stats =
        processes.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    stats.any(|stat| runs(stat) == Some(true))
}

/// The processor time of a process, without that of those that it has started.
fn processor_time(pid: u32) -> Duration {
    let text = fs_err::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // After the name in parentheses, user and system time are the twelfth and thirteenth field,
    // in hundredths of a second.
    let (_, rest) = text.rsplit_once(") ").unwrap_or_default();
    let ticks = rest.split(' ').skip(11).take(2);
    let ticks: u64 = ticks.filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * ticks)
}

/// Memory of a process that is no file's, in KiB.
fn memory(pid: u32) -> u64 {
    let status = fs_err::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let value = |name: &str| -> u64 {
        let mut lines = status.lines();
        let found = lines.find_map(|line| line.strip_prefix(name));
        let digits = found.and_then(|rest| rest.split_whitespace().next());
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    value("RssAnon:") + value("RssShmem:")
}

/// Reads a stream to its end and keeps its beginning.
fn keep(mut stream: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = vec![0; 1 << 16];
        while let Ok(count) = stream.read(&mut buffer) {
            if count == 0 {
                break;
            }
            let room = KEPT.saturating_sub(kept.len()).min(count);
            kept.extend_from_slice(&buffer[..room]);
        }
        kept
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limits: Limits) -> Outcome {
        let mut command = limited("sh".as_ref());
        run(command.args(["-c", script]), limits).unwrap()
    }

    #[test]
    fn statuses_and_signals() {
        let limits = Limits::default();
        assert_eq!(sh("exit 7", limits).status, Some(7));
        assert_eq!(sh("kill -ABRT $$", limits).signal, Some(6));
        assert_eq!(sh("echo a; echo b >&2", limits).stdout, b"a\n");
    }

    #[test]
    fn limits_end_a_program_and_what_it_has_started() {
        let short = Limits {
            time: Duration::from_millis(50),
            ..Limits::default()
        };
        assert_eq!(sh("sleep 60 & sleep 60", short).passed, Some("time"));
        assert!(sh("sleep 60 >/dev/null 2>&1 &", Limits::default()).left_running);
    }
}
