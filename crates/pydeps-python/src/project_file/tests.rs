use proptest::prelude::*;

use super::*;

const TEXT: &str = r#"
[build-system]
requires = ["hatchling>=1.8"]
build-backend = "hatchling.build"

[project]
name = "My.App"
dynamic = ["version"]
requires-python = ">=3.9"
dependencies = [
    "requests >= 2",
    "flask>=2.0.*",
    "??",
    7,
]

[project.optional-dependencies]
Test_It = ["pytest; os_name == 'posix'"]
"#;

#[test]
fn what_resolution_needs() {
    let file = parse(TEXT, "pyproject.toml").unwrap();
    assert_eq!(file.name.as_ref().map(DistName::as_ref), Some("my-app"));
    assert_eq!(
        (file.version.clone(), file.dynamic.as_slice()),
        (None, &["version".to_owned()][..])
    );
    assert_eq!(file.build_backend.as_deref(), Some("hatchling.build"));
    assert_eq!(file.build_requires.len(), 1);
    let requires: Vec<_> = file
        .requires_dist()
        .iter()
        .map(ToString::to_string)
        .collect();
    let pytest = "pytest ; os_name == 'posix' and extra == 'test-it'";
    assert_eq!(requires, ["requests>=2", "flask>=2.0", pytest]);
}

#[test]
fn findings_name_file_and_line() {
    let file = parse(TEXT, "pyproject.toml").unwrap();
    let found: Vec<_> = file
        .findings
        .iter()
        .map(|f| (f.code.as_str(), f.origin.as_deref().unwrap()))
        .collect();
    let expect = [
        ("requirement-repaired", "pyproject.toml:12"),
        ("requirement-unreadable", "pyproject.toml:13"),
        ("pyproject-invalid", "pyproject.toml:14"),
    ];
    assert_eq!(found, expect);
    let error = parse("[project]\nname = \n", "p.toml").unwrap_err();
    assert_eq!((error.origin.as_str(), error.line), ("p.toml", 2));
}

#[test]
fn wrong_kinds_are_findings() {
    let text = "[project]\nname = 1\nversion = 'x'\nrequires-python = 3\n\
            dependencies = 'a'\noptional-dependencies = []\n";
    let file = parse(text, "p").unwrap();
    assert_eq!(file.findings.len(), 5);
    assert!(!parse("", "p").unwrap().is_static());
}

proptest! {
    #[test]
    fn total(text in "(\\[|\\]|project|=|\"|'|name|dependencies|\n|\\PC{0,6}){0,20}") {
        let _ = parse(&text, "p");
    }
}

/// Requirements, extras' included, then what was noticed.
#[track_caller]
fn check(text: &str, expect: &[&str]) {
    let file = parse(text, "p").unwrap();
    let requires = file.requires_dist();
    let shown = requires.iter().map(ToString::to_string);
    let findings = file.findings.iter();
    let findings = findings.map(|f| format!("{} {}", f.origin.as_deref().unwrap(), f.code));
    let got: Vec<String> = shown.chain(findings).collect();
    assert_eq!(got, expect, "{text}");
}

#[track_caller]
fn check_poetry(line: &str, expect: &[&str]) {
    check(&format!("[tool.poetry.dependencies]\n{line}\n"), expect);
}

#[test]
fn poetrys_dependencies() {
    check_poetry("python = '^3.9'", &[]);
    check_poetry("Foo_Bar = '^1.2'", &["foo-bar>=1.2,<2.0"]);
    check_poetry("a = '*'", &["a"]);
    check_poetry(
        "a = { version = '~1.2', extras = ['x', 'y'] }",
        &["a[x,y]>=1.2,<1.3"],
    );
    check_poetry(
        "a = { version = '1.0', python = '<3.8', platform = 'linux' }",
        &["a==1.0 ; python_version < '3.8' and sys_platform == 'linux'"],
    );
    check_poetry(
        "a = { version = '>=1', markers = \"os_name == 'nt' or os_name == 'posix'\", python = '*' }",
        &["a>=1 ; os_name == 'nt' or os_name == 'posix'"],
    );
    check_poetry(
        "a = [{ version = '^1', python = '<3.8' }, { version = '^2', python = '>=3.8' }]",
        &[
            "a>=1,<2 ; python_version < '3.8'",
            "a>=2,<3 ; python_version >= '3.8'",
        ],
    );
    check_poetry(
        "a = { version = '1', platform = '!=win32' }",
        &["a==1 ; sys_platform != 'win32'"],
    );
}

#[test]
fn poetrys_dependencies_that_are_odd() {
    check_poetry("a = '^1 || ^3'", &["a>=1,<4", "p:2 poetry-widened"]);
    for place in [
        "git = 'https://vcs.example/a', rev = '1'",
        "path = '../a'",
        "url = 'x'",
    ] {
        let line = format!("a = {{ {place}, optional = false }}");
        check_poetry(&line, &["a", "p:2 requirement-from-elsewhere"]);
    }
    let invalid = &["p:2 pyproject-invalid"][..];
    check_poetry("a = 'latest'", invalid);
    check_poetry("a = 7", invalid);
    check_poetry("a = [7]", invalid);
    check_poetry("a = { version = '1', python = '?' }", invalid);
    check_poetry("python = 'three'", invalid);
    check_poetry("a = { extras = ['x'] }", &["a[x]", "p:2 pyproject-invalid"]);
    check_poetry(
        "a = { version = '1', markers = '?' }",
        &["p:2 requirement-unreadable"],
    );
    check(
        "[tool.poetry]\nname = 'a'\ndependencies = 'b'\n",
        &["p:3 pyproject-invalid"],
    );
}

