//! Programs of other packages that a release is of no use without, as far as its source says:
//! those that its modules run, and the one that it is a plug-in of. Whether it can do without
//! is not said, so they are no dependencies (Policy 7.2) but recommended, or suggested where
//! there are several to choose from.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::DebName;
use pydeps_core::purpose::Purpose;
use pydeps_python::source::{Call, Value};

use crate::depends::Context;
use crate::facts::Release;
use crate::modules::Modules;
use crate::settings::Settings;
use pydeps_core::tree::Tree;

/// Packages with programs that come with every Debian system, or with Python.
const THERE: [&str; 22] = [
    "base-files",
    "base-passwd",
    "bash",
    "bsdutils",
    "coreutils",
    "dash",
    "debianutils",
    "diffutils",
    "dpkg",
    "findutils",
    "grep",
    "gzip",
    "hostname",
    "libc-bin",
    "login",
    "mount",
    "ncurses-bin",
    "perl-base",
    "python3",
    "sed",
    "tar",
    "util-linux",
];

/// What packages are named for their programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Programs {
    /// `Recommends`.
    pub(crate) recommends: BTreeSet<String>,
    /// What `Suggests` has beside the extras.
    pub(crate) suggests: BTreeSet<String>,
    /// What was noticed.
    pub(crate) findings: Vec<Finding>,
}

/// The packages of the programs, without `own`, and without those that the package `depends` on.
pub(crate) fn find(
    release: &Release,
    modules: &Modules,
    own: &[String],
    depends: &[String],
    context: &Context<'_>,
) -> Programs {
    let there = context.archive.closure(depends);
    let owner = |program: &str| {
        let owners = match own.iter().any(|one| one == program) {
            true => Vec::new(),
            false => context.archive.program_owners(program),
        };
        let is_there =
            |package: &DebName| there.contains(package) || THERE.contains(&package.as_str());
        let mut owners = owners.into_iter();
        owners
            .next()
            .filter(|one| owners.next().is_none() && !is_there(one))
    };
    let mut programs = Programs::default();
    if let Some(program) = host(release, context) {
        if let Some(package) = owner(&program) {
            let why = format!("it is a plug-in of the program {program}");
            programs.findings.push(told(&why, &package));
            programs.recommends.insert(package.to_string());
        }
    }
    programs.run(run_by(&release.settings, modules), &owner);
    programs
}

impl Programs {
    /// Takes programs that are run, each with the file that says so.
    fn run(&mut self, programs: BTreeMap<String, String>, owner: &dyn Fn(&str) -> Option<DebName>) {
        let mut found: BTreeMap<DebName, String> = BTreeMap::new();
        for (program, file) in programs {
            if let Some(package) = owner(&program) {
                found
                    .entry(package)
                    .or_insert(format!("{file} runs {program}"));
            }
        }
        let names = match found.len() {
            1 => &mut self.recommends,
            _ => &mut self.suggests,
        };
        names.extend(found.keys().map(ToString::to_string));
        self.findings
            .extend(found.iter().map(|(package, why)| told(why, package)));
    }
}

fn told(why: &str, package: &DebName) -> Finding {
    let message = format!("{why}, which the metadata do not ask for; the package names {package}");
    Finding::warning("runs-program", message)
        .with_hint("make it a dependency in debian/control if nothing works without")
}

/// The program that a release adds to: one called like a requirement, which looks for entry
/// points in groups of its name (`celery.commands`).
fn host(release: &Release, context: &Context<'_>) -> Option<String> {
    let groups = groups(&release.tree);
    let requirements = release.requires.iter();
    let named = requirements.filter(|one| {
        let name = one.name.to_string();
        groups
            .iter()
            .any(|group| group.split_once('.').is_some_and(|(head, _)| head == name))
    });
    let mapped = |name: &pydeps_core::name::DistName| match context.archive.answer(name) {
        Answer::Mapped(mapping) => Some(mapping.package),
        _ => None,
    };
    let mut apart = named.filter(|one| {
        let owners = context.archive.program_owners(one.name.as_ref());
        mapped(&one.name).is_some_and(|package| !owners.contains(&package))
    });
    apart.next().map(|one| one.name.to_string())
}

/// The groups of entry points that were written when the sdist was made.
fn groups(tree: &Tree) -> Vec<String> {
    let is_it = |path: &&str| path.ends_with(".egg-info/entry_points.txt");
    let text = tree.paths().find(is_it).and_then(|path| tree.text(path));
    let text = text.unwrap_or_default();
    let heads = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix('[')?.strip_suffix(']'));
    heads.map(|head| head.trim().to_owned()).collect()
}

