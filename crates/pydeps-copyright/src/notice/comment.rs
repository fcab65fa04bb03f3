//! Comments, as far as a notice is in one: in whatever language.

use crate::licence_text;

/// Signs that comments begin with, or that frame them.
const SIGNS: &[char] = &['#', '*', '/', ';', '%', '"', '\'', '!', '<', '-', '|'];

/// A line without the signs that make it a comment.
pub(super) fn bare(line: &str) -> &str {
    let line = line
        .trim()
        .trim_start_matches("dnl ")
        .trim_start_matches("rem ");
    let line = line.trim_start_matches(SIGNS).trim();
    line.trim_end_matches("*/")
        .trim_end_matches("-->")
        .trim_end()
}

/// The signs at the beginning of a line.
fn signs(line: &str) -> &str {
    let line = line.trim();
    let end = line
        .find(|c: char| !SIGNS.contains(&c))
        .unwrap_or(line.len());
    &line[..end]
}

/// The comments in which a licence begins, from there on, without their signs.
pub(super) fn with_licence(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let plain: Vec<&str> = lines.iter().map(|line| bare(line)).collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if !licence_text::begins(&plain, at) {
            at += 1;
            continue;
        }
        let end = end(&lines, at);
        blocks.push(plain[at..end].join("\n"));
        at = end;
    }
    blocks
}

/// Where the comment around this line ends: where lines begin with other signs, or, where
/// they begin with none, where it is closed.
fn end(lines: &[&str], at: usize) -> usize {
    let own = signs(lines[at]);
    let is_outside = |line: &&str| match own.is_empty() {
        true => ["*/", "\"\"\"", "'''", "-->", "=cut", "#}"]
            .iter()
            .any(|end| line.contains(end)),
        false => !line.trim().is_empty() && !signs(line).starts_with(own.get(..1).unwrap_or(own)),
    };
    let rest = lines[at..].iter().position(is_outside);
    rest.map_or(lines.len(), |rest| at + rest.max(1))
}
