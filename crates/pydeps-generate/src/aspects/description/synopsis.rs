//! The first line of a description.

use std::sync::LazyLock;

use pydeps_core::finding::Finding;
use regex::Regex;

use super::About;
use super::blocks::Block;
use super::prose::{clean, sentences};

/// Less than 80 characters (Policy 3.4.1).
pub(super) const MAX: usize = 79;

/// Words that are no names, so that they begin small.
const COMMON: [&str; 60] = [
    "access",
    "add",
    "all",
    "async",
    "asynchronous",
    "automatic",
    "automatically",
    "backport",
    "basic",
    "better",
    "bindings",
    "build",
    "classes",
    "client",
    "code",
    "collection",
    "command",
    "command-line",
    "common",
    "create",
    "cross-platform",
    "data",
    "efficient",
    "easily",
    "easy",
    "extensible",
    "extension",
    "extensions",
    "fast",
    "fastest",
    "flexible",
    "framework",
    "functional",
    "generate",
    "generic",
    "high-level",
    "high",
    "implementation",
    "interface",
    "library",
    "lightweight",
    "low-level",
    "minimal",
    "modern",
    "module",
    "parse",
    "parser",
    "platform-independent",
    "powerful",
    "provides",
    "pure",
    "pythonic",
    "safe",
    "simple",
    "small",
    "thin",
    "tiny",
    "tools",
    "utilities",
    "wrapper",
];

/// Writes it from the summary, or else from what the README begins with.
pub(super) fn write(
    about: &About<'_>,
    package: &str,
    blocks: &[Block],
    findings: &mut Vec<Finding>,
) -> String {
    let finished = |text: &str| cased(&shortened(&bare(text, about.name, package), MAX), blocks);
    let said = finished(&clean(about.summary.unwrap_or_default()));
    if said.split(' ').count() >= 2 || said.len() > 12 {
        return said;
    }
    let message = format!("{} has no summary of use", about.name);
    let hint = "write the first line of Description in debian/control yourself";
    findings.push(Finding::warning("description-without-summary", message).with_hint(hint));
    let first = blocks.iter().find_map(|block| match block {
        Block::Paragraph(text) => Some(clean(text)),
        _ => None,
    });
    let first = first.unwrap_or_default();
    let first = sentences(&first)
        .first()
        .map_or(String::new(), |sentence| finished(sentence));
    match first.split(' ').count() >= 3 && !first.contains("://") {
        true => first,
        false => shortened(
            &format!("Python library, distributed as {}", about.name),
            MAX,
        ),
    }
}

/// Without article, name, full stop, and "for Python" is left.
fn bare(text: &str, name: &str, package: &str) -> String {
    let mut text = text.trim();
    loop {
        let before = text;
        for name in [name, package, package.trim_start_matches("python3-")] {
            text = without_name(text, name);
        }
        text = without_article(text);
        text = without_frame(text);
        text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && !"('\"".contains(c));
        if text == before {
            break;
        }
    }
    let text = match sentences(text).as_slice() {
        [first, _, ..] if first.len() > 20 => first,
        _ => text,
    };
    text.trim_end_matches(['.', '!', ' ', ':', ',', ';', '-'])
        .to_owned()
}

/// "requests is a", "requests - ", "requests: ".
fn without_name<'t>(text: &'t str, name: &str) -> &'t str {
    let head = text.get(..name.len()).unwrap_or_default();
    if name.is_empty() || !is_same_name(head, name) {
        return text;
    }
    let rest = &text[name.len()..];
    let links = [
        " is ",
        " - ",
        ": ",
        " -- ",
        ", ",
        " provides ",
        " \u{2014} ",
    ];
    match links.iter().find_map(|link| rest.strip_prefix(link)) {
        Some(rest) if rest.split(' ').count() > 1 => rest,
        _ => text,
    }
}

/// However the words of a name are joined.
fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', '.'], " ");
    plain(one) == plain(other)
}

