//! The texts of licences: in full, or by reference to `/usr/share/common-licenses`.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::Finding;

use super::components::{LicenceFile, differ};
use super::main_licence::Main;
use super::short_name::{self, Term, terms};
use crate::licence_text;
use crate::notice::Reader;
use pydeps_core::wrap;

/// Texts at hand, and those that are used.
pub(super) struct Texts {
    common: Vec<String>,
    reader: Reader,
    /// By licence and directory.
    offered: BTreeMap<(String, String), String>,
    /// By short name.
    used: BTreeMap<String, Used>,
}

struct Used {
    term: Term,
    text: Option<String>,
}

impl Texts {
    /// For a suite with these common licences.
    pub(super) fn new(common: &[String]) -> Self {
        Self {
            common: common.to_vec(),
            reader: Reader::default(),
            offered: BTreeMap::new(),
            used: BTreeMap::new(),
        }
    }

    /// A licence file of the directory `root`.
    pub(super) fn offer(&mut self, file: &LicenceFile, root: &str) {
        for found in &file.found {
            let lines: Vec<&str> = file.text.lines().collect();
            let passage = licence_text::terms_only(&lines[found.lines.clone()]);
            self.keep(&found.id, root, passage);
        }
        if file.is_own_text(&[]) {
            self.keep("", root, file.text.trim().to_owned());
        }
    }

    /// The beginning of a file that may hold the text of these licences.
    pub(super) fn offer_header(&mut self, head: &[u8], expression: &str) {
        let wanted: BTreeSet<String> = terms(expression).into_iter().map(|t| base(&t.id)).collect();
        if wanted
            .iter()
            .all(|id| self.offered.contains_key(&(id.clone(), String::new())))
        {
            return;
        }
        let head = String::from_utf8_lossy(head);
        for (id, text) in self.reader.texts(&head) {
            self.keep(&id, "", text);
        }
    }

    fn keep(&mut self, id: &str, root: &str, text: String) {
        self.offered
            .entry((id.to_owned(), root.to_owned()))
            .or_insert(text);
    }

    /// An expression in debian/copyright's words; its licences are used, with the text from
    /// that directory where there is one.
    pub(super) fn named(&mut self, expression: &str, root: &str) -> String {
        let mut names: BTreeMap<Term, String> = BTreeMap::new();
        for term in terms(expression) {
            let name = self.use_text(&term, root);
            names.insert(term, name);
        }
        short_name::expression(expression, |term| {
            names
                .get(term)
                .cloned()
                .unwrap_or_else(|| term.short_name())
        })
    }

    fn use_text(&mut self, term: &Term, root: &str) -> String {
        let name = term.short_name();
        if self.is_common(&term.id).is_some() {
            self.insert(&name, term, None);
            return name;
        }
        let id = base(&term.id);
        let at = |root: &str| self.offered.get(&(id.clone(), root.to_owned())).cloned();
        let text = at(root).or_else(|| at(""));
        if let (Some(used), Some(text)) = (self.used.get_mut(&name), &text) {
            // So far it was only named.
            used.text.get_or_insert_with(|| text.clone());
        }
        let known = self
            .used
            .get(&name)
            .map(|used| used.text.as_deref().unwrap_or_default());
        match (known, text) {
            (Some(known), Some(text)) if differ(known, &text) => {
                let tag = root.rsplit('/').next().unwrap_or(root);
                let tag = if tag.is_empty() { "other" } else { tag };
                let tag = tag.split(['-', '.']).next().unwrap_or(tag);
                let name = format!("{name}~{}", tag.trim_matches('_'));
                self.insert(&name, term, Some(text));
                name
            }
            (Some(_), _) => name,
            (None, text) => {
                self.insert(&name, term, text);
                name
            }
        }
    }

    fn insert(&mut self, name: &str, term: &Term, text: Option<String>) {
        let used = Used {
            term: term.clone(),
            text,
        };
        self.used.entry(name.to_owned()).or_insert(used);
    }

    /// The file in common-licenses, where the suite has it.
    fn is_common(&self, id: &str) -> Option<String> {
        let name = short_name::of(id);
        let name = name.trim_end_matches('+');
        let known = self.common.iter().any(|common| common == name);
        (known && name != "BSD").then(|| name.to_owned())
    }

    /// Stand-alone paragraphs for all licences that were used.
    pub(super) fn finish(self, main: &Main, findings: &mut Vec<Finding>) -> Vec<String> {
        let mut paragraphs = Vec::new();
        for (name, used) in &self.used {
            let text = match (self.is_common(&used.term.id), &used.text) {
                (Some(common), _) => reference(&used.term.id, &common),
                (None, Some(text)) => text.clone(),
                (None, None) => self.stand_in(used, main, findings),
            };
            paragraphs.push(format!("License: {name}\n{}", indented(&text)));
        }
        paragraphs
    }

    /// Where the source has no text: what it has and we do not know, or SPDX's.
    fn stand_in(&self, used: &Used, main: &Main, findings: &mut Vec<Finding>) -> String {
        let id = &used.term.id;
        if id == "LicenseRef-public-domain" {
            return "The files say of themselves that they are in the public domain.".to_owned();
        }
        let unknown = self.offered.get(&(String::new(), String::new()));
        let is_listed = licence_text::standard_text(&base(id)).is_some();
        if let Some(text) = unknown.filter(|_| main.covers(id) && (!is_listed || id == "PSF-2.0")) {
            return text.clone();
        }
        if let Some(text) = licence_text::standard_text(&base(id)) {
            let message = format!("the source has no text of {id}; SPDX's is in debian/copyright");
            findings.push(Finding::info("licence-text-standard", message));
            // Its notice has placeholders, and the holders have a field of their own.
            return licence_text::terms_only(&text.lines().collect::<Vec<_>>());
        }
        let message = format!("{id} is named, but its text is nowhere in the source");
        let finding = Finding::error("licence-text-missing", message);
        findings.push(finding.with_hint("add the text to debian/copyright: policy 12.5 wants it"));
        format!("The source names {id} and does not have its text.")
    }
}

