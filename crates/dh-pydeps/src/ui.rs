//! Everything that is said, by intent: data to standard output, talk to standard
//! error. Colours and progress only where somebody is looking.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one place that prints"
)]

use std::io::{ErrorKind, IsTerminal as _, Write as _, stderr, stdout};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::printable::Printable;
use pydeps_report::text::{Page, TextStyle};

const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();
const NOTE: Style = AnsiColor::Blue.on_default();

/// Where a command says things.
pub(crate) struct Ui {
    quiet: bool,
    verbosity: u8,
    data_style: TextStyle,
    talk_style: TextStyle,
    unwritten: AtomicBool,
}

impl Ui {
    /// `color`: whether to use colours; `None` where that depends on the terminal and NO_COLOR.
    pub(crate) fn new(quiet: bool, verbosity: u8, color: Option<bool>) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let style = |terminal: bool| TextStyle {
            colored: color.unwrap_or(terminal && !no_color),
        };
        Self {
            quiet,
            verbosity,
            data_style: style(stdout().is_terminal()),
            talk_style: style(stderr().is_terminal()),
            unwritten: AtomicBool::new(false),
        }
    }

    /// An answer for people. One without a line is nothing.
    pub(crate) fn page(&self, page: &Page) {
        if *page != Page::default() {
            self.write(&page.write(self.data_style));
        }
    }

    /// A line of an answer.
    pub(crate) fn line(&self, text: &str) {
        self.data(&Printable::line(text));
    }

    /// Data.
    pub(crate) fn data(&self, data: &Printable) {
        self.write(data.as_str());
    }

    /// A reader that went away is no failure.
    fn write(&self, text: &str) {
        let mut out = stdout().lock();
        let written = writeln!(out, "{text}").and_then(|()| out.flush());
        if let Err(error) = written {
            if error.kind() != ErrorKind::BrokenPipe {
                self.error(&format!("standard output cannot be written: {error}"), None);
                self.unwritten.store(true, Relaxed);
            }
        }
    }

    /// Whether data was lost.
    pub(crate) fn lost_data(&self) -> bool {
        self.unwritten.load(Relaxed)
    }

    /// Something done.
    pub(crate) fn status(&self, text: &str) {
        if !self.quiet {
            tell("", &Printable::lines(text));
        }
    }

    /// How much work something was: only with `--verbose` given twice.
    pub(crate) fn work(&self, text: &str) {
        if self.verbosity > 1 {
            self.say("note", NOTE, text, None);
        }
    }

    /// A question, or what it is about. It is shown whatever else is not.
    pub(crate) fn prompt(&self, text: &str) {
        tell("", &Printable::lines(text));
    }

    /// What was noticed: notes only with `--verbose`.
    pub(crate) fn findings(&self, findings: &[Finding]) {
        for finding in findings {
            let (label, style, shown) = match finding.severity {
                Severity::Info => ("note", NOTE, self.verbosity > 0),
                Severity::Warning => ("warning", WARNING, !self.quiet),
                Severity::Error => ("error", ERROR, true),
            };
            if shown {
                let origin = finding.origin.as_ref();
                let origin = origin.map_or_else(String::new, |origin| format!("{origin}: "));
                self.say(
                    label,
                    style,
                    &format!("{origin}{}", finding.message),
                    finding.hint.as_deref(),
                );
            }
        }
    }

    /// Why there is no answer.
    pub(crate) fn error(&self, text: &str, hint: Option<&str>) {
        self.say("error", ERROR, text, hint);
    }

    fn say(&self, label: &str, style: Style, text: &str, hint: Option<&str>) {
        let label = self.talk_style.paint(style, label);
        tell(&format!("{label}: "), &Printable::lines(text));
        if let Some(hint) = hint {
            let label = self.talk_style.paint(HINT, "hint");
            tell(&format!("  {label}: "), &Printable::lines(hint));
        }
    }

    /// Progress of something that may take long; invisible without a terminal.
    pub(crate) fn progress(&self) -> Progress {
        let visible = !self.quiet && stderr().is_terminal();
        let bar = if visible {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Progress(bar)
    }

    /// Progress of what takes few long steps.
    pub(crate) fn steps(&self) -> Steps<'_> {
        Steps {
            ui: self,
            progress: self.progress(),
        }
    }
}

/// Text for whoever reads standard error, behind a label of ours. Where nobody does any more,
/// the work goes on.
fn tell(label: &str, text: &Printable) {
    _ = writeln!(stderr(), "{label}{text}");
}

/// Progress in few steps that each take long: without a terminal a line for each.
pub(crate) struct Steps<'a> {
    ui: &'a Ui,
    progress: Progress,
}

impl pydeps_host::progress::Listener for Steps<'_> {
    fn progress(&mut self, message: &str, fraction: Option<f64>) {
        match self.progress.is_seen() {
            true => self.progress.progress(message, fraction),
            false => self.ui.status(message),
        }
    }
}

/// A line that says what is being done; gone when dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Whether somebody looks at it.
    pub(crate) fn is_seen(&self) -> bool {
        !self.0.is_hidden()
    }

    /// Does something that prints, without the line in its way.
    pub(crate) fn around(&self, print: impl FnOnce()) {
        self.0.suspend(print);
    }

    pub(crate) fn say(&self, message: &str) {
        self.0.set_message(Printable::line(message).to_string());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl pydeps_host::progress::Listener for Progress {
    fn progress(&mut self, message: &str, fraction: Option<f64>) {
        match fraction {
            Some(fraction) => self.say(&format!("{message} ({:.0} %)", fraction * 100.0)),
            None => self.say(message),
        }
    }
}
