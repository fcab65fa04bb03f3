//! Curated aliases: distributions that Debian has under another name.

use crate::name::{DebName, DistName};

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// The distribution that is asked for.
    pub distribution: DistName,
    /// The package that does its job; `None` if none does although one looks so.
    pub package: Option<DebName>,
    /// What bounds on it are judged by.
    pub version: AliasVersion,
    /// Why.
    pub reason: String,
}

/// What a bound on an aliased distribution is judged by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AliasVersion {
    /// The version of another distribution, which the package ships.
    Distribution(DistName),
    /// The package's version, read back.
    Debian,
    /// Nothing: any version will do.
    Any,
}

/// The table, in the order of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases(Vec<Alias>);

/// A line that is not an alias.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("aliases, line {line}: {problem}")]
pub struct AliasError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

impl Aliases {
    /// Reads tab-separated lines; `#` begins a comment line.
    pub fn parse(text: &str) -> Result<Self, AliasError> {
        let lines = text.lines().enumerate();
        lines
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(at, line)| {
                parse_line(line).map_err(|problem| AliasError {
                    line: at + 1,
                    problem,
                })
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The table that comes with the suite.
    pub fn built_in() -> Self {
        Self::parse(include_str!("../data/aliases.tsv")).expect("tested")
    }

    /// The alias of a distribution.
    pub fn get(&self, name: &DistName) -> Option<&Alias> {
        self.0.iter().find(|alias| alias.distribution == *name)
    }

    /// Every alias, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = &Alias> {
        self.0.iter()
    }
}

fn parse_line(line: &str) -> Result<Alias, String> {
    let columns: Vec<&str> = line.split('\t').collect();
    let [distribution, package, version, reason] = columns[..] else {
        return Err(format!("{} columns instead of 4", columns.len()));
    };
    Ok(Alias {
        distribution: parse_name(distribution)?,
        package: match package {
            "-" => None,
            name => Some(name.parse().map_err(|error| format!("{error}"))?),
        },
        version: match version.strip_prefix('=') {
            Some(name) => AliasVersion::Distribution(parse_name(name)?),
            None if version == "debian" => AliasVersion::Debian,
            None if version == "any" => AliasVersion::Any,
            None => return Err(format!("`{version}` is not `=NAME`, `debian` or `any`")),
        },
        reason: reason.to_owned(),
    })
}

fn parse_name(name: &str) -> Result<DistName, String> {
    name.parse::<DistName>().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_table_is_sorted_and_explained() {
        let aliases = Aliases::built_in();
        let names: Vec<&DistName> = aliases.iter().map(|alias| &alias.distribution).collect();
        assert!(!names.is_empty());
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        assert!(aliases.iter().all(|alias| alias.reason.len() > 20));
    }

    #[track_caller]
    fn check_error(line: &str, expect: &str) {
        let error = Aliases::parse(&format!("# comment\n\n{line}\n")).unwrap_err();
        assert_eq!(error.to_string(), format!("aliases, line 3: {expect}"));
    }

    #[test]
    fn errors_name_the_line() {
        check_error("a\tb", "2 columns instead of 4");
        check_error("a\tbb\tnone\tx", "`none` is not `=NAME`, `debian` or `any`");
    }
}
