//! Words into lines.

/// Fills each paragraph (they are parted by an empty line) to lines of at most `width`
/// characters; a longer word has a line of its own.
pub fn filled(text: &str, width: usize) -> String {
    let paragraphs = text
        .split("\n\n")
        .map(|paragraph| lines(paragraph, width).join("\n"));
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// The words of one paragraph in lines.
pub fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}
