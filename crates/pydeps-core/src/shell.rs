//! Foreign text as one word of another language, whatever is in it.

/// The text as one word for a POSIX shell: as it is where nothing in it means something to the
/// shell, else in single quotes. Shell files and command lines in hints take foreign text
/// through here only.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%=:,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The text as a string in single quotes of Perl (perlop(1)).
pub fn quoted_for_perl(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The path as one pattern of debhelper's lists of files, such as debian/clean, that matches this
/// path alone (debhelper(7), "SUBSTITUTIONS IN DEBHELPER CONFIG FILES", from level 13 on).
pub fn quoted_for_debhelper(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            ' ' => out.push_str("${Space}"),
            '\t' => out.push_str("${Tab}"),
            '\n' => out.push_str("${Newline}"),
            '$' => out.push_str("${Dollar}"),
            '\\' | '*' | '?' | '[' | ']' | '{' | '}' | '~' | '#' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let check = |text: &str, expect: &str| assert_eq!(quoted(text), expect);
        check("/a/b_1-1.dsc", "/a/b_1-1.dsc");
        check("", "''");
        check("a b", "'a b'");
        check("a'; touch x; '", "'a'\\''; touch x; '\\'''");
        check("$(x)", "'$(x)'");
        check("a\nb", "'a\nb'");
        assert_eq!(quoted_for_debhelper("a/b_1-c.x"), "a/b_1-c.x");
        assert_eq!(
            quoted_for_debhelper("a b/c[1]*$x\\#~"),
            "a${Space}b/c\\[1\\]\\*${Dollar}x\\\\\\#\\~"
        );
        assert_eq!(quoted_for_perl("a'\\b$x"), "'a\\'\\\\b$x'");
    }
}
