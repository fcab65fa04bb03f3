//! The scripts that judge a resolution (`tests/e2e/closure.py`, `imports.py`), on small
//! sets of distributions that are nothing but metadata.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// Debian's own Python, and where it has `packaging`.
const PYTHON: &str = "/usr/bin/python3";
const PACKAGING: &str = "/usr/lib/python3/dist-packages";

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/e2e")
}

/// Runs Python on nothing but what is in `site`.
fn python(site: &Path, words: &[&str]) -> String {
    let output = Command::new(PYTHON)
        .args(["-S", "-B"])
        .args(words)
        .current_dir(scripts())
        .env("PYTHONPATH", site)
        .env("JUDGE_PIP", PACKAGING)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Writes `NAME VERSION` and lines of its metadata, each distribution up to an empty line.
fn install(site: &Path, distributions: &str) {
    for text in distributions.split("\n\n") {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let (name, version) = first.split_once(' ').unwrap();
        let info = site.join(format!("{name}-{version}.dist-info"));
        fs_err::create_dir_all(&info).unwrap();
        let metadata = format!("Name: {name}\nVersion: {version}\n{rest}\n");
        fs_err::write(info.join("METADATA"), metadata).unwrap();
    }
}

/// What the judge says of `app`, which is generated with `lib`; `deb` is the suite's.
fn facts(distributions: &str, before: &Value) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let site = directory.path().join("site");
    install(&site, distributions);
    let task = json!({"roots": ["app"], "generated": ["app", "lib"], "suite": ["deb"],
        "versions": {"app": "1.0"}, "stand_ins": {"alias": {"package": "a", "version": "3"}}});
    let (task_path, before_path) = (
        directory.path().join("task"),
        directory.path().join("before"),
    );
    fs_err::write(&task_path, task.to_string()).unwrap();
    fs_err::write(&before_path, json!({"complaints": before}).to_string()).unwrap();
    let words = [
        "closure.py",
        task_path.to_str().unwrap(),
        before_path.to_str().unwrap(),
    ];
    serde_json::from_str(&python(&site, &words)).unwrap()
}

/// Compares what is wrong with the requirements; the number of all comes first.
#[track_caller]
fn check(distributions: &str, count: usize, expect: &[&str]) {
    let facts = facts(distributions, &json!([]));
    let edges = facts["edges"].as_array().unwrap();
    let broken = edges.iter().filter(|edge| !edge["wrong"].is_null());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut found: Vec<_> = broken
        .map(|e| {
            format!(
                "{} {}: {}",
                text(&e["from"]),
                text(&e["requirement"]),
                text(&e["wrong"])
            )
        })
        .collect();
    found.sort();
    assert_eq!(
        (edges.len(), found),
        (count, expect.iter().map(|s| (*s).to_owned()).collect())
    );
}

#[test]
fn requirements_of_what_is_generated() {
    let deb = "\n\ndeb 2.0\nRequires-Dist: nowhere";
    check(&format!("app 1.0\nRequires-Dist: deb>=2{deb}"), 2, &[]);
    check(
        &format!("app 1.0\nRequires-Dist: deb>=3{deb}"),
        2,
        &["app deb>=3: is 2.0"],
    );
    check(
        "app 1.0\nRequires-Dist: deb",
        2,
        &["app deb: not installed"],
    );
    check(
        "app 1.0\nRequires-Dist: deb; sys_platform == 'win32'",
        1,
        &[],
    );
    check("app 1.0\nRequires-Dist: alias>2", 2, &[]);
    check("app 1.0\nRequires-Dist: alias>3", 2, &["app alias>3: is 3"]);
    check("lib 1.0", 1, &["the command line app: not installed"]);
}

#[test]
fn what_the_answer_does_not_name() {
    check(
        "app 1.0\nRequires-Dist: stray\n\nstray 1.0",
        2,
        &["app stray: not named by the answer"],
    );
}

#[test]
fn extras_are_edges_of_who_asks_for_them() {
    let app = "app 1.0\nRequires-Dist: lib[x]\n\n";
    let lib = "lib 1.0\nProvides-Extra: x\nRequires-Dist: deb>5; extra == 'x'\n\
        Requires-Dist: other; extra == 'y'\n\n";
    check(
        &format!("{app}{lib}deb 2.0"),
        3,
        &["lib[x] deb>5; extra == \"x\": is 2.0"],
    );
    // Of the suite's own distributions the extra counts, and nothing else.
    let app = "app 1.0\nRequires-Dist: deb[x]\n\n";
    let deb = "deb 1.0\nRequires-Dist: other\nRequires-Dist: more; extra == 'x'";
    check(
        &format!("{app}{deb}"),
        3,
        &["deb[x] more; extra == \"x\": not installed"],
    );
}

#[test]
fn circles_end() {
    check(
        "app 1.0\nRequires-Dist: lib\n\nlib 1.0\nRequires-Dist: app",
        3,
        &[],
    );
}

#[test]
fn complaints_within_debian_are_compared_with_those_before() {
    let world = "app 1.0\nRequires-Python: <3\n\ndeb 2.0\nRequires-Dist: x\nRequires-Dist: app>1";
    let known = json!([["deb", "x", "not installed"]]);
    let facts = facts(world, &known);
    assert_eq!(facts["new_complaints"], json!([["deb", "app>1", "is 1.0"]]));
    assert_eq!(facts["complaints"].as_array().unwrap().len(), 2);
    let refusal = facts["python_refusals"][0].as_str().unwrap();
    assert!(
        refusal.starts_with("app asks for Python <3, this is 3."),
        "{refusal}"
    );
}

#[test]
fn versions_that_differ_from_what_was_promised() {
    let facts = facts("app 1.1", &json!([]));
    assert_eq!(facts["differing"], json!([["app", "1.0", "1.1"]]));
    let same = self::facts("app 1.0.0", &json!([]));
    assert_eq!(same["differing"], json!([]));
}

#[track_caller]
fn check_modules(paths: &[&str], expect: &[&str]) {
    let script = "import imports, json, pathlib, sys\n\
        print(json.dumps(imports.shallowest(pathlib.PurePosixPath(p) for p in sys.argv[1:])))";
    let words: Vec<&str> = ["-c", script]
        .into_iter()
        .chain(paths.iter().copied())
        .collect();
    let found: Vec<String> = serde_json::from_str(&python(&scripts(), &words)).unwrap();
    assert_eq!(found, expect);
}

#[test]
fn the_modules_to_import() {
    check_modules(
        &["a/__init__.py", "a/b.py", "a/c/__init__.py", "d.py"],
        &["a", "d"],
    );
    check_modules(
        &["ns/a/__init__.py", "ns/a/b.py", "ns/c.py"],
        &["ns.a", "ns.c"],
    );
    check_modules(&["a/b.abi3.so", "b.abi3.so"], &["a.b", "b"]);
    check_modules(
        &[
            "tests/__init__.py",
            "a/__main__.py",
            "a-1.dist-info/METADATA",
        ],
        &[],
    );
    check_modules(&["a/tests/test_b.py", "not-a-name.py", "a.pyi"], &[]);
}
