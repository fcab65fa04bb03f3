//! A Debian repository of one suite, written from a few lines of text.
//!
//! ```text
//! suite hazel
//! python 3.13.5-1
//! age 40                                 days since its Release file; 0 without
//! dist requests 2.32.3                   python3-requests 2.32.3-1 has its metadata
//! dist PyYAML 6.0.2 python3-yaml 6.0.2-1+b2
//! private toml 0.10 bigapp 1.0-1         bigapp keeps a copy for itself
//! package python3-thing 1.0-1 python     a package without metadata; section python
//!   provides python3-old-thing
//!   ships usr/include/thing.h            a path in it
//!   depends python3-requests (<< 3)      likewise pre-depends, breaks, conflicts
//! source thing 1.0-1                     a source package
//!   build-depends debhelper-compat (= 13)    likewise with -arch, -indep; build-conflicts
//! backports                              the rows below are of the suite's backports
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::deb::deb;
use crate::scenario::digest;
use crate::scenario_text::split;
use crate::source;

/// What a suite has.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The suite's codename.
    pub suite: String,
    age: i64,
    own: Pocket,
    backports: Option<Pocket>,
}

/// One repository.
#[derive(Clone, Debug, Default)]
struct Pocket {
    packages: BTreeMap<String, Package>,
    sources: BTreeMap<String, Package>,
    /// Path and package.
    paths: Vec<(String, String)>,
}

/// A binary or source package.
#[derive(Clone, Debug, Default)]
struct Package {
    version: String,
    section: String,
    /// Further fields and their values.
    fields: Vec<(&'static str, String)>,
}

/// The package that details are about.
enum Last {
    Binary(String),
    Source(String),
}

const FIELDS: [&str; 5] = ["Provides", "Depends", "Pre-Depends", "Breaks", "Conflicts"];
const SOURCE_FIELDS: [&str; 4] = [
    "Build-Depends",
    "Build-Depends-Arch",
    "Build-Depends-Indep",
    "Build-Conflicts",
];

impl Repository {
    /// Reads the text. The error names the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut repository = Self {
            suite: "hazel".to_owned(),
            age: 0,
            own: Pocket::default(),
            backports: None,
        };
        repository.own.package("python3", "3.13.5-1", "python");
        let mut last = None;
        for (at, line) in text.lines().enumerate() {
            let (word, rest) = split(line);
            if word.is_empty() || word.starts_with('#') {
                continue;
            }
            let words: Vec<&str> = rest.split_whitespace().collect();
            repository
                .line(word, &words, &mut last)
                .ok_or_else(|| format!("line {}: not a row of a suite: `{line}`", at + 1))?;
        }
        Ok(repository)
    }

    fn line(&mut self, word: &str, words: &[&str], last: &mut Option<Last>) -> Option<()> {
        match (word, words) {
            ("suite", [name]) => (*name).clone_into(&mut self.suite),
            ("age", [days]) => self.age = days.parse().ok()?,
            ("python", [version]) => self.own.package("python3", version, "python"),
            ("backports", []) => self.backports = Some(Pocket::default()),
            _ => {
                let pocket = self.backports.as_mut().unwrap_or(&mut self.own);
                pocket.line(word, words, last)?;
            }
        }
        Some(())
    }

    /// Whether it has backports.
    pub fn has_backports(&self) -> bool {
        self.backports.is_some()
    }

    /// Whether it has source packages.
    pub fn has_sources(&self) -> bool {
        !self.own.sources.is_empty()
    }

    /// Writes `dists/SUITE` below a directory, and updates that have nothing of interest.
    ///
    /// # Panics
    /// If the directory cannot be written.
    pub fn write(&self, directory: &Path, now: Timestamp) {
        self.release(directory, &self.suite, &self.own.files(), now);
        // apt takes an empty Packages file for one that is not there.
        let none = "Package: nothing-new\nVersion: 1\nArchitecture: amd64\nSection: misc\n";
        let none = [("main/binary-amd64/Packages", none.to_owned())];
        self.release(directory, &format!("{}-updates", self.suite), &none, now);
        if let Some(backports) = &self.backports {
            let release = format!("{}-backports", self.suite);
            self.release(directory, &release, &backports.files(), now);
        }
    }

    /// The same with the source packages themselves, as files that apt can fetch.
    ///
    /// # Panics
    /// If the directory cannot be written, or dpkg-source fails.
    pub fn write_with_sources(&self, directory: &Path, now: Timestamp) {
        let mut whole = self.clone();
        for (name, package) in &mut whole.own.sources {
            let fields = source::write(directory, name, &package.version, &package.fields);
            package.fields.extend(fields);
        }
        whole.write(directory, now);
    }

    /// Writes the packages, but not Python, as .deb files into a directory, and a list of
    /// them: with that, it is a repository without signature.
    ///
    /// # Panics
    /// If the directory cannot be written.
    pub fn write_debs(&self, directory: &Path) {
        fs_err::create_dir_all(directory).expect("a temporary directory");
        let mut list = String::new();
        for (name, package) in self
            .own
            .packages
            .iter()
            .filter(|(name, _)| *name != "python3")
        {
            let control = package.stanza(name, "Architecture: amd64\n");
            let paths = self.own.paths.iter().filter(|(_, owner)| owner == name);
            let paths: Vec<&str> = paths.map(|(path, _)| path.as_str()).collect();
            let version = package.version.replace(':', "%3a");
            let file = directory.join(format!("{name}_{version}_amd64.deb"));
            fs_err::write(file, deb(&control, &paths)).expect("a temporary file");
            list += &format!("{control}\n");
        }
        fs_err::write(directory.join("Packages"), list).expect("a temporary file");
    }

    /// A time on the day of its Release file.
    pub fn date(&self, now: Timestamp) -> Timestamp {
        now - SignedDuration::from_hours(24 * self.age)
    }

    fn release(&self, directory: &Path, suite: &str, files: &[(&str, String)], now: Timestamp) {
        let top = directory.join("dists").join(suite);
        let mut hashes = String::new();
        for (file, text) in files {
            let path = top.join(file);
            let parent = path.parent().expect("a file has a directory");
            fs_err::create_dir_all(parent).expect("a temporary directory");
            fs_err::write(&path, text).expect("a temporary file");
            let _ = writeln!(hashes, " {} {} {file}", digest(text.as_bytes()), text.len());
        }
        let date = self.date(now).strftime("%a, %d %b %Y 00:00:00 UTC");
        let release = format!(
            "Origin: Debian\nSuite: {suite}\nCodename: {suite}\nDate: {date}\nArchitectures: amd64\n\
             Components: main\nSHA256:\n{hashes}"
        );
        fs_err::write(top.join("Release"), release).expect("a temporary file");
    }
}

