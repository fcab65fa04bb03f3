//! The arguments of a call that say where to fetch something, and what stands in for them.

use std::ops::Range;

use super::cmake::{Call, Word};

/// Arguments that are about downloads, with as many values as there may be (ExternalProject).
const DOWNLOAD: [(&str, usize); 25] = [
    ("GIT_REPOSITORY", 1),
    ("GIT_TAG", 1),
    ("GIT_REMOTE_NAME", 1),
    ("GIT_REMOTE_UPDATE_STRATEGY", 1),
    ("GIT_SHALLOW", 1),
    ("GIT_PROGRESS", 1),
    ("GIT_SUBMODULES", usize::MAX),
    ("GIT_SUBMODULES_RECURSE", 1),
    ("GIT_CONFIG", usize::MAX),
    ("URL", usize::MAX),
    ("URL_HASH", 1),
    ("URL_MD5", 1),
    ("DOWNLOAD_NAME", 1),
    ("DOWNLOAD_EXTRACT_TIMESTAMP", 1),
    ("DOWNLOAD_NO_PROGRESS", 1),
    ("TIMEOUT", 1),
    ("INACTIVITY_TIMEOUT", 1),
    ("HTTP_USERNAME", 1),
    ("HTTP_PASSWORD", 1),
    ("HTTP_HEADER", usize::MAX),
    ("TLS_VERIFY", 1),
    ("TLS_VERSION", 1),
    ("TLS_CAINFO", 1),
    ("NETRC", 1),
    ("NETRC_FILE", 1),
];

/// How the other arguments are called, or begin.
const OTHERS: [&str; 27] = [
    "BINARY_DIR",
    "BUILD_",
    "CMAKE_",
    "COMMAND",
    "CONFIGURE_",
    "CVS_",
    "DEPENDS",
    "DOWNLOAD_",
    "EXCLUDE_FROM_ALL",
    "FIND_PACKAGE_ARGS",
    "HG_",
    "INDEPENDENT_STEP_TARGETS",
    "INSTALL_",
    "LIST_SEPARATOR",
    "LOG_",
    "OVERRIDE_FIND_PACKAGE",
    "PATCH_COMMAND",
    "PREFIX",
    "SOURCE_",
    "STAMP_DIR",
    "STEP_TARGETS",
    "SVN_",
    "SYSTEM",
    "TEST_",
    "TMP_DIR",
    "UPDATE_",
    "USES_TERMINAL_",
];

/// Arguments of those who work in the source: a build must leave the one in the package alone.
const IN_SOURCE: [&str; 3] = ["SOURCE_DIR", "PATCH_COMMAND", "BUILD_IN_SOURCE"];

/// The text with another source in some of its calls: the directory that stands with them,
/// below that of the text. All else is as it was.
pub(super) fn with_directories(text: &str, calls: &[(Call<'_>, String)]) -> String {
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for (call, directory) in calls {
        changes.extend(changes_of(text, call, directory));
    }
    let mut edited = String::with_capacity(text.len());
    let mut at = 0;
    for (place, new) in changes {
        edited.push_str(&text[at..place.start]);
        edited.push_str(&new);
        at = place.end;
    }
    edited + &text[at..]
}

fn changes_of(text: &str, call: &Call<'_>, directory: &str) -> Vec<(Range<usize>, String)> {
    let in_source = call.words.iter().any(|word| is_one_of(word, &IN_SOURCE));
    let change = |group: &[&Word<'_>]| {
        let place = group[0].place.start..group[group.len() - 1].place.end;
        let is_main = group.iter().any(|word| is_one_of(word, &super::FROM));
        match is_main {
            true => (place, instead(directory, in_source)),
            false => (with_line(text, place), String::new()),
        }
    };
    groups(&call.words)
        .iter()
        .map(|group| change(group))
        .collect()
}

/// What says where the source is. Who works in it gets a copy.
fn instead(directory: &str, in_source: bool) -> String {
    let directory = format!("${{CMAKE_CURRENT_SOURCE_DIR}}/{directory}");
    match in_source {
        true => format!(
            "DOWNLOAD_COMMAND ${{CMAKE_COMMAND}} -E copy_directory {directory} <SOURCE_DIR>"
        ),
        false => format!("SOURCE_DIR {directory}"),
    }
}

/// The words that are about downloads; those that follow each other are together.
fn groups<'w, 't>(words: &'w [Word<'t>]) -> Vec<Vec<&'w Word<'t>>> {
    let mut groups: Vec<Vec<&Word<'_>>> = Vec::new();
    let (mut values, mut goes_on) = (0, false);
    for word in words {
        if is_keyword(word) {
            let known = DOWNLOAD.iter().find(|(name, _)| *name == word.text);
            values = known.map_or(0, |(_, values)| values.saturating_add(1));
        }
        if values == 0 {
            goes_on = false;
            continue;
        }
        values -= 1;
        match groups.last_mut().filter(|_| goes_on) {
            Some(group) => group.push(word),
            None => groups.push(vec![word]),
        }
        goes_on = true;
    }
    groups
}

fn is_one_of(word: &Word<'_>, names: &[&str]) -> bool {
    !word.quoted && names.contains(&word.text)
}

fn is_keyword(word: &Word<'_>) -> bool {
    let known = DOWNLOAD.iter().any(|(name, _)| *name == word.text);
    let other = |name: &&str| match name.ends_with('_') {
        true => word.text.starts_with(name),
        false => word.text == *name,
    };
    !word.quoted && (known || OTHERS.iter().any(other))
}

/// A place with its line, or the space before it, where something else stands on the line.
fn with_line(text: &str, place: Range<usize>) -> Range<usize> {
    let start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[place.end..].find('\n');
    let end = end.map_or(text.len(), |at| place.end + at + 1);
    let (before, after) = (&text[start..place.start], &text[place.end..end]);
    let is_first = before.trim().is_empty();
    let after_words = after.trim_start();
    // A remark on the same line is about what is taken out.
    let is_last = after_words.is_empty() || is_remark(after_words);
    match (is_first, is_last) {
        (true, true) => start..end,
        (true, false) => place.start..place.end + after.len() - after_words.len(),
        (false, _) => start + before.trim_end().len()..place.end,
    }
}

fn is_remark(text: &str) -> bool {
    text.starts_with('#') && !text.starts_with("#[")
}
