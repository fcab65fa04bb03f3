//! A case: a directory with a script, a world to run it in, and what is expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pydeps_testkit::{Repository, Scenario};

use crate::script::{self, Step};

/// What every case has.
const REQUIRED: &[&str] = &["cmd", "stdout", "stderr", "status"];
/// What a case may have beside, and `index-NAME`.
const OPTIONAL: &[&str] = &[
    "index",
    "links",
    "archive",
    "archive-other",
    "local",
    "in",
    "requests",
    "session",
    "bin",
    "area",
    "answers",
];

/// A directory of `tests/cases/`, read.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) directory: PathBuf,
    pub(crate) steps: Vec<Step>,
    /// By file name: `index`, `index-private`.
    pub(crate) indexes: BTreeMap<String, Scenario>,
    pub(crate) links: Option<Scenario>,
    /// The text of its suite.
    pub(crate) archive: String,
    /// The text of another suite.
    pub(crate) other: Option<String>,
    /// The text of a local repository.
    pub(crate) local: Option<String>,
    /// Whether it brings programs of its own, and builds.
    pub(crate) builds: bool,
    /// Whether its commands may keep a session.
    pub(crate) session: bool,
    /// Whether its commands may write to a build area.
    pub(crate) area: bool,
    /// What a person says to each command.
    pub(crate) answers: String,
}

/// Where the cases are.
pub(crate) fn directory() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap().join("tests/cases")
}

/// Whether expectations are to be rewritten.
pub(crate) fn bless() -> bool {
    std::env::var_os("DH_PYDEPS_BLESS").is_some_and(|value| value == "1")
}

/// All cases, or those whose name contains `DH_PYDEPS_CASE`; and what is wrong with
/// the directories.
pub(crate) fn all(directory: &Path) -> (Vec<Case>, Vec<String>) {
    let wanted = std::env::var("DH_PYDEPS_CASE").unwrap_or_default();
    let (mut cases, mut complaints) = (Vec::new(), Vec::new());
    for name in names(directory) {
        if !name.contains(&wanted) {
            continue;
        }
        match read(directory, &name) {
            Ok(case) => cases.push(case),
            Err(reason) => complaints.push(format!("{name}: {reason}")),
        }
    }
    (cases, complaints)
}

pub(crate) fn names(directory: &Path) -> Vec<String> {
    let entries = fs_err::read_dir(directory).unwrap().map(Result::unwrap);
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn read(top: &Path, name: &str) -> Result<Case, String> {
    let directory = top.join(name);
    if !directory.is_dir() {
        return Err("not a directory of a case".to_owned());
    }
    let files = names(&directory);
    let text = |file: &str| {
        fs_err::read_to_string(directory.join(file)).map_err(|error| error.to_string())
    };
    let missing = REQUIRED
        .iter()
        .find(|file| !files.iter().any(|f| f == *file));
    match missing {
        Some(file) if *file == "cmd" || !bless() => return Err(format!("has no `{file}`")),
        _ => {}
    }
    let script = text("cmd")?;
    let in_file = |file: &str, reason: String| format!("{file}, {reason}");
    let mut indexes = BTreeMap::new();
    for file in &files {
        let known = REQUIRED.iter().chain(OPTIONAL).any(|known| known == file);
        let index = file == "index" || file.starts_with("index-");
        if !known && !index {
            return Err(format!("`{file}` is no part of a case"));
        }
        if index {
            if file != "index"
                && !script.contains(&variable(file))
                && !script.contains(file.as_str())
            {
                return Err(format!("`{file}` is not used"));
            }
            let scenario = Scenario::parse(&text(file)?).map_err(|reason| in_file(file, reason))?;
            indexes.insert(file.clone(), scenario);
        }
    }
    let links = files.iter().any(|file| file == "links");
    let links = links.then(|| Scenario::parse(&text("links")?).map_err(|r| in_file("links", r)));
    let own = files.iter().any(|file| file == "archive");
    let shared = top.with_file_name("archive");
    let archive = if own {
        directory.join("archive")
    } else {
        shared
    };
    let archive = fs_err::read_to_string(archive).map_err(|error| error.to_string())?;
    Repository::parse(&archive).map_err(|reason| in_file("archive", reason))?;
    let suite = |file: &str| -> Result<Option<String>, String> {
        if !files.iter().any(|other| other == file) {
            return Ok(None);
        }
        let text = text(file)?;
        Repository::parse(&text).map_err(|reason| in_file(file, reason))?;
        Ok(Some(text))
    };
    Ok(Case {
        name: name.to_owned(),
        steps: script::parse(&script).map_err(|reason| in_file("cmd", reason))?,
        indexes,
        links: links.transpose()?,
        archive,
        other: suite("archive-other")?,
        local: suite("local")?,
        builds: files.iter().any(|file| file == "bin"),
        session: files.iter().any(|file| file == "session"),
        area: files.iter().any(|file| file == "area"),
        answers: text("answers").unwrap_or_default(),
        directory,
    })
}

/// `index-private` is `$PRIVATE` on a command line.
pub(crate) fn variable(file: &str) -> String {
    let name = file.strip_prefix("index-").unwrap_or(file);
    format!("${}", name.to_uppercase())
}

impl Case {
    /// Whether something goes wrong in it or is changed on the way, so that another
    /// round would not be the same.
    pub(crate) fn is_disturbed(&self) -> bool {
        let action = |step: &Step| matches!(step, Step::Do(_));
        self.session
            || self.area
            || self.steps.iter().any(action)
            || self.indexes.values().any(|index| !index.faults.is_empty())
    }

    /// The same case with other indexes.
    pub(crate) fn with_indexes(&self, change: impl Fn(&mut Scenario)) -> Self {
        let mut case = self.clone();
        case.indexes.values_mut().for_each(change);
        case
    }
}

#[test]
fn directories_that_are_not_cases_are_told() {
    let temporary = tempfile::tempdir().unwrap();
    let top = temporary.path().join("cases");
    let write = |path: &str, text: &str| {
        let path = top.join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    };
    fs_err::write(temporary.path().join("archive"), "").unwrap();
    write("stray", "");
    for name in ["good", "incomplete", "orphan", "unused", "slip"] {
        for file in REQUIRED {
            write(&format!("{name}/{file}"), "");
        }
    }
    write("good/cmd", "dh-pydeps map six\n");
    fs_err::remove_file(top.join("incomplete/status")).unwrap();
    write("orphan/sdtout", "");
    write("unused/index-private", "");
    write("slip/index", "releas a 1\n");
    let complaints: Vec<String> = names(&top)
        .iter()
        .filter_map(|name| read(&top, name).err().map(|r| format!("{name}: {r}")))
        .collect();
    let expect = [
        "incomplete: has no `status`",
        "orphan: `sdtout` is no part of a case",
        "slip: index, line 1: neither release nor setting nor fault: `releas a 1`",
        "stray: not a directory of a case",
        "unused: `index-private` is not used",
    ];
    let expect = expect
        .iter()
        .filter(|text| !bless() || !text.starts_with("incomplete"));
    assert!(complaints.iter().eq(expect), "{complaints:#?}");
}
