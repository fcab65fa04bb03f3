//! `setup`: install what is missing, or say exactly how to.

use std::fmt;

use anyhow::{Context, Result, bail};

use crate::command::{status, succeeds};
use crate::needs::{COMPONENTS, NEEDS, Need, on_path};
use crate::say;

/// Something is missing and could not be installed; the message says what to do.
#[derive(Debug)]
pub(crate) struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// Everything, for `cargo xtask setup`. Silent when nothing is missing.
pub(crate) fn run() -> Result<()> {
    match (packages(NEEDS), components()) {
        (Err(first), Err(second)) => bail!(Missing(format!("{first:#}\nand {second:#}"))),
        (first, second) => first.and(second),
    }
}

/// The programs that run and are tested, without the toolchain's components.
pub(crate) fn for_programs() -> Result<()> {
    packages(NEEDS)
}

/// rustfmt and clippy: from Debian with Debian's toolchain, else by rustup.
fn components() -> Result<()> {
    let missing = unmet(COMPONENTS);
    if missing.is_empty() {
        return Ok(());
    }
    if !on_path("rustup") && is_debians_cargo() {
        return packages(COMPONENTS);
    }
    let hint = component_hint(&missing, on_path("rustup"));
    bail!(Missing(hint))
}

fn is_debians_cargo() -> bool {
    succeeds("dpkg-query", &["--show", "cargo"])
        || succeeds("dpkg-query", &["--search", "/usr/bin/cargo"])
}

fn component_hint(missing: &[&Need], rustup: bool) -> String {
    let names: Vec<_> = missing
        .iter()
        .map(|need| need.package.trim_start_matches("rust-"))
        .collect();
    let how = if rustup {
        format!("rustup component add {}", names.join(" "))
    } else {
        "sudo apt-get install rustfmt rust-clippy (with Debian's cargo and rustc), \
         or the same components of the toolchain in use"
            .to_owned()
    };
    format!(
        "the toolchain lacks {}; get it with: {how}",
        names.join(" and ")
    )
}

fn packages(needs: &[Need]) -> Result<()> {
    let missing = unmet(needs);
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        say::line(&format!("missing: {} ({})", need.package, need.reason));
    }
    let names: Vec<_> = missing.iter().map(|need| need.package).collect();
    match prefix() {
        Some(prefix) => install(prefix, &names)?,
        None => bail!(Missing(format!("install it with: {}", by_hand(&names)))),
    }
    let still: Vec<_> = unmet(needs).iter().map(|need| need.package).collect();
    if still.is_empty() {
        return Ok(());
    }
    bail!(Missing(format!(
        "apt-get succeeded, but what these packages give is not found: {}",
        still.join(" ")
    )))
}

fn unmet(needs: &[Need]) -> Vec<&Need> {
    needs.iter().filter(|need| !need.is_met()).collect()
}

fn by_hand(names: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get install --no-install-recommends {}",
        names.join(" ")
    )
}

/// The words that make a command run as root; `None` if nothing does.
fn prefix() -> Option<&'static [&'static str]> {
    if !on_path("apt-get") {
        None
    } else if is_root() {
        Some(&["env"])
    } else if succeeds("sudo", &["-n", "true"]) {
        Some(&["sudo", "-n", "env"])
    } else {
        None
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs_err::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn install(prefix: &[&str], names: &[&str]) -> Result<()> {
    if lists_are_empty() {
        apt_get(prefix, &["update"])?;
        return apt_get(prefix, &install_words(names));
    }
    apt_get(prefix, &install_words(names)).or_else(|_| {
        say::line("trying again with fresh package lists");
        apt_get(prefix, &["update"])?;
        apt_get(prefix, &install_words(names))
    })
}

fn install_words<'a>(names: &[&'a str]) -> Vec<&'a str> {
    ["install", "--yes", "--no-install-recommends"]
        .iter()
        .chain(names)
        .copied()
        .collect()
}

fn lists_are_empty() -> bool {
    fs_err::read_dir("/var/lib/apt/lists").map_or(true, |mut entries| {
        !entries.any(|entry| {
            entry.is_ok_and(|entry| entry.file_name().to_string_lossy().contains("_Packages"))
        })
    })
}

fn apt_get(prefix: &[&str], words: &[&str]) -> Result<()> {
    let sh = crate::command::shell()?;
    let (program, rest) = prefix.split_first().context("no command")?;
    let line = xshell::cmd!(
        sh,
        "{program} {rest...} DEBIAN_FRONTEND=noninteractive apt-get --quiet -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 {words...}"
    );
    say::line(&format!("$ {line}"));
    match status(line)? {
        Some(0) => Ok(()),
        _ => bail!("apt-get {} failed", words.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_to_run_by_hand_is_complete() {
        assert_eq!(
            by_hand(&["gcc", "man-db"]),
            "sudo apt-get update && sudo apt-get install --no-install-recommends gcc man-db"
        );
    }

    #[test]
    fn a_missing_component_comes_with_its_command() {
        let missing: Vec<_> = COMPONENTS.iter().collect();
        let hint = component_hint(&missing, true);
        assert!(
            hint.ends_with("rustup component add rustfmt clippy"),
            "{hint}"
        );
        let hint = component_hint(&missing, false);
        assert!(hint.contains("rustfmt rust-clippy"), "{hint}");
    }
}
