//! `demo`: build the program and resolve a real application with it.

use anyhow::{Result, bail};
use xshell::cmd;

use crate::command::{cargo, shell, status};
use crate::{say, setup};

const BUILD: &[&str] = &["build", "--release", "--locked", "--package", "dh-pydeps"];
const RESOLVE: &[&str] = &["resolve", "copier", "--suite", "trixie", "--no-lock"];

/// Where `cargo build --release` puts the program.
pub(crate) const PROGRAM: &str = "target/release/dh-pydeps";

/// Builds, resolves, and says what to do next.
pub(crate) fn run() -> Result<()> {
    build()?;
    let sh = shell()?;
    say::line(&format!("$ {PROGRAM} {}", RESOLVE.join(" ")));
    match status(cmd!(sh, "{PROGRAM} {RESOLVE...}"))? {
        Some(0) => say::line("\nDebian has everything; nothing has to be built."),
        Some(1) => say::line("\nThat is the work to do. (Exit status 1 says: not satisfied yet.)"),
        code => bail!("the program failed ({})", code_text(code)),
    }
    say::line(&format!(
        "Next: `{PROGRAM} resolve` in a Python project of yours, or `{PROGRAM} --help`."
    ));
    Ok(())
}

/// The release build of the program, after what it needs at run time.
pub(crate) fn build() -> Result<()> {
    setup::for_programs()?;
    let sh = shell()?;
    say::line(&format!("$ cargo {}", BUILD.join(" ")));
    match status(cargo(&sh, BUILD).env_remove("CARGO_TARGET_DIR"))? {
        Some(0) => Ok(()),
        _ => bail!("the build failed"),
    }
}

/// An exit status in words.
pub(crate) fn code_text(code: Option<i32>) -> String {
    code.map_or("killed by a signal".to_owned(), |code| {
        format!("exit status {code}")
    })
}
