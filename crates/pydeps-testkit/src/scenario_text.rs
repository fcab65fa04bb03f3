//! Scenarios as text: what an index has, and what goes wrong with it.
//!
//! ```text
//! release rich 14.0 2025-01-01     a wheel and an sdist, uploaded on that day (2026-01-01 without)
//!   requires pygments>=2; python_version < '4'
//!   extra jupyter
//!   python >=3.9                   Requires-Python
//!   yanked it breaks on import
//!   about Summary does it          another header of its metadata
//!   file foo/__init__.py a\nb       a file of an sdist; \n is a new line
//!   sdist static                   no wheel: static or dynamic requirements; or no sdist: none
//! setting html                     html, no-metadata, tls, or login USER PASSWORD
//! fault /simple/rich/ always status 500
//! ```

use std::time::Duration;

use crate::dist::{Dist, TestSdist, TestWheel};
use crate::scenario::{MetadataFiles, Scenario, Trouble};

/// A release, before its file is built.
#[derive(Default)]
struct Release {
    name: String,
    version: String,
    uploaded: String,
    sdist: Option<String>,
    yanked: Option<String>,
    python: Option<String>,
    headers: Vec<(String, String)>,
    files: Vec<(String, String)>,
}

impl Scenario {
    /// Reads a scenario. The error names the line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut scenario = Self::default();
        let mut open: Option<Release> = None;
        for (at, line) in text.lines().enumerate() {
            let bad = |reason: String| format!("line {}: {reason}: `{line}`", at + 1);
            let (word, rest) = split(line);
            if word.is_empty() || word.starts_with('#') {
                continue;
            }
            if line.starts_with(' ') {
                let release = open
                    .as_mut()
                    .ok_or_else(|| bad("of which release".into()))?;
                release.detail(word, rest).map_err(bad)?;
                continue;
            }
            scenario
                .dists
                .extend(open.take().into_iter().flat_map(Release::build));
            match word {
                "release" => open = Some(Release::parse(rest).map_err(bad)?),
                "setting" => scenario.setting(rest).map_err(bad)?,
                "fault" => scenario = scenario.fault_line(rest).map_err(bad)?,
                _ => return Err(bad("neither release nor setting nor fault".into())),
            }
        }
        scenario
            .dists
            .extend(open.take().into_iter().flat_map(Release::build));
        Ok(scenario)
    }

    fn setting(&mut self, text: &str) -> Result<(), String> {
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["html"] => self.html = true,
            ["no-metadata"] => self.metadata_files = MetadataFiles::None,
            ["tls"] => self.tls = true,
            ["uncached"] => (self.max_age, self.etag) = (None, false),
            ["login", user, password] => {
                self.login = Some(((*user).to_owned(), (*password).to_owned()));
            }
            _ => return Err("no such setting".to_owned()),
        }
        Ok(())
    }

    /// `PATH TIMES WHAT…`
    fn fault_line(self, text: &str) -> Result<Self, String> {
        let (path, rest) = split(text);
        let (times, what) = split(rest);
        let times = match times {
            "always" => usize::MAX,
            number => number.parse().map_err(|_| "a number or `always`")?,
        };
        Ok(self.fault(path, times, trouble(what)?))
    }
}

fn trouble(text: &str) -> Result<Trouble, String> {
    let (what, rest) = split(text);
    let number = || rest.parse::<u64>().map_err(|_| format!("{what} NUMBER"));
    Ok(match what {
        "status" => Trouble::Status(number()? as u16),
        "login" => Trouble::Login,
        "truncated" => Trouble::Truncated,
        "corrupt" => Trouble::Corrupt,
        "hang-up" => Trouble::HangUp,
        "slow" => Trouble::Slow(Duration::from_millis(number()?)),
        "json" => Trouble::Content("application/vnd.pypi.simple.v1+json", rest.into()),
        _ => return Err("no such trouble".to_owned()),
    })
}

