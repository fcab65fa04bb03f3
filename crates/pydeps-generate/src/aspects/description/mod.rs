//! `Description` of a package: Debian Policy 3.4 and 5.6.13, and Developer's Reference 6.2.
//!
//! A README is written for a page on the web; a description is a few paragraphs of prose for
//! somebody who decides whether to install a package. So only prose is taken, from the top
//! and from sections that say what the thing is.

mod blocks;
mod markdown;
mod prose;
mod rst;
mod synopsis;
#[cfg(test)]
mod tests;

use pydeps_core::finding::Finding;

use pydeps_core::wrap;

/// What the metadata say of a release.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The distribution's name, as it spells it.
    pub name: &'a str,
    /// `Summary`.
    pub summary: Option<&'a str>,
    /// `Description`, mostly a README.
    pub description: Option<&'a str>,
    /// `Description-Content-Type`: `text/markdown`, `text/x-rst`, `text/plain`, with
    /// parameters. Without one a guess is made.
    pub content_type: Option<&'a str>,
}

/// What a binary package holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role<'a> {
    /// Modules to import.
    Library,
    /// Programs to run, by name.
    Programs(&'a [&'a str]),
    /// Documentation.
    Documentation,
}

/// A description as it goes into debian/control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// The first line: less than 80 characters, no article, no full stop.
    pub synopsis: String,
    /// The further lines, each with the blank it begins with, and ` .` between paragraphs.
    /// At most 80 columns, never empty, no newline at the end.
    pub extended: String,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl Description {
    /// The value of the field.
    pub fn field(&self) -> String {
        format!("{}\n{}", self.synopsis, self.extended)
    }
}

/// Columns of a line without the blank before it.
const WIDTH: usize = 78;

/// Describes a binary package.
pub fn describe(about: &About<'_>, package: &str, role: Role<'_>) -> Description {
    let blocks = blocks_of(about);
    let mut paragraphs = prose::select(&blocks, about);
    let mut findings = Vec::new();
    let synopsis = synopsis::write(about, package, &blocks, &mut findings);
    paragraphs.retain(|paragraph| !paragraph.repeats(&synopsis));
    if paragraphs.is_empty() {
        paragraphs.push(blocks::Paragraph::text(from_summary(about, &synopsis)));
    }
    paragraphs.push(blocks::Paragraph::text(closing(role)));
    let laid: Vec<String> = paragraphs.iter().map(laid_out).collect();
    Description {
        extended: laid.join("\n .\n"),
        synopsis: for_role(synopsis, role),
        findings,
    }
}

/// The blocks of a README in whatever markup it is.
fn blocks_of(about: &About<'_>) -> Vec<blocks::Block> {
    let text = about.description.unwrap_or_default();
    let kind = about.content_type.unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("text/markdown") || (kind.is_empty() && looks_like_markdown(text)) {
        markdown::read(text)
    } else {
        // Plain text has paragraphs too, and often a list or a heading like those of RST.
        rst::read(text)
    }
}

fn looks_like_markdown(text: &str) -> bool {
    let signs = ["\n# ", "\n## ", "```", "](http", "[![", "](#"];
    text.starts_with("# ") || signs.iter().any(|sign| text.contains(sign))
}

/// Where the README has no prose.
fn from_summary(about: &About<'_>, synopsis: &str) -> String {
    let whole = about.summary.map(prose::clean).unwrap_or_default();
    let whole = whole.trim_end_matches('.');
    // The synopsis again would be told twice.
    match whole.len() > synopsis.len() + 10 {
        true => format!("{whole}."),
        false => format!("{} is a distribution for Python: {synopsis}.", about.name),
    }
}

/// As Debian's packages of Python modules say it.
fn closing(role: Role<'_>) -> String {
    match role {
        Role::Library => "This package installs the library for Python 3.".to_owned(),
        Role::Documentation => "This package provides the documentation.".to_owned(),
        Role::Programs([one]) => format!("This package provides the command {one}."),
        Role::Programs([]) => "This package provides the program.".to_owned(),
        Role::Programs(all) => {
            let (last, first) = all.split_last().map_or(("", &[][..]), |(l, f)| (*l, f));
            format!(
                "This package provides the commands {} and {last}.",
                first.join(", ")
            )
        }
    }
}

/// No two packages of one source have the same synopsis.
fn for_role(synopsis: String, role: Role<'_>) -> String {
    if role != Role::Documentation {
        return synopsis;
    }
    let end = " - documentation";
    format!(
        "{}{end}",
        synopsis::shortened(&synopsis, synopsis::MAX - end.len())
    )
}

fn laid_out(paragraph: &blocks::Paragraph) -> String {
    let mut lines = Vec::new();
    match paragraph {
        blocks::Paragraph::Text(text) => {
            let text = prose::safe_first(text);
            let filled = prose::safe_starts(wrap::lines(&text, WIDTH));
            lines.extend(filled.into_iter().map(|line| format!(" {line}")));
        }
        blocks::Paragraph::List(items) => {
            for item in items {
                let filled = wrap::lines(item, WIDTH - 4);
                for (at, line) in filled.into_iter().enumerate() {
                    let mark = if at == 0 { "- " } else { "  " };
                    lines.push(format!("  {mark}{line}"));
                }
            }
        }
    }
    lines.join("\n")
}