/// The programs whose names stand in calls that run one, or in what such a call is given, each
/// with the file.
fn run_by(settings: &Settings, modules: &Modules) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let files = settings.python_files();
    for (path, source) in files.filter(|(path, _)| is_of(path, modules)) {
        let calls = source.calls().filter(|(call, _)| runs_program(call));
        let called = calls.filter_map(|(call, _)| program(call.argument(0, "args")?));
        let commands = source.bindings(is_command).map(Value::first);
        let lists = commands.filter(|command| command.text().is_none());
        for name in called.chain(lists.filter_map(program)) {
            found
                .entry(name.to_owned())
                .or_insert_with(|| path.to_owned());
        }
    }
    found
}

/// Whether a call runs the program that it is given.
fn runs_program(call: &Call) -> bool {
    const OF_SUBPROCESS: [&str; 6] = [
        "run",
        "call",
        "check_call",
        "check_output",
        "getoutput",
        "Popen",
    ];
    const ANYWHERE: [&str; 4] = [
        "Popen",
        "check_output",
        "check_call",
        "create_subprocess_exec",
    ];
    let function = call.function.as_str();
    let of = |module: &str| function == format!("{module}.{}", call.name());
    of("subprocess") && OF_SUBPROCESS.contains(&call.name())
        || ANYWHERE.contains(&call.name())
        || function == "os.system"
}

/// Whether a name is that of a command to be run.
fn is_command(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    ["cmd", "command", "argv"]
        .iter()
        .any(|start| name.starts_with(start))
}

/// The program of a command, which is a text or a list of words, or begins with one.
fn program(command: &Value) -> Option<&str> {
    let command = command.first();
    let text = command.entries().first().unwrap_or(command).text()?;
    let name = text.split(' ').next().unwrap_or_default();
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+._-".contains(c);
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    (begins && name.len() > 1 && name.chars().all(is_part)).then_some(name)
}

/// Whether a file is of the modules that are installed, and no test.
fn is_of(path: &str, modules: &Modules) -> bool {
    let inside = match modules.root.as_str() {
        "" => Some(path),
        root => path
            .strip_prefix(root)
            .and_then(|rest| rest.strip_prefix('/')),
    };
    let Some(inside) = inside.and_then(|inside| inside.strip_suffix(".py")) else {
        return false;
    };
    let purpose = Purpose::of(path);
    let of = |name: &String| {
        let name = name.replace('.', "/");
        inside == name
            || inside
                .strip_prefix(&name)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    !purpose.test && !purpose.test_support && modules.names.iter().any(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expect: &[&str]) {
        let modules = Modules {
            names: vec!["a.b".to_owned()],
            root: "src".to_owned(),
            ..Modules::default()
        };
        let tree = Tree::of_texts(&[(path, text)]);
        let found: Vec<String> = run_by(&Settings::of(&tree), &modules).into_keys().collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn programs_that_are_run() {
        let file = "src/a/b/c.py";
        check(file, "subprocess.run(['git', 'clone'])", &["git"]);
        check(
            file,
            "subprocess.check_output(\n    \"hg log\", shell=True)",
            &["hg"],
        );
        check(
            file,
            "p = Popen( [ 'dot' ] )\nos.system('xdg-open x')",
            &["dot", "xdg-open"],
        );
        check(
            file,
            "await asyncio.create_subprocess_exec('node', x)",
            &["node"],
        );
        check(
            file,
            "subprocess.run([git, 'x'])\nrun(['svn'])\nx = ['cvs']",
            &[],
        );
        check(
            file,
            "command = [\"bzr\", \"log\"]\nsubprocess.run(command)",
            &["bzr"],
        );
        check("src/a/b.py", "subprocess.call(['git'])", &["git"]);
        for other in [
            "src/a/b/tests/t.py",
            "src/a/b/test_c.py",
            "src/a/bc.py",
            "a/b/c.py",
        ] {
            check(other, "subprocess.call(['git'])", &[]);
        }
    }

    #[test]
    fn groups_of_entry_points() {
        let text = "[celery.commands]\nflower = a:b\n\n[console_scripts]\nx = a:c\n";
        let tree = Tree::of_texts(&[("a.egg-info/entry_points.txt", text)]);
        assert_eq!(groups(&tree), ["celery.commands", "console_scripts"]);
    }
}
