//! Whether an answer in JSON is sound.

use serde_json::Value;

use crate::demo::code_text;

/// What the top of an answer must have.
const TOP: &[&str] = &["schema", "suite", "distributions"];
/// What each of its distributions must have.
const EACH: &[&str] = &["name", "verdict"];
/// The verdicts that there are.
const VERDICTS: &[&str] = &["satisfied", "too-old", "too-new", "missing"];

/// Everything that is wrong with a run; empty if it is sound.
pub(super) fn problems(code: Option<i32>, stdout: &[u8]) -> Vec<String> {
    if !matches!(code, Some(0 | 1)) {
        return vec![format!("{}, expected 0 or 1", code_text(code))];
    }
    match serde_json::from_slice::<Value>(stdout) {
        Ok(answer) => of_answer(&answer),
        Err(error) => vec![format!("standard output is not JSON: {error}")],
    }
}

fn of_answer(answer: &Value) -> Vec<String> {
    let mut problems = missing_keys("the answer", answer, TOP);
    let distributions = answer["distributions"].as_array();
    if distributions.is_none_or(Vec::is_empty) {
        problems.push("it names no distribution".to_owned());
    }
    problems.extend(
        distributions
            .into_iter()
            .flatten()
            .flat_map(of_distribution),
    );
    problems
}

fn of_distribution(distribution: &Value) -> Vec<String> {
    let name = distribution["name"].as_str().unwrap_or("a distribution");
    let mut problems = missing_keys(name, distribution, EACH);
    let verdict = distribution["verdict"].as_str();
    if verdict.is_some_and(|verdict| !VERDICTS.contains(&verdict)) {
        problems.push(format!(
            "{name}: unknown verdict {}",
            distribution["verdict"]
        ));
    }
    problems
}

fn missing_keys(what: &str, value: &Value, keys: &[&str]) -> Vec<String> {
    keys.iter()
        .filter(|key| value[**key].is_null())
        .map(|key| format!("{what} has no `{key}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: i32, stdout: &str, expect: &[&str]) {
        assert_eq!(problems(Some(code), stdout.as_bytes()), expect);
    }

    const SOUND: &str = r#"{"schema": 1, "suite": "trixie",
        "distributions": [{"name": "copier", "verdict": "missing"}]}"#;

    #[test]
    fn a_sound_answer_may_be_yes_or_no() {
        check(0, SOUND, &[]);
        check(1, SOUND, &[]);
    }

    #[test]
    fn other_statuses_are_failures() {
        check(3, SOUND, &["exit status 3, expected 0 or 1"]);
        assert_eq!(problems(None, b""), ["killed by a signal, expected 0 or 1"]);
    }

    #[test]
    fn not_json() {
        check(
            0,
            "hello",
            &["standard output is not JSON: expected value at line 1 column 1"],
        );
    }

    #[test]
    fn a_distribution_without_a_verdict() {
        check(
            1,
            r#"{"schema": 1, "suite": "sid", "distributions": [{"name": "a"}]}"#,
            &["a has no `verdict`"],
        );
        check(
            1,
            r#"{"schema": 1, "suite": "sid", "distributions": [{"name": "a", "verdict": "eh"}]}"#,
            &["a: unknown verdict \"eh\""],
        );
    }

    #[test]
    fn an_empty_answer() {
        check(
            0,
            "{}",
            &[
                "the answer has no `schema`",
                "the answer has no `suite`",
                "the answer has no `distributions`",
                "it names no distribution",
            ],
        );
    }
}
