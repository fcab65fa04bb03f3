//! What a command says, in debhelper's form: `dh_x: warning: …` on standard error, what it
//! does on standard output.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the one place that prints"
)]

use std::io::{IsTerminal as _, Write as _, stderr, stdout};

use pydeps_core::finding::{Finding, Severity};
use pydeps_core::printable::Printable;

/// Where a command says things.
#[derive(Clone, Copy, Debug)]
pub struct Say {
    name: &'static str,
    colored: bool,
    quiet: bool,
    verbose: bool,
}

impl Say {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            colored: is_colored(),
            quiet: false,
            verbose: false,
        }
    }

    /// The same, knowing whether to say more or less (`-v`; `DH_QUIET`, `terse`).
    pub(crate) fn with(self, verbose: bool, quiet: bool) -> Self {
        Self {
            verbose,
            quiet: quiet && !verbose,
            ..self
        }
    }

    /// Data on standard output. A reader that went away is no failure.
    pub fn data(self, text: &str) {
        let _ = writeln!(stdout().lock(), "{}", Printable::lines(text));
    }

    /// Something that is done, where that is asked for (`-v`): a TAB and the deed.
    pub fn verbose(self, text: &str) {
        if self.verbose {
            self.data(&format!("\t{text}"));
        }
    }

    /// A warning.
    pub fn warning(self, text: &str) {
        self.line("warning", "1;33", text);
    }

    /// An error. Whoever says it fails.
    pub fn error(self, text: &str) {
        self.line("error", "1;31", text);
    }

    /// What to do about it.
    pub fn hint(self, text: &str) {
        self.line("hint", "1;36", text);
    }

    /// What was noticed: notes only with `-v`.
    pub fn findings<'a>(self, findings: impl IntoIterator<Item = &'a Finding>) {
        for finding in findings {
            let origin = finding.origin.as_ref();
            let origin = origin.map_or_else(String::new, |origin| format!("{origin}: "));
            let text = format!("{origin}{}", finding.message);
            match finding.severity {
                Severity::Info if self.verbose => self.line("note", "1;34", &text),
                Severity::Info => continue,
                Severity::Warning if self.quiet => continue,
                Severity::Warning => self.warning(&text),
                Severity::Error => self.error(&text),
            }
            if let Some(hint) = &finding.hint {
                self.hint(hint);
            }
        }
    }

    fn line(self, label: &str, color: &str, text: &str) {
        let name = self.name;
        let text = Printable::lines(text);
        let _ = match self.colored {
            true => writeln!(
                stderr(),
                "\x1b[1m{name}\x1b[0m: \x1b[{color}m{label}\x1b[0m: {text}"
            ),
            false => writeln!(stderr(), "{name}: {label}: {text}"),
        };
    }
}

/// `DH_COLORS`, then dpkg's variable, then NO_COLOR (dpkg(1), debhelper(7)).
fn is_colored() -> bool {
    let set = |name| std::env::var(name).ok();
    let automatic = match std::env::var_os("NO_COLOR") {
        Some(_) => "never",
        None => "auto",
    };
    let mode = set("DH_COLORS").or_else(|| set("DPKG_COLORS"));
    match mode.as_deref().unwrap_or(automatic) {
        "always" => true,
        "auto" => stderr().is_terminal(),
        _ => false,
    }
}
