//! Edits of debian/control and debian/rules, which leave everything else as it is. Pure.

use std::ops::Range;

use deb822_lossless::Deb822;
use pydeps_core::clause;

/// A test to leave out, and why.
pub(crate) type Test = (String, String);

/// How the lines begin that leave tests out.
const ARGUMENTS: &str = "export PYBUILD_TEST_ARGS=";

/// pytest reports tests by their paths from where it runs, and leaves them out by those from
/// its root, which by itself is the source tree above pybuild's directory.
const ROOT: &str = "--rootdir=.";

/// The text of debian/control with one more build dependency; `None` if it has it already,
/// or is not readable.
pub(crate) fn with_build_dependency(control: &str, relation: &str) -> Option<String> {
    let lines = value(control)?;
    let package = |text: &str| text.split_whitespace().next().map(str::to_owned);
    let mut clauses = lines
        .iter()
        .flat_map(|line| control[line.clone()].split(','));
    if clauses.any(|clause| package(clause) == package(relation)) {
        return None;
    }
    let last = lines.last()?;
    let (before, after) = control.split_at(last.end);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = &before[start..];
    let indent = line.len() - line.trim_start().len();
    let indent = if indent == 0 { " " } else { &line[..indent] };
    let (comma, end) = match before.trim_end().ends_with(',') {
        true => ("", ","),
        false => (",", ""),
    };
    Some(format!("{before}{comma}\n{indent}{relation}{end}{after}"))
}

/// The text without a build dependency that is for tests only, however many relations it has;
/// `None` if there is none such, or if the package is needed for more than tests.
pub(crate) fn without_test_dependency(control: &str, package: &str) -> Option<String> {
    if is_installed(control, package) {
        return None;
    }
    let mut text = without_one(control, package)?;
    while let Some(less) = without_one(&text, package) {
        text = less;
    }
    let rest = value(&text)?;
    let mut left = rest.iter().map(|line| &text[line.clone()]);
    (!left.any(|line| names(line, package))).then_some(text)
}

/// Whether a binary package says that it is installed with this one.
fn is_installed(control: &str, package: &str) -> bool {
    const FIELDS: [&str; 3] = ["Pre-Depends", "Depends", "Recommends"];
    let Ok(deb822) = control.parse::<Deb822>() else {
        return false;
    };
    let mut values = deb822
        .paragraphs()
        .skip(1)
        .flat_map(|binary| FIELDS.map(|field| binary.get(field)));
    values.any(|value| value.is_some_and(|value| names(&value, package)))
}

/// Whether a relation is to this package.
fn names(relations: &str, package: &str) -> bool {
    let clauses = clause::parse(relations).filter_map(Result::ok);
    let mut atoms = clauses.flat_map(|clause| clause.alternatives);
    atoms.any(|atom| atom.package.as_str() == package)
}

/// The text without what one line has of it.
fn without_one(control: &str, package: &str) -> Option<String> {
    let is_it = |text: &str| {
        let clauses: Vec<_> = clause::parse(text).filter_map(Result::ok).collect();
        let mut atoms = clauses.iter().flat_map(|clause| &clause.alternatives);
        !clauses.is_empty()
            && atoms
                .all(|atom| atom.package.as_str() == package && !atom.applies("all", &["nocheck"]))
    };
    let lines = value(control)?;
    let line = lines
        .iter()
        .find(|line| control[(*line).clone()].split(',').any(is_it))?;
    let kept: Vec<&str> = control[line.clone()]
        .split(',')
        .filter(|text| !is_it(text))
        .collect();
    let kept = kept.join(",");
    let (before, after) = (&control[..line.start], &control[line.end..]);
    match kept.trim_matches([',', ' ']) {
        // The line goes, unless the name of the field is on it.
        "" if before.ends_with([' ', '\t']) && lines.first() != Some(line) => {
            let before = before.trim_end_matches([' ', '\t']);
            Some(format!(
                "{before}{}",
                after.strip_prefix('\n').unwrap_or(after)
            ))
        }
        _ => Some(format!("{before}{}{after}", kept.trim_start())),
    }
}

/// Where the lines of `Build-Depends` are in the text, without their indentation, and
/// without those that are empty or comments.
fn value(control: &str) -> Option<Vec<Range<usize>>> {
    let deb822: Deb822 = control.parse().ok()?;
    let source = deb822.paragraphs().next()?;
    let entry = source.get_entry("Build-Depends")?;
    let ranges = entry.value_line_ranges().into_iter();
    let ranges = ranges.map(|range| usize::from(range.start())..usize::from(range.end()));
    let lines = ranges.filter(|range| {
        let text = control[range.clone()].trim();
        !text.is_empty() && !text.starts_with('#')
    });
    Some(lines.collect())
}

