//! What a person has changed since a file was generated, kept when it is generated anew.
//!
//! Three texts of each file meet: the one that was generated last (the base), the person's,
//! and the new one. Where only one side has changed, that side counts. Where both have,
//! `debian/control` is merged field by field; of any other file the person's stays, and the
//! new one is written beside it.

mod control;

use pydeps_core::finding::Finding;

pub use control::{differences, merge as merge_control, unreadable as unreadable_control};

/// What becomes of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// What it is to be; `None`: there is to be none.
    pub text: Option<Vec<u8>>,
    /// What is to be written beside it, as `FILE.new`.
    pub beside: Option<Vec<u8>>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl Merged {
    fn of(text: Option<&[u8]>) -> Self {
        Self {
            text: text.map(<[u8]>::to_vec),
            ..Self::default()
        }
    }
}

/// Merges one file. Without a base, a person's file that differs has been changed.
pub fn file(path: &str, base: Option<&[u8]>, person: Option<&[u8]>, new: Option<&[u8]>) -> Merged {
    if person == new || new == base {
        return Merged::of(person);
    }
    if person == base {
        return Merged::of(new);
    }
    if let ("debian/control", Some(base), Some(person), Some(new)) = (path, base, person, new) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if let Some((merged, findings)) = merge_control(&text(base), &text(person), &text(new)) {
            return Merged {
                text: Some(merged.into_bytes()),
                beside: None,
                findings,
            };
        }
    }
    conflict(path, person, new)
}

/// Both sides have changed it.
fn conflict(path: &str, person: Option<&[u8]>, new: Option<&[u8]>) -> Merged {
    let (message, hint) = match (person, new) {
        (None, _) => (
            format!("{path} was removed by hand, and stays away; what it would be now has changed"),
            format!("cp {path}.new {path} takes it back; rm {path}.new keeps it away"),
        ),
        (_, None) => (
            format!("{path} is not generated any more; it was changed by hand, and stays"),
            format!("rm {path}, if nothing in it is needed"),
        ),
        _ => (
            format!(
                "{path} was changed by hand, and what is generated has changed as well; yours stays"
            ),
            format!(
                "diff -u {path} {path}.new shows how; take over what you need, then rm {path}.new"
            ),
        ),
    };
    Merged {
        text: person.map(<[u8]>::to_vec),
        beside: new.map(<[u8]>::to_vec),
        findings: vec![Finding::warning("edited-by-hand", message).with_hint(hint)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base, person's, new; then what it is to be, and what is beside.
    #[track_caller]
    fn check(input: [&str; 3], expect: (&str, &str)) {
        let bytes = |text: &str| Some(text.to_owned().into_bytes()).filter(|text| !text.is_empty());
        let [base, person, new] = input.map(bytes);
        let merged = file(
            "debian/rules",
            base.as_deref(),
            person.as_deref(),
            new.as_deref(),
        );
        let shown = |bytes: Option<Vec<u8>>| String::from_utf8(bytes.unwrap_or_default()).unwrap();
        assert_eq!(
            (shown(merged.text).as_str(), shown(merged.beside).as_str()),
            expect
        );
    }

    #[test]
    fn files() {
        check(["a", "a", "b"], ("b", ""));
        check(["a", "x", "a"], ("x", ""));
        check(["a", "b", "b"], ("b", ""));
        check(["a", "x", "b"], ("x", "b"));
        check(["", "x", "b"], ("x", "b"));
        check(["", "", "b"], ("b", ""));
        check(["a", "a", ""], ("", ""));
        check(["a", "x", ""], ("x", ""));
        check(["a", "", "b"], ("", "b"));
        check(["a", "", "a"], ("", ""));
    }
}
