//! The world that a case runs in: a temporary directory, indexes on loopback.
//!
//! ```text
//! TOP/directory/   the working directory, with the case's `in/`
//! TOP/home/ tmp/   of its own
//! TOP/bin/         the whole PATH
//! TOP/cache/       XDG_CACHE_HOME
//! TOP/debian/      a repository of the suite, $MIRROR
//! TOP/links/       $LINKS
//! TOP/local/       $LOCAL
//! ```

use std::collections::BTreeMap;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pydeps_testkit::{Authority, Filters, Repository, StubIndex, Trouble, files_below};

use crate::case::{Case, variable};
use crate::script::{Action, CommandLine, Damage, Step};
use crate::{area, suite};

/// No command of a case takes longer; one that does is killed.
const PATIENCE: Duration = Duration::from_secs(60);

/// The files of a session, which commands may change where the case says so.
const SESSION: [&str; 4] = [
    "directory/debian/pydeps.lock",
    "directory/debian/pydeps.toml",
    "directory/pydeps.lock",
    "directory/pydeps.toml",
];

/// Files by path, with their digests.
type Files = BTreeMap<String, String>;

/// What one command came to.
pub(crate) struct Run {
    /// As in the script.
    pub(crate) line: String,
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// What the indexes were asked, as `NAME PATH`, sorted.
    pub(crate) requests: Vec<String>,
    /// The files outside of the cache, before and after.
    pub(crate) files: (Files, Files),
    /// The archive indexes, before and after.
    pub(crate) archives: (Files, Files),
    /// The files of the session that have changed, with their text.
    pub(crate) session: String,
    /// The files of the build area that have changed.
    pub(crate) area: String,
}

/// See above.
pub(crate) struct World<'a> {
    case: &'a Case,
    top: tempfile::TempDir,
    suite: String,
    indexes: BTreeMap<String, StubIndex>,
    variables: Vec<(String, String)>,
    filters: Filters,
}

/// Whether a case updates a suite with its source packages.
fn fetches(case: &Case) -> bool {
    let asks = |line: &CommandLine| line.arguments.iter().any(|word| word == "--sources");
    case.steps
        .iter()
        .any(|step| matches!(step, Step::Run(line) if asks(line)))
}

impl<'a> World<'a> {
    pub(crate) fn new(case: &'a Case) -> Self {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().canonicalize().unwrap();
        let repository = Repository::parse(&case.archive).unwrap();
        suite::lay_out(&path);
        copy(&case.directory.join("in"), &path.join("directory"));
        if case.builds {
            suite::builders(&case.directory.join("bin"), &path.join("bin"));
        }
        let mut world = Self {
            case,
            top,
            suite: repository.suite.clone(),
            indexes: BTreeMap::new(),
            variables: Vec::new(),
            filters: Filters::default(),
        };
        world.set(
            "$MIRROR",
            format!("file://{}", path.join("debian").display()),
        );
        repository.write(&path.join("debian"), *suite::NOW);
        let index = suite::index(&case.archive);
        write(&suite::index_file(&path, &repository.suite), &index);
        let (half, all) = (index.len() / 2, index.len());
        world.filter(
            format!("{half} bytes long instead of {all}"),
            "[HALF] bytes long instead of [ALL]",
        );
        if let Some(other) = &case.other {
            let repository = Repository::parse(other).unwrap();
            write(
                &suite::index_file(&path, &repository.suite),
                &suite::index(other),
            );
            // Nothing else reads it there than what fetches source packages.
            if fetches(case) {
                repository.write_with_sources(&path.join("debian"), *suite::NOW);
            }
        }
        if let Some(local) = &case.local {
            Repository::parse(local)
                .unwrap()
                .write_debs(&path.join("local"));
        }
        world.set("$LOCAL", path.join("local").display().to_string());
        world.start_indexes(&path);
        for dist in case.links.iter().flat_map(|links| &links.dists) {
            write(&path.join("links").join(&dist.filename), &dist.bytes);
        }
        world.set("$LINKS", path.join("links").display().to_string());
        // The port of the discard service, which is switched off everywhere.
        world.set("$CLOSED", "http://127.0.0.1:9/simple/".to_owned());
        world.filter("http://127.0.0.1:9/simple", "[CLOSED]/simple");
        world.filter(path.display().to_string(), "[TOP]");
        let date = repository.date(*suite::NOW).strftime("%Y-%m-%d");
        for before in ["archive of ", "\"archive_date\": \"", "archive-date = \""] {
            world.filter(format!("{before}{date}"), format!("{before}[DATE]"));
        }
        world
    }

