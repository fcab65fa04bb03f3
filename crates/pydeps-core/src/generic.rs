//! Names of modules that say nothing about whose they are.

/// Names that setuptools leaves out when it looks for packages by itself, and that nobody
/// means to install at the top (lintian: python-module-has-overly-generic-name).
const GENERIC: [&str; 34] = [
    "backports",
    "benchmark",
    "benchmarks",
    "bin",
    "build",
    "ci",
    "conf",
    "core",
    "debian",
    "demo",
    "dist",
    "doc",
    "docs",
    "documentation",
    "etc",
    "example",
    "examples",
    "fixtures",
    "htmlcov",
    "misc",
    "requirements",
    "scripts",
    "setup",
    "site",
    "src",
    "target",
    "task",
    "tasks",
    "test",
    "tests",
    "testing",
    "tools",
    "toxfile",
    "utils",
];

/// Whether a module's name is one that every project may use for itself: `tests`, `docs`,
/// `test_this`.
#[must_use]
pub fn is_generic(name: &str) -> bool {
    GENERIC.contains(&name) || name.starts_with("test_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_they_are() {
        for (name, expect) in [
            ("tests", true),
            ("test_x", true),
            ("yaml", false),
            ("testing_x", false),
        ] {
            assert_eq!(is_generic(name), expect, "{name}");
        }
    }
}
