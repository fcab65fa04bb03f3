//! A README, without its markup.

/// A part of a README.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A heading, the title being one.
    Heading(String),
    /// Prose.
    Paragraph(String),
    /// The items of a list, those in it left out.
    List(Vec<String>),
    /// Code: what comes after it mostly explains it.
    Code,
    /// Tables, images, HTML: of no use, but something stood here.
    Other,
}

/// A part of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Paragraph {
    Text(String),
    List(Vec<String>),
}

impl Paragraph {
    pub(super) fn text(text: String) -> Self {
        Self::Text(text)
    }

    /// Whether it says what the synopsis says, and nothing else.
    pub(super) fn repeats(&self, synopsis: &str) -> bool {
        let letters = |text: &str| {
            let letters = text.chars().filter(|c| c.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect::<String>()
        };
        matches!(self, Self::Text(text) if letters(text) == letters(synopsis))
    }
}
