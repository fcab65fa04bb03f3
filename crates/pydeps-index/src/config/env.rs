//! The process environment as a value.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Environment variables, and the directory that pip's system-wide files are under.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Env {
    variables: BTreeMap<String, String>,
    /// `/`, except in tests.
    pub root: PathBuf,
}

impl Env {
    /// These variables and no others.
    pub fn new<K: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let own = |(key, value): (K, V)| (key.into(), value.into());
        Self {
            variables: variables.into_iter().map(own).collect(),
            root: PathBuf::from("/"),
        }
    }

    /// The variables of this process. Those that are not UTF-8 are left out.
    pub fn from_process() -> Self {
        let text = |(k, v): (std::ffi::OsString, std::ffi::OsString)| {
            Some((k.into_string().ok()?, v.into_string().ok()?))
        };
        Self::new(std::env::vars_os().filter_map(text))
    }

    /// A variable; an empty one is as good as none.
    pub fn var(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?.as_str();
        (!value.is_empty()).then_some(value)
    }

    /// The home directory.
    pub fn home(&self) -> Option<PathBuf> {
        self.var("HOME").map(PathBuf::from)
    }

    /// A path in which a leading `~/` stands for the home directory.
    pub(crate) fn expand(&self, path: &str) -> PathBuf {
        let inside = path
            .strip_prefix("~/")
            .and_then(|rest| Some(self.home()?.join(rest)));
        inside.unwrap_or_else(|| PathBuf::from(path))
    }

    /// All variables.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}
