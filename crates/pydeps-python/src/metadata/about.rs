//! What a release says of itself: the fields of core metadata that resolution has no use
//! for, but a package's description and copyright have.

use pydeps_core::upstream::About;

use super::Headers;
use crate::error::ReadError;

/// Reads the descriptive fields. Only what is no metadata at all is an error.
pub fn about(bytes: &[u8], origin: &str) -> Result<About, ReadError> {
    let headers = Headers::parse(bytes, origin)?;
    let one = |name: &str| headers.first(name);
    let url = |line: String| {
        let (label, url) = line.split_once(',')?;
        Some((label.trim().to_owned(), url.trim().to_owned()))
    };
    let whole = |name: &str| headers.all(name).next().map(|text| unfolded(&text));
    Ok(About {
        name: one("Name"),
        summary: one("Summary"),
        description: whole("Description").or_else(|| body(bytes)),
        description_type: one("Description-Content-Type"),
        homepage: one("Home-page"),
        urls: headers.all("Project-URL").filter_map(url).collect(),
        author: author(
            one("Author").or_else(|| one("Maintainer")),
            one("Author-email").or_else(|| one("Maintainer-email")),
        ),
        licence_expression: one("License-Expression"),
        licence: whole("License"),
        licence_files: headers.all("License-File").collect(),
        classifiers: headers.all("Classifier").collect(),
    })
}

/// A name and an address, which may have names of its own.
fn author(name: Option<String>, address: Option<String>) -> Option<String> {
    match (name, address) {
        (_, Some(address)) if address.contains('<') => Some(address),
        (Some(name), Some(address)) => Some(format!("{name} <{address}>")),
        (name, address) => name.or(address),
    }
}

/// A folded header's lines: distutils puts eight blanks or `       |` before each.
fn unfolded(text: &str) -> String {
    let plain = |line: &str| {
        let rest = line
            .strip_prefix("       |")
            .or_else(|| line.strip_prefix("        "));
        rest.unwrap_or(line).to_owned()
    };
    let lines: Vec<String> = text.lines().map(plain).collect();
    lines.join("\n")
}

/// What follows the headers.
fn body(bytes: &[u8]) -> Option<String> {
    let headers = super::header_block(bytes).len();
    let text = String::from_utf8_lossy(&bytes[headers..]).into_owned();
    (!text.trim().is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors() {
        let text = |text: &str| Some(text.to_owned());
        let both = author(text("J P"), text("j@example.org"));
        assert_eq!(both.as_deref(), Some("J P <j@example.org>"));
        assert_eq!(author(None, text("j@example.org")), text("j@example.org"));
        assert_eq!(author(text("J P"), None), text("J P"));
    }

    #[test]
    fn fields() {
        let text = "Metadata-Version: 2.1\nName: Foo.Bar\nVersion: 1\nSummary: does it\n\
            Project-URL: Source, https://forge.example/foo\nLicense: A\n        B\n\
            Author-email: J P <j@example.org>\nLicense-File: COPYING\n\nLong.\n";
        let about = about(text.as_bytes(), "x").unwrap();
        assert_eq!(about.name.as_deref(), Some("Foo.Bar"));
        assert_eq!(
            about.urls,
            [("Source".to_owned(), "https://forge.example/foo".to_owned())]
        );
        assert_eq!(about.author.as_deref(), Some("J P <j@example.org>"));
        assert_eq!(about.licence.as_deref(), Some("A\nB"));
        assert_eq!(about.licence_files, ["COPYING"]);
        assert_eq!(about.description.as_deref().map(str::trim), Some("Long."));
    }
}
