//! What autopkgtest came to, as sbuild tells it.

/// What autopkgtest came to, in sbuild's summary: `pass`, `fail`, `no tests`. A test that only
/// imports something is superficial, which autopkgtest(1) tells sbuild as if there were none.
pub(crate) fn result(log: &str) -> Option<String> {
    let mut lines = log.lines().rev();
    let said = lines.find_map(|line| line.strip_prefix("Autopkgtest: "))?;
    let superficial = lines.any(|line| line.ends_with("PASS (superficial)"));
    Some(match said {
        "no tests" if superficial => "pass (superficial)".to_owned(),
        said => said.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_autopkgtest() {
        let check = |log: &str, expect: Option<&str>| {
            assert_eq!(result(log).as_deref(), expect, "{log}");
        };
        check("x\nAutopkgtest: pass\nStatus: successful\n", Some("pass"));
        check("Autopkgtest: no tests\n", Some("no tests"));
        let log = "autodep8-python3     PASS (superficial)\n\nAutopkgtest: no tests\n";
        check(log, Some("pass (superficial)"));
        check("Status: successful\n", None);
    }
}
