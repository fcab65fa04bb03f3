//! Whether an answer in JSON is sound.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::demo::code_text;

/// What the top of an answer must have.
const TOP: &[&str] = &[
    "version",
    "suite",
    "python",
    "roots",
    "distributions",
    "build_order",
    "findings",
];
/// What each of its distributions must have; the value may be null.
const EACH: &[&str] = &[
    "name",
    "version",
    "verdict",
    "action",
    "origin",
    "package",
    "package_version",
    "required_by",
    "evidence",
];
/// The verdicts that there are, and what may be done about each.
const VERDICTS: &[(&str, &[&str])] = &[
    ("satisfied", &["use"]),
    ("too-old", &[]),
    ("too-new", &[]),
    ("missing", &["generate", "ignore"]),
];

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
    let each = distributions.into_iter().flatten();
    problems.extend(each.clone().flat_map(of_distribution));
    problems.extend(of_order(answer, each));
    problems
}

fn of_distribution(distribution: &Value) -> Vec<String> {
    let name = distribution["name"].as_str().unwrap_or("a distribution");
    let mut problems = missing_keys(name, distribution, EACH);
    let verdict = distribution["verdict"].as_str().unwrap_or_default();
    let action = distribution["action"].as_str();
    match VERDICTS.iter().find(|(known, _)| *known == verdict) {
        None => problems.push(format!("{name}: unknown verdict `{verdict}`")),
        Some((_, actions)) => {
            let odd = action.filter(|action| !actions.contains(action));
            problems.extend(odd.map(|action| format!("{name}: {verdict}, yet {action}")));
        }
    }
    if distribution["required_by"]
        .as_array()
        .is_none_or(Vec::is_empty)
    {
        problems.push(format!("{name}: nobody requires it"));
    }
    problems
}

/// What is to be generated, and nothing else, has its place in the order, after what
/// it needs unless both share a group.
fn of_order<'a>(answer: &Value, distributions: impl Iterator<Item = &'a Value>) -> Vec<String> {
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, group) in answer["build_order"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        let names = group.as_array().into_iter().flatten();
        place.extend(names.filter_map(|name| Some((name.as_str()?, at))));
    }
    let mut problems = Vec::new();
    for distribution in distributions {
        let name = distribution["name"].as_str().unwrap_or_default();
        let own = place.remove(name);
        if (distribution["action"] == "generate") != own.is_some() {
            problems.push(format!("{name}: its place in the build order is wrong"));
        }
        place.extend(own.map(|own| (name, own)));
        for by in distribution["required_by"].as_array().into_iter().flatten() {
            let by = by["name"].as_str().unwrap_or_default();
            let by = by.split('[').next().unwrap_or_default();
            if let (Some(own), Some(later)) = (place.get(name), place.get(by)) {
                if own > later {
                    problems.push(format!("{name} is built after {by}, which needs it"));
                }
            }
        }
    }
    problems
}

fn missing_keys(what: &str, value: &Value, keys: &[&str]) -> Vec<String> {
    keys.iter()
        .filter(|key| value.get(key).is_none())
        .map(|key| format!("{what} has no `{key}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn distribution(name: &str, verdict: &str, action: &str, by: &str) -> Value {
        json!({"name": name, "version": null, "verdict": verdict, "action": action,
            "origin": "index", "package": null, "package_version": null,
            "required_by": [{"name": by, "requirement": name}], "evidence": null})
    }

    fn answer(distributions: &[Value], order: &Value) -> String {
        json!({"version": 1, "suite": "trixie", "python": "3.13", "roots": [],
            "distributions": distributions, "build_order": order, "findings": []})
        .to_string()
    }

    #[track_caller]
    fn check(code: i32, stdout: &str, expect: &[&str]) {
        assert_eq!(problems(Some(code), stdout.as_bytes()), expect);
    }

    #[test]
    fn a_sound_answer_may_be_yes_or_no() {
        let app = distribution("app", "missing", "generate", "the command line");
        let lib = distribution("lib", "missing", "generate", "app[x]");
        let sound = answer(&[app, lib], &json!([["lib"], ["app"]]));
        check(0, &sound, &[]);
        check(1, &sound, &[]);
        check(3, &sound, &["exit status 3, expected 0 or 1"]);
        assert_eq!(problems(None, b""), ["killed by a signal, expected 0 or 1"]);
    }

    #[test]
    fn not_json() {
        let expect = "standard output is not JSON: expected value at line 1 column 1";
        check(0, "hello", &[expect]);
    }

    #[test]
    fn unsound_distributions() {
        let one = |row: Value| answer(&[row], &json!([]));
        let odd = distribution("a", "eh", "use", "b");
        check(1, &one(odd), &["a: unknown verdict `eh`"]);
        let odd = distribution("a", "too-old", "use", "b");
        check(1, &one(odd), &["a: too-old, yet use"]);
        let mut odd = distribution("a", "satisfied", "use", "b");
        odd["required_by"] = json!([]);
        check(1, &one(odd.clone()), &["a: nobody requires it"]);
        odd.as_object_mut().unwrap().remove("required_by");
        check(
            1,
            &one(odd),
            &["a has no `required_by`", "a: nobody requires it"],
        );
    }

    #[test]
    fn unsound_orders() {
        let app = distribution("app", "missing", "generate", "the command line");
        let lib = distribution("lib", "missing", "generate", "app");
        let late = answer(&[app.clone(), lib], &json!([["app"], ["lib"]]));
        check(1, &late, &["lib is built after app, which needs it"]);
        let absent = answer(&[app], &json!([]));
        check(1, &absent, &["app: its place in the build order is wrong"]);
    }

    #[test]
    fn an_empty_answer() {
        let found = problems(Some(0), b"{}");
        assert!(found.contains(&"the answer has no `python`".to_owned()));
        assert!(found.contains(&"it names no distribution".to_owned()));
    }
}
