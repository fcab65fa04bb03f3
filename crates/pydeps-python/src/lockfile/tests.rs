use proptest::prelude::*;

use super::*;

/// Members with their requirements, pins, and what was noticed.
#[track_caller]
fn check(kind: Kind, text: &str, expect: &[&str]) {
    let lock = parse(text, kind, "l").unwrap();
    let mut got = Vec::new();
    for member in &lock.members {
        let name = member.name.as_ref().map_or("?", |name| name.as_ref());
        let all: Vec<String> = member.requires.iter().map(ToString::to_string).collect();
        got.push(format!("{name}: {}", all.join(", ")));
        for (group, list) in &member.groups {
            let all: Vec<String> = list.iter().map(ToString::to_string).collect();
            got.push(format!("{name} {group}: {}", all.join(", ")));
        }
    }
    got.extend(
        lock.pins
            .iter()
            .map(|pin| format!("{} {}", pin.origin, pin.requirement)),
    );
    let findings = lock.findings.iter();
    got.extend(findings.map(|f| format!("{} {}", f.origin.as_deref().unwrap(), f.code)));
    assert_eq!(got, expect, "{text}");
}

const UV: &str = r#"version = 1
requires-python = ">=3.12"

[[package]]
name = "my-app"
version = "0.1.0"
source = { editable = "." }
dependencies = [{ name = "flask" }]

[package.metadata]
requires-dist = [
    { name = "flask", extras = ["async"], specifier = ">=2" },
    { name = "rich", marker = "extra == 'x'", specifier = ">=13" },
    { name = "helper", git = "https://vcs.example/helper" },
]
provides-extras = ["x"]

[package.metadata.requires-dev]
dev = [{ name = "pytest", specifier = ">=7" }]

[[package]]
name = "flask"
version = "3.0.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "numpy"
version = "1.26.0"
resolution-markers = ["python_full_version < '3.12'", "os_name == 'nt'"]
"#;

#[test]
fn uv_lock() {
    check(
        Kind::Uv,
        UV,
        &[
            "my-app: flask[async]>=2, rich>=13 ; extra == 'x', helper",
            "my-app dev: pytest>=7",
            "l:22 flask==3.0.0",
            "l:27 numpy==1.26.0 ; python_full_version < '3.12' or os_name == 'nt'",
            "l:14 requirement-from-elsewhere",
        ],
    );
    let lock = parse(UV, Kind::Uv, "l").unwrap();
    assert_eq!(lock.requires_python.unwrap().to_string(), ">=3.12");
    assert_eq!(lock.members[0].extras[0].as_ref(), "x");
}

#[test]
fn uv_workspace() {
    let text = "version = 1\n[manifest]\nmembers = ['a', 'b']\n\
        [[package]]\nname = 'a'\nversion = '1'\nsource = { editable = 'a' }\n\
        [package.metadata]\nrequires-dist = [{ name = 'b', editable = 'b' }, { name = 'six' }]\n\
        [[package]]\nname = 'b'\nsource = { virtual = 'b' }\n\
        [[package]]\nname = 'six'\nversion = '1.17.0'\n";
    check(Kind::Uv, text, &["a: six", "b: ", "l:14 six==1.17.0"]);
    check(Kind::Uv, "version = 2\n", &["l:1 lock-invalid"]);
    check(Kind::Uv, "", &["l:1 lock-invalid"]);
}

fn pylock(packages: &str) -> String {
    format!("lock-version = '1.0'\n{packages}")
}

#[test]
fn pylock_roots() {
    let package = |name: &str, rest: &str| format!("[[packages]]\nname = '{name}'\n{rest}\n");
    let lists = |name: &str| format!("dependencies = [{{ name = '{name}' }}]");
    let text = pylock(&[package("b", "version = '2'"), package("a", &lists("b"))].concat());
    check(Kind::Pylock, &text, &["?: a", "l:3 b==2"]);
    let text = pylock(&[package("b", ""), package("a", "")].concat());
    check(Kind::Pylock, &text, &["?: b, a"]);
    let circle = [
        package("b", &lists("a")),
        package("a", &lists("b")),
        package("c", &lists("c")),
    ];
    check(Kind::Pylock, &pylock(&circle.concat()), &["?: b, c"]);
    check(
        Kind::Pylock,
        "lock-version = '2.0'\n",
        &["?: ", "l:1 lock-invalid"],
    );
}

#[test]
fn pylock_markers() {
    let package = |marker: &str| {
        pylock(&format!(
            "[[packages]]\nname = 'a'\nversion = '1'\nmarker = \"{marker}\"\n"
        ))
    };
    check(
        Kind::Pylock,
        &package("os_name == 'nt'"),
        &["?: a ; os_name == 'nt'", "l:3 a==1 ; os_name == 'nt'"],
    );
    check(
        Kind::Pylock,
        &package("'X' in extras or 'dev' in dependency_groups"),
        &[
            "?: a ; extra == 'x' or extra == 'dependency-group-dev'",
            "l:3 a==1",
        ],
    );
    check(
        Kind::Pylock,
        &package("'x' not in extras"),
        &["?: a ; extra != 'x'", "l:3 a==1"],
    );
    check(
        Kind::Pylock,
        &package("extras"),
        &["?: ", "l:3 requirement-unreadable"],
    );
}

#[test]
fn names_of_locks() {
    let is = |name: &str, expect: Option<Kind>| assert_eq!(kind(name), expect, "{name}");
    is("uv.lock", Some(Kind::Uv));
    is("pylock.toml", Some(Kind::Pylock));
    is("pylock.dev.toml", Some(Kind::Pylock));
    is("pylock.a.b.toml", None);
    is("poetry.lock", None);
    is("pyproject.toml", None);
}

proptest! {
    #[test]
    fn total(text in "(\\[\\[packages?\\]\\]\n|name = 'a'\n|version = 1\n|version = '1'\n|marker = \"|' in extras|\"\n|dependencies = \\[|\\{ name = 'b' \\}|\\]\n|\\PC{0,4}|\n){0,16}") {
        let _ = parse(&text, Kind::Uv, "l");
        let _ = parse(&text, Kind::Pylock, "l");
    }
}
