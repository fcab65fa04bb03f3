//! What tests of programs need: words of a command line, the files of a directory.

use std::collections::BTreeMap;
use std::path::Path;

use crate::scenario::digest;

/// The words of a command line. `'…'` and `"…"` keep spaces; there is no other magic.
/// The error says what is wrong.
pub fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err(format!("a quote is not closed: `{line}`"));
    }
    words.extend(word);
    Ok(words)
}

/// The files below a directory, by path, each with a digest of its content; what
/// `skip` names is left out. A directory that is not there has no files.
pub fn files_below(directory: &Path, skip: &dyn Fn(&str) -> bool) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    walk(directory, "", skip, &mut files);
    files
}

fn walk(
    top: &Path,
    below: &str,
    skip: &dyn Fn(&str) -> bool,
    files: &mut BTreeMap<String, String>,
) {
    let entries = fs_err::read_dir(top.join(below))
        .into_iter()
        .flatten()
        .flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        if skip(&path) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            files.insert(format!("{path}/"), String::new());
            walk(top, &path, skip, files);
        } else {
            let content = fs_err::read(entry.path()).unwrap_or_default();
            files.insert(path, digest(&content));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_spaces() {
        let found = words("a 'b c'  d\"e f\"g '' ").unwrap();
        assert_eq!(found, ["a", "b c", "de fg", ""]);
        assert!(words("a 'b").is_err());
    }
}
