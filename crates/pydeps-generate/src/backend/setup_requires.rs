//! `setup_requires` of a setup.py: what setuptools would fetch before it builds.
//!
//! A setup.py is a program, so only a list that stands there as it is can be read: of the
//! argument itself, or of a name that is given one.

use pydeps_core::requirement::Requirement;

/// What makes the result another one where it is there. The rest (runners of tests, say) is
/// not missed in a build without a network.
const DECISIVE: [&str; 5] = ["cffi", "cython", "numpy", "pbr", "setuptools-scm"];

/// What `setup_requires` names and the result depends upon.
pub(super) fn requirements(script: &str) -> Vec<Requirement> {
    let values = script
        .match_indices("setup_requires")
        .filter_map(|(at, word)| {
            let rest = script[at + word.len()..].trim_start();
            let rest = rest.strip_prefix(['=', ':'])?;
            rest.trim_start().strip_prefix('[')
        });
    let texts = values.flat_map(strings);
    let all = texts.filter_map(|text| text.parse::<Requirement>().ok());
    all.filter(|one| DECISIVE.contains(&one.name.as_ref()))
        .collect()
}

/// The string literals from here to the bracket that ends the list.
fn strings(mut rest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    while let Some(at) = rest.find(['"', '\'', ']', '#']) {
        let after = &rest[at + 1..];
        rest = match rest.as_bytes()[at] {
            b']' => return found,
            b'#' => after.split_once('\n').map_or("", |(_, next)| next),
            quote => {
                let Some((text, next)) = after.split_once(char::from(quote)) else {
                    return found;
                };
                found.push(text);
                next
            }
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(script: &str, expect: &[&str]) {
        let found = requirements(script);
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
