//! The extension modules that a `setup.py` names.

use std::collections::BTreeSet;

/// The names in `Extension("name", …)` and its like, dotted, ascending, as far as they are
/// built whatever is asked: not what an `if` may leave out. What is called otherwise, as
/// `CMakeExtension`, need not be named like the module.
pub(super) fn modules(setup_py: &str) -> Vec<String> {
    let calls = setup_py.match_indices("Extension(");
    let names: BTreeSet<String> = calls
        .filter(|(at, _)| is_made(&setup_py[..*at]) && !is_conditional(setup_py, *at))
        .filter_map(|(at, call)| name(setup_py[at + call.len()..].trim_start()))
        .collect();
    names.into_iter().filter(|name| is_dotted(name)).collect()
}

/// Whether what stands before `Extension(` makes it a call that is known.
fn is_made(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next();
    matches!(word, Some("" | "Pybind11")) && !before.ends_with("class ")
}

/// Whether a place lies in a block that is not run everywhere, as indentation tells.
fn is_conditional(text: &str, at: usize) -> bool {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    let mut depth = indentation(line);
    for above in text[..start].lines().rev() {
        if above.trim().is_empty() || indentation(above) >= depth {
            continue;
        }
        depth = indentation(above);
        let word = above.trim_start().split([' ', ':']).next();
        if matches!(word, Some("if" | "elif" | "else" | "try" | "except")) {
            return true;
        }
    }
    false
}

fn name(arguments: &str) -> Option<String> {
    let named = arguments
        .strip_prefix("name")
        .map(|rest| rest.trim_start().trim_start_matches('='));
    quoted(named.unwrap_or(arguments).trim_start())
}

fn is_dotted(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    !name.is_empty() && name.chars().all(plain)
}

/// The string literal that a text begins with.
pub(super) fn quoted(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = text[1..].split_once(quote)?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        assert_eq!(modules(text), expect);
    }

    #[test]
    fn that_are_named() {
        let text = "Extension('a.b', x)\nExtension(\n  name=\"c\")\nExtension(n)";
        check(text, &["a.b", "c"]);
        check("class Extension('a')\nCMakeExtension('b')", &[]);
    }

    #[test]
    fn that_are_built_everywhere() {
        check(
            "setup(\n    ext_modules=[\n        Extension('a')])",
            &["a"],
        );
        check("def f():\n    return Extension('a')", &["a"]);
        check("if x:\n    pass\nExtension('a')", &["a"]);
        check(
            "if win:\n    setup(\n\n        e=[Extension('a')])\nelse:\n    Extension('b')",
            &[],
        );
    }
}
