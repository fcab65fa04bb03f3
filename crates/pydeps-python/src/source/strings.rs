//! String literals of Python: where one ends, and what its value is.

/// So deep may formatted strings be nested, as in CPython.
const MAX_NESTING: usize = 150;

/// What the end of a string literal is looked for in.
#[derive(Clone, Copy)]
enum Inside {
    /// The characters of a string.
    Text(Quotes),
    /// An expression of a formatted string, in so many brackets of its own.
    Field { depth: usize },
    /// What follows the colon in such a field, within a string of these quotes.
    Format(Quotes),
}

#[derive(Clone, Copy)]
struct Quotes {
    quote: u8,
    triple: bool,
    formatted: bool,
}

impl Quotes {
    /// The quotes that a text begins with.
    fn of(text: &[u8], formatted: bool) -> Self {
        let quote = text.first().copied().unwrap_or_default();
        Self {
            quote,
            triple: text.starts_with(&[quote; 3]),
            formatted,
        }
    }

    fn width(self) -> usize {
        if self.triple { 3 } else { 1 }
    }

    /// Whether they are closed here.
    fn close(self, rest: &[u8]) -> bool {
        rest.starts_with(&[self.quote; 3][..self.width()])
    }

    /// Whether the line ends here, and the string with it, though it is not closed.
    fn break_off(self, rest: &[u8]) -> bool {
        !self.triple && matches!(rest.first(), Some(b'\n' | b'\r'))
    }
}

/// The length in bytes of the literal that a text begins with, and its body; no body where
/// nothing closes it. It then ends with its line, or, of three quotes, with the text.
pub(super) fn literal(text: &str, formatted: bool) -> (usize, Option<&str>) {
    let bytes = text.as_bytes();
    let quotes = Quotes::of(bytes, formatted);
    match end(bytes, quotes) {
        Ok(end) => (end, text.get(quotes.width()..end - quotes.width())),
        Err(end) => (end, None),
    }
}

/// Where a string ends after its closing quotes; the error is where it breaks off.
fn end(bytes: &[u8], quotes: Quotes) -> Result<usize, usize> {
    let mut stack = vec![Inside::Text(quotes)];
    let mut at = quotes.width();
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        match stack.last().copied() {
            Some(Inside::Text(own) | Inside::Format(own)) if own.break_off(rest) => return Err(at),
            Some(Inside::Text(own)) => at += in_text(own, rest, &mut stack),
            Some(Inside::Format(own)) => at += in_format(own, rest, &mut stack),
            Some(Inside::Field { depth }) => at += in_field(depth, bytes, at, &mut stack),
            None => return Ok(at),
        }
    }
    match stack.is_empty() {
        true => Ok(at),
        false => Err(bytes.len()),
    }
}

/// Reads on in the characters of a string, and says how many bytes were read.
fn in_text(own: Quotes, rest: &[u8], stack: &mut Vec<Inside>) -> usize {
    if own.close(rest) {
        stack.pop();
        return own.width();
    }
    match rest {
        [b'\\', b'\r', b'\n', ..] => 3,
        [b'\\', ..] => 2,
        [b'{', b'{', ..] if own.formatted => 2,
        [b'{', ..] if own.formatted => open(Inside::Field { depth: 0 }, 1, stack),
        _ => 1,
    }
}

fn in_format(own: Quotes, rest: &[u8], stack: &mut Vec<Inside>) -> usize {
    if own.close(rest) {
        stack.pop();
        return 0;
    }
    match rest[0] {
        b'{' => return open(Inside::Field { depth: 0 }, 1, stack),
        b'}' => drop(stack.pop()),
        _ => {}
    }
    1
}

fn in_field(depth: usize, bytes: &[u8], at: usize, stack: &mut Vec<Inside>) -> usize {
    let now = match bytes[at] {
        b'"' | b'\'' => {
            let word = bytes[..at].iter().rev().take(2);
            let mut word = word.take_while(|byte| byte.is_ascii_alphabetic());
            let quotes = Quotes::of(&bytes[at..], word.any(|byte| b"fFtT".contains(byte)));
            return open(Inside::Text(quotes), quotes.width(), stack);
        }
        b'(' | b'[' | b'{' => Inside::Field { depth: depth + 1 },
        b')' | b']' | b'}' if depth > 0 => Inside::Field { depth: depth - 1 },
        b'}' => {
            stack.pop();
            return 1;
        }
        b':' if depth == 0 => match stack.iter().rev().nth(1) {
            Some(Inside::Text(own) | Inside::Format(own)) => Inside::Format(*own),
            _ => return 1,
        },
        _ => return 1,
    };
    stack.pop();
    stack.push(now);
    1
}

