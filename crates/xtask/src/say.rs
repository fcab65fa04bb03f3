//! Talk to the person at the terminal; standard output is left to the tools.

use std::io::Write;

/// The beginning of a long text, on one line; uv explains itself on hundreds.
pub(crate) fn brief(text: &str) -> String {
    const MOST: usize = 300;
    let mut words = text.split_whitespace();
    let mut brief = words.next().unwrap_or_default().to_owned();
    for word in words {
        if brief.len() + word.len() >= MOST {
            return brief + " …";
        }
        brief = brief + " " + word;
    }
    brief
}

/// One line on standard error. A closed terminal is no reason to stop.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_at_a_word() {
        assert_eq!(brief(" a\n   b "), "a b");
        let long = "word ".repeat(99);
        assert!(brief(&long).ends_with("word …"));
        assert!(brief(&long).len() <= 304);
    }
}
