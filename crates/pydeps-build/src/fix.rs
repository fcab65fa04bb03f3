//! From what a build lacked to an edit of its source package. Pure.

pub(crate) mod edit;
pub(crate) mod find;

use std::collections::BTreeSet;

use edit::Test;

use crate::log::problem::{Lack, MOST_TESTS, OLDER_COMPILER, Problem};

/// A source package is built again so many times at most.
pub(crate) const ROUNDS: usize = 5;

/// The files of debian/ that are edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Files {
    pub(crate) control: String,
    pub(crate) rules: String,
}

/// Edits for what was lacking and has not been tried yet, each as what was changed and why.
/// Empty if nothing can be done. `package` knows who has something.
pub(crate) fn apply(
    files: &mut Files,
    lacks: &[Lack],
    tried: &mut BTreeSet<Problem>,
    package: impl Fn(&Problem) -> Option<String>,
) -> Vec<(String, String)> {
    let fresh: Vec<&Lack> = lacks
        .iter()
        .filter(|lack| tried.insert(lack.problem.clone()))
        .collect();
    let mut done = Vec::new();
    for lack in &fresh {
        done.extend(one(files, lack, &package));
    }
    done.extend(tests(files, &fresh));
    done
}

fn one(
    files: &mut Files,
    lack: &Lack,
    package: impl Fn(&Problem) -> Option<String>,
) -> Option<(String, String)> {
    match &lack.problem {
        Problem::Test { .. } => None,
        Problem::NoTests => {
            let reason = "pytest finds no tests in the release.";
            files.rules = edit::without_any_test(&files.rules, reason)?;
            Some(("no tests are run".to_owned(), reason.to_owned()))
        }
        Problem::Unrunnable(_) => {
            let reason = lack.problem.words();
            files.rules = edit::without_any_test(&files.rules, &format!("{reason}."))?;
            Some(("no tests are run".to_owned(), reason))
        }
        Problem::Unittest => {
            let relation = "python3-pytest <!nocheck>";
            files.control = edit::with_build_dependency(&files.control, relation)?;
            let reason = lack.problem.words();
            Some((format!("build dependency {relation} is added"), reason))
        }
        Problem::Unmet(package) => {
            files.control = edit::without_test_dependency(&files.control, package)?;
            let reason = "it cannot be installed, and only tests need it".to_owned();
            Some((format!("build dependency {package} is dropped"), reason))
        }
        Problem::Template { optional: true } => {
            let (name, flag) = ("DEB_CXXFLAGS_MAINT_APPEND", "-Wno-template-body");
            let reason = lack.problem.words();
            files.rules = edit::with_export(&files.rules, name, flag, &reason)?;
            Some((format!("{name} is {flag}"), reason))
        }
        Problem::Template { optional: false } => older_compiler(files, &lack.problem, package),
        problem => {
            let package = package(problem)?;
            let relation = match lack.testing {
                true => format!("{package} <!nocheck>"),
                false => package.clone(),
            };
            files.control = edit::with_build_dependency(&files.control, &relation)?;
            let reason = problem.words();
            Some((format!("build dependency {relation} is added"), reason))
        }
    }
}

/// Has it compiled by the compiler before, if the suite has that.
fn older_compiler(
    files: &mut Files,
    problem: &Problem,
    package: impl Fn(&Problem) -> Option<String>,
) -> Option<(String, String)> {
    let relation = package(problem)?;
    let reason = problem.words();
    let rules = edit::with_export(&files.rules, "CXX", OLDER_COMPILER, &reason)?;
    files.control = edit::with_build_dependency(&files.control, &relation)?;
    files.rules = rules;
    Some((format!("it is compiled by {OLDER_COMPILER}"), reason))
}

fn tests(files: &mut Files, fresh: &[&Lack]) -> Option<(String, String)> {
    let tests: Vec<Test> = fresh
        .iter()
        .filter_map(|lack| match &lack.problem {
            Problem::Test { node, reason } => Some((node.clone(), reason.clone())),
            _ => None,
        })
        .collect();
    if tests.is_empty() || tests.len() > MOST_TESTS {
        return None;
    }
    files.rules = edit::without_tests(&files.rules, &tests)?;
    let nodes: Vec<&str> = tests.iter().map(|(node, _)| node.as_str()).collect();
    // Many tests fail for one reason.
    let reasons: BTreeSet<&str> = tests.iter().map(|(_, reason)| reason.as_str()).collect();
    let reasons: Vec<&str> = reasons.into_iter().collect();
    Some((
        format!("tests are left out: {}", nodes.join(", ")),
        reasons.join("; "),
    ))
}

#[cfg(test)]
mod tests_of_fixes {
    use super::*;
    use crate::log::problem::problems;

    fn files() -> Files {
        Files {
            control:
                "Source: a\nBuild-Depends:\n debhelper-compat (= 13),\n python3-nope <!nocheck>,\n"
                    .into(),
            rules: "#!/usr/bin/make -f\n%:\n\tdh $@ --buildsystem=pybuild\n".into(),
        }
    }

    /// What is done about a log, by a finder that calls packages after what they have.
    #[track_caller]
    fn check(log: &str, expect: &[&str]) {
        let (mut files, mut tried) = (files(), BTreeSet::new());
        let lacks = problems(log);
        let finder = |problem: &Problem| match problem {
            Problem::Module(name) => Some(format!("python3-{name}")),
            Problem::Template { optional: false } => Some("g++-13".to_owned()),
            _ => None,
        };
        let done = apply(&mut files, &lacks, &mut tried, finder);
        let changes: Vec<&str> = done.iter().map(|(change, _)| change.as_str()).collect();
        assert_eq!(changes, expect);
        let again = apply(&mut files, &lacks, &mut tried, finder);
        assert!(again.is_empty(), "the same again: {again:?}");
    }

    #[test]
    fn each_problem_once() {
        check(
            "ModuleNotFoundError: No module named 'yaml'\n",
            &["build dependency python3-yaml is added"],
        );
        check(
            "   dh_auto_test\nE   ModuleNotFoundError: No module named 'yaml'\n",
            &["build dependency python3-yaml <!nocheck> is added"],
        );
        check(
            " sbuild-build-depends-main-dummy : Depends: python3-nope but it is not installable\n",
            &["build dependency python3-nope is dropped"],
        );
        check(
            "   dh_auto_test\nFAILED tests/a.py::b - x\n",
            &["tests are left out: tests/a.py::b"],
        );
        check(
            "a.cpp:1:6: error: assignment of read-only member ‘A<T>::k’\n",
            &["it is compiled by g++-13"],
        );
        check(
            "a.cpp:1:6: error: assignment of read-only member ‘A<T>::k’ [-Wtemplate-body]\n",
            &["DEB_CXXFLAGS_MAINT_APPEND is -Wno-template-body"],
        );
        // Then pytest's own summary is there to go by.
        check(
            "   dh_auto_test\nFAIL: test_a (tests.test_a.A.test_a)\nFAILED (failures=1)\nE: pybuild \
             pybuild:389: test: plugin pyproject failed with: exit code=1: cd /b; python3.13 -m \
             unittest discover -v \n",
            &["build dependency python3-pytest <!nocheck> is added"],
        );
        check("/bin/sh: 1: nobody-has-this: not found\n", &[]);
    }

    #[test]
    fn many_failures_are_no_matter_of_tests() {
        let log: String = (0..21)
            .map(|at| format!("FAILED t.py::t{at} - x\n"))
            .collect();
        check(&log, &[]);
    }
}