fn open(inside: Inside, width: usize, stack: &mut Vec<Inside>) -> usize {
    if stack.len() < MAX_NESTING {
        stack.push(inside);
    }
    width
}

/// The value of a literal's body. An escape that Python does not know, and the name of a
/// character (`\N{…}`), stay as they are written.
pub(super) fn value(body: &str, raw: bool) -> String {
    let body = body.replace("\r\n", "\n");
    if raw || !body.contains('\\') {
        return body;
    }
    let mut value = String::with_capacity(body.len());
    let mut rest = body.as_str();
    while let Some((before, after)) = rest.split_once('\\') {
        value.push_str(before);
        let (character, length) = escape(after);
        value.extend(character);
        rest = after.get(length..).unwrap_or_default();
    }
    value + rest
}

/// What an escape stands for, and how many bytes follow its backslash.
fn escape(after: &str) -> (Option<char>, usize) {
    let next = after.chars().next().unwrap_or('\\');
    let digits = |radix, limit: usize| {
        let is_digit = |c: &char| c.is_digit(radix);
        after
            .chars()
            .skip(usize::from(radix == 16))
            .take(limit)
            .take_while(is_digit)
            .count()
    };
    let code = |digits: &str, radix| {
        let number = u32::from_str_radix(digits, radix).unwrap_or_default();
        Some(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
    };
    let simple = match next {
        '\n' => return (None, 1),
        '\\' | '\'' | '"' => next,
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '0'..='7' => {
            let length = digits(8, 3);
            return (code(&after[..length], 8), length);
        }
        'x' | 'u' | 'U' => {
            let length = match next {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            return match digits(16, length) == length {
                true => (code(&after[1..=length], 16), 1 + length),
                false => (Some('\\'), 0),
            };
        }
        _ => return (Some('\\'), 0),
    };
    (Some(simple), next.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, formatted: bool, expect: Option<&str>, after: &str) {
        let (length, body) = literal(text, formatted);
        assert_eq!((body, &text[length..]), (expect, after), "{text}");
    }

    #[test]
    fn ends() {
        check("'a' b", false, Some("a"), " b");
        check("''x", false, Some(""), "x");
        check(r"'it\'s'x", false, Some(r"it\'s"), "x");
        check("'a\nb'", false, None, "\nb'");
        check("'a\\\r\nb'x", false, Some("a\\\r\nb"), "x");
        check("'''a'\n''b'''x", false, Some("a'\n''b"), "x");
        check("'''a", false, None, "");
        check("'a\\", false, None, "");
        check("'\\é'x", false, Some("\\é"), "x");
    }

    #[test]
    fn ends_of_formatted_strings() {
        check("'{a}'x", true, Some("{a}"), "x");
        check("'{{'x", true, Some("{{"), "x");
        check("'{a['b']}'x", true, Some("{a['b']}"), "x");
        check("'{a:'x", true, Some("{a:"), "x");
        check("\"{a:'^{b}}\"x", true, Some("{a:'^{b}}"), "x");
        check("'{f'{'('}'}'x", true, Some("{f'{'('}'}"), "x");
        check("'{a\n}'x", true, Some("{a\n}"), "x");
        check("'{ {1: 2}[1] }'x", true, Some("{ {1: 2}[1] }"), "x");
    }

    #[test]
    fn values() {
        let check = |body, expect: &str| assert_eq!(value(body, false), expect, "{body}");
        check("a", "a");
        check(r#"\n\t\\\'\""#, "\n\t\\'\"");
        check(r"\x41\u00e9\U0001f600\101\0", "Aé😀A\0");
        check("a\\\nb\r\nc", "ab\nc");
        check(r"\d\x4\N{DIGIT ONE}\ud800", "\\d\\x4\\N{DIGIT ONE}\u{fffd}");
        check("\\", "\\");
        assert_eq!(value(r"\n", true), r"\n");
    }
}
