//! What is read off the generated files themselves. Pure.

/// What people write for a licence → how the short names of it begin in lower case
/// (copyright format 1.0, section 7.2).
const LICENCES: &[(&str, &[&str])] = &[
    ("mit", &["expat", "mit"]),
    ("apache", &["apache-2.0"]),
    ("bsd", &["bsd-"]),
    ("isc", &["isc"]),
    ("mpl", &["mpl-"]),
    ("lgpl", &["lgpl-"]),
    ("agpl", &["agpl-"]),
    ("gpl", &["gpl-"]),
    ("psf", &["psf", "python-"]),
    ("python", &["psf", "python-"]),
    ("zpl", &["zpl", "zope"]),
    ("unlicense", &["unlicense", "public-domain"]),
    ("public", &["public-domain"]),
];

/// What is wrong with the licence in debian/copyright.
pub(super) fn licence(copyright: &str, expected: Option<&str>) -> Option<String> {
    let Some(found) = main_licence(copyright) else {
        return Some("no licence for Files: *".to_owned());
    };
    let expected = expected?.to_lowercase();
    let key = |(name, _): &&(&str, &[&str])| expected.starts_with(name);
    let starts: Vec<&str> = match LICENCES.iter().find(key) {
        Some((_, starts)) => starts.to_vec(),
        None => vec![expected.as_str()],
    };
    let lower = found.to_lowercase();
    let fits = starts.iter().any(|start| lower.starts_with(start));
    (!fits).then(|| format!("{found} instead of {expected}"))
}

/// The short name of the stanza `Files: *`.
fn main_licence(copyright: &str) -> Option<String> {
    let mut stanzas = copyright.split("\n\n");
    let stanza = stanzas.find(|stanza| stanza.lines().any(|line| line.trim_end() == "Files: *"))?;
    let line = stanza
        .lines()
        .find_map(|line| line.strip_prefix("License:"))?;
    let name = line.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Placeholders in a file below debian/, with the number of the line.
pub(super) fn placeholders(path: &str, text: &str) -> Vec<String> {
    // The text of a licence has its own, such as GPL's "<name of author>".
    let counts = |line: &str| path != "copyright" || !line.starts_with(' ');
    let lines = text.lines().enumerate().filter(|(_, line)| counts(line));
    lines
        .filter_map(|(at, line)| {
            placeholder(line).map(|found| format!("debian/{path}:{}: {found}", at + 1))
        })
        .collect()
}

fn placeholder(line: &str) -> Option<String> {
    let word = |word: &&str| ["TODO", "FIXME", "XXX"].contains(word) || word.starts_with("NNNN");
    let mut words = line.split(|c: char| !c.is_ascii_alphanumeric());
    if let Some(found) = words.find(|one| word(one)) {
        return Some(found.to_owned());
    }
    let inside = line
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>'));
    let mut inside = inside.map(|(text, _)| text);
    inside
        .find(|text| is_slot(text))
        .map(|text| format!("<{text}>"))
}

/// `<insert a name here>`, and neither an address nor a build profile.
fn is_slot(text: &str) -> bool {
    const PROFILES: [&str; 8] = [
        "nocheck", "nodoc", "cross", "noudeb", "nopython", "nogir", "stage1", "stage2",
    ];
    let plain = |c: char| c.is_ascii_alphanumeric() || " _-".contains(c);
    text.len() > 2 && text.chars().all(plain) && !PROFILES.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_licence(short: &str, expected: &str, expect: Option<&str>) {
        let text = format!(
            "Format: x\n\nFiles: debian/*\nLicense: other\n\nFiles: *\nCopyright: x\nLicense: {short}\n text\n"
        );
        assert_eq!(licence(&text, Some(expected)).as_deref(), expect);
    }

    #[test]
    fn licences() {
        check_licence("Expat", "MIT", None);
        check_licence("Apache-2.0", "Apache", None);
        check_licence("BSD-3-clause", "BSD", None);
        check_licence("GPL-3+", "GPLv3", None);
        check_licence("GPL-3+", "LGPL", Some("GPL-3+ instead of lgpl"));
        check_licence("", "MIT", Some("no licence for Files: *"));
    }

    #[track_caller]
    fn check(path: &str, line: &str, expect: &[&str]) {
        assert_eq!(placeholders(path, line), expect, "{line}");
    }

    #[test]
    fn slots() {
        check("control", " python3-x <!nocheck>, y <nodoc>", &[]);
        check("control", "Maintainer: A <a@example.org>", &[]);
        check(
            "control",
            "X: <insert up to 60 chars>",
            &["debian/control:1: <insert up to 60 chars>"],
        );
        check(
            "control",
            "Description: <insert text>",
            &["debian/control:1: <insert text>"],
        );
        check(
            "changelog",
            "  * Closes: #NNNN",
            &["debian/changelog:1: NNNN"],
        );
        check(
            "copyright",
            "Copyright: <year>",
            &["debian/copyright:1: <year>"],
        );
        check("copyright", "  <year> of the licence", &[]);
        check("rules", "# TODO: tests", &["debian/rules:1: TODO"]);
    }
}
