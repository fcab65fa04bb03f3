//! pip's `requirements.txt`.

mod decode;
mod place;
#[cfg(test)]
mod tests;

use pydeps_core::finding::Finding;
use pydeps_core::requirement::Requirement;

use pydeps_core::requirement;

pub use decode::decode;
pub use place::{Place, split_extras};

use place::Unnamed;

/// What a requirements file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequirementsTxt {
    /// The requirements, in order.
    pub requirements: Vec<Line>,
    /// Directories and files that are required, by path.
    pub places: Vec<Place>,
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
    for (at, raw) in decode::lines(text).enumerate() {
        let comment = raw.trim_start().starts_with('#');
        if !open {
            lines.push((at + 1, String::new()));
        }
        let continued = raw.strip_suffix('\\').filter(|_| !comment);
        if let Some((_, line)) = lines.last_mut() {
            // A comment ends a line that goes on, and stays one.
            line.push_str(if comment { " " } else { "" });
            line.push_str(continued.map_or(raw, |part| part.trim_matches('\\')));
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
        if place::is_unnamed(spec) {
            return self.unnamed(spec, origin);
        }
        let (requirement, finding) = requirement::parse(spec, origin);
        self.findings.extend(finding);
        let Some(requirement) = requirement else {
            return;
        };
        if let Some(place) = place::of_requirement(&requirement, origin) {
            return self.places.push(place);
        }
        self.requirements.push(Line {
            requirement,
            hashes: hashes(options),
            origin: origin.to_owned(),
        });
    }

    /// What is to be installed in a form that can be edited; named or not.
    fn editable(&mut self, value: &str, origin: &str) {
        match place::is_named(value) {
            true => self.line(value, origin),
            false => self.unnamed(value, origin),
        }
    }

    /// A path, or an address from which the name is to be seen.
    fn unnamed(&mut self, spec: &str, origin: &str) {
        match place::read(spec, origin) {
            Unnamed::Place(place) => self.places.push(place),
            Unnamed::Requirement(requirement) => {
                let name = &requirement.name;
                let message = format!(
                    "`{name}` is to come from {spec}; any version of that name is taken for it"
                );
                self.tell(
                    Finding::warning("requirement-from-elsewhere", message),
                    origin,
                );
                self.requirements.push(Line {
                    requirement: *requirement,
                    hashes: Vec::new(),
                    origin: origin.to_owned(),
                });
            }
            Unnamed::Nothing(reason) => {
                let finding = Finding::error("requirement-not-named", reason);
                self.tell(finding.with_hint("name it: NAME @ URL"), origin);
            }
        }
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
            "-e" | "--editable" if !value.is_empty() => {
                self.editable(&unquoted(value), origin);
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
            path: unquoted(path),
            constraint,
            origin: origin.to_owned(),
        });
    }

    fn tell(&mut self, finding: Finding, origin: &str) {
        self.findings.push(finding.with_origin(origin));
    }
}

/// A value without the quotes around it, or around its beginning: a marker follows.
fn unquoted(value: &str) -> String {
    let quote = value.chars().next().filter(|one| matches!(one, '"' | '\''));
    let inner = quote.and_then(|quote| value[1..].split_once(quote));
    inner.map_or_else(
        || value.to_owned(),
        |(inner, rest)| format!("{inner}{rest}"),
    )
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
