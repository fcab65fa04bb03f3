//! pip's `requirements.txt`.

use pep508_rs::Requirement;
use pydeps_core::finding::Finding;

use crate::requirement;

/// What a requirements file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequirementsTxt {
    /// The requirements, in order.
    pub requirements: Vec<Line>,
    /// Further files, which the caller has to follow.
    pub includes: Vec<Include>,
    /// What could not be read, or does not matter here.
    pub findings: Vec<Finding>,
}

/// One requirement.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What is required.
    pub requirement: Requirement,
    /// The digests that pip would insist on, `sha256:…`.
    pub hashes: Vec<String>,
    /// `file:line`.
    pub origin: String,
}

/// A line that names a further file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Include {
    /// The path or URL as written, relative to the file that names it.
    pub path: String,
    /// Whether the file constrains (`-c`) instead of requiring (`-r`).
    pub constraint: bool,
    /// `file:line`.
    pub origin: String,
}

/// Reads a requirements file; `origin` is its name in findings.
pub fn parse(text: &str, origin: &str) -> RequirementsTxt {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut file = RequirementsTxt::default();
    for (number, line) in logical_lines(text) {
        let line = line.trim();
        if !line.is_empty() {
            file.line(line, &format!("{origin}:{number}"));
        }
    }
    file
}

/// Lines joined at a trailing `\`, without comments, with the number of the first.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, raw) in text.lines().enumerate() {
        let comment = raw.trim_start().starts_with('#');
        if !open {
            lines.push((at + 1, String::new()));
        }
        let continued = raw.strip_suffix('\\').filter(|_| !comment);
        if let Some((_, line)) = lines.last_mut() {
            line.push_str(continued.unwrap_or(raw));
        }
        open = continued.is_some();
    }
    for (_, line) in &mut lines {
        let cut = comment_start(line);
        line.truncate(cut);
    }
    lines
}

/// A `#` begins a comment at the start of a line or after white space.
fn comment_start(line: &str) -> usize {
    let begins = |at: usize| {
        line[..at]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace)
    };
    let found = line.match_indices('#').find(|(at, _)| begins(*at));
    found.map_or(line.len(), |(at, _)| at)
}

impl RequirementsTxt {
    fn line(&mut self, line: &str, origin: &str) {
        if line.starts_with('-') {
            return self.option(line, origin);
        }
        let (spec, options) = line.find(" --").map_or((line, ""), |at| line.split_at(at));
        let spec = spec.trim();
        if looks_like_place(spec) {
            let message = format!("`{spec}` is a file or an address, not a named requirement");
            return self.tell(
                Finding::error("requirement-not-named", message)
                    .with_hint("name it: NAME @ URL, or give the file itself to the command"),
                origin,
            );
        }
        let (requirement, finding) = requirement::parse(spec, origin);
        self.findings.extend(finding);
        let Some(requirement) = requirement else {
            return;
        };
        self.requirements.push(Line {
            requirement,
            hashes: hashes(options),
            origin: origin.to_owned(),
        });
    }

    fn option(&mut self, line: &str, origin: &str) {
        let end = line.find(|c: char| c == '=' || c.is_whitespace());
        let (name, value) = line.split_at(end.unwrap_or(line.len()));
        let value = value.trim_start_matches(|c: char| c == '=' || c.is_whitespace());
        let (name, value) = match (name, value) {
            // `-rfile` without a space.
            (short, "") if !short.starts_with("--") => {
                short.split_at_checked(2).unwrap_or((short, ""))
            }
            both => both,
        };
        match name {
            "-r" | "--requirement" => self.include(value, false, origin),
            "-c" | "--constraint" => self.include(value, true, origin),
            "-e" | "--editable" => {
                let message = format!("the editable requirement `{value}` is left out");
                let finding = Finding::error("requirement-editable", message);
                self.tell(
                    finding.with_hint("give its project directory to the command"),
                    origin,
                );
            }
            _ => {
                let message = format!("the option {name} of the requirements file is ignored");
                self.tell(
                    Finding::warning("requirements-option-ignored", message),
                    origin,
                );
            }
        }
    }

