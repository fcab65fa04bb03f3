//! What a manual page says beyond the options.

/// One section of one manual page, after the options.
pub struct Section {
    /// The page: empty for the program's own, else the name of a command.
    pub page: &'static str,
    /// The heading, in capitals.
    pub title: &'static str,
    /// Paragraphs before the list, separated by an empty line.
    pub text: &'static str,
    /// A list of terms and what they mean.
    pub entries: &'static [(&'static str, &'static str)],
}

/// The sections, in the order in which they are printed.
pub const SECTIONS: &[Section] = &[Section {
    page: "",
    title: "EXIT STATUS",
    text: "",
    entries: &[
        ("0", "Done."),
        ("1", "The answer is no."),
        ("2", "The command line was not understood."),
        ("3", "Something outside the program is missing or failed."),
    ],
}];
