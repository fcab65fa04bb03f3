//! reStructuredText and plain text, as far as paragraphs, lists and headings go.
//!
//! This reads no directives, tables or roles: it knows them in order to leave them out.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::blocks::Block;

/// The blocks of a text.
pub(super) fn read(text: &str) -> Vec<Block> {
    let text = text.replace('\t', "    ");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut reader = Reader {
        lines: &lines,
        at: 0,
        blocks: Vec::new(),
    };
    while reader.at < lines.len() {
        reader.block();
    }
    reader.blocks
}

struct Reader<'t> {
    lines: &'t [&'t str],
    at: usize,
    blocks: Vec<Block>,
}

impl Reader<'_> {
    fn line(&self, ahead: usize) -> &str {
        self.lines.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn block(&mut self) {
        let line = self.line(0).to_owned();
        if line.is_empty() {
            self.at += 1;
        } else if is_rule(&line) && is_rule(self.line(2)) && !self.line(1).is_empty() {
            self.heading(1, 3);
        } else if is_rule(self.line(1)) && !line.starts_with(' ') {
            self.heading(0, 2);
        } else if is_explicit(&line) || is_table(&line) {
            self.skip();
        } else if marker(line.trim_start()).is_some() && indent(&line) < 9 {
            self.list();
        } else if line.starts_with(' ') {
            self.skip();
        } else {
            self.paragraph();
        }
    }

    fn heading(&mut self, text: usize, lines: usize) {
        let heading = inline(self.line(text).trim());
        self.blocks.push(Block::Heading(heading));
        self.at += lines;
    }

    /// A directive, comment, table or indented block: until a line that is not indented
    /// comes after an empty one.
    fn skip(&mut self) {
        let code = [
            ".. code",
            ".. sourcecode",
            ".. parsed",
            ".. highlight",
            ">>>",
            "$ ",
        ];
        let is_code = code.iter().any(|start| self.line(0).starts_with(start));
        self.blocks
            .push(if is_code { Block::Code } else { Block::Other });
        self.at += 1;
        while self.at < self.lines.len() {
            let line = self.line(0);
            let before = self.lines[self.at - 1];
            if before.is_empty() && !line.is_empty() && !line.starts_with(' ') {
                return;
            }
            if is_explicit(before) && is_explicit(line) {
                return;
            }
            self.at += 1;
        }
    }

    /// Items of the same indentation; what is in them of lists is left out.
    fn list(&mut self) {
        let depth = indent(self.line(0));
        let mut items: Vec<String> = Vec::new();
        let mut inner = false;
        while self.at < self.lines.len() {
            let line = self.line(0);
            let after_blank = self.at > 0 && self.lines[self.at - 1].is_empty();
            let text = marker(line.trim_start()).map(str::to_owned);
            let (depth_here, line) = (indent(line), line.trim().to_owned());
            match text {
                Some(text) if depth_here <= depth => {
                    inner = false;
                    items.push(text);
                }
                Some(_) => inner = true,
                None if line.is_empty() => {}
                None if depth_here <= depth => break,
                None if inner || after_blank => {}
                None => append(&mut items, &line),
            }
            self.at += 1;
        }
        let items = items.iter().map(|item| inline(item)).collect();
        self.blocks.push(Block::List(items));
    }

    fn paragraph(&mut self) {
        let mut words = String::new();
        while !self.line(0).is_empty() {
            words.push_str(self.line(0));
            words.push(' ');
            self.at += 1;
        }
        let words = words.trim();
        match words.strip_suffix("::") {
            Some(before) => {
                self.blocks
                    .push(Block::Paragraph(format!("{}:", inline(before.trim()))));
                self.literal();
            }
            None => self.blocks.push(Block::Paragraph(inline(words))),
        }
    }

    /// What is indented below `::`.
    fn literal(&mut self) {
        while self.at < self.lines.len()
            && (self.line(0).is_empty() || self.line(0).starts_with(' '))
        {
            self.at += 1;
        }
        self.blocks.push(Block::Code);
    }
}

fn append(items: &mut [String], line: &str) {
    if let Some(item) = items.last_mut() {
        item.push(' ');
        item.push_str(line);
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// `=====`, `-----` and the like.
fn is_rule(line: &str) -> bool {
    let mut signs = line.chars();
    let Some(first) = signs.next() else {
        return false;
    };
    line.len() >= 3 && first.is_ascii_punctuation() && signs.all(|sign| sign == first)
}

/// `.. directive::`, `.. |name| image::`, `.. _target:`, a comment, `__ url`, a field.
fn is_explicit(line: &str) -> bool {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| regex(r"^:[A-Za-z][^:`]*:(\s|$)"));
    line == ".." || line.starts_with(".. ") || line.starts_with("__ ") || FIELD.is_match(line)
}

fn is_table(line: &str) -> bool {
    let borders = line.chars().all(|sign| "+-=| ".contains(sign));
    borders || line.starts_with('|') || line.starts_with(">>> ") || line.starts_with("$ ")
}

/// The text of a list item behind its bullet or number.
fn marker(line: &str) -> Option<&str> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:\d{1,2}|#)[.)]\s+"));
    if let Some(found) = NUMBER.find(line) {
        return Some(&line[found.end()..]);
    }
    let bullets = ["* ", "- ", "+ ", "• "];
    bullets
        .iter()
        .find_map(|bullet| line.strip_prefix(bullet))
        .map(str::trim_start)
}

static INLINE: LazyLock<[(Regex, &'static str); 11]> = LazyLock::new(|| {
    [
        (regex(r"``([^`]+)``"), "$1"),
        (regex(r":pep:`(\d+)`"), "PEP $1"),
        (regex(r":rfc:`(\d+)`"), "RFC $1"),
        (regex(r":[\w:.+-]+:`~(?:\w+\.)*(\w+)`"), "$1"),
        (regex(r":[\w:.+-]+:`([^`<]+?)\s*(?:<[^`>]*>)?`"), "$1"),
        (regex(r"`([^`<]+?)\s*<[^`>]*>`__?"), "$1"),
        (regex(r"`([^`]+)`_{0,2}"), "$1"),
        (regex(r"\|[\w .:/-]+\|_{0,2}"), ""),
        (regex(r"\s*\[[#*\w]+\]_"), ""),
        (regex(r"\*\*([^*]+)\*\*"), "$1"),
        (regex(r"(^|[\s(])\*([^*\s][^*]*)\*"), "$1$2"),
    ]
});

/// A pattern of this file.
#[allow(clippy::unwrap_used, reason = "constant; a test uses each")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// The text without inline markup.
fn inline(text: &str) -> String {
    static REFERENCE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\b([A-Za-z][\w-]*[A-Za-z0-9])_(\W|$)"));
    let mut text = text.to_owned();
    for (pattern, by) in INLINE.iter() {
        text = pattern.replace_all(&text, *by).into_owned();
    }
    let plain = |found: &Captures<'_>| format!("{}{}", &found[1], &found[2]);
    REFERENCE
        .replace_all(&text, plain)
        .replace("\\ ", "")
        .replace('\\', "")
}
