//! The tokens of Python source, a logical line at a time (Python reference, "Lexical
//! analysis").

use super::strings::{self, literal};

/// What a line is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An identifier or a keyword.
    Name(&'a str),
    /// A string, by its value.
    Text(String),
    /// A number, or a string whose value is not known here: formatted, of bytes, never closed.
    Opaque,
    /// An operator or a delimiter, or a character that Python does not know.
    Operator(&'a str),
}

/// The operators of more than one character, the longest first.
const LONG_OPERATORS: [&str; 24] = [
    "**=", "//=", "<<=", ">>=", "**", "//", "<<", ">>", "==", "!=", "<=", ">=", "<>", "->", ":=",
    "+=", "-=", "*=", "/=", "%=", "@=", "&=", "|=", "^=",
];

/// A logical line: what is in brackets is one line, and comments are left out.
pub(super) struct Line<'a> {
    /// The column at which it begins.
    pub(super) column: usize,
    /// Its tokens; at least one.
    pub(super) tokens: Vec<Token<'a>>,
}

/// The logical lines of a text.
pub(super) struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { rest }
    }

    /// Takes so many bytes, as far as they are whole characters of the text.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Takes the characters that are of a kind.
    fn skip(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !is_part(c));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Takes the spaces before a line, and says how wide they are. A tab goes to the next
    /// multiple of eight, and a form feed to the beginning.
    fn indentation(&mut self) -> usize {
        let space = self.skip(|c| matches!(c, ' ' | '\t' | '\x0c'));
        space.chars().fold(0, |column, c| match c {
            ' ' => column + 1,
            '\t' => (column / 8 + 1) * 8,
            _ => 0,
        })
    }

    /// Takes a token, or what stands between tokens.
    fn token(&mut self) -> Option<Token<'a>> {
        let rest = self.rest;
        let next = rest.chars().next()?;
        if is_space(next) {
            self.take(1);
        } else if next == '#' {
            self.skip(|c| !is_end(c));
        } else if next == '\\' && rest[1..].starts_with(is_end) {
            let length = if rest.starts_with("\\\r\n") { 3 } else { 2 };
            self.take(length);
        } else if next.is_ascii_digit() {
            self.skip(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
            return Some(Token::Opaque);
        } else {
            let word = self.skip(|c| c.is_alphanumeric() || c == '_');
            return Some(match word {
                _ if is_prefix(word) && self.rest.starts_with(['"', '\'']) => self.string(word),
                "" => self.operator(next),
                word => Token::Name(word),
            });
        }
        None
    }

    fn string(&mut self, prefix: &str) -> Token<'a> {
        let formatted = prefix.contains(['f', 'F', 't', 'T']);
        let (length, body) = literal(self.rest, formatted);
        self.take(length);
        let known = body.filter(|_| !formatted && !prefix.contains(['b', 'B']));
        let value = known.map(|body| strings::value(body, prefix.contains(['r', 'R'])));
        value.map_or(Token::Opaque, Token::Text)
    }

    fn operator(&mut self, next: char) -> Token<'a> {
        let mut long = LONG_OPERATORS.iter();
        let may_be_long = self.rest[next.len_utf8()..].starts_with(['=', '*', '/', '<', '>']);
        let long = long.find(|long| may_be_long && self.rest.starts_with(**long));
        Token::Operator(self.take(long.map_or(next.len_utf8(), |long| long.len())))
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        while !self.rest.is_empty() {
            let column = self.indentation();
            let mut tokens = Vec::new();
            let mut depth = 0usize;
            while !self.rest.is_empty() && (depth > 0 || !self.rest.starts_with(is_end)) {
                let token = self.token();
                match token {
                    Some(Token::Operator("(" | "[" | "{")) => depth += 1,
                    Some(Token::Operator(")" | "]" | "}")) => depth = depth.saturating_sub(1),
                    _ => {}
                }
                tokens.extend(token);
            }
            self.take(1);
            if !tokens.is_empty() {
                return Some(Line { column, tokens });
            }
        }
        None
    }
}

fn is_end(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\x0c' | '\n' | '\r')
}

/// Whether a word that stands before quotes belongs to the string.
fn is_prefix(word: &str) -> bool {
    word.len() <= 2 && word.chars().all(|c| "bBfFrRtTuU".contains(c))
}