    fn include(&mut self, path: &str, constraint: bool, origin: &str) {
        if path.is_empty() {
            let finding = Finding::error("requirements-include-empty", "the option names no file");
            return self.tell(finding, origin);
        }
        self.includes.push(Include {
            path: path.trim_matches(['"', '\'']).to_owned(),
            constraint,
            origin: origin.to_owned(),
        });
    }

    fn tell(&mut self, finding: Finding, origin: &str) {
        self.findings.push(finding.with_origin(origin));
    }
}

/// The `--hash` options.
fn hashes(options: &str) -> Vec<String> {
    let mut words = options.split_whitespace();
    let mut hashes = Vec::new();
    while let Some(word) = words.next() {
        match word.strip_prefix("--hash") {
            Some("") => hashes.extend(words.next().map(str::to_owned)),
            Some(rest) => hashes.extend(rest.strip_prefix('=').map(str::to_owned)),
            None => {}
        }
    }
    hashes
}

/// A URL or a path where a name should be.
fn looks_like_place(spec: &str) -> bool {
    let named = spec
        .split_once('@')
        .is_some_and(|(name, _)| !name.contains([':', '/']));
    let archive = |s: &str| s.ends_with(".whl") || s.ends_with(".tar.gz") || s.ends_with(".zip");
    !named && (spec.contains("://") || spec.starts_with(['.', '/', '~']) || archive(spec))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// One line for each requirement, include and finding.
    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let file = parse(text, "r.txt");
        let requirements = file.requirements.iter().map(|line| {
            let hashes: String = line.hashes.iter().map(|h| format!(" {h}")).collect();
            format!("{} {}{hashes}", line.origin, line.requirement)
        });
        let includes = file.includes.iter().map(|i| {
            format!(
                "{} {} {}",
                i.origin,
                if i.constraint { "-c" } else { "-r" },
                i.path
            )
        });
        let findings = file
            .findings
            .iter()
            .map(|f| format!("{} {}", f.origin.as_deref().unwrap(), f.code));
        let got: Vec<String> = requirements.chain(includes).chain(findings).collect();
        assert_eq!(got, expect, "{text:?}");
    }

    #[test]
    fn requirements() {
        check("", &[]);
        check(
            "\u{feff}flask\r\n\r\n# no\nrequests >= 2 # yes\n",
            &["r.txt:1 flask", "r.txt:4 requests>=2"],
        );
        check("a \\\n >=1\nb", &["r.txt:1 a>=1", "r.txt:3 b"]);
        check(
            "a==1 \\\n  --hash=sha256:00 \\\n  --hash sha256:11\n",
            &["r.txt:1 a==1 sha256:00 sha256:11"],
        );
        check(
            "a @ https://files.example/a.zip#egg=a",
            &["r.txt:1 a @ https://files.example/a.zip#egg=a"],
        );
        check("a; os_name == 'x'", &["r.txt:1 a ; os_name == 'x'"]);
        check("# a \\\nb", &["r.txt:2 b"]);
    }

    #[test]
    fn includes_are_for_the_caller() {
        check(
            "-r base.txt\n--requirement=x y.txt\n-cz.txt\n-r",
            &[
                "r.txt:1 -r base.txt",
                "r.txt:2 -r x y.txt",
                "r.txt:3 -c z.txt",
                "r.txt:4 requirements-include-empty",
            ],
        );
    }

    #[test]
    fn what_is_left_out_is_told() {
        check("-e .\n", &["r.txt:1 requirement-editable"]);
        check("./dir\n", &["r.txt:1 requirement-not-named"]);
        check(
            "git+https://vcs.example/a",
            &["r.txt:1 requirement-not-named"],
        );
        check("a-1.0.whl", &["r.txt:1 requirement-not-named"]);
        check(
            "--no-binary :all:",
            &["r.txt:1 requirements-option-ignored"],
        );
        check("a b c", &["r.txt:1 requirement-unreadable"]);
    }

    proptest! {
        #[test]
        fn total(text in "(-r|-c|-e|--hash|#|\\\\\n|\n|=| |\\PC{0,6}){0,20}") {
            let _ = parse(&text, "r");
        }
    }
}
