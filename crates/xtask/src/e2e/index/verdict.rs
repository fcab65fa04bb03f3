//! Our pins, uv's pins, and what speaks against ours. Pure.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::say::brief;

type Pins = BTreeMap<String, String>;

/// What our program answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ours {
    /// Versions by name, of what comes from the index.
    pub(super) pins: Pins,
    /// Names that somebody has to decide about.
    pub(super) open: Vec<String>,
}

impl Ours {
    /// Reads the program's JSON.
    pub(super) fn of(answer: &Value) -> Result<Self> {
        let rows = answer["distributions"]
            .as_array()
            .context("no `distributions`")?;
        let mut ours = Self::default();
        for row in rows {
            let name = row["name"]
                .as_str()
                .context("a distribution without `name`")?;
            match (row["action"].as_str(), row["version"].as_str()) {
                (Some("generate"), Some(version)) => {
                    ours.pins.insert(name.to_owned(), version.to_owned());
                }
                (Some("ignore"), _) => {}
                _ => ours.open.push(name.to_owned()),
            }
        }
        Ok(ours)
    }
}

/// What uv says to a question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) pins: Option<Pins>,
    refusal: Option<String>,
}

/// What index.py found.
#[derive(Debug, Deserialize)]
pub(super) struct Facts {
    /// Without constraints.
    free: Said,
    /// With our version of the root.
    pub(super) own: Said,
    /// Held to our pins.
    held: Said,
    /// Name and version that it could have while all others stay.
    raisable: Vec<(String, String)>,
    /// Name, version, and the distributions that it would bring in.
    needs_more: Vec<(String, String, Vec<String>)>,
    /// Name, and why uv cannot say.
    unclear: Vec<(String, String)>,
}

/// What speaks against our pins. `theirs` is our program's answer held to uv's own pins.
pub(super) fn problems(ours: &Ours, facts: &Facts, theirs: Option<&Ours>) -> Vec<String> {
    let mut problems: Vec<_> = ours
        .open
        .iter()
        .map(|name| format!("{name}: open"))
        .collect();
    problems.extend(compared("uv, held to our pins", &ours.pins, &facts.held));
    match (theirs, &facts.own.pins) {
        (Some(theirs), Some(pins)) => {
            let open = theirs.open.iter();
            problems.extend(open.map(|name| format!("held to uv's pins, {name} is open")));
            problems.extend(differences("we, held to uv's pins", pins, &theirs.pins));
        }
        _ => problems.push(format!("uv has no answer: {}", refusal(&facts.own))),
    }
    let raisable = facts.raisable.iter();
    problems.extend(raisable.map(|(name, version)| {
        let own = ours.pins.get(name).map_or("?", String::as_str);
        format!("{name} {own} could be {version}, with all others as they are")
    }));
    let unclear = facts.unclear.iter();
    problems.extend(unclear.map(|(name, why)| format!("{name}: uv cannot say: {}", brief(why))));
    problems
}

fn refusal(said: &Said) -> String {
    brief(said.refusal.as_deref().unwrap_or("nothing"))
}

fn compared(who: &str, expected: &Pins, said: &Said) -> Option<String> {
    match &said.pins {
        Some(pins) => differences(who, expected, pins),
        None => Some(format!("{who}: {}", refusal(said))),
    }
}

fn differences(who: &str, expected: &Pins, found: &Pins) -> Option<String> {
    let odd = odd(expected, found);
    let text: Vec<_> = odd
        .iter()
        .map(|name| {
            let of = |pins: &Pins| pins.get(*name).map_or("absent", String::as_str).to_owned();
            format!("{name} {} instead of {}", of(found), of(expected))
        })
        .collect();
    (!odd.is_empty()).then(|| format!("{who}: {}", text.join(", ")))
}

/// The names whose versions differ, or that only one side has.
fn odd<'a>(a: &'a Pins, b: &'a Pins) -> BTreeSet<&'a str> {
    let names = a.keys().chain(b.keys());
    names
        .filter(|name| a.get(*name) != b.get(*name))
        .map(String::as_str)
        .collect()
}