#[test]
fn poetrys_extras() {
    let text = "[tool.poetry.dependencies]\nb = '*'\nc = { version = '^1', optional = true }\n\
        d = { version = '^2', optional = true }\n[tool.poetry.extras]\nX_y = ['C']\n";
    let expect = [
        "b",
        "c>=1,<2 ; extra == 'x-y'",
        "p:4 poetry-optional-unused",
    ];
    check(text, &expect);
    let unknown = "[tool.poetry]\nname = 'a'\n[tool.poetry.extras]\nx = ['nope']\n";
    check(unknown, &["p:4 poetry-extra-unknown"]);
}

#[test]
fn project_wins_and_poetry_adds() {
    let poetry = "[tool.poetry]\nname = 'other'\nversion = '2'\n\
        [tool.poetry.dependencies]\npython = '^3.9'\nb = '^1'\n";
    let with = |project: &str| format!("[project]\nname = 'a'\n{project}\n{poetry}");
    check(&with("dependencies = ['c']"), &["c"]);
    check(&with("dynamic = ['dependencies']"), &["b>=1,<2"]);
    let mixed = "dynamic = ['dependencies']\noptional-dependencies = { x = ['d'] }";
    check(&with(mixed), &["b>=1,<2", "d ; extra == 'x'"]);
    let file = parse(&with("version = '1'"), "p").unwrap();
    assert_eq!(file.name.unwrap().as_ref(), "a");
    assert_eq!(file.version.unwrap().to_string(), "1");
    assert_eq!(file.requires_python.unwrap().to_string(), ">=3.9, <4.0");
    let file = parse(poetry, "p").unwrap();
    assert_eq!(file.version.unwrap().to_string(), "2");
    let dynamic = format!("{poetry}[tool.poetry-dynamic-versioning]\nenable = true\n");
    assert_eq!(parse(&dynamic, "p").unwrap().version, None);
}

/// A group's requirements, or why it cannot be had.
#[track_caller]
fn check_group(text: &str, group: &str, expect: &str) {
    let file = parse(text, "p").unwrap();
    let got = match file.group(&group.parse().unwrap()) {
        Ok((requirements, findings)) => {
            let codes = findings.iter().map(|f| f.code.clone());
            let shown = requirements.iter().map(ToString::to_string);
            shown.chain(codes).collect::<Vec<_>>().join(", ")
        }
        Err(error) => error.to_string(),
    };
    assert_eq!(got, expect, "{text}");
}

#[test]
fn dependency_groups() {
    let text = "[dependency-groups]\nTest_It = ['pytest>7', {include-group = 'Base'}]\n\
        base = ['six']\nboth = [{include-group = 'base'}, {include-group = 'test.it'}]\n\
        loop = [{include-group = 'round'}]\nround = [{include-group = 'loop'}]\n\
        gone = [{include-group = 'nowhere'}]\nbad = ['??']\nodd = [7]\nno = 'x'\n\
        more = [{include-group = 'base', x = 1}]\n";
    check_group(text, "test-it", "pytest>7, six");
    check_group(text, "both", "six, pytest>7");
    check_group(
        text,
        "loop",
        "p:5: the dependency group `loop` includes itself, through loop → round → loop",
    );
    check_group(text, "gone", "p:7: there is no dependency group `nowhere`");
    check_group(text, "nope", "p: there is no dependency group `nope`");
    check_group(text, "bad", "requirement-unreadable");
    check_group(text, "odd", "pyproject-invalid");
    check_group(text, "no", "pyproject-invalid");
    check_group(text, "more", "pyproject-invalid");
    // Nobody has asked for the broken ones.
    check(text, &[]);
    check(
        "[dependency-groups]\na-b = []\nA_B = []\n",
        &["p:3 pyproject-invalid"],
    );
    check("dependency-groups = 1\n", &["p:1 pyproject-invalid"]);
}

#[test]
fn poetrys_groups() {
    let text = "[tool.poetry]\nname = 'a'\n[tool.poetry.dev-dependencies]\nblack = '^22'\n\
        [tool.poetry.group.docs]\noptional = true\ninclude-groups = ['dev']\n\
        [tool.poetry.group.docs.dependencies]\nsphinx = '*'\n";
    check_group(text, "dev", "black>=22,<23");
    check_group(text, "docs", "sphinx, black>=22,<23");
    let both = "[dependency-groups]\ntest = ['a>1']\n[tool.poetry.group.test.dependencies]\n\
        a = { path = '../a' }\nb = '*'\n";
    check_group(both, "test", "a>1, b, requirement-from-elsewhere");
}

#[test]
fn setuptools_names_files() {
    let text = "[project]\nname = 'a'\ndynamic = ['dependencies']\n\
        [tool.setuptools.dynamic]\ndependencies = { file = 'r.txt' }\n\
        [tool.setuptools.dynamic.optional-dependencies]\nx = { file = ['x.txt'] }\n";
    let files = parse(text, "p").unwrap().dynamic_files;
    assert_eq!(files.dependencies, ["r.txt"]);
    assert_eq!(
        files.optional_dependencies[&"x".parse().unwrap()],
        ["x.txt"]
    );
}

proptest! {
    #[test]
    fn poetry_is_total(text in "(\\{|\\}|,|=|a|'\\^1'|version|python|markers|extras|optional|'|\\[|\\]|git| |\\PC{0,4}){0,16}") {
        let _ = parse(&format!("[tool.poetry.dependencies]\na = {text}\n"), "p");
        let _ = parse(&format!("[dependency-groups]\na = {text}\n"), "p");
    }
}
