//! The text of a requirements file, and its lines.

/// The text of a file as pip decodes it: UTF-8, UTF-16 or UTF-32 with a byte order mark, as
/// PowerShell writes it, or Latin-1 or UTF-8 where one of the first two lines is a comment that
/// says so (PEP 263). `None` if it is none of them.
pub fn decode(bytes: &[u8]) -> Option<String> {
    match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => utf32(u32::from_le_bytes, rest),
        [0, 0, 0xfe, 0xff, rest @ ..] => utf32(u32::from_be_bytes, rest),
        [0xff, 0xfe, rest @ ..] => utf16(u16::from_le_bytes, rest),
        [0xfe, 0xff, rest @ ..] => utf16(u16::from_be_bytes, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => match encoding(bytes).as_deref() {
            Some("latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1") => {
                Some(bytes.iter().copied().map(char::from).collect())
            }
            Some("ascii" | "us-ascii") if !bytes.is_ascii() => None,
            Some("utf-8" | "utf8" | "ascii" | "us-ascii") | None => utf8(bytes),
            Some(_) => utf8(bytes).filter(|_| bytes.is_ascii()),
        },
    }
}

fn utf8(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

fn utf16(read: fn([u8; 2]) -> u16, bytes: &[u8]) -> Option<String> {
    let pairs = bytes.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let units: Vec<u16> = pairs.map(|pair| read([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok().filter(|_| whole)
}

fn utf32(read: fn([u8; 4]) -> u32, bytes: &[u8]) -> Option<String> {
    let units = bytes.chunks_exact(4);
    let whole = units.remainder().is_empty();
    let characters = units.map(|unit| char::from_u32(read([unit[0], unit[1], unit[2], unit[3]])));
    characters.collect::<Option<String>>().filter(|_| whole)
}

/// The encoding that a comment in the first two lines names, in lower case with hyphens.
fn encoding(bytes: &[u8]) -> Option<String> {
    let comments = bytes.split(|byte| *byte == b'\n').take(2);
    let mut comments = comments.filter(|line| line.starts_with(b"#"));
    comments.find_map(|line| named_encoding(&String::from_utf8_lossy(line)))
}

/// The name after `coding:` or `coding=`.
fn named_encoding(comment: &str) -> Option<String> {
    let mut after = comment.split("coding").skip(1);
    after.find_map(|rest| {
        let rest = rest.strip_prefix([':', '='])?.trim_start();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase().replace('_', "-");
        (!name.is_empty()).then_some(name)
    })
}

/// The lines of a text as Python's `str.splitlines` gives them.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(is_line_end) else {
            return rest.take();
        };
        let (line, after) = text.split_at(at);
        let width = after.chars().next().map_or(0, char::len_utf8);
        let end = if after.starts_with("\r\n") { 2 } else { width };
        rest = Some(&after[end..]).filter(|after| !after.is_empty());
        Some(line)
    })
}

fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}
