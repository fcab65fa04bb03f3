//! Running cargo and others from the top of the repository.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::{Cmd, Shell, cmd};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// A shell at the top of the repository.
pub(crate) fn shell() -> Result<Shell> {
    let sh = Shell::new()?;
    sh.change_dir(root());
    Ok(sh)
}

/// `cargo` with the given words.
///
/// What `cargo run` told this program about its own package is taken out of the
/// environment: build scripts that watch those variables would run again at each
/// change between `cargo xtask` and plain `cargo`.
pub(crate) fn cargo<'a>(sh: &'a Shell, words: &[&str]) -> Cmd<'a> {
    let own = |name: &str| {
        [
            "CARGO_PKG_",
            "CARGO_MANIFEST_",
            "CARGO_BIN_",
            "CARGO_CRATE_",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
    };
    std::env::vars_os()
        .filter(|(name, _)| name.to_str().is_some_and(own))
        .fold(cmd!(sh, "cargo {words...}"), |cmd, (name, _)| {
            cmd.env_remove(name)
        })
        .quiet()
}

/// The exit status of a command whose output goes to the terminal.
pub(crate) fn status(cmd: Cmd<'_>) -> Result<Option<i32>> {
    let text = cmd.to_string();
    let output = std::process::Command::from(cmd)
        .status()
        .with_context(|| format!("cannot run `{text}`"))?;
    Ok(output.code())
}

/// Whether a command runs and succeeds; what it says is dropped.
pub(crate) fn succeeds(program: &str, words: &[&str]) -> bool {
    std::process::Command::new(program)
        .args(words)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
