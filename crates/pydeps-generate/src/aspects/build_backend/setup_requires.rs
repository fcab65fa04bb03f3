//! `setup_requires` of a setup.py: what setuptools would fetch before it builds.
//!
//! A setup.py is a program, so only a list that stands there as it is can be read: of the
//! argument itself, or of a name that is given one.

use pydeps_core::requirement::Requirement;
use pydeps_python::source::{Source, Value};

/// What makes the result another one where it is there. The rest (runners of tests, say) is
/// not missed in a build without a network.
const DECISIVE: [&str; 5] = ["cffi", "cython", "numpy", "pbr", "setuptools-scm"];

/// What `setup_requires` names and the result depends upon.
pub(super) fn requirements(script: &Source) -> Vec<Requirement> {
    let lists = script
        .bindings(|name| name == "setup_requires")
        .map(Value::first);
    let texts = lists.flat_map(Value::entries).filter_map(Value::text);
    let all = texts.filter_map(|text| text.parse::<Requirement>().ok());
    all.filter(|one| DECISIVE.contains(&one.name.as_ref()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(script: &str, expect: &[&str]) {
        let found = requirements(&Source::parse(script));
        let shown: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(shown, expect, "{script}");
    }

    #[test]
    fn lists_of_setup_requires() {
        check(
            "setup(\n    setup_requires=[\n        'setuptools_scm[toml]>=3',  # it's read\n        \"pytest-runner\",\n    ],\n    install_requires=['numpy'],\n)",
            &["setuptools-scm[toml]>=3"],
        );
        check(
            "setup_requires = ['cffi >= 1.0 ; python_version < \"3.9\"', 'numpy']",
            &["cffi>=1.0 ; python_version < '3.9'", "numpy"],
        );
        check(
            "setup_requires = []\nsetup(**{'name': 'a'}, setup_requires=setup_requires)",
            &[],
        );
        check("kwargs = {'setup_requires': ['pbr']}", &[]);
        check("setup_requires=['cython", &[]);
        check("setup_requires=REQUIRES", &[]);
        check("", &[]);
    }
}
