//! Expected output in files: compared, or rewritten when that is asked for.

use std::path::Path;

/// Replaces what differs from run to run, in the order in which it was added.
#[derive(Clone, Debug, Default)]
pub struct Filters(Vec<(String, String)>);

impl Filters {
    /// `text` becomes `placeholder`.
    #[must_use]
    pub fn with(mut self, text: impl Into<String>, placeholder: impl Into<String>) -> Self {
        self.0.push((text.into(), placeholder.into()));
        self
    }

    /// The text with everything replaced; digests of 64 hexadecimal digits and the sizes of
    /// compressed files in a lock, too.
    pub fn apply(&self, text: &str) -> String {
        let replaced = self
            .0
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        without_sizes(&without_digests(&replaced))
    }
}

fn without_digests(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_hexdigit() {
            run.push(c);
            continue;
        }
        out.push_str(if run.len() == 64 { "[SHA256]" } else { &run });
        run.clear();
        out.extend((c != '\0').then_some(c));
    }
    out
}

/// What an archive comes to depends on who compresses it.
fn without_sizes(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let number = line.strip_prefix("size = ").map(str::trim_end);
        match number.is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit())) {
            true => "size = [SIZE]\n",
            false => line,
        }
    });
    lines.collect()
}

/// Files of expected output in a directory.
#[derive(Debug)]
pub struct Expected<'a> {
    /// The directory.
    pub directory: &'a Path,
    /// Whether to rewrite instead of comparing.
    pub bless: bool,
}

impl Expected<'_> {
    /// Compares with a file; what is wrong, if anything.
    pub fn check(&self, file: &str, actual: &str) -> Option<String> {
        let path = self.directory.join(file);
        let expected = fs_err::read_to_string(&path);
        if expected.as_ref().is_ok_and(|expected| expected == actual) {
            return None;
        }
        if self.bless {
            return fs_err::write(&path, actual)
                .err()
                .map(|error| error.to_string());
        }
        Some(match expected {
            Ok(expected) => format!("{file} differs\n{}", difference(&expected, actual)),
            Err(error) => format!("{file}: {error}; it would be\n{actual}"),
        })
    }
}

/// Both texts, without the lines that they begin and end with together.
fn difference(expected: &str, actual: &str) -> String {
    let (mut old, mut new): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), actual.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    old.drain(..same);
    new.drain(..same);
    while old.last().is_some() && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    let minus = old.iter().map(|line| format!("- {line}"));
    let plus = new.iter().map(|line| format!("+ {line}"));
    let lines: Vec<String> = minus.chain(plus).collect();
    format!("from line {}:\n{}", same + 1, lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run() {
        let filters = Filters::default()
            .with("/tmp/x", "[TMP]")
            .with("127.0.0.1:8080", "[INDEX]");
        let digest = "0123456789abcdef".repeat(4);
        let found = filters.apply(&format!("/tmp/x/a at 127.0.0.1:8080 {digest} {digest}0\n"));
        assert_eq!(found, format!("[TMP]/a at [INDEX] [SHA256] {digest}0\n"));
    }

    #[test]
    fn a_difference_is_told_and_blessed() {
        let name = format!("pydeps-expected-{}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        fs_err::create_dir_all(&directory).unwrap();
        let expected = |bless| Expected {
            directory: &directory,
            bless,
        };
        assert!(expected(false).check("stdout", "a\n").is_some());
        assert_eq!(expected(true).check("stdout", "a\nb\nd\n"), None);
        assert_eq!(expected(false).check("stdout", "a\nb\nd\n"), None);
        let told = expected(false).check("stdout", "a\nc\nd\n").unwrap();
        assert_eq!(told, "stdout differs\nfrom line 2:\n- b\n+ c");
        fs_err::remove_dir_all(&directory).unwrap();
    }
}