impl Release {
    /// `NAME VERSION [DATE]`
    fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (name, version, date) = match words.as_slice() {
            [name, version] => (name, version, "2026-01-01"),
            [name, version, date] => (name, version, *date),
            _ => return Err("release NAME VERSION [DATE]".to_owned()),
        };
        Ok(Self {
            name: (*name).to_owned(),
            version: (*version).to_owned(),
            uploaded: format!("{date}T12:00:00Z"),
            ..Self::default()
        })
    }

    fn detail(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let rest = rest.to_owned();
        match word {
            "requires" => self.headers.push(("Requires-Dist".to_owned(), rest)),
            "extra" => self.headers.push(("Provides-Extra".to_owned(), rest)),
            "about" => {
                let (name, value) = split(&rest);
                self.headers.push((name.to_owned(), value.to_owned()));
            }
            "file" => {
                let (path, text) = split(&rest);
                let text = text.replace("\\n", "\n");
                self.files.push((path.to_owned(), text));
            }
            "python" => self.python = Some(rest),
            "yanked" => self.yanked = Some(rest),
            "sdist" if ["static", "dynamic", "none"].contains(&rest.as_str()) => {
                self.sdist = Some(rest);
            }
            _ => return Err("no such detail of a release".to_owned()),
        }
        Ok(())
    }

    /// Its files: without a word on sdists a wheel, and an sdist that promises nothing.
    fn build(self) -> Vec<Dist> {
        let dists = match self.sdist.as_deref() {
            None => vec![self.wheel(), self.sdist("dynamic")],
            Some("none") => vec![self.wheel()],
            Some(kind) => vec![self.sdist(kind)],
        };
        let uploaded = |dist: Dist| dist.uploaded(&self.uploaded);
        let dists = dists.into_iter().map(uploaded);
        match &self.yanked {
            Some(reason) => dists.map(|dist| dist.yanked(reason)).collect(),
            None => dists.collect(),
        }
    }

    fn wheel(&self) -> Dist {
        let mut wheel = TestWheel::new(&self.name, &self.version);
        for (name, value) in &self.headers {
            wheel = wheel.header(name, value);
        }
        if let Some(specifiers) = &self.python {
            wheel = wheel.requires_python(specifiers);
        }
        wheel.build()
    }

    fn sdist(&self, kind: &str) -> Dist {
        let mut sdist = TestSdist::new(&self.name, &self.version);
        for (name, value) in &self.headers {
            sdist = sdist.header(name, value);
        }
        if let Some(specifiers) = &self.python {
            sdist = sdist.requires_python(specifiers);
        }
        for (path, text) in &self.files {
            sdist = sdist.file(path, text.as_bytes());
        }
        match kind {
            "static" => sdist.metadata_version("2.2").build(),
            _ => sdist.build(),
        }
    }
}

/// The first word, and the rest without the space around it.
pub(crate) fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_settings_and_faults() {
        let text = "# an index\nrelease a 1.0 2025-02-03\n  requires b>=2; x == '1'\n  python >=3.9\n\
            setting html\nfault /simple/a/ 2 status 500\n\nrelease b 2\n  sdist static\n  yanked broken on import\n";
        let scenario = Scenario::parse(text).unwrap();
        let [a, of_a, b] = scenario.dists.as_slice() else {
            panic!("{:?}", scenario.dists);
        };
        assert_eq!(a.uploaded.as_deref(), Some("2025-02-03T12:00:00Z"));
        assert_eq!(a.requires_python.as_deref(), Some(">=3.9"));
        let metadata = a.metadata.as_deref().unwrap();
        assert!(
            metadata.contains("Requires-Dist: b>=2; x == '1'\n"),
            "{metadata}"
        );
        assert_eq!(of_a.filename, "a-1.0.tar.gz");
        assert_eq!(b.filename, "b-2.tar.gz");
        assert_eq!(b.yanked.as_deref(), Some("broken on import"));
        assert!(scenario.html && !scenario.tls);
        let fault = &scenario.faults[0];
        assert_eq!((fault.path.as_str(), fault.times), ("/simple/a/", 2));
    }

    #[track_caller]
    fn check_error(text: &str, expect: &str) {
        assert_eq!(Scenario::parse(text).unwrap_err(), expect);
    }

    #[test]
    fn slips_are_told_with_their_line() {
        check_error(
            "\nreleas a 1",
            "line 2: neither release nor setting nor fault: `releas a 1`",
        );
        check_error("  requires b", "line 1: of which release: `  requires b`");
        check_error(
            "release a",
            "line 1: release NAME VERSION [DATE]: `release a`",
        );
        check_error(
            "release a 1\n  needs b",
            "line 2: no such detail of a release: `  needs b`",
        );
        check_error(
            "fault /x often status 500",
            "line 1: a number or `always`: `fault /x often status 500`",
        );
        check_error(
            "fault /x 1 fire",
            "line 1: no such trouble: `fault /x 1 fire`",
        );
        check_error("setting fast", "line 1: no such setting: `setting fast`");
    }
}