/// The text of debian/rules that leaves these tests out; `None` if it calls them in a way
/// of its own.
pub(crate) fn without_tests(rules: &str, tests: &[Test]) -> Option<String> {
    if rules.contains("PYBUILD_TEST_CUSTOM")
        || rules.contains("PYBUILD_DISABLE")
        || rules.contains("override_dh_auto_test")
    {
        return None;
    }
    let reasons: String = tests
        .iter()
        .map(|(node, reason)| format!("#  {node}: {reason}\n"))
        .collect();
    let arguments: String = tests.iter().map(|(node, _)| argument(node)).collect();
    let heading = "# These tests do not pass in a clean build:\n";
    if let Some(at) = rules.find(ARGUMENTS) {
        let end = at + logical_line(&rules[at..]);
        let (before, line, after) = (&rules[..at], &rules[at..end], &rules[end..]);
        let heading = if before.ends_with(&format!("{heading}{}", last_comment(before))) {
            ""
        } else {
            heading
        };
        let root = match line.contains("--rootdir") {
            true => String::new(),
            false => format!(" {ROOT}"),
        };
        return Some(format!(
            "{before}{heading}{reasons}{line}{root}{arguments}{after}"
        ));
    }
    let directory = directory(tests);
    let block = format!("{heading}{reasons}{ARGUMENTS}{directory}{ROOT}{arguments}\n");
    Some(insert(rules, &block))
}

/// The length of what make takes for one line: a backslash at the end goes on.
fn logical_line(text: &str) -> usize {
    let mut ends = text.match_indices('\n').map(|(at, _)| at);
    let end = ends.find(|end| !text[..*end].ends_with('\\'));
    end.unwrap_or(text.len())
}

/// The lines of comment that a text ends with, but the heading.
fn last_comment(text: &str) -> String {
    let mut lines: Vec<&str> = text
        .lines()
        .rev()
        .take_while(|line| line.starts_with("#  "))
        .collect();
    lines.reverse();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The text of debian/rules that runs no tests, for a reason.
pub(crate) fn without_any_test(rules: &str, reason: &str) -> Option<String> {
    let disabled = rules.contains("PYBUILD_DISABLE") || rules.contains("PYBUILD_TEST_CUSTOM");
    let block = format!("# {reason}\nexport PYBUILD_DISABLE=test\n");
    (!disabled).then(|| insert(rules, &block))
}

/// The text of debian/rules with a variable, for a reason; `None` if it says something of it
/// already.
pub(crate) fn with_export(rules: &str, name: &str, value: &str, reason: &str) -> Option<String> {
    let block = format!("# {reason}.\nexport {name}={value}\n");
    let is_known = rules.contains(&format!("{name}=")) || rules.contains(&format!("{name} "));
    (!is_known).then(|| insert(rules, &block))
}

/// After the last line that exports something, or the first line.
fn insert(rules: &str, block: &str) -> String {
    let mut at = rules.find('\n').map_or(rules.len(), |end| end + 1);
    let mut start = 0;
    for line in rules.split_inclusive('\n') {
        start += line.len();
        if line.starts_with("export ") {
            at = start;
        }
    }
    let gap = if rules[..at].ends_with('\n') {
        ""
    } else {
        "\n"
    };
    format!("{}{gap}{block}{}", &rules[..at], &rules[at..])
}

/// pybuild names the directory itself only where it gets no arguments.
fn directory(tests: &[Test]) -> &'static str {
    let all = |prefix: &str| tests.iter().all(|(node, _)| node.starts_with(prefix));
    match () {
        () if all("tests/") => "tests ",
        () if all("test/") => "test ",
        () => "",
    }
}

