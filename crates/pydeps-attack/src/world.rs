//! Where one input is put before the programs: a temporary directory with everything that they
//! may read and write, and with what they may not.
//!
//! ```text
//! TOP/project/   the working directory
//! TOP/outside/   files of somebody else
//! TOP/home/ config/ cache/ tmp/
//! TOP/record/    how programs were called
//! ```

use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::fs::{lchown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use pydeps_testkit::words;
use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};

use crate::limits::{self, Limits, Outcome};
use crate::record::{self, Call};
use crate::server::{Server, Site};
use crate::snapshot::Snapshot;
use crate::suite;

/// What all worlds share.
pub struct Shared {
    /// Where the programs are.
    pub programs: PathBuf,
    /// The recording programs.
    pub bin: PathBuf,
    /// The index file of the suite.
    pub index: Vec<u8>,
    /// The user and group that the programs run as, if not as who runs this.
    pub user: Option<(u32, u32)>,
    /// Where the debhelper add-on is.
    pub perl: PathBuf,
}

/// A command that was run.
pub struct Run {
    /// As it was written.
    pub line: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// See above.
pub struct World<'s> {
    shared: &'s Shared,
    _scratch: tempfile::TempDir,
    top: PathBuf,
    work: String,
    servers: Vec<Server>,
    variables: Vec<(String, String)>,
    environment: Vec<(String, String)>,
    limits: Limits,
    /// All files before the first command.
    pub before: Option<Snapshot>,
    /// What was run.
    pub runs: Vec<Run>,
    /// What an input found wrong itself.
    pub complaints: Vec<String>,
    /// Paths below TOP that may not change although they are where the programs write.
    pub kept: Vec<String>,
    /// Paths below TOP that may change although they are not.
    pub free: Vec<String>,
    /// Texts that no argument of a program may have in it.
    pub denied: Vec<String>,
    /// Texts that must be neither said nor written.
    pub secrets: Vec<String>,
}

