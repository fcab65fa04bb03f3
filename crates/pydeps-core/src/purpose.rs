//! What a file of an upstream source is for, as its path tells: tests, documentation,
//! examples, the works of others.

/// What a path tells of its file. Several may hold: a vendored library brings tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purpose {
    /// It is part of tests: in a directory of tests, or a source file that is called like one.
    pub test: bool,
    /// It is in a directory `testing` of a package: for tests, perhaps of other projects.
    pub test_support: bool,
    /// It is documentation.
    pub documentation: bool,
    /// It is an example.
    pub example: bool,
    /// It measures or tries the code, and is no test.
    pub benchmark: bool,
    /// It is in a directory for the works of others.
    pub vendored: bool,
    /// It is in a directory where libraries may lie that are compiled along.
    pub bundled: bool,
    /// A build has written it: it is in `*.egg-info` or `*.dist-info`.
    pub metadata: bool,
}

/// Directories of tests at the top of a source.
pub const TEST_DIRECTORIES: [&str; 4] = ["tests", "test", "testing", "t"];

const TESTS: [&str; 6] = [
    "test",
    "tests",
    "testsuite",
    "testdata",
    "unittest",
    "unittests",
];
const DOCUMENTATION: [&str; 3] = ["doc", "docs", "documentation"];
const EXAMPLES: [&str; 6] = ["example", "examples", "demo", "demos", "sample", "samples"];
const BENCHMARKS: [&str; 5] = ["bench", "benches", "benchmark", "benchmarks", "fuzz"];
const VENDORED: [&str; 12] = [
    "_vendor",
    "_vendored",
    "vendor",
    "vendored",
    "vendored_packages",
    "third_party",
    "thirdparty",
    "third-party",
    "3rdparty",
    "extern",
    "bundled",
    "node_modules",
];
const BUNDLED: [&str; 4] = ["contrib", "deps", "external", "subprojects"];

/// Ends of names of source files.
const CODE: [&str; 11] = [
    "py", "pyx", "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "f", "f90",
];

impl Purpose {
    /// What a path below the top of a source tells, whatever its case.
    pub fn of(path: &str) -> Self {
        let path = path.to_ascii_lowercase();
        let (above, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let mut purpose = Self::default();
        for (depth, directory) in above.split('/').enumerate() {
            purpose.add_directory(directory, depth == 0);
        }
        if let Some((stem, end)) = name.rsplit_once('.').filter(|(_, end)| CODE.contains(end)) {
            purpose.add_file(stem, end == "py");
        }
        purpose
    }

    /// Whether it is there for those who work on the source, not for users.
    pub fn is_for_development(self) -> bool {
        self.test || self.test_support || self.documentation || self.example || self.benchmark
    }

    fn add_directory(&mut self, name: &str, is_top: bool) {
        let is_test = TESTS.contains(&name) || name.starts_with("test_");
        self.test |= is_test || is_top && TEST_DIRECTORIES.contains(&name);
        self.test_support |= name == "testing";
        self.documentation |= DOCUMENTATION.contains(&name);
        self.example |= EXAMPLES.contains(&name);
        self.benchmark |= BENCHMARKS.contains(&name);
        self.vendored |= VENDORED.contains(&name);
        self.bundled |= BUNDLED.contains(&name);
        self.metadata |= name.ends_with(".egg-info") || name.ends_with(".dist-info");
    }

    fn add_file(&mut self, stem: &str, is_python: bool) {
        // As pytest and unittest look for them.
        self.test |= matches!(stem, "test" | "tests" | "conftest")
            || stem.starts_with("test_")
            || stem.ends_with("_test");
        if !is_python {
            let has = |list: &[&str]| stem.split(['_', '-']).any(|word| list.contains(&word));
            self.test |= has(&TESTS);
            self.benchmark |= has(&BENCHMARKS);
            self.example |= has(&EXAMPLES);
        }
    }
}

/// The work of others that a file is part of: the directory or module in a vendor
/// directory, to which its `*.dist-info` belongs.
pub fn vendored_work(path: &str) -> Option<String> {
    let mut parts = path.split('/');
    let mut root = Vec::new();
    while let Some(part) = parts.next() {
        root.push(part);
        if !VENDORED.contains(&part.to_ascii_lowercase().as_str()) {
            continue;
        }
        let next = parts.next()?;
        let is_metadata = next.ends_with(".dist-info") || next.ends_with(".egg-info");
        let work = if is_metadata {
            next.split('-').next()?
        } else {
            next
        };
        let is_file = !is_metadata && parts.next().is_none();
        let is_odd = is_file
            && (next.starts_with(['.', '_']) || !next.to_ascii_lowercase().ends_with(".py"));
        root.push(work);
        return (!is_odd).then(|| root.join("/"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The purposes of a file.
    #[track_caller]
    fn check(path: &str, expect: &[&str]) {
        let purpose = Purpose::of(path);
        let all = [
            (purpose.test, "test"),
            (purpose.test_support, "test support"),
            (purpose.documentation, "documentation"),
            (purpose.example, "example"),
            (purpose.benchmark, "benchmark"),
            (purpose.vendored, "vendored"),
            (purpose.bundled, "bundled"),
            (purpose.metadata, "metadata"),
        ];
        let found = all.iter().filter(|one| one.0).map(|one| one.1);
        assert_eq!(Vec::from_iter(found), expect, "{path}");
    }

    #[test]
    fn by_directories() {
        check("a/b.py", &[]);
        check("tests/b.txt", &["test"]);
        check("src/a/Test/b", &["test"]);
        check("t/a.py", &["test"]);
        check("a/t/a.py", &[]);
        check("testing/a.py", &["test", "test support"]);
        check("a/testing/b.py", &["test support"]);
        check("a/test_data/b", &["test"]);
        check("docs/examples/a.c", &["documentation", "example"]);
        check("a/_vendor/b/tests/c.py", &["test", "vendored"]);
        check("external/z/a.c", &["bundled"]);
        check("src/a.egg-info/b", &["metadata"]);
        check("docs", &[]);
        check("", &[]);
    }

    #[test]
    fn by_names_of_files() {
        check("a/test_b.py", &["test"]);
        check("a/b_test.py", &["test"]);
        check("conftest.py", &["test"]);
        check("a/latest.py", &[]);
        check("a/run_tests.py", &[]);
        check("a/test_b.1", &[]);
        check("a/b-test-c.c", &["test"]);
        check("a/bench_b.cc", &["benchmark"]);
        check("a/bench_b.py", &[]);
    }
}