impl Pocket {
    fn line(&mut self, word: &str, words: &[&str], last: &mut Option<Last>) -> Option<()> {
        match (word, words) {
            ("dist", [name, upstream, rest @ ..]) => {
                let package = rest.first().map_or_else(
                    || format!("python3-{}", name.to_lowercase()),
                    |p| (*p).to_owned(),
                );
                let version = rest
                    .get(1)
                    .map_or_else(|| format!("{upstream}-1"), |v| (*v).to_owned());
                let path =
                    format!("usr/lib/python3/dist-packages/{name}-{upstream}.dist-info/METADATA");
                self.package(&package, &version, "python");
                self.paths.push((path, package.clone()));
                *last = Some(Last::Binary(package));
            }
            ("private", [name, upstream, package, version]) => {
                let path = format!("usr/share/{package}/{name}-{upstream}.dist-info/METADATA");
                self.package(package, version, "utils");
                self.paths.push((path, (*package).to_owned()));
            }
            ("package", [name, version, section @ ..]) => {
                self.package(name, version, section.first().unwrap_or(&"misc"));
                *last = Some(Last::Binary((*name).to_owned()));
            }
            ("source", [name, version]) => {
                let source = self.sources.entry((*name).to_owned()).or_default();
                (*version).clone_into(&mut source.version);
                *last = Some(Last::Source((*name).to_owned()));
            }
            ("ships", [path]) => match last.as_ref()? {
                Last::Binary(name) => self.paths.push(((*path).to_owned(), name.clone())),
                Last::Source(_) => return None,
            },
            (field, [_, ..]) => self.detail(field, &words.join(" "), last.as_ref()?)?,
            _ => return None,
        }
        Some(())
    }

