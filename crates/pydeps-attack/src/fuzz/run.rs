//! Runs a target until its time is over, in a process that may die of it.
//!
//! What is read is noted before it is read, so that who waits for the process knows what killed
//! it: `nested N`, `growth N` or `mutated N`. How time grows is measured where there is time for it.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::{Target, growth, mutate};

/// How often something is in one another, at most.
const DEPTH: usize = 20_000;
/// The stack of threads that read: that of all threads but the first, in bytes.
const STACK: usize = 2 << 20;
/// Nothing is read for longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// With less time than this, growth is not measured, and half of it goes to depth.
const THOROUGH: Duration = Duration::from_secs(10);

/// Where a process notes what it reads.
pub struct Progress(Option<File>);

impl Progress {
    /// Notes go to this file, or nowhere.
    pub fn new(file: Option<File>) -> Self {
        Self(file)
    }

    fn note(&self, text: &str) {
        if let Some(file) = &self.0 {
            // A number that was longer leaves nothing behind.
            _ = file.write_all_at(format!("{text:<40}").as_bytes(), 0);
        }
    }
}

/// The bytes that a note is about.
pub fn noted(target: &Target, note: &str) -> Option<Vec<u8>> {
    let (kind, number) = note.trim().split_once(' ')?;
    match kind {
        "nested" => mutate::nested(target, DEPTH).nth(number.parse().ok()?),
        "growth" => mutate::repeated(target, 1 << 12).nth(number.parse().ok()?),
        "mutated" => Some(mutate::input(target, number.parse().ok()?)),
        _ => None,
    }
}

/// Reads until the time is over; what is wrong without killing the process is returned.
///
/// # Panics
/// If the target does, or takes too long.
pub fn run(target: &Target, time: Duration, first: u64, progress: &Progress) -> Vec<String> {
    let (alive, watch) = channel();
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK);
        let read = || {
            let beat = |note: String| {
                progress.note(&note);
                _ = alive.send(());
            };
            wrong
                .lock()
                .expect("no panic")
                .extend(all(target, time, first, &beat));
            _ = alive.send(());
            drop(alive);
        };
        let thread = reader.spawn_scoped(scope, read).expect("a thread");
        while !thread.is_finished() {
            match watch.recv_timeout(PATIENCE) {
                Err(RecvTimeoutError::Timeout) => {
                    // The process, as the thread does not listen.
                    std::process::abort();
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Ok(()) => {}
            }
        }
    });
    wrong.into_inner().expect("no panic")
}

fn all(target: &Target, time: Duration, first: u64, beat: &dyn Fn(String)) -> Vec<String> {
    let start = Instant::now();
    for (number, bytes) in mutate::nested(target, DEPTH).enumerate() {
        if time < THOROUGH && start.elapsed() > time / 2 {
            break;
        }
        beat(format!("nested {number}"));
        (target.read)(&bytes);
    }
    let mut wrong = Vec::new();
    let kinds = if time < THOROUGH {
        0
    } else {
        growth::kinds(target)
    };
    for kind in 0..kinds {
        beat(format!("growth {kind}"));
        if let Some(growth::Growth {
            length,
            quarters,
            whole,
        }) = growth::measure(target, kind)
        {
            let text = format!("{length} bytes take {whole:.1?}, its four quarters {quarters:.1?}");
            wrong.push(format!("growth {kind}: {text}"));
        }
    }
    let (end, mut number) = (start + time, first);
    let end = end.max(Instant::now() + time / 4);
    while Instant::now() < end {
        beat(format!("mutated {number}"));
        (target.read)(&mutate::input(target, number));
        number += 1;
    }
    wrong
}
