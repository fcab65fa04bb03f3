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
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::scenario::digest;
use crate::scenario_text::split;

/// What a suite has.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The suite's codename.
    pub suite: String,
    age: i64,
    packages: BTreeMap<String, Package>,
    /// Path and package.
    paths: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
struct Package {
    version: String,
    section: String,
    provides: Vec<String>,
}

impl Repository {
    /// Reads the text. The error names the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut repository = Self {
            suite: "hazel".to_owned(),
            age: 0,
            packages: BTreeMap::new(),
            paths: Vec::new(),
        };
        repository.package("python3", "3.13.5-1", "python");
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

    fn line(&mut self, word: &str, words: &[&str], last: &mut Option<String>) -> Option<()> {
        match (word, words) {
            ("suite", [name]) => (*name).clone_into(&mut self.suite),
            ("age", [days]) => self.age = days.parse().ok()?,
            ("python", [version]) => self.package("python3", version, "python"),
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
                *last = Some(package);
            }
            ("private", [name, upstream, package, version]) => {
                let path = format!("usr/share/{package}/{name}-{upstream}.dist-info/METADATA");
                self.package(package, version, "utils");
                self.paths.push((path, (*package).to_owned()));
            }
            ("package", [name, version, section @ ..]) => {
                self.package(name, version, section.first().unwrap_or(&"misc"));
                *last = Some((*name).to_owned());
            }
            ("provides", [name]) => {
                let package = self.packages.get_mut(last.as_ref()?)?;
                package.provides.push((*name).to_owned());
            }
            _ => return None,
        }
        Some(())
    }

    fn package(&mut self, name: &str, version: &str, section: &str) {
        let package = self.packages.entry(name.to_owned()).or_default();
        version.clone_into(&mut package.version);
        section.clone_into(&mut package.section);
    }

    /// Writes `dists/SUITE` below a directory, and updates that have nothing of interest.
    ///
    /// # Panics
    /// If the directory cannot be written.
    pub fn write(&self, directory: &Path, now: Timestamp) {
        let files = [
            ("main/binary-amd64/Packages", self.packages_file()),
            ("main/Contents-amd64", self.contents_file()),
        ];
        self.release(directory, &self.suite, &files, now);
        // apt takes an empty Packages file for one that is not there.
        let none = "Package: nothing-new\nVersion: 1\nArchitecture: amd64\nSection: misc\n";
        let none = [("main/binary-amd64/Packages", none.to_owned())];
        self.release(directory, &format!("{}-updates", self.suite), &none, now);
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

    fn packages_file(&self) -> String {
        let mut text = String::new();
        for (name, package) in &self.packages {
            let _ = writeln!(
                text,
                "Package: {name}\nVersion: {}\nArchitecture: amd64",
                package.version
            );
            let _ = writeln!(text, "Section: {}", package.section);
            if !package.provides.is_empty() {
                let _ = writeln!(text, "Provides: {}", package.provides.join(", "));
            }
            text.push('\n');
        }
        text
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_suite() {
        let text = "suite oak\nage 1\ndist Six 1.17.0\n  provides python3-seven\nprivate toml 0.10 app 1.0-1\n";
        let repository = Repository::parse(text).unwrap();
        assert_eq!(repository.suite, "oak");
        let packages = repository.packages_file();
        let six = "Package: python3-six\nVersion: 1.17.0-1\nArchitecture: amd64\nSection: python\nProvides: python3-seven\n";
        assert!(packages.contains(six), "{packages}");
        let contents = repository.contents_file();
        let own = "usr/share/app/toml-0.10.dist-info/METADATA utils/app\n";
        assert!(contents.contains(own), "{contents}");
    }

    #[test]
    fn slips_are_told_with_their_line() {
        let error = Repository::parse("suite oak\ndistribution six").unwrap_err();
        assert_eq!(error, "line 2: not a row of a suite: `distribution six`");
        assert!(Repository::parse("provides x").is_err());
    }
}
