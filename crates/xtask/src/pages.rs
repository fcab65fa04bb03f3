//! `man` and `completions`: written by the test target `pages`, which links the
//! program. This command does not, so that `setup` starts without building it.

use anyhow::{Result, bail};
use xshell::cmd;

use crate::command::{cargo, root, shell};
use crate::say;

const PAGES: &[&str] = &[
    "test",
    "--quiet",
    "--locked",
    "--package",
    "xtask",
    "--test",
    "pages",
];

/// Writes the manual pages, or checks them.
pub(crate) fn man(check: bool) -> Result<()> {
    if !check {
        return generate("man");
    }
    generate("")?;
    well_formed()
}

/// Writes the completions.
pub(crate) fn completions() -> Result<()> {
    generate("completions")?;
    say::line("written to target/completions/");
    Ok(())
}

/// Runs the test target; what it says matters only when it fails.
fn generate(what: &str) -> Result<()> {
    let sh = shell()?;
    let output = cargo(&sh, PAGES)
        .env("XTASK_WRITE", what)
        .ignore_status()
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    say::line(&String::from_utf8_lossy(&output.stdout));
    say::line(&String::from_utf8_lossy(&output.stderr));
    bail!("the test target `pages` failed; if a page is out of date: cargo xtask man")
}

/// Lets man complain about each page, as lintian does.
pub(crate) fn well_formed() -> Result<()> {
    let sh = shell()?;
    let mut count = 0;
    for entry in fs_err::read_dir(root().join("man"))? {
        let page = entry?.path();
        let complaints = complaints(&sh, &page)?;
        if !complaints.is_empty() {
            bail!("{}: {complaints}", page.display());
        }
        count += 1;
    }
    match count {
        0 => bail!("no manual page in man/"),
        _ => Ok(()),
    }
}

fn complaints(sh: &xshell::Shell, page: &std::path::Path) -> Result<String> {
    let output = cmd!(sh, "man --warnings -E UTF-8 -l -Tutf8 -Z {page}")
        .env("LC_ALL", "C.UTF-8")
        .env("MANROFFSEQ", "")
        .env("MANWIDTH", "80")
        .quiet()
        .ignore_status()
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Ok(match (output.status.success(), said.is_empty()) {
        (false, true) => "man cannot show it".to_owned(),
        _ => said,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str) -> String {
        let dir = tempfile::tempdir().unwrap();
        let page = dir.path().join("page.1");
        fs_err::write(&page, source).unwrap();
        complaints(&shell().unwrap(), &page).unwrap()
    }

    #[test]
    fn a_malformed_page_is_noticed() {
        if !crate::needs::on_path("man") {
            return;
        }
        assert_eq!(check(".TH A 1\n.SH NAME\na \\- b\n"), "");
        assert!(check(".TH A 1\n.SH NAME\na \\- b\n.NOSUCH x\n").contains("NOSUCH"));
    }
}