    fn detail(&mut self, field: &str, value: &str, last: &Last) -> Option<()> {
        let (package, known) = match last {
            Last::Binary(name) => (self.packages.get_mut(name)?, FIELDS.as_slice()),
            Last::Source(name) => (self.sources.get_mut(name)?, SOURCE_FIELDS.as_slice()),
        };
        let field = known.iter().find(|known| known.to_lowercase() == field)?;
        package.fields.push((field, value.to_owned()));
        Some(())
    }

    fn package(&mut self, name: &str, version: &str, section: &str) {
        let package = self.packages.entry(name.to_owned()).or_default();
        version.clone_into(&mut package.version);
        section.clone_into(&mut package.section);
    }

    fn files(&self) -> Vec<(&'static str, String)> {
        let mut files = vec![
            ("main/binary-amd64/Packages", self.packages_file()),
            ("main/Contents-amd64", self.contents_file()),
        ];
        if !self.sources.is_empty() {
            files.push(("main/source/Sources", stanzas(&self.sources, "")));
        }
        files
    }

    fn packages_file(&self) -> String {
        stanzas(&self.packages, "Architecture: amd64\n")
    }

    fn contents_file(&self) -> String {
        // A Contents file is never empty.
        let mut lines = vec!["usr/bin/python3 python/python3".to_owned()];
        let section = |package: &String| {
            self.packages
                .get(package)
                .map_or("misc", |p| p.section.as_str())
        };
        lines.extend(
            self.paths
                .iter()
                .map(|(path, package)| format!("{path} {}/{package}", section(package))),
        );
        lines.sort();
        lines.join("\n") + "\n"
    }
}

fn stanzas(packages: &BTreeMap<String, Package>, fields: &str) -> String {
    let stanzas = packages
        .iter()
        .map(|(name, package)| package.stanza(name, fields) + "\n");
    stanzas.collect()
}

impl Package {
    fn stanza(&self, name: &str, fields: &str) -> String {
        let mut text = format!("Package: {name}\nVersion: {}\n{fields}", self.version);
        if !self.section.is_empty() {
            let _ = writeln!(text, "Section: {}", self.section);
        }
        for (field, _) in &self.fields {
            // Several rows make one field.
            if text.contains(&format!("\n{field}: ")) {
                continue;
            }
            let values = self.fields.iter().filter(|(other, _)| other == field);
            let values: Vec<&str> = values.map(|(_, value)| value.as_str()).collect();
            let _ = writeln!(text, "{field}: {}", values.join(", "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_suite() {
        let text = "suite oak\nage 1\ndist Six 1.17.0\n  provides python3-seven\nprivate toml 0.10 app 1.0-1\n";
        let repository = Repository::parse(text).unwrap();
        assert_eq!(repository.suite, "oak");
        let packages = repository.own.packages_file();
        let six = "Package: python3-six\nVersion: 1.17.0-1\nArchitecture: amd64\nSection: python\nProvides: python3-seven\n";
        assert!(packages.contains(six), "{packages}");
        let contents = repository.own.contents_file();
        let own = "usr/share/app/toml-0.10.dist-info/METADATA utils/app\n";
        assert!(contents.contains(own), "{contents}");
    }

    #[test]
    fn source_packages_and_backports() {
        let text = "package a 1\n  depends b (<< 2)\n  depends c\n\nsource s 1-1\n  build-depends x, y\n\
                    backports\ndist Six 2.0 python3-six 2.0-1~bpo1\n  breaks a\n";
        let repository = Repository::parse(text).unwrap();
        let files = repository.own.files();
        assert!(files[0].1.contains("Depends: b (<< 2), c\n"), "{files:?}");
        assert_eq!(
            files[2].1,
            "Package: s\nVersion: 1-1\nBuild-Depends: x, y\n\n"
        );
        let backports = repository.backports.unwrap().packages_file();
        assert!(
            backports.ends_with("Section: python\nBreaks: a\n\n"),
            "{backports}"
        );
    }

    #[test]
    fn slips_are_told_with_their_line() {
        let error = Repository::parse("suite oak\ndistribution six").unwrap_err();
        assert_eq!(error, "line 2: not a row of a suite: `distribution six`");
        assert!(Repository::parse("provides x").is_err());
        assert!(Repository::parse("source s 1\n  provides x").is_err());
    }
}
