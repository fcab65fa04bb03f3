//! pip's configuration files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pydeps_python::ini::Ini;

use super::{ConfigError, Env};

/// The sections that matter here; later ones override earlier ones.
const SECTIONS: [&str; 3] = ["global", "download", "install"];

/// A section's name and its values.
type Section = (&'static str, BTreeMap<String, String>);

/// What pip's configuration files say together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PipConf {
    values: BTreeMap<String, String>,
}

impl PipConf {
    /// Reads the files that pip reads, in its order. Files that are not there, or
    /// not for this user to read, say nothing.
    pub fn load(env: &Env) -> Result<Self, ConfigError> {
        let mut by_section: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
        for path in paths(env) {
            let Ok(text) = fs_err::read_to_string(&path) else {
                continue;
            };
            for (section, values) in parse(&text, &path.display().to_string())? {
                by_section.entry(section).or_default().extend(values);
            }
        }
        let merged = SECTIONS.iter().filter_map(|s| by_section.remove(s));
        Ok(Self {
            values: merged.flatten().collect(),
        })
    }

    /// A value, if it is set and not empty.
    pub fn get(&self, key: &str) -> Option<&str> {
        let value = self.values.get(key)?.trim();
        (!value.is_empty()).then_some(value)
    }
}

/// Global, user, environment, then `PIP_CONFIG_FILE`; the null device there
/// switches all of them off.
fn paths(env: &Env) -> Vec<PathBuf> {
    let extra = env.var("PIP_CONFIG_FILE").map(PathBuf::from);
    if extra.as_deref() == Some(Path::new("/dev/null")) {
        return Vec::new();
    }
    let config_dirs = env.var("XDG_CONFIG_DIRS").unwrap_or("/etc/xdg");
    let global = config_dirs.split(':').filter(|d| !d.is_empty());
    let mut paths: Vec<PathBuf> = global
        .map(|dir| Path::new(dir).join("pip/pip.conf"))
        .chain([PathBuf::from("/etc/pip.conf")])
        .map(|path| env.root.join(path.strip_prefix("/").unwrap_or(&path)))
        .collect();
    let home = env.home();
    paths.extend(home.as_ref().map(|home| home.join(".pip/pip.conf")));
    let xdg = env.var("XDG_CONFIG_HOME").map(PathBuf::from);
    let xdg = xdg.or_else(|| Some(home?.join(".config")));
    paths.extend(xdg.map(|dir| dir.join("pip/pip.conf")));
    paths.extend(
        env.var("VIRTUAL_ENV")
            .map(|dir| Path::new(dir).join("pip.conf")),
    );
    paths.extend(extra);
    paths
}

/// The known sections of one file. Keys are normalised as pip does it; a value may
/// go on over indented lines.
fn parse(text: &str, path: &str) -> Result<Vec<Section>, ConfigError> {
    let file = Ini::parse(text).map_err(|error| ConfigError::BadFile {
        path: format!("{path}:{}", error.line),
        reason: format!("{}; `pip config debug` shows what pip reads", error.problem),
    })?;
    let mut sections = Vec::new();
    for section in SECTIONS {
        let value = |option| Some((normalised(option), file.get(section, option)?.to_owned()));
        let options = file.options(section).into_iter().filter_map(value);
        sections.push((section, options.collect()));
    }
    Ok(sections)
}

fn normalised(option: &str) -> String {
    option.to_lowercase().replace('_', "-")
}