    fn start_indexes(&mut self, top: &Path) {
        let authority = Authority::new();
        write(&top.join("ca.pem"), authority.pem().as_bytes());
        self.set("$CA", top.join("ca.pem").display().to_string());
        for (file, scenario) in &self.case.indexes {
            let index = match scenario.tls {
                true => StubIndex::start_tls(scenario.clone(), &authority),
                false => StubIndex::start(scenario.clone()),
            };
            let name = variable(file);
            self.set(&name, index.url());
            self.filter(index.root(), format!("[{}]", name.trim_start_matches('$')));
            self.indexes.insert(file.clone(), index);
        }
    }

    fn set(&mut self, variable: &str, value: String) {
        self.variables.push((variable.to_owned(), value));
    }

    fn filter(&mut self, text: impl Into<String>, placeholder: impl Into<String>) {
        self.filters = std::mem::take(&mut self.filters).with(text, placeholder);
    }

    fn path(&self) -> PathBuf {
        self.top.path().canonicalize().unwrap()
    }

    /// The whole script.
    pub(crate) fn play(&mut self) -> Vec<Run> {
        let mut runs = Vec::new();
        for step in &self.case.steps {
            match step {
                Step::Run(line) => runs.push(self.run(line)),
                Step::Do(action) => self.act(action),
            }
        }
        runs
    }

    fn run(&self, line: &CommandLine) -> Run {
        let before = (self.files(), self.archives(), self.session());
        let area = self.area();
        let default = match self.indexes.get("index") {
            Some(index) => index.url(),
            None => self.filled("$CLOSED"),
        };
        let mut command = suite::program(&self.path());
        command
            .env("DH_PYDEPS_SUITE", &self.suite)
            .env("PIP_INDEX_URL", default);
        if !self.case.session {
            command.env("DH_PYDEPS_NO_LOCK", "1");
        }
        command.envs(
            line.variables
                .iter()
                .map(|(name, value)| (name, self.filled(value))),
        );
        command.args(line.arguments.iter().map(|argument| self.filled(argument)));
        let (status, stdout, stderr) = finish(&mut command, &self.case.answers);
        let changed = changed(&before.2, self.session());
        Run {
            line: line.text.clone(),
            status,
            stdout: without_times(&self.filters.apply(&stdout)),
            stderr: without_details(&self.filters.apply(&stderr)),
            requests: self.requests(),
            files: (before.0, self.files()),
            archives: (before.1, self.archives()),
            session: self.filters.apply(&changed),
            area: self.filters.apply(&area::changed(&area, &self.area())),
        }
    }

    /// The text of the files of the session, by path.
    fn session(&self) -> BTreeMap<&'static str, String> {
        let read = |file: &&'static str| {
            let text = fs_err::read_to_string(self.path().join(file)).ok()?;
            Some((*file, text))
        };
        SESSION.iter().filter_map(read).collect()
    }

    fn filled(&self, text: &str) -> String {
        let fill =
            |text: String, (name, value): &(String, String)| text.replace(name.as_str(), value);
        self.variables.iter().fold(text.to_owned(), fill)
    }

    fn requests(&self) -> Vec<String> {
        let of = |(file, index): (&String, &StubIndex)| {
            let paths = index.take_paths().into_iter();
            paths
                .map(|path| format!("{file} {path}"))
                .collect::<Vec<_>>()
        };
        self.indexes.iter().flat_map(of).collect()
    }

    fn files(&self) -> Files {
        let own = |path: &str| self.case.session && SESSION.contains(&path);
        let builds = self.case.area || self.case.builds;
        let area = |path: &str| builds && path.starts_with(area::PLACE);
        files_below(&self.path(), &|path| {
            path.starts_with("cache") || own(path) || area(path)
        })
    }

    fn area(&self) -> area::Area {
        area::read(&self.path().join(area::PLACE))
    }

    fn archives(&self) -> Files {
        files_below(&self.path().join("cache/dh-pydeps/archive"), &|_| false)
    }

    fn act(&self, action: &Action) {
        match action {
            Action::StopIndex => self.indexes["index"].change(|scenario| {
                *scenario = scenario.clone().fault("/", usize::MAX, Trouble::HangUp);
                scenario.faults.reverse();
            }),
            Action::ChangeIndex(file) => {
                let other = self.case.indexes[file].clone();
                self.indexes["index"].change(|scenario| *scenario = other);
            }
            Action::Archive(damage) => {
                let path = suite::index_file(&self.path(), &self.suite);
                let bytes = fs_err::read(&path).unwrap();
                fs_err::remove_file(&path).unwrap();
                if let Some(bytes) = damaged(bytes, *damage) {
                    write(&path, &bytes);
                }
            }
            Action::CutCache => {
                let cache = self.path().join("cache/dh-pydeps/index");
                let entries = files_below(&cache, &|_| false);
                let files = entries.keys().filter(|path| !path.ends_with('/'));
                assert!(files.clone().count() > 0, "nothing is cached");
                files.for_each(|file| halve(&cache.join(file)));
            }
            Action::BlockCache => write(&self.path().join("cache/dh-pydeps/index"), b""),
            Action::CutLocal => {
                let local = self.path().join("local");
                let files = files_below(&local, &|_| false);
                let debs = files.keys().filter(|path| path.ends_with(".deb"));
                assert!(debs.clone().count() > 0, "there are no packages");
                debs.for_each(|file| halve(&local.join(file)));
            }
            Action::CutArea(file) => {
                let repository = self.path().join("directory/build-area/repository");
                halve(&repository.join(file));
            }
            Action::WriteArea(file, text) => {
                let path = self.path().join("directory/build-area").join(file);
                fs_err::create_dir_all(path.parent().unwrap()).unwrap();
                fs_err::write(path, text).unwrap();
            }
            Action::RemoveArea(file) => {
                let path = self.path().join("directory/build-area").join(file);
                match path.is_dir() {
                    true => fs_err::remove_dir_all(path).unwrap(),
                    false => fs_err::remove_file(path).unwrap(),
                }
            }
            Action::CutRepository => {
                let release = self.path().join("debian/dists").join(&self.suite);
                halve(&release.join("main/binary-amd64/Packages"));
            }
        }
    }
}

