//! The calls of a `CMakeLists.txt` (cmake-language(7)) with their places. Nothing is
//! evaluated, and what is no CMake at all gives no calls, or odd ones.

use std::ops::Range;

/// A call of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call<'t> {
    /// The command, in lower case, as CMake does not tell them apart.
    pub(super) command: String,
    /// Its arguments, also those in parentheses.
    pub(super) words: Vec<Word<'t>>,
}

/// An argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word<'t> {
    /// As it is written, without quotes around it.
    pub(super) text: &'t str,
    /// Whether there are quotes or brackets around it: then it is no keyword.
    pub(super) quoted: bool,
    /// Where it stands, with its quotes.
    pub(super) place: Range<usize>,
}

/// What the text is made of, beside white space and comments.
enum Token<'t> {
    Word(Word<'t>),
    Open,
    Close,
}

/// All calls, in their order.
pub(super) fn calls(text: &str) -> Vec<Call<'_>> {
    let mut calls = Vec::new();
    let mut tokens = Tokens { text, at: 0 };
    let mut before = None;
    while let Some(token) = tokens.next() {
        match (token, before.take()) {
            (Token::Word(word), _) => before = Some(word),
            (Token::Open, Some(command)) => calls.push(Call {
                command: command.text.to_ascii_lowercase(),
                words: arguments(&mut tokens),
            }),
            _ => {}
        }
    }
    calls
}

/// The words up to the parenthesis that closes the call.
fn arguments<'t>(tokens: &mut Tokens<'t>) -> Vec<Word<'t>> {
    let mut words = Vec::new();
    let mut depth = 1;
    for token in tokens {
        match token {
            Token::Word(word) => words.push(word),
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
        }
        if depth == 0 {
            break;
        }
    }
    words
}

struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        self.skip();
        let rest = &self.text[self.at..];
        let start = self.at;
        let (length, margin) = match rest.chars().next()? {
            '(' | ')' => {
                self.at += 1;
                let opens = rest.starts_with('(');
                return Some(if opens { Token::Open } else { Token::Close });
            }
            '"' => (until(rest, 1, |c| c == '"') + 1, 1),
            _ => match bracket(rest) {
                Some((length, margin)) => (length, margin),
                None => (until(rest, 0, ends_word).max(1), 0),
            },
        };
        // A text that is not closed goes on to the end.
        self.at = (start + length).min(self.text.len());
        let inside = start + margin..self.at.saturating_sub(margin).max(start + margin);
        Some(Token::Word(Word {
            text: self.text.get(inside).unwrap_or_default(),
            quoted: margin > 0,
            place: start..self.at,
        }))
    }
}

impl Tokens<'_> {
    /// Goes on to the next token.
    fn skip(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let words = rest.trim_start();
            self.at += rest.len() - words.len();
            let Some(comment) = words.strip_prefix('#') else {
                return;
            };
            let line = || words.find('\n').unwrap_or(words.len());
            let length = bracket(comment).map_or_else(line, |(length, _)| 1 + length);
            self.at = (self.at + length).min(self.text.len());
        }
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || "()#\"".contains(c)
}

/// Where, from a place on, something ends; what a backslash stands before does not count.
fn until(text: &str, from: usize, ends: impl Fn(char) -> bool) -> usize {
    let mut escaped = false;
    let is_end = |(_, c): &(usize, char)| {
        let ended = !escaped && ends(*c);
        escaped = !escaped && *c == '\\';
        ended
    };
    let mut chars = text[from..].char_indices();
    chars.find(is_end).map_or(text.len(), |(at, _)| from + at)
}

/// The length of `[==[ … ]==]` at the beginning, and of each bracket.
fn bracket(text: &str) -> Option<(usize, usize)> {
    let inner = text.strip_prefix('[')?.trim_start_matches('=');
    let margin = text.len() - inner.len() + 1;
    inner.strip_prefix('[')?;
    let close = text[..margin].replace('[', "]");
    let end = text[margin..].find(&close);
    let length = end.map_or(text.len(), |at| margin + at + margin);
    Some((length, margin))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let calls = calls(text).into_iter().map(|call| {
            let words: Vec<&str> = call.words.iter().map(|word| word.text).collect();
            format!("{}: {}", call.command, words.join("|"))
        });
        assert_eq!(calls.collect::<Vec<_>>(), expect, "{text}");
    }

    #[test]
    fn calls_and_their_words() {
        check("project(a)\nSet (B c)", &["project: a", "set: B|c"]);
        check("a(b\n  # c(d)\n  e) # f(g)", &["a: b|e"]);
        check("a(\"b c\" \"d\\\"(e\" f\\ g)", &["a: b c|d\\\"(e|f\\ g"]);
        check("a([[b) c]] [=[d]]e]=] #[[ f\n( ]] g)", &["a: b) c|d]]e|g"]);
        check("if((A OR B) AND ${C})", &["if: A|OR|B|AND|${C}"]);
        check("a(\"\")", &["a: "]);
    }

    #[test]
    fn what_does_not_end() {
        check("a(b", &["a: b"]);
        check("a(\"b", &["a: "]);
        check("a([[b", &["a: "]);
        check(") ( a", &[]);
        check("a(b \\", &["a: b|\\"]);
    }

    proptest! {
        #[test]
        fn places_are_where_words_stand(text in "[a(\"\\\\#\\[\\]= \né)]{0,40}") {
            for word in calls(&text).into_iter().flat_map(|call| call.words) {
                prop_assert!(text[word.place.clone()].contains(word.text));
            }
        }
    }
}
