//! The line of a log that tells most about a failure of which nothing more is known. Pure.

/// What only repeats that something failed: it follows the line that says why.
const FOLLOW_UPS: [&str; 11] = [
    "returned exit code",
    "returned exit status",
    "returned non-zero exit status",
    "failed with exit code",
    "failed with exit status",
    "dpkg-buildpackage: error:",
    "E: pybuild ",
    "E: Build failure",
    "E: Package build dependencies not satisfied",
    "ERROR Backend subprocess exited",
    "error: subprocess-exited-with-error",
];

/// How lines begin that say what is wrong.
const BEGINNINGS: [&str; 6] = [
    "ERROR: ",
    "ERROR ",
    "E: ",
    "error: ",
    "Error: ",
    "CMake Error",
];

/// How they go on behind the name of a program, or a place in a file.
const INSIDE: [&str; 3] = [": error: ", ": fatal error: ", ": ERROR: "];

/// A quotation is not longer.
const LONGEST: usize = 160;

/// The last line of a log that says what went wrong: before debhelper and make end, as what
/// comes after that is about themselves; else anywhere.
pub(crate) fn line(log: &str) -> Option<String> {
    let lines: Vec<&str> = log.lines().collect();
    let end = lines.iter().position(|line| is_the_end(line));
    let (before, after) = lines.split_at(end.unwrap_or(lines.len()));
    let found = last(before).or_else(|| last(after))?;
    Some(shortened(found))
}

fn last<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let mut lines = lines.iter().rev();
    lines.find(|line| is_telling(line)).copied()
}

/// Whether a command of debhelper or make says that it gives up.
fn is_the_end(line: &str) -> bool {
    let make = line.starts_with("make") && line.contains(": *** ") && !line.ends_with("(ignored)");
    let debhelper = line.starts_with("dh_") && line.contains(": error: ");
    make || (debhelper && is_follow_up(line))
}

fn is_follow_up(line: &str) -> bool {
    FOLLOW_UPS.iter().any(|words| line.contains(words))
}

fn is_telling(line: &str) -> bool {
    let begins = BEGINNINGS.iter().any(|word| line.starts_with(word));
    let has = INSIDE.iter().any(|word| line.contains(word));
    (begins || has || is_exception(line)) && !is_follow_up(line)
}

/// `package.module.NameOfAnError: …`, as Python ends a traceback, or pytest after `E   `.
fn is_exception(line: &str) -> bool {
    let line = line.strip_prefix("E   ").map_or(line, str::trim_start);
    let name = line.split(": ").next().unwrap_or_default();
    let name = name.strip_suffix(':').unwrap_or(name);
    let plain = |c: char| c.is_ascii_alphanumeric() || "._".contains(c);
    let class = name.rsplit('.').next().unwrap_or_default();
    let ends = ["Error", "Exception", "Exit", "Interrupt", "Failure"];
    name.chars().all(plain)
        && class.starts_with(|c: char| c.is_ascii_uppercase())
        && ends.iter().any(|end| class.ends_with(end))
}

fn shortened(line: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let line: String = line.trim().chars().map(plain).collect();
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &[&str], expect: Option<&str>) {
        assert_eq!(line(&lines.join("\n")).as_deref(), expect);
    }

    const DEBHELPER: &str =
        "dh_auto_test: error: pybuild --test -i python3.13 returned exit code 13";
    const MAKE: &str = "make: *** [debian/rules:6: binary] Error 25";
    const SBUILD: &str = "E: Build failure (dpkg-buildpackage died with status 2)";

    #[test]
    fn what_comes_before_the_follow_ups() {
        let pytest = "ERROR: /build/a/pyproject.toml: 'minversion' requires pytest-8.4, actual pytest-8.3.5'";
        let pybuild =
            "E: pybuild pybuild:389: test: plugin pyproject failed with: exit code=4: cd /b";
        let log = [
            "   dh_auto_test",
            pytest,
            "",
            pybuild,
            DEBHELPER,
            MAKE,
            SBUILD,
        ];
        check(&log, Some(pytest));
        let raised = "setuptools.errors.PackageDiscoveryError: Multiple top-level packages";
        let backend = "ERROR Backend subprocess exited when trying to invoke build_wheel";
        check(
            &["Traceback", "  x", raised, "", backend, MAKE],
            Some(raised),
        );
        let compiler = "a.c:1:2: error: ‘x’ undeclared (first use in this function)";
        let setuptools = "error: command '/usr/bin/gcc' failed with exit code 1";
        check(&[compiler, setuptools, DEBHELPER], Some(compiler));
        check(
            &["dh_install: error: missing files, aborting", MAKE],
            Some("dh_install: error: missing files, aborting"),
        );
    }

    #[test]
    fn what_comes_after_them_or_never() {
        check(
            &[MAKE, "E: No space left on device", SBUILD],
            Some("E: No space left on device"),
        );
        check(
            &[
                "ERRORS",
                "Error handling is tested",
                "an Exception: x",
                DEBHELPER,
                SBUILD,
            ],
            None,
        );
        check(&[], None);
    }

    #[test]
    fn one_line_that_is_not_long() {
        let long = format!("ValueError: {}", "x".repeat(300));
        let short = format!("{}…", &long[..LONGEST]);
        check(&[&long], Some(&short));
        check(&["E: a\tb\u{1b}[0m "], Some("E: a b [0m"));
        check(&["KeyboardInterrupt"], Some("KeyboardInterrupt"));
    }
}