/// The identifier of the text: the GNU licences have one for both choices.
fn base(id: &str) -> String {
    let id = id.trim_end_matches("-only").trim_end_matches("-or-later");
    id.to_owned()
}

/// The notice that the GNU licences ask for, or one sentence; and where the text is.
fn reference(id: &str, common: &str) -> String {
    let place = format!("can be found in\n\"/usr/share/common-licenses/{common}\".");
    let family = match id.split('-').next().unwrap_or_default() {
        "GPL" => "GNU General Public License",
        "LGPL" if id.starts_with("LGPL-2.0") => "GNU Library General Public License",
        "LGPL" => "GNU Lesser General Public License",
        "AGPL" => "GNU Affero General Public License",
        "Apache" => return apache(&place),
        _ => return format!("On Debian systems, the full text of {common}\n{place}"),
    };
    let version = common.rsplit('-').next().unwrap_or_default();
    let choice = match id.ends_with("-or-later") {
        true => format!(
            "either version {version} of\nthe License, or (at your option) any later version."
        ),
        false => format!("version {version} of\nthe License."),
    };
    format!(
        "This program is free software: you can redistribute it and/or modify it\nunder the \
         terms of the {family} as published\nby the Free Software Foundation, {choice}\n\n\
         This program is distributed in the hope that it will be useful, but\nWITHOUT ANY \
         WARRANTY; without even the implied warranty of\nMERCHANTABILITY or FITNESS FOR A \
         PARTICULAR PURPOSE. See the\n{family} for more details.\n\nOn Debian systems, the \
         full text of the {family}\nversion {version} {place}"
    )
}

/// The notice of the Apache licence's appendix.
fn apache(place: &str) -> String {
    format!(
        "Licensed under the Apache License, Version 2.0 (the \"License\"); you may\nnot use \
         this file except in compliance with the License. You may obtain\na copy of the \
         License at\n\n    https://www.apache.org/licenses/LICENSE-2.0\n\nUnless required by \
         applicable law or agreed to in writing, software\ndistributed under the License is \
         distributed on an \"AS IS\" BASIS, WITHOUT\nWARRANTIES OR CONDITIONS OF ANY KIND, \
         either express or implied. See the\nLicense for the specific language governing \
         permissions and limitations\nunder the License.\n\nOn Debian systems, the full text \
         of the Apache License, Version 2.0\n{place}"
    )
}

/// A text with longer lines is filled anew, from each such line to the end of its passage.
const LONG: usize = 80;
/// A line that is shorter was ended by its author.
const FULL: usize = 60;
/// How long lines are then, with their blank.
const WIDTH: usize = 78;

/// As a value that goes on: a blank before each line, ` .` for an empty one.
pub(super) fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(cleaned).collect();
    let passages = lines
        .split(String::is_empty)
        .filter(|lines| !lines.is_empty());
    let passages: Vec<String> = passages.map(passage).collect();
    passages.join(" .\n")
}

fn cleaned(line: &str) -> String {
    let line = line.replace('\t', "    ");
    let line: String = line.chars().filter(|c| !c.is_control()).collect();
    line.trim_end().to_owned()
}

/// Lines without an empty one between them.
fn passage(lines: &[String]) -> String {
    let is_long = |line: &String| line.chars().count() > LONG;
    if !lines.iter().any(is_long) {
        return lines.iter().map(|line| format!(" {line}\n")).collect();
    }
    let goes_on = |a: &String, b: &String| {
        a.chars().count() > FULL && indent(a) == indent(b) && !is_item(b.trim_start())
    };
    lines.chunk_by(goes_on).map(refilled).collect()
}

fn refilled(lines: &[String]) -> String {
    let indent = lines.first().map_or("", |line| indent(line));
    let width = (WIDTH - 1).saturating_sub(indent.len()).max(40);
    let filled = wrap::lines(&lines.join(" "), width);
    filled
        .iter()
        .map(|line| format!(" {indent}{line}\n"))
        .collect()
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// `* …`, `1. …`, `(a) …`.
fn is_item(line: &str) -> bool {
    let word = line.split(' ').next().unwrap_or_default();
    let bare = word.trim_matches(['(', ')', '.', ':']);
    let is_short = bare.chars().count() <= 2 && bare.chars().all(char::is_alphanumeric);
    (word.len() > bare.len() && is_short) || matches!(word, "*" | "-" | "+" | "\u{2022}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(indented(text), expect);
    }

    #[test]
    fn texts_keep_their_lines() {
        check("a\n\n\n\tb  \nc", " a\n .\n     b\n c\n");
    }

    #[test]
    fn long_lines_are_filled_to_the_end_of_their_passage() {
        let words = |count| vec!["word"; count].join(" ");
        let text = format!("{}\nend", words(18));
        check(&text, &format!(" {}\n {} end\n", words(15), words(3)));
    }

    #[test]
    fn items_begin_lines_of_their_own() {
        let long = format!("  1. {}", "word ".repeat(18));
        let got = indented(&format!("{long}\n  2. two\nshort\nlines"));
        assert!(got.ends_with("word\n   2. two\n short\n lines\n"), "{got}");
    }
}