/// "package which provides".
fn without_frame(text: &str) -> &str {
    static FRAME: LazyLock<Regex> = LazyLock::new(|| {
        #[allow(clippy::unwrap_used, reason = "constant; a test uses it")]
        Regex::new(r"^(?i)(?:this )?(?:python )?(?:package|library|module)s? (?:is |which |that )?(?:a |an )?(?:provides|for providing|providing|contains) ").unwrap()
    });
    FRAME.find(text).map_or(text, |frame| &text[frame.end()..])
}

fn without_article(text: &str) -> &str {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    match ["a", "an", "the"].contains(&first.to_lowercase().as_str()) && !rest.is_empty() {
        true => rest,
        false => text,
    }
}

/// Where a long one may end, the best first.
const CUTS: [&str; 13] = [
    ". ",
    "; ",
    " - ",
    " (",
    ": ",
    " that ",
    " which ",
    " with ",
    " using ",
    " combining ",
    ", ",
    " for ",
    " and ",
];
/// What is shorter says too little.
const MIN: usize = 20;

/// Not longer than this, cut where a thought ends.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let end = text
        .char_indices()
        .nth(max)
        .map_or(text.len(), |(at, _)| at);
    let head = &text[..end];
    let last = |cut: &str| head.rfind(cut).filter(|at| *at >= MIN + MIN / 2);
    // Of an enumeration only what comes before it.
    let listed = head
        .get(MIN..)
        .and_then(|rest| rest.find(", "))
        .map(|at| at + MIN);
    // One that is complete may stay.
    let complete = |at: &usize| {
        [", and ", ", or "]
            .iter()
            .any(|end| head[..*at].contains(end))
    };
    let listed = last(", ").filter(complete).or(listed);
    let cut = |cut: &str| if cut == ", " { listed } else { last(cut) };
    let best = CUTS.iter().find_map(|c| cut(c));
    let at = best.or_else(|| head.rfind(' ')).unwrap_or(end);
    let end = |c: char| !c.is_alphanumeric() && c != ')';
    let cut = head[..at].trim_end_matches(end);
    let open = cut.rfind('(').filter(|_| !cut.contains(')'));
    open.map_or(cut, |at| cut[..at].trim_end_matches(end))
        .to_owned()
}

/// With a small letter at the beginning, unless it is a name.
fn cased(text: &str, blocks: &[Block]) -> String {
    let first = text.split([' ', ',']).next().unwrap_or_default();
    let mut letters = first.chars();
    let Some(capital) = letters.next().filter(|c| c.is_uppercase()) else {
        return text.to_owned();
    };
    let rest = letters.as_str();
    let small = first.to_lowercase();
    let is_word = !rest.chars().any(|c| c.is_uppercase() || c.is_ascii_digit());
    let is_known = COMMON.contains(&small.as_str()) || appears(&small, blocks);
    // In a title all words are written so.
    let second = text[first.len()..].trim_start_matches([' ', ',']);
    let is_title = second.chars().next().is_some_and(char::is_uppercase)
        && second.chars().nth(1).is_some_and(char::is_lowercase);
    match is_word && is_known && !is_title && first.len() > 1 {
        true => text.replacen(capital, &capital.to_lowercase().to_string(), 1),
        false => text.to_owned(),
    }
}

/// Whether the README writes it small, and never with a capital within a sentence.
fn appears(word: &str, blocks: &[Block]) -> bool {
    let mut small = false;
    for block in blocks {
        let Block::Paragraph(text) = block else {
            continue;
        };
        let mut before = ".";
        for part in text.split_whitespace() {
            let bare = part.trim_matches(|c: char| !c.is_alphanumeric());
            small |= bare == word;
            let within = !before.ends_with(['.', '!', '?', ':']);
            if within && bare != word && bare.eq_ignore_ascii_case(word) {
                return false;
            }
            before = part;
        }
    }
    small
}