/// An argument that leaves a test out, on a line of its own.
fn argument(node: &str) -> String {
    match node.contains("::") {
        true => format!(" \\\n\t--deselect={node}"),
        false => format!(" \\\n\t--ignore={node}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTROL: &str = "Source: a\n# why\nBuild-Depends:\n debhelper-compat (= 13),\n python3-x (>= 1) <!nocheck>,\n# x\n\nPackage: python3-a\nDepends: ${misc:Depends},\n";

    #[test]
    fn build_dependencies_come_last() {
        let text = with_build_dependency(CONTROL, "git").unwrap();
        assert_eq!(
            text,
            CONTROL.replace("<!nocheck>,\n", "<!nocheck>,\n git,\n")
        );
        assert_eq!(with_build_dependency(&text, "git"), None);
        assert_eq!(with_build_dependency(CONTROL, "python3-x <!nocheck>"), None);
        let folded = "Source: a\nBuild-Depends: debhelper,\n               dh-python\n";
        assert_eq!(
            with_build_dependency(folded, "git").unwrap(),
            "Source: a\nBuild-Depends: debhelper,\n               dh-python,\n               git\n"
        );
    }

    #[test]
    fn only_what_is_for_tests_goes() {
        let text = without_test_dependency(CONTROL, "python3-x").unwrap();
        let line = " python3-x (>= 1) <!nocheck>,\n";
        assert_eq!(text, CONTROL.replace(line, ""));
        let one = "Source: a\nBuild-Depends: debhelper, python3-x <!nocheck>, dh-python\n";
        let without = "Source: a\nBuild-Depends: debhelper, dh-python\n";
        assert_eq!(
            without_test_dependency(one, "python3-x").as_deref(),
            Some(without)
        );
        assert_eq!(without_test_dependency(CONTROL, "debhelper-compat"), None);
        assert_eq!(without_test_dependency(CONTROL, "python3-y"), None);
    }

    #[test]
    fn all_of_its_relations_go_or_none() {
        let check = |needs: &str, depends: &str, expect: Option<&str>| {
            let text = |needs: &str| {
                format!(
                    "Source: a\nBuild-Depends:\n make,\n{needs}\nPackage: a\nDepends: {depends}\n"
                )
            };
            let found = without_test_dependency(&text(needs), "python3-x");
            assert_eq!(found, expect.map(text), "{needs}");
        };
        let two = " python3-x (<< 0.2~~) <!nocheck>,\n python3-x (>= 0.1) <!nocheck>,\n";
        check(two, "${misc:Depends}, python3-xy", Some(""));
        check(two, "${misc:Depends}, python3-x (>= 0.1)", None);
        check(two, "${misc:Depends}\nRecommends: bb | python3-x", None);
        check(two, "${misc:Depends}\nSuggests: python3-x", Some(""));
        check(&format!("{two} python3-x,\n"), "${misc:Depends}", None);
    }

    const RULES: &str =
        "#!/usr/bin/make -f\n\nexport PYBUILD_NAME=a\n\n%:\n\tdh $@ --buildsystem=pybuild\n";

    fn test(node: &str) -> Vec<Test> {
        vec![(node.to_owned(), "why".to_owned())]
    }

    #[test]
    fn tests_are_left_out_with_their_reason() {
        let once = without_tests(RULES, &test("tests/t.py::a")).unwrap();
        let expect = "export PYBUILD_NAME=a\n# These tests do not pass in a clean build:\n#  tests/t.py::a: why\nexport PYBUILD_TEST_ARGS=tests --rootdir=. \\\n\t--deselect=tests/t.py::a\n";
        assert_eq!(once, RULES.replace("export PYBUILD_NAME=a\n", expect));
        let twice = without_tests(&once, &test("tests/u.py")).unwrap();
        assert_eq!(
            twice,
            once.replace(": why\n", ": why\n#  tests/u.py: why\n")
                .replace("::a\n", "::a \\\n\t--ignore=tests/u.py\n")
        );
    }

    #[test]
    fn a_variable_is_exported_once() {
        let text = with_export(RULES, "CXX", "g++-13", "Because").unwrap();
        assert!(
            text.contains("=a\n# Because.\nexport CXX=g++-13\n\n%:"),
            "{text}"
        );
        assert_eq!(with_export(&text, "CXX", "clang++", "x"), None);
    }

    #[test]
    fn own_ways_of_testing_are_left_alone() {
        let own = RULES.replace("%:", "override_dh_auto_test:\n\ttrue\n\n%:");
        assert_eq!(without_tests(&own, &test("t.py")), None);
        let off = without_any_test(RULES, "There are none.").unwrap();
        assert!(
            off.contains("\n# There are none.\nexport PYBUILD_DISABLE=test\n"),
            "{off}"
        );
        assert_eq!(without_any_test(&off, "x"), None);
        assert_eq!(without_tests(&off, &test("t.py")), None);
    }
}
