//! What debian/copyright says of the crates that are packed beside the source: a paragraph for
//! each, and the text of each licence (Debian Policy 12.5; the format of debian/copyright 1.0).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use toml_edit::DocumentMut;

/// Licences that every Debian system has the text of, below /usr/share/common-licenses.
const COMMON: [(&str, &str); 5] = [
    ("Apache-2.0", "Apache-2.0"),
    ("CC0-1.0", "CC0-1.0"),
    ("LGPL-2.1+", "LGPL-2.1"),
    ("LGPL-3+", "LGPL-3"),
    ("MPL-2.0", "MPL-2.0"),
];

/// Names of licences that SPDX and debian/copyright spell differently.
const NAMES: [(&str, &str); 6] = [
    ("MIT", "Expat"),
    ("BSD-2-Clause", "BSD-2-clause"),
    ("BSD-3-Clause", "BSD-3-clause"),
    ("LGPL-2.1-or-later", "LGPL-2.1+"),
    ("LGPL-3.0-or-later", "LGPL-3+"),
    ("Apache-2.0 WITH LLVM-exception", LLVM),
];

const LLVM: &str = "Apache-2.0 with LLVM exception";

/// The paragraphs for the crates of a directory; the texts are those that the crate `spdx`,
/// which is among them, has. Paragraphs of what has a text already are left out.
pub(super) fn paragraphs(vendor: &Path, present: &str) -> Result<String> {
    let (mut text, mut names) = (String::new(), BTreeSet::new());
    for directory in sorted(vendor)? {
        let one = read(&directory).with_context(|| directory.display().to_string())?;
        let path = directory.strip_prefix(vendor)?.display();
        let holders = one.holders.join("\n           ");
        write!(text, "\nFiles: vendor/{path}/*\nCopyright: {holders}\n")?;
        writeln!(text, "License: {}", one.licence)?;
        names.extend(single(&one.licence).map(str::to_owned));
    }
    for name in names {
        let heading = format!("\nLicense: {name}\n");
        if !present.contains(&heading) {
            text += &heading;
            text += &indented(&terms(&vendor.join("spdx/src/text"), &name)?);
        }
    }
    Ok(text)
}

/// What is said of a crate.
#[derive(Debug, PartialEq, Eq)]
struct Crate {
    licence: String,
    holders: Vec<String>,
}

fn read(directory: &Path) -> Result<Crate> {
    let manifest = fs_err::read_to_string(directory.join("Cargo.toml"))?;
    let manifest: DocumentMut = manifest.parse()?;
    let package = &manifest["package"];
    let licence = package.get("license").and_then(|item| item.as_str());
    let licence = licence.context("Cargo.toml has no license")?;
    let mut holders = Vec::new();
    for file in sorted(directory)? {
        if file.is_file() && is_notice(&file) {
            let text = String::from_utf8_lossy(&fs_err::read(file)?).into_owned();
            holders.extend(text.lines().filter_map(holder));
        }
    }
    let authors = package.get("authors").and_then(|item| item.as_array());
    if holders.is_empty() {
        let authors = authors.into_iter().flatten();
        holders.extend(authors.filter_map(|author| Some(author.as_str()?.to_owned())));
    }
    if holders.is_empty() {
        let name = package.get("name").and_then(|item| item.as_str());
        holders.push(format!("the developers of {}", name.unwrap_or_default()));
    }
    let mut seen = BTreeSet::new();
    holders.retain(|holder| seen.insert(holder.clone()));
    Ok(Crate {
        licence: expression(licence),
        holders,
    })
}