impl<'s> World<'s> {
    /// An empty world, with a few files that are nobody's business.
    ///
    /// # Panics
    /// If there is no place for it.
    pub fn new(shared: &'s Shared) -> Self {
        let scratch = tempfile::Builder::new()
            .prefix("attack-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .expect("a temporary directory");
        let top = scratch.path().canonicalize().expect("it is there");
        let world = Self {
            shared,
            _scratch: scratch,
            top,
            work: "project".to_owned(),
            servers: Vec::new(),
            variables: Vec::new(),
            environment: Vec::new(),
            limits: Limits::default(),
            before: None,
            runs: Vec::new(),
            complaints: Vec::new(),
            kept: Vec::new(),
            free: Vec::new(),
            denied: Vec::new(),
            secrets: Vec::new(),
        };
        for directory in [
            "project",
            "outside/directory",
            "home",
            "config",
            "tmp",
            "record",
        ] {
            world.dir(&format!("../{directory}"));
        }
        world.file("../outside/canary", "a canary\n");
        world.file("../outside/directory/canary", "a canary\n");
        world.file("../home/.profile", "# a profile\n");
        world.file("../apt.conf", suite::APT);
        world.builder(record::GOOD);
        let index = format!("../cache/dh-pydeps/archive/{}-amd64.idx", suite::SUITE);
        world.file(&index, &shared.index);
        world
    }

    /// The directory that holds everything.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The name of the working directory below [`World::top`].
    pub fn work(&self) -> &str {
        &self.work
    }

    /// Gives the working directory another name.
    pub fn rename_work(&mut self, name: &str) {
        fs_err::rename(self.top.join(&self.work), self.top.join(name)).expect("a free name");
        name.clone_into(&mut self.work);
    }

    /// A path, from the working directory on.
    pub fn path(&self, path: &str) -> PathBuf {
        let mut at = self.top.join(&self.work);
        for part in path.split('/') {
            match part {
                ".." => _ = at.pop(),
                part => at.push(part),
            }
        }
        at
    }

    /// The absolute path of something in `TOP/outside`, as text.
    pub fn outside(&self, name: &str) -> String {
        self.top.join("outside").join(name).display().to_string()
    }

    /// A directory, and those above it.
    pub fn dir(&self, path: &str) {
        fs_err::create_dir_all(self.path(path)).expect("a temporary directory");
    }

    fn parent(&self, path: &str) -> PathBuf {
        let path = self.path(path);
        let parent = path.parent().expect("a file is in a directory");
        fs_err::create_dir_all(parent).expect("a temporary directory");
        path
    }

    /// A file.
    pub fn file(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs_err::write(self.parent(path), bytes).expect("a temporary file");
    }

    /// A file with a name of any bytes.
    pub fn file_of_bytes(&self, directory: &str, name: &[u8], bytes: &[u8]) {
        let path = self.path(directory).join(OsString::from_vec(name.to_vec()));
        fs_err::create_dir_all(self.path(directory)).expect("a temporary directory");
        fs_err::write(path, bytes).expect("a temporary file");
    }

    /// A program.
    pub fn script(&self, path: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        self.file(path, text);
        let executable = std::fs::Permissions::from_mode(0o755);
        fs_err::set_permissions(self.path(path), executable).expect("a temporary file");
    }

    /// A file of `times` times the same bytes between a beginning and an end.
    pub fn long_file(&self, path: &str, begin: &str, unit: &[u8], times: usize, end: &str) {
        let file = fs_err::File::create(self.parent(path)).expect("a temporary file");
        let mut file = std::io::BufWriter::with_capacity(1 << 20, file);
        let mut write = |bytes: &[u8]| file.write_all(bytes).expect("space for it");
        write(begin.as_bytes());
        (0..times).for_each(|_| write(unit));
        write(end.as_bytes());
        file.flush().expect("space for it");
    }

    /// A file of zeros that takes no space, in bytes.
    pub fn sparse(&self, path: &str, begin: &[u8], length: u64) {
        let mut file = fs_err::File::create(self.parent(path)).expect("a temporary file");
        file.write_all(begin).expect("a temporary file");
        file.set_len(length).expect("a temporary file");
    }

    /// A symbolic link.
    pub fn link(&self, path: &str, target: impl AsRef<Path>) {
        symlink(target, self.parent(path)).expect("a free name");
    }

    /// A second name for a file.
    pub fn hard_link(&self, path: &str, of: &str) {
        fs_err::hard_link(self.path(of), self.parent(path)).expect("a free name");
    }

    /// A fifo that nobody writes to.
    pub fn fifo(&self, path: &str) {
        let path = self.parent(path);
        mknodat(CWD, path, FileType::Fifo, Mode::from(0o644), 0).expect("a free name");
    }

    /// A second `/dev/zero`; only root can make one.
    pub fn zeros(&self, path: &str) {
        let (path, device) = (self.parent(path), makedev(1, 5));
        mknodat(
            CWD,
            path,
            FileType::CharacterDevice,
            Mode::from(0o644),
            device,
        )
        .expect("root makes devices");
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) {
        fs_err::remove_file(self.path(path)).expect("it is there");
    }

    /// The text of a file; empty if there is none.
    pub fn text(&self, path: &str) -> String {
        let bytes = std::fs::read(self.path(path)).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Serves a site, whose root becomes `$SERVER` on command lines (`$SERVER2` the second) and
    /// whose `/simple/` the index, if it is the first.
    pub fn serve(&mut self, site: impl FnOnce(&str) -> Site) {
        let server = Server::start(site);
        let number = match self.servers.len() {
            0 => String::new(),
            others => (others + 1).to_string(),
        };
        if self.servers.is_empty() {
            self.set("PIP_INDEX_URL", &format!("{}/simple/", server.root()));
        }
        self.variables
            .push((format!("$SERVER{number}"), server.root()));
        self.servers.push(server);
    }

    /// The servers that were started.
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// Sets a variable of the environment of all commands.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// What a script does in the place of sbuild and mmdebstrap; `$0` is which.
    pub fn builder(&self, script: &str) {
        self.file("../builder", script);
    }

    /// Gives the commands more time, in seconds.
    pub fn patience(&mut self, seconds: u64) {
        self.limits.time = std::time::Duration::from_secs(seconds);
    }

    /// Notes what is wrong, unless it holds.
    pub fn demand(&mut self, holds: bool, wrong: &str) {
        if !holds {
            self.complaints.push(wrong.to_owned());
        }
    }

    /// The output of the last command: both streams.
    pub fn said(&self) -> String {
        let last = self.runs.last();
        let streams = last.map(|run| [&run.outcome.stdout[..], &run.outcome.stderr].concat());
        String::from_utf8_lossy(&streams.unwrap_or_default()).into_owned()
    }

    /// Calls of the recording programs so far.
    pub fn calls(&self) -> Vec<Call> {
        record::calls(&self.top.join("record"))
    }

    /// What was there until now is what has to be there afterwards.
    pub fn begin(&mut self) {
        self.give_away();
        self.before = Some(Snapshot::of(&self.top));
    }

    /// Runs a command line: one of the programs, and words in which `$SERVER`, `$TOP` and
    /// `$OUTSIDE` are filled in.
    pub fn run(&mut self, line: &str) {
        let mut filled = words(line).expect("quotes are closed");
        filled.iter_mut().for_each(|word| *word = self.filled(word));
        let words: Vec<&str> = filled.iter().map(String::as_str).collect();
        self.run_words(line, &words);
    }

    /// The same with words as they are.
    pub fn run_words(&mut self, line: &str, words: &[&str]) {
        if self.before.is_none() {
            self.begin();
        }
        let mut command = self.command(words);
        let outcome = limits::run(&mut command, self.limits).expect("prlimit(1)");
        self.runs.push(Run {
            line: line.to_owned(),
            outcome,
        });
    }

    fn filled(&self, text: &str) -> String {
        let own = [
            ("$TOP".to_owned(), self.top.display().to_string()),
            (
                "$OUTSIDE".to_owned(),
                self.outside("").trim_end_matches('/').to_owned(),
            ),
        ];
        // `$SERVER2` before `$SERVER`.
        let variables = self.variables.iter().rev().chain(&own);
        variables.fold(text.to_owned(), |text, (name, value)| {
            text.replace(name, value)
        })
    }

    fn command(&self, words: &[&str]) -> Command {
        let top = &self.top;
        let mut command = limits::limited(self.shared.programs.join(words[0]).as_ref());
        let path = format!(
            "{}:/usr/bin:/bin:/usr/sbin:/sbin",
            self.shared.bin.display()
        );
        command
            .args(&words[1..])
            .env_clear()
            .current_dir(top.join(&self.work))
            .env("PATH", path)
            .env("HOME", top.join("home"))
            .env("XDG_CACHE_HOME", top.join("cache"))
            .env("XDG_CONFIG_HOME", top.join("config"))
            .env("XDG_CONFIG_DIRS", top.join("config/none"))
            .env("TMPDIR", top.join("tmp"))
            .env("APT_CONFIG", top.join("apt.conf"))
            .env("PIP_CONFIG_FILE", "/dev/null")
            .env("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
            .env("PIP_RETRIES", "0")
            .env("DH_PYDEPS_SUITE", suite::SUITE)
            .env("DEBFULLNAME", "Jane Packager")
            .env("DEBEMAIL", "jane@example.org")
            .env("LC_ALL", "C.UTF-8")
            .env("PERL5LIB", &self.shared.perl)
            .env(record::RECORD, top.join("record"))
            .env(record::BUILDER, top.join("builder"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        if let Some((user, group)) = self.shared.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// Makes everything the user's that the programs run as: what they must not change is not
    /// kept by permissions.
    fn give_away(&self) {
        if let Some((user, group)) = self.shared.user {
            give(&self.top, user, group);
        }
    }
}

fn give(path: &Path, user: u32, group: u32) {
    lchown(path, Some(user), Some(group)).expect("root gives away");
    let is_directory = std::fs::symlink_metadata(path).is_ok_and(|data| data.is_dir());
    let entries = is_directory.then(|| std::fs::read_dir(path).into_iter().flatten().flatten());
    for entry in entries.into_iter().flatten() {
        give(&entry.path(), user, group);
    }
}
