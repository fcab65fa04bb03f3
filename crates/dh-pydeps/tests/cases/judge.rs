//! What is right for every run, and what is expected of one case.

use pydeps_testkit::Expected;

use crate::case::{Case, bless};
use crate::world::Run;

/// What is wrong with runs, whatever the case.
pub(crate) fn runs(runs: &[Run]) -> Vec<String> {
    runs.iter()
        .flat_map(|run| {
            self::run(run)
                .into_iter()
                .map(|text| format!("{}: {text}", run.line))
        })
        .collect()
}

fn run(run: &Run) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut demand = |holds: bool, text: &str| {
        if !holds {
            complaints.push(format!("{text}\n{}", run.stderr));
        }
    };
    let failed = matches!(run.status, Some(2 | 3));
    let errors = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("error:"))
        .count();
    demand(
        matches!(run.status, Some(0..=3)),
        &format!("the exit status is {:?}", run.status),
    );
    demand(
        !run.stderr.contains("panicked") && !run.stderr.contains("BACKTRACE"),
        "it panics",
    );
    demand(
        run.files.0 == run.files.1,
        "files outside of the cache have changed",
    );
    if failed {
        demand(
            errors == 1,
            &format!("{errors} lines begin with `error:`, not one"),
        );
        demand(run.stdout.is_empty(), "it fails, and prints data");
        demand(run.session.is_empty(), "it fails, and changes the session");
    } else if run.status == Some(0) {
        demand(errors == 0, "an error, and the exit status does not say so");
    }
    if failed || !run.line.contains("dh-pydeps update") {
        demand(
            run.archives.0 == run.archives.1,
            "the archive indexes have changed",
        );
    }
    complaints
}

/// What differs from the expectations of a case; they are rewritten instead, if that
/// is asked for.
pub(crate) fn against(case: &Case, runs: &[Run]) -> Vec<String> {
    let expected = Expected {
        directory: &case.directory,
        bless: bless(),
    };
    let each = |text: &dyn Fn(&Run) -> String| match runs {
        [one] => text(one),
        many => many
            .iter()
            .map(|run| format!("$ {}\n{}", run.line, text(run)))
            .collect(),
    };
    let requests = |run: &Run| {
        run.requests
            .iter()
            .map(|request| format!("{request}\n"))
            .collect()
    };
    let status = |run: &Run| {
        run.status
            .map_or("killed\n".to_owned(), |status| format!("{status}\n"))
    };
    let mut complaints: Vec<String> = [
        expected.check("stdout", &each(&|run| run.stdout.clone())),
        expected.check("stderr", &each(&|run| run.stderr.clone())),
        expected.check("status", &each(&status)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if case.directory.join("requests").exists() {
        complaints.extend(expected.check("requests", &each(&requests)));
    }
    if case.area {
        complaints.extend(expected.check("area", &each(&|run| run.area.clone())));
    }
    if case.session {
        complaints.extend(expected.check("session", &each(&|run| run.session.clone())));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[track_caller]
    fn check(change: impl Fn(&mut Run), expect: &str) {
        let mut run = Run {
            line: "dh-pydeps map six".to_owned(),
            status: Some(3),
            stdout: String::new(),
            stderr: "error: no\n".to_owned(),
            requests: Vec::new(),
            files: (BTreeMap::new(), BTreeMap::new()),
            archives: (BTreeMap::new(), BTreeMap::new()),
            session: String::new(),
            area: String::new(),
        };
        change(&mut run);
        let complaints = runs(&[run]).join("");
        assert!(complaints.contains(expect), "{complaints}");
        assert_eq!(complaints.is_empty(), expect.is_empty(), "{complaints}");
    }

    #[test]
    fn what_no_run_may_do() {
        let file = || BTreeMap::from([("a".to_owned(), String::new())]);
        check(|_| (), "");
        check(|run| run.status = Some(101), "the exit status is Some(101)");
        check(|run| run.status = None, "the exit status is None");
        check(
            |run| run.status = Some(0),
            "the exit status does not say so",
        );
        check(|run| run.stderr.clear(), "0 lines begin with `error:`");
        check(
            |run| run.stderr = run.stderr.repeat(2),
            "2 lines begin with `error:`",
        );
        check(
            |run| run.stderr.push_str("thread 'main' panicked"),
            "it panics",
        );
        check(
            |run| run.stdout = "data".to_owned(),
            "it fails, and prints data",
        );
        check(
            |run| run.files.1 = file(),
            "files outside of the cache have changed",
        );
        check(
            |run| run.archives.1 = file(),
            "the archive indexes have changed",
        );
    }
}
