//! What lintian says, in sbuild's log. Pure.

use pydeps_core::build_summary::Tags;

/// The lines of lintian's own output in a log of sbuild: from its heading to the verdict.
fn section(log: &str) -> impl Iterator<Item = &str> {
    let lines = log
        .lines()
        .skip_while(|line| !line.starts_with("Running lintian..."));
    lines.skip(1).take_while(|line| !is_verdict(line))
}

/// `I: Lintian run was successful.`
fn is_verdict(line: &str) -> bool {
    line.split_once(": ")
        .is_some_and(|(_, rest)| rest.starts_with("Lintian run"))
}

/// The tags in a log of sbuild; `None` if lintian has not run in it.
pub fn tags(log: &str) -> Option<Tags> {
    log.lines().any(is_verdict).then_some(())?;
    let mut tags = Tags::default();
    for line in section(log) {
        match line.get(..3) {
            Some("E: ") => tags.errors += 1,
            Some("W: ") => tags.warnings += 1,
            Some("I: ") => tags.infos += 1,
            Some("P: " | "X: " | "C: ") => tags.others += 1,
            _ => continue,
        }
        if line.starts_with("E: ") || line.starts_with("W: ") {
            tags.lines.push(line.to_owned());
        }
    }
    Some(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "E: before\nRunning lintian...\nE: python-a source: no-x\nN: \nN:   E: no tag\n\
        W: python3-a: y [usr/z]\nP: python-a source: p\n\nI: Lintian run was successful.\nE: after\n";

    #[test]
    fn lines_between_heading_and_verdict_count() {
        let expect = Tags {
            errors: 1,
            warnings: 1,
            others: 1,
            lines: vec![
                "E: python-a source: no-x".into(),
                "W: python3-a: y [usr/z]".into(),
            ],
            ..Tags::default()
        };
        assert_eq!(tags(LOG), Some(expect));
        assert_eq!(tags("Build finished\n"), None);
    }
}
