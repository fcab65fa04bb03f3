use pydeps_core::diagnostic::Diagnostic as _;

use super::*;

const POETRY: &str = "[tool.poetry]\nname = 'a'\n[tool.poetry.dependencies]\nsix = '^1'\n";
const DYNAMIC: &str = "[project]\nname = 'a'\nversion = '1'\ndynamic = ['dependencies']\n";
const SETUP_CFG: &str = "[metadata]\nname = a\n[options]\ninstall_requires = flask\n";
const EGG_INFO: [(&str, &str); 2] = [
    ("src/a.egg-info/requires.txt", "six\n[x]\nrich\n"),
    ("src/a.egg-info/PKG-INFO", "Name: a\nVersion: 0.9\n"),
];

/// Files of a project, and what they say: `NAME VERSION: REQUIREMENTS (CODES of FILE)`.
#[track_caller]
fn check(files: &[(&str, &str)], expect: &str) {
    let top = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = top.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }
    let got = match read(top.path()) {
        Ok(tree) => show(&tree),
        Err(error) => error.to_string(),
    };
    let got = got.replace(&format!("{}/", top.path().display()), "");
    assert_eq!(got, expect);
}

fn show(tree: &SourceTree) -> String {
    let list = |items: Vec<String>| items.join(", ");
    let requires = list(tree.requires.iter().map(ToString::to_string).collect());
    let codes: String = tree
        .findings
        .iter()
        .map(|f| format!("{} of ", f.code))
        .collect();
    format!(
        "{} {}: {requires} ({codes}{})",
        tree.name.as_ref().map_or("?", |name| name.as_ref()),
        tree.version.as_deref().unwrap_or("?"),
        tree.origin
    )
}

#[test]
fn the_first_that_tells() {
    check(
        &[("pyproject.toml", POETRY)],
        "a ?: six>=1,<2 (pyproject.toml)",
    );
    check(
        &[("pyproject.toml", POETRY), ("setup.cfg", SETUP_CFG)],
        "a ?: six>=1,<2 (pyproject.toml)",
    );
    check(&[("setup.cfg", SETUP_CFG)], "a ?: flask (setup.cfg)");
    check(
        &[("pyproject.toml", DYNAMIC), ("setup.cfg", SETUP_CFG)],
        "a 1: flask (setup.cfg)",
    );
    check(
        &[
            ("pyproject.toml", "[build-system]\nrequires = []\n"),
            ("setup.cfg", SETUP_CFG),
        ],
        "a ?: flask (setup.cfg)",
    );
}

#[test]
fn files_that_setuptools_reads() {
    let project =
        format!("{DYNAMIC}[tool.setuptools.dynamic]\ndependencies = {{ file = ['reqs/r.txt'] }}\n");
    check(
        &[("pyproject.toml", &project), ("reqs/r.txt", "six\n")],
        "a 1: six (pyproject.toml)",
    );
    let outside = project.replace("reqs/r.txt", "../r.txt");
    check(
        &[("pyproject.toml", &outside)],
        "pyproject.toml: `../r.txt` is not a file within the project",
    );
    let absolute = project.replace("reqs/r.txt", "/etc/r.txt");
    check(
        &[("pyproject.toml", &absolute)],
        "pyproject.toml: `/etc/r.txt` is not a file within the project",
    );
}

#[test]
fn no_way_out_of_the_project_through_a_link() {
    let top = tempfile::tempdir().unwrap();
    let project = top.path().join("a");
    fs_err::create_dir(&project).unwrap();
    fs_err::write(top.path().join("secret"), "six\n").unwrap();
    fs_err::os::unix::fs::symlink("../secret", project.join("r.txt")).unwrap();
    let tree = Tree {
        directory: &project,
    };
    assert_eq!(
        tree.named("r.txt").unwrap_err(),
        "`r.txt` is not a file within the project"
    );
    fs_err::write(project.join("s.txt"), "six\n").unwrap();
    assert_eq!(tree.named("./s.txt").unwrap(), "six\n");
}

#[test]
fn what_a_build_has_left() {
    let [requires, pkg_info] = EGG_INFO;
    let guessed = "a ?: six, rich ; extra == 'x' (requirements-guessed of src/a.egg-info)";
    check(&[("setup.py", ""), requires, pkg_info], guessed);
    check(&[("pyproject.toml", DYNAMIC), requires], guessed);
    let fixed = "Metadata-Version: 2.2\nName: a\nVersion: 1\nRequires-Dist: six\n";
    check(
        &[("setup.py", ""), ("PKG-INFO", fixed)],
        "a 1: six (PKG-INFO)",
    );
    let old = "Metadata-Version: 1.0\nName: a\nVersion: 1\n";
    check(
        &[("setup.py", ""), ("PKG-INFO", old), requires],
        "a 1: six, rich ; extra == 'x' (requirements-guessed of PKG-INFO)",
    );
    let none = ("a.egg-info/SOURCES.txt", "setup.py\n");
    check(
        &[("setup.py", ""), ("PKG-INFO", old), none],
        "a 1:  (requirements-guessed of PKG-INFO)",
    );
}

#[test]
fn scripts_are_not_believed_and_not_run() {
    let script = ("setup.py", "setup(install_requires=['six'])");
    check(
        &[script, ("setup.cfg", SETUP_CFG)],
        "a ?: flask (setup-py-unread of setup.cfg)",
    );
    let [requires, _] = EGG_INFO;
    check(
        &[script, ("setup.cfg", SETUP_CFG), requires],
        "? ?: six, rich ; extra == 'x' (requirements-guessed of src/a.egg-info)",
    );
    let error = "setup.py: only running it tells the dependencies, and it is not run";
    check(&[script, ("setup.cfg", "[metadata]\nname = a\n")], error);
    check(&[script], error);
    let pbr = ("setup.py", "setup(setup_requires=['pbr'], pbr=True)");
    check(&[pbr, ("setup.cfg", "[metadata]\nname = a\n")], error);
    let plain = ("setup.py", "setup()");
    check(
        &[plain, ("setup.cfg", "[metadata]\nname = a\n")],
        "a ?:  (setup.cfg)",
    );
}

#[test]
fn groups_alone() {
    let groups = "[dependency-groups]\ntest = ['pytest']\n";
    check(&[("pyproject.toml", groups)], "? ?:  (pyproject.toml)");
    let dynamic = format!("{DYNAMIC}{groups}");
    let error = "pyproject.toml: the dependencies are dynamic, only a build can tell them";
    check(&[("pyproject.toml", &dynamic)], error);
}

#[test]
fn nothing_to_be_read() {
    check(
        &[
            ("pyproject.toml", "[tool.black]\n"),
            ("setup.cfg", "[flake8]\n"),
        ],
        "pyproject.toml: there is no [project] table, and no [tool.poetry]",
    );
    let none = "there is no Python project: no pyproject.toml, setup.py or PKG-INFO, and no \
        setup.cfg with [metadata]";
    let top = tempfile::tempdir().unwrap();
    let error = read(top.path()).unwrap_err().to_string();
    assert_eq!(error, format!("{}: {none}", top.path().display()));
    fs_err::write(top.path().join("pylock.toml"), "").unwrap();
    let error = read(top.path()).unwrap_err();
    assert!(error.to_string().ends_with("but a pylock.toml"), "{error}");
    let help = error.hint().unwrap();
    assert!(help.ends_with("resolve pylock.toml`"), "{help}");
    let error = read(&top.path().join("nowhere")).unwrap_err().to_string();
    assert!(
        error.ends_with("nowhere: there is no such directory"),
        "{error}"
    );
}
