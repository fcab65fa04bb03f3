//! The difference of two texts, as patch(1) reads it.

use similar::{ChangeTag, TextDiff};

/// How many lines of context a patch has.
const CONTEXT: usize = 3;

/// A unified difference that makes `new` of `old`, the file at `path`. Lines end with a line
/// feed alone, as patch(1) has it, so that a carriage return stays a part of its line.
pub(super) fn unified(path: &str, old: &str, new: &str) -> String {
    let (old, new) = (lines(old), lines(new));
    let mut config = TextDiff::configure();
    let difference = config.newline_terminated(true).diff_slices(&old, &new);
    difference
        .unified_diff()
        .context_radius(CONTEXT)
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}

/// An edited text with the line ends of the original one, which the editor has made line
/// feeds: a line that is still there stays as it was, and a new one ends like the first.
pub(super) fn with_line_ends(original: &str, edited: &str) -> String {
    let edited = as_it_ended(original, edited);
    if !original.contains('\r') {
        return edited.to_owned();
    }
    let old = lines(original);
    let plain: Vec<String> = old.iter().map(|line| line.replace('\r', "")).collect();
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    // Some of them are still there, inside of texts of several lines.
    let edited = edited.replace('\r', "");
    let new = lines(&edited);
    let is_dos = old.first().is_some_and(|line| line.ends_with("\r\n"));
    let changes = TextDiff::configure().diff_slices(&plain, &new);
    let kept = changes
        .iter_all_changes()
        .filter_map(|change| match change.tag() {
            ChangeTag::Delete => None,
            ChangeTag::Equal => change.old_index().map(|at| old[at].to_owned()),
            ChangeTag::Insert if is_dos => Some(change.value().replace('\n', "\r\n")),
            ChangeTag::Insert => Some(change.value().to_owned()),
        });
    kept.collect()
}

/// Without the line end that the editor gives a last line that had none.
fn as_it_ended<'e>(original: &str, edited: &'e str) -> &'e str {
    let last = original.rsplit('\n').next().unwrap_or(original);
    match edited.strip_suffix('\n') {
        Some(cut) if !last.is_empty() && cut.rsplit('\n').next() == Some(last) => cut,
        _ => edited,
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}
