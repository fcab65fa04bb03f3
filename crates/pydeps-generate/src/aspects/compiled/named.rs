//! The extension modules that a `setup.py` names.

use std::collections::BTreeSet;

use pydeps_python::source::Source;

/// The names in `Extension("name", …)` and its like, dotted, ascending, as far as they are
/// built whatever is asked: not what an `if` may leave out. What is called otherwise, as
/// `CMakeExtension`, need not be named like the module.
pub(super) fn modules(setup_py: &Source) -> Vec<String> {
    let calls = setup_py.calls().filter(|(call, nesting)| {
        matches!(call.name(), "Extension" | "Pybind11Extension")
            && !nesting.condition
            && !nesting.attempt
    });
    let names = calls.filter_map(|(call, _)| call.argument(0, "name")?.text());
    let names: BTreeSet<&str> = names.filter(|name| is_dotted(name)).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn is_dotted(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    !name.is_empty() && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        assert_eq!(modules(&Source::parse(text)), expect);
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
        check(
            "if __name__ == '__main__':\n    setup(e=[Extension('a')])",
            &["a"],
        );
        check("if x:\n    pass\nExtension('a')", &["a"]);
        check(
            "if win:\n    setup(\n\n        e=[Extension('a')])\nelse:\n    Extension('b')",
            &[],
        );
    }
}
