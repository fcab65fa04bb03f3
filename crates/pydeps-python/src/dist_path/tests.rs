use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(path: &str, name: &str, version: Option<&str>, class: PathClass) {
    let dist = dist_of_path(path).unwrap();
    let got = (dist.name.as_ref(), dist.version.as_deref(), dist.class);
    assert_eq!(got, (name, version, class), "{path}");
}

#[test]
fn names_and_versions_in_paths() {
    let public = |file: &str, name: &str, version: Option<&str>| {
        check(
            &format!("usr/lib/python3/dist-packages/{file}"),
            name,
            version,
            PathClass::Public,
        );
    };
    public("PyYAML-6.0.2.dist-info/METADATA", "pyyaml", Some("6.0.2"));
    public(
        "jaraco.context-6.0.1.dist-info",
        "jaraco-context",
        Some("6.0.1"),
    );
    public(
        "foo_bar-1.0-py3.13-linux-x86_64.egg-info/PKG-INFO",
        "foo-bar",
        Some("1.0"),
    );
    public("foo-bar-1.0-py3.egg-info", "foo-bar", Some("1.0"));
    public("libtorrent.egg-info/PKG-INFO", "libtorrent", None);
    public("netgen_mesher-py3.egg-info", "netgen-mesher", None);
    public(
        "py3status-3.59.egg-info/top_level.txt",
        "py3status",
        Some("3.59"),
    );
    public("jupyter-py-1.egg-info", "jupyter-py", Some("1"));
    public("odd-unknown.dist-info", "odd", Some("unknown"));
    public("odd-unknown.egg-info", "odd-unknown", None);
    public("pyFlow-_VERSION_.egg-info", "pyflow", Some("_VERSION_"));
    public("x-1!2.0+local.1.dist-info", "x", Some("1!2.0+local.1"));
}

#[test]
fn where_an_interpreter_looks() {
    use PathClass::{Private, Versioned};
    let vendored =
        "usr/lib/python3/dist-packages/setuptools/_vendor/wheel-0.45.1.dist-info/METADATA";
    check(vendored, "wheel", Some("0.45.1"), Private);
    check(
        "usr/lib/python3.13/dist-packages/x-1.dist-info",
        "x",
        Some("1"),
        Versioned,
    );
    check(
        "usr/lib/python3.13/lib-dynload/Python-3.13.egg-info",
        "python",
        Some("3.13"),
        Versioned,
    );
    check(
        "usr/lib/python3x/dist-packages/x-1.dist-info",
        "x",
        Some("1"),
        Private,
    );
    check(
        "usr/lib/pypy3/dist-packages/x-1.dist-info",
        "x",
        Some("1"),
        Private,
    );
    check(
        "usr/share/grip/grip-4.6.1.egg-info",
        "grip",
        Some("4.6.1"),
        Private,
    );
    check("x-1.dist-info", "x", Some("1"), Private);
}

#[test]
fn no_metadata() {
    for path in [
        "usr/bin/x",
        "",
        "a/.dist-info/b",
        "a/-1.dist-info/b",
        "x.dist-info.txt",
        "x-info/y",
    ] {
        assert_eq!(dist_of_path(path), None, "{path}");
    }
}

proptest! {
    #[test]
    fn any_path_is_read(path in "[a-z0-9./-]{0,20}(\\.dist-info|\\.egg-info|-py3)?/?[é-]{0,3}") {
        if let Some(dist) = dist_of_path(&path) {
            prop_assert!(path.starts_with(&dist.path));
        }
    }
}