/// How long a build took, in JSON.
fn without_times(stdout: &str) -> String {
    const FIELD: &str = "\"seconds\": ";
    let cut = |line: &str| match line.trim_start().starts_with(FIELD) && !line.contains("null") {
        true => format!(
            "{}{FIELD}[N],\n",
            &line[..line.len() - line.trim_start().len()]
        ),
        false => line.to_owned(),
    };
    stdout.split_inclusive('\n').map(cut).collect()
}

/// What apt says differs from one apt to the next.
fn without_details(stderr: &str) -> String {
    const DETAIL: &str = "  Failed to fetch ";
    let cut = |line: &str| match line.starts_with(DETAIL) {
        true => format!("{DETAIL}[…]\n"),
        false => line.to_owned(),
    };
    stderr.split_inclusive('\n').map(cut).collect()
}

fn halve(path: &Path) {
    let bytes = fs_err::read(path).unwrap();
    fs_err::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

fn damaged(mut bytes: Vec<u8>, damage: Damage) -> Option<Vec<u8>> {
    match damage {
        Damage::Cut => bytes.truncate(bytes.len() / 2),
        // The first byte after the header and its table of eleven sections is the suite's description.
        Damage::Flip => bytes[24 + 24 * 11 + 4 + 2] ^= 1,
        // The format's number comes after the eight bytes of the mark.
        Damage::Newer => bytes[8] += 1,
        Damage::Remove => return None,
    }
    Some(bytes)
}

/// The session's files that are not as before.
fn changed(before: &BTreeMap<&str, String>, after: BTreeMap<&'static str, String>) -> String {
    let new = after
        .into_iter()
        .filter(|(file, text)| before.get(file) != Some(text));
    let show = |(file, text): (&str, String)| {
        let file = file.trim_start_matches("directory/");
        format!("--- {file}\n{text}")
    };
    new.map(show).collect()
}

/// Runs a command to its end; `answers` are on its standard input.
fn finish(command: &mut Command, answers: &str) -> (Option<i32>, String, String) {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A command that asks nothing may be gone already.
    _ = child.stdin.take().unwrap().write_all(answers.as_bytes());
    let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (out, err) = (
        std::thread::spawn(|| read(out)),
        std::thread::spawn(|| read(err)),
    );
    let status = wait(&mut child);
    (status, out.join().unwrap(), err.join().unwrap())
}

fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    child.kill().unwrap();
    child.wait().unwrap().code()
}

fn read(mut from: impl Read) -> String {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn write(path: &Path, bytes: &[u8]) {
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, bytes).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for (path, _) in files_below(from, &|_| false) {
        match path.strip_suffix('/') {
            Some(directory) => fs_err::create_dir_all(to.join(directory)).unwrap(),
            None => write(&to.join(&path), &fs_err::read(from.join(&path)).unwrap()),
        }
    }
}
