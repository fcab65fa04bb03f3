//! The table of releases. Pure.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// One release to try, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Release {
    pub(super) name: String,
    pub(super) version: String,
    /// Modules that have to import.
    pub(super) imports: Vec<String>,
    /// Packages that Depends has to name.
    pub(super) packages: Vec<String>,
    /// Its licence, roughly: `MIT`, `Apache`.
    pub(super) licence: Option<String>,
}

/// Reads the table: a line of names, then lines of values, separated by tabs.
pub(super) fn parse(text: &str) -> Result<Vec<Release>> {
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with("# "));
    let (_, heads) = lines.next().context("the table is empty")?;
    let heads: Vec<&str> = heads
        .trim_start_matches('#')
        .split('\t')
        .map(str::trim)
        .collect();
    let release = |(at, line): (usize, &str)| {
        let cells: BTreeMap<&str, &str> = heads
            .iter()
            .copied()
            .zip(line.split('\t').map(str::trim))
            .collect();
        release(&cells).with_context(|| format!("line {}", at + 1))
    };
    lines.map(release).collect()
}

fn release(cells: &BTreeMap<&str, &str>) -> Result<Release> {
    let cell = |name: &str| {
        let value = cells.get(name).copied().unwrap_or_default();
        (!value.is_empty() && value != "-").then_some(value)
    };
    let (Some(name), Some(version)) = (cell("name"), cell("version")) else {
        bail!("no name or no version");
    };
    let words = |text: &str| {
        text.split([',', ' '])
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    Ok(Release {
        name: name.to_owned(),
        version: version.to_owned(),
        imports: cell("import").map(words).unwrap_or_default(),
        packages: cell("requirements").map(packages).unwrap_or_default(),
        licence: cell("licence_expected").map(str::to_owned),
    })
}

/// `numpy>=1 => python3-numpy ok | …`: what is marked as good.
fn packages(text: &str) -> Vec<String> {
    let answers = text.split(" | ").filter_map(|part| part.split_once("=>"));
    answers
        .filter_map(
            |(_, answer)| match answer.split_whitespace().collect::<Vec<_>>()[..] {
                [package, "ok"] => Some(package.to_owned()),
                _ => None,
            },
        )
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_by_name() {
        let text = "name\tversion\tkind\timport\trequirements\tlicence_expected\n\
            a\t1\tpure\ta a.b\tply<4.0,>=3.4 => python3-ply ok | x => none\tMIT\n\nb\t2\tpure\t-\n";
        let found = parse(text).unwrap();
        assert_eq!(
            found[0],
            Release {
                name: "a".into(),
                version: "1".into(),
                imports: vec!["a".into(), "a.b".into()],
                packages: vec!["python3-ply".into()],
                licence: Some("MIT".into()),
            }
        );
        assert_eq!(found[1].imports, Vec::<String>::new());
    }

    #[test]
    fn a_line_without_version_is_told() {
        let error = parse("name\tversion\na\t\n").unwrap_err();
        assert_eq!(format!("{error:#}"), "line 2: no name or no version");
    }
}