fn sorted(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs_err::read_dir(directory)?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn is_notice(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    ["licen", "copying", "copyright", "notice"]
        .iter()
        .any(|start| name.starts_with(start))
}

/// Who holds the copyright, by a line that says so, and since when.
fn holder(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches(['*', '/', '#', ' ']);
    let rest = line.strip_prefix("Copyright ")?;
    let rest = ["(c)", "(C)", "©"]
        .iter()
        .fold(rest, |rest, sign| rest.trim().trim_start_matches(sign));
    let rest = rest.trim();
    let names = rest.starts_with(|first: char| first.is_ascii_digit() || first.is_uppercase());
    names.then(|| rest.to_owned())
}

/// An SPDX expression, as debian/copyright puts it: without brackets; a comma takes the place
/// of those around what is joined by "or".
fn expression(spdx: &str) -> String {
    let mut text = spdx.replace('/', " OR ").replace(") AND ", ", AND ");
    text = text.replace(['(', ')'], "");
    text = text.replace(" OR ", " or ").replace(" AND ", " and ");
    let mut parts: Vec<&str> = text.split(' ').collect();
    parts.retain(|part| !part.is_empty());
    let text = parts.join(" ");
    NAMES.iter().fold(text, |text, (spdx, name)| {
        let renamed = |part: &str| match part.strip_suffix(',') {
            Some(part) if part == *spdx => format!("{name},"),
            _ if part == *spdx => (*name).to_owned(),
            _ => part.to_owned(),
        };
        match spdx.contains(' ') {
            true => text.replace(spdx, name),
            false => Vec::from_iter(text.split(' ').map(renamed)).join(" "),
        }
    })
}

/// The licences of an expression.
fn single(expression: &str) -> impl Iterator<Item = &str> {
    let parts = expression
        .split(" or ")
        .flat_map(|part| part.split(" and "));
    parts.map(|part| part.trim().trim_end_matches(','))
}

fn terms(texts: &Path, name: &str) -> Result<String> {
    if let Some((_, file)) = COMMON.iter().find(|(common, _)| *common == name) {
        return Ok(format!(
            "On Debian systems, the text of this licence is in\n\
             /usr/share/common-licenses/{file}.\n"
        ));
    }
    let spdx: BTreeMap<&str, &str> = NAMES.iter().map(|(spdx, name)| (*name, *spdx)).collect();
    let path = match name {
        LLVM => texts.join("exceptions/LLVM-exception"),
        _ => texts.join("licenses").join(spdx.get(name).unwrap_or(&name)),
    };
    let text = fs_err::read_to_string(path)?;
    let text = text
        .trim()
        .trim_start_matches("r#\"")
        .trim_end_matches("\"#");
    // Whose it is stands in the paragraph of each crate.
    let blank = |line: &str| line.starts_with("Copyright") && line.contains(['<', 'Y']);
    let lines: Vec<&str> = text.lines().filter(|line| !blank(line)).collect();
    match lines.join("\n").trim() {
        "" => bail!("the text of {name} is empty"),
        text if name == LLVM => Ok(format!(
            "The Apache License 2.0, whose text is in /usr/share/common-licenses/Apache-2.0 on\n\
             Debian systems, with this exception:\n\n{text}\n"
        )),
        text => Ok(format!("{text}\n")),
    }
}

/// Lines of a field after its first one.
fn indented(text: &str) -> String {
    let line = |line: &str| match line.trim_end() {
        "" => " .\n".to_owned(),
        line => format!(" {line}\n"),
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions() {
        let check = |spdx, expect| assert_eq!(expression(spdx), expect);
        check("MIT OR Apache-2.0", "Expat or Apache-2.0");
        check("Unlicense/MIT", "Unlicense or Expat");
        check(
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Expat or Apache-2.0, and Unicode-3.0",
        );
        check(
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT",
            "Apache-2.0 with LLVM exception or Apache-2.0 or Expat",
        );
        check("LGPL-3.0-or-later OR MPL-2.0", "LGPL-3+ or MPL-2.0");
    }

    #[test]
    fn holders() {
        let check =
            |line, expect: Option<&str>| assert_eq!(holder(line).as_deref(), expect, "{line}");
        check("Copyright (c) 2014 Alex", Some("2014 Alex"));
        check(
            "   Copyright © 2020-2024 Unicode, Inc.",
            Some("2020-2024 Unicode, Inc."),
        );
        check(
            "Copyright (c) Individual contributors",
            Some("Individual contributors"),
        );
        check("Copyright [yyyy] [name of copyright owner]", None);
        check("Copyright {yyyy} {name}", None);
        check("Copyright (c) <year> <owner>", None);
        check("copyright notice, this list of conditions", None);
        check("Copyrights in the project are retained", None);
    }

    #[test]
    fn a_crate_without_a_notice_is_its_authors() {
        let dir = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| fs_err::write(dir.path().join(file), text).unwrap();
        let manifest = "[package]\nname = \"a\"\nlicense = \"MIT\"\n";
        write("Cargo.toml", manifest);
        assert_eq!(read(dir.path()).unwrap().holders, ["the developers of a"]);
        write(
            "Cargo.toml",
            &format!("{manifest}authors = [\"Ann <a@example.org>\"]\n"),
        );
        assert_eq!(read(dir.path()).unwrap().holders, ["Ann <a@example.org>"]);
        write(
            "LICENSE-MIT",
            "Copyright (c) 2020 Ann\nCopyright (c) 2020 Ann\n\nPermission\n",
        );
        let expect = Crate {
            licence: "Expat".to_owned(),
            holders: vec!["2020 Ann".to_owned()],
        };
        assert_eq!(read(dir.path()).unwrap(), expect);
    }

    #[test]
    fn texts_stand_once_and_without_blanks() {
        let dir = tempfile::tempdir().unwrap();
        let crates = [("a", "MIT"), ("b", "MIT OR Apache-2.0"), ("spdx", "MIT")];
        for (name, licence) in crates {
            fs_err::create_dir_all(dir.path().join(name)).unwrap();
            let text = format!("[package]\nname = \"{name}\"\nlicense = \"{licence}\"\n");
            fs_err::write(dir.path().join(name).join("Cargo.toml"), text).unwrap();
        }
        let texts = dir.path().join("spdx/src/text/licenses");
        fs_err::create_dir_all(&texts).unwrap();
        let mit = "r#\"MIT License\n\nCopyright (c) <year> <holders>\n\nPermission\n\"#";
        fs_err::write(texts.join("MIT"), mit).unwrap();
        let text = paragraphs(dir.path(), "").unwrap();
        let expect = "\nFiles: vendor/a/*\nCopyright: the developers of a\nLicense: Expat\n";
        assert!(text.starts_with(expect), "{text}");
        assert!(text.contains("\nLicense: Expat\n MIT License\n"), "{text}");
        assert!(!text.contains("<year>"), "{text}");
        assert_eq!(text.matches("\nLicense: Apache-2.0\n").count(), 1);
        let text = paragraphs(dir.path(), "\nLicense: Expat\n").unwrap();
        assert_eq!(text.matches("MIT License").count(), 0);
    }
}
