//! Findings, and the explanation of conflicts.

use super::scenario::resolve;
use crate::Action;

/// A finding's code, message and hint.
#[track_caller]
fn finding(scenario: &str, code: &str) -> String {
    let (resolution, _) = resolve(scenario);
    let found = resolution.findings.iter().find(|f| f.code == code);
    let found = found.unwrap_or_else(|| panic!("{:#?}", resolution.findings));
    format!(
        "{} ({})",
        found.message,
        found.hint.as_deref().unwrap_or("")
    )
}

#[track_caller]
fn no_finding(scenario: &str, code: &str) {
    let (resolution, _) = resolve(scenario);
    assert!(resolution.findings.iter().all(|f| f.code != code));
}

#[test]
fn a_release_that_nobody_made() {
    let expect = "there is no release flask==99 (the newest is flask 3.1)";
    let code = "no-such-release";
    let index = "index flask 3.0\nindex flask 3.1\nroot flask==99";
    assert_eq!(finding(index, code), expect);
    assert_eq!(finding(&format!("suite flask 3.0\n{index}"), code), expect);
    no_finding("suite flask 3.0\nindex flask 3.1\nroot flask==3.1", code);
    no_finding("suite flask 2.9\nindex flask 3.1\nroot flask==2.9", code);
}

#[test]
fn an_address_that_was_asked_for() {
    let text = "suite six 1.0\nroot six @ https://host.example/six.tar.gz";
    let message = finding(text, "url-requirement");
    assert!(message.contains("any version of six will do"), "{message}");
}

#[test]
fn a_decision_about_the_project_at_hand() {
    let text = "suite rich 1\nproject app >=3.9 all : rich\ndecide app ignore";
    let message = finding(text, "decision-unused");
    assert!(message.contains("app is the project at hand"), "{message}");
}

#[track_caller]
fn conflict(scenario: &str, expect: &str) {
    let (resolution, _) = resolve(&format!("plain\n{scenario}"));
    assert_eq!(resolution.conflict.join("\n"), expect);
}

#[test]
fn requirements_that_contradict_each_other() {
    conflict(
        "index six 1\nindex six 2\nroot six==1\nroot six==2",
        "what was asked for contradicts itself: six==1, six==2",
    );
}

#[test]
fn a_bound_of_a_decision_is_not_relaxed() {
    let text = "suite six 1\nindex app 1 : six>=2\nroot app\ndecide six relax >=3";
    let (resolution, _) = resolve(text);
    let six = resolution.get(&"six".parse().unwrap()).unwrap();
    assert_eq!(six.action, None);
    let (resolution, _) = resolve(&text.replace(">=3", ">=1"));
    let six = resolution.get(&"six".parse().unwrap()).unwrap();
    assert_eq!(six.action, Some(Action::Relax));
}

#[test]
fn why_it_is_not_the_newest_where_something_is_open() {
    let (resolution, _) = resolve(
        "suite six 1
         index app 1.0 : six>=2
         index app 1.1 : six>=2 ; other>=2
         suite other 1
         root app",
    );
    let reasons = resolution.roots[0].stepped_back.join("; ");
    assert!(reasons.contains("it needs other>=2"), "{reasons}");
}