/// One line: how alike the two answers are.
pub(super) fn summary(root: &str, ours: &Pins, facts: &Facts) -> String {
    let Some(theirs) = &facts.own.pins else {
        return format!("{} pins, uv has no answer", ours.len());
    };
    let equal = ours
        .iter()
        .filter(|(name, version)| theirs.get(*name) == Some(version))
        .count();
    let differ = odd(ours, theirs).into_iter().map(|name| {
        let of = |pins: &Pins| pins.get(name).map_or("-", String::as_str).to_owned();
        format!("{name} {} / {}", of(ours), of(theirs))
    });
    let differ: Vec<_> = differ.collect();
    let differ = if differ.is_empty() {
        "nothing differs".to_owned()
    } else {
        format!(
            "{} differ (ours / uv's): {}",
            differ.len(),
            differ.join(", ")
        )
    };
    let more = facts
        .needs_more
        .iter()
        .map(|(name, version, _)| format!("{name} {version}"));
    let more: Vec<_> = more.collect();
    let more = if more.is_empty() {
        String::new()
    } else {
        format!("; could rise if more is brought in: {}", more.join(", "))
    };
    let version = |pins: &Pins| pins.get(root).map_or("-", String::as_str).to_owned();
    let own = version(ours);
    let free = match facts.free.pins.as_ref().map(version) {
        Some(free) if free == own => String::new(),
        Some(free) => format!("; by itself uv takes {root} {free}"),
        None => "; by itself uv has no answer".to_owned(),
    };
    let (our, their) = (ours.len(), theirs.len());
    format!("{root} {own}: {our} pins, uv has {their}; {equal} equal, {differ}{more}{free}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(action: Option<&str>) -> Value {
        json!({"distributions": [
            {"name": "app", "version": "1", "action": "generate"},
            {"name": "win", "version": null, "action": "ignore"},
            {"name": "lib", "version": "2", "action": action},
        ]})
    }

    fn ours() -> Ours {
        Ours::of(&answer(Some("generate"))).unwrap()
    }

    fn facts(but: &Value) -> Facts {
        let pins = json!({"pins": {"app": "1", "lib": "2"}});
        let mut facts = json!({"free": pins, "own": pins, "held": pins, "raisable": [],
            "needs_more": [], "unclear": []});
        for (key, value) in but.as_object().unwrap() {
            facts[key] = value.clone();
        }
        serde_json::from_value(facts).unwrap()
    }

    #[track_caller]
    fn check(but: &Value, expect: &[&str]) {
        assert_eq!(problems(&ours(), &facts(but), Some(&ours())), expect);
    }

    #[test]
    fn pins_that_agree() {
        check(&json!({}), &[]);
        let line = summary("app", &ours().pins, &facts(&json!({})));
        assert_eq!(line, "app 1: 2 pins, uv has 2; 2 equal, nothing differs");
    }

    #[test]
    fn what_speaks_against_ours() {
        check(
            &json!({"held": {"refusal": "No solution found"}}),
            &["uv, held to our pins: No solution found"],
        );
        check(
            &json!({"held": {"pins": {"app": "1"}}}),
            &["uv, held to our pins: lib absent instead of 2"],
        );
        check(
            &json!({"raisable": [["lib", "3"]]}),
            &["lib 2 could be 3, with all others as they are"],
        );
        check(
            &json!({"unclear": [["lib", "timed out"]]}),
            &["lib: uv cannot say: timed out"],
        );
    }

    #[test]
    fn we_have_to_accept_what_uv_has() {
        check(
            &json!({"own": {"pins": {"app": "1", "lib": "3"}}}),
            &["we, held to uv's pins: lib 2 instead of 3"],
        );
        let open = Ours::of(&answer(None)).unwrap();
        assert_eq!(open.open, ["lib"]);
        assert_eq!(
            problems(&ours(), &facts(&json!({})), Some(&open)),
            [
                "held to uv's pins, lib is open",
                "we, held to uv's pins: lib absent instead of 2"
            ]
        );
        let none = facts(&json!({"own": {"refusal": "timed out"}}));
        assert_eq!(
            problems(&ours(), &none, None),
            ["uv has no answer: timed out"]
        );
    }

    #[test]
    fn what_differs_is_told_and_no_failure() {
        let facts = facts(&json!({"own": {"pins": {"app": "1", "dep": "9"}},
            "free": {"pins": {"app": "0"}},
            "needs_more": [["app", "2", ["dep"]]]}));
        assert_eq!(
            summary("app", &ours().pins, &facts),
            "app 1: 2 pins, uv has 2; 1 equal, 2 differ (ours / uv's): dep - / 9, lib 2 / -; \
             could rise if more is brought in: app 2; by itself uv takes app 0"
        );
    }

    #[test]
    fn an_answer_without_its_fields() {
        assert!(Ours::of(&json!({})).is_err());
    }
}
