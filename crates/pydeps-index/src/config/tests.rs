use std::path::Path;

use fs_err as fs;
use proptest::prelude::*;

use super::*;

/// A home with files, and an environment that knows nothing else.
struct Home(tempfile::TempDir);

impl Home {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self(directory)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn env(&self, variables: &[(&str, &str)]) -> Env {
        let home = self.path().display().to_string();
        let all = variables
            .iter()
            .map(|&(k, v)| (k, v.replace("$HOME", &home)));
        let mut env = Env::new(all.chain([("HOME", home.clone())]));
        env.root = self.path().to_owned();
        env
    }

    fn gather(&self, variables: &[(&str, &str)], options: &Options) -> Result<Config, ConfigError> {
        Config::gather(options, &self.env(variables))
    }

    /// Checks the indexes, in their order.
    #[track_caller]
    fn check(&self, variables: &[(&str, &str)], options: &Options, expect: &[&str]) {
        let config = self.gather(variables, options).unwrap();
        let indexes: Vec<_> = config.indexes.iter().map(Url::as_str).collect();
        assert_eq!(indexes, expect);
    }
}

fn option(url: &str) -> Options {
    Options {
        index_url: Some(url.to_owned()),
        ..Options::default()
    }
}

const CONF: &str = "[global]\nindex-url = https://conf.example/simple\ntimeout = 60\n\
    [install]\n# a comment\nextra-index-url =\n    https://one.example/simple\n    https://two.example/simple/\n\
    find_links = /\n";

#[test]
fn explicit_then_environment_then_files() {
    let home = Home::new(&[(".config/pip/pip.conf", CONF)]);
    let extra = ["https://one.example/simple/", "https://two.example/simple/"];
    let with = |last: &'static str| [extra[0], extra[1], last];
    let env = [
        ("PIP_INDEX_URL", "https://env.example/a"),
        ("UV_DEFAULT_INDEX", "https://uv.example/"),
    ];
    home.check(
        &env,
        &option("https://option.example/simple"),
        &with("https://option.example/simple/"),
    );
    home.check(&env, &Options::default(), &with("https://env.example/a/"));
    home.check(&env[1..], &Options::default(), &with("https://uv.example/"));
    home.check(
        &[("PIP_INDEX_URL", "")],
        &Options::default(),
        &with("https://conf.example/simple/"),
    );
    let env = [
        (
            "PIP_EXTRA_INDEX_URL",
            "https://x.example/ https://y.example/",
        ),
        ("UV_INDEX", "n=https://z.example/"),
    ];
    home.check(
        &env,
        &Options::default(),
        &[
            "https://z.example/",
            "https://x.example/",
            "https://y.example/",
            "https://conf.example/simple/",
        ],
    );
    home.check(&[("PIP_NO_INDEX", "1")], &Options::default(), &[]);
    let config = home.gather(&[], &Options::default()).unwrap();
    assert_eq!(config.settings.timeout, Duration::from_secs(60));
    assert_eq!(config.find_links, ["file:///".parse().unwrap()]);
}

#[test]
fn later_files_override_earlier_ones() {
    let conf = |name: &str| format!("[global]\nindex-url = https://{name}.example/\n");
    let places = [
        "etc/xdg/pip/pip.conf",
        "etc/pip.conf",
        ".pip/pip.conf",
        ".config/pip/pip.conf",
        "venv/pip.conf",
        "own.conf",
    ];
    let env = [
        ("VIRTUAL_ENV", "$HOME/venv"),
        ("PIP_CONFIG_FILE", "$HOME/own.conf"),
    ];
    for count in 1..=places.len() {
        let texts: Vec<String> = (0..count).map(|at| conf(&format!("n{at}"))).collect();
        let files: Vec<_> = places
            .iter()
            .zip(&texts)
            .map(|(p, t)| (*p, t.as_str()))
            .collect();
        let expect = format!("https://n{}.example/", count - 1);
        Home::new(&files).check(&env, &Options::default(), &[&expect]);
    }
    let install = "[install]\nindex-url = https://install.example/\n[global]\nindex-url = https://global.example/\n";
    Home::new(&[(".pip/pip.conf", install)]).check(
        &[],
        &Options::default(),
        &["https://install.example/"],
    );
}

#[test]
fn what_is_wrong_is_named() {
    let home = Home::new(&[]);
    let error = |variables: &[(&str, &str)], options| {
        home.gather(variables, &options).unwrap_err().to_string()
    };
    let bad = error(&[], option("https//me:secret@x.example"));
    assert!(
        bad.contains("--index-url") && !bad.contains("secret"),
        "{bad}"
    );
    let bad = error(
        &[("PIP_DEFAULT_TIMEOUT", "soon")],
        option("https://x.example"),
    );
    assert!(bad.contains("`soon` is not a number of seconds"), "{bad}");
    let none = error(&[("PATH", "/nonexistent")], Options::default());
    assert!(
        none.contains("give --index-url URL, or install python3-pip"),
        "{none}"
    );
    let conf = Home::new(&[(".pip/pip.conf", "[global\n")]);
    let bad = conf
        .gather(&[], &Options::default())
        .unwrap_err()
        .to_string();
    assert!(bad.contains(".pip/pip.conf"), "{bad}");
}

#[test]
fn the_null_device_switches_files_off() {
    let home = Home::new(&[(".pip/pip.conf", CONF)]);
    let env = [
        ("PIP_CONFIG_FILE", "/dev/null"),
        ("PIP_INDEX_URL", "https://env.example/"),
    ];
    home.check(&env, &Options::default(), &["https://env.example/"]);
}

#[test]
fn credentials_are_kept_apart() {
    let home = Home::new(&[(".netrc", "machine files.example login a password b\n")]);
    let config = home
        .gather(&[], &option("https://me:secret@x.example/simple"))
        .unwrap();
    assert_eq!(config.indexes[0].as_str(), "https://x.example/simple/");
    assert!(!format!("{config:?}").contains("secret"));
    for url in ["https://x.example/f", "https://files.example/f"] {
        assert!(
            config.credentials.header(&url.parse().unwrap()).is_some(),
            "{url}"
        );
    }
}

#[test]
fn whom_to_trust() {
    let home = Home::new(&[(
        ".pip/pip.conf",
        "[global]\ncert = /conf.pem\nindex-url=https://x.example\n",
    )]);
    let trust = |variables: &[(&str, &str)], options: &Options| {
        home.gather(variables, options).unwrap().settings.trust
    };
    let bundle = |path: &str| Trust::Bundle(path.into());
    let env = [("PIP_CERT", "/env.pem"), ("SSL_CERT_FILE", "/ssl.pem")];
    let explicit = Options {
        cert: Some("/option.pem".into()),
        ..Options::default()
    };
    assert_eq!(trust(&env, &explicit), bundle("/option.pem"));
    assert_eq!(trust(&env, &Options::default()), bundle("/env.pem"));
    assert_eq!(trust(&env[1..], &Options::default()), bundle("/conf.pem"));
    let bare = Home::new(&[]);
    let trust = |variables: &[(&str, &str)]| {
        bare.gather(variables, &option("https://x.example"))
            .unwrap()
            .settings
            .trust
    };
    assert_eq!(trust(&[]), Trust::System);
    assert_eq!(
        trust(&env[1..]),
        Trust::Paths(Some("/ssl.pem".into()), None)
    );
    assert_eq!(trust(&[("REQUESTS_CA_BUNDLE", "/r.pem")]), bundle("/r.pem"));
}

#[test]
fn a_tilde_is_the_home_directory() {
    let home = Home::new(&[("wheels/x", "")]);
    let env = [("PIP_CERT", "~/ca.pem"), ("PIP_FIND_LINKS", "~/wheels")];
    let config = home.gather(&env, &option("https://x.example")).unwrap();
    let trust = Trust::Bundle(home.path().join("ca.pem"));
    assert_eq!(config.settings.trust, trust);
    let links = Url::from_directory_path(home.path().join("wheels")).unwrap();
    assert_eq!(config.find_links, [links]);
}

#[test]
fn proxies_by_scheme() {
    let home = Home::new(&[]);
    let env = [
        ("HTTPS_PROXY", "http://s:1"),
        ("all_proxy", "http://a:2"),
        ("no_proxy", "x"),
    ];
    let settings = home
        .gather(&env, &option("https://x.example"))
        .unwrap()
        .settings;
    assert_eq!(settings.https_proxy.as_deref(), Some("http://s:1"));
    assert_eq!(settings.http_proxy.as_deref(), Some("http://a:2"));
    assert_eq!(settings.no_proxy.as_deref(), Some("x"));
}

const HELP: &str = "
Package Index Options:
  -i, --index-url <url>       Base URL of the Package Index (default https://index.example/simple). This should
  --extra-index-url <url>     Extra URLs of package indexes to use in addition to --index-url. (default x)
";

#[test]
fn pip_tells_its_default() {
    let url = |text: &str| parse_help(text).map(String::from);
    assert_eq!(url(HELP).as_deref(), Some("https://index.example/simple"));
    assert_eq!(
        url("--index-url <url> (default: https://a.example/b)").as_deref(),
        Some("https://a.example/b")
    );
    assert_eq!(url("--index-url <url>"), None);
    assert_eq!(url("--extra-index-url (default https://a.example/)"), None);
    assert_eq!(url(""), None);
}

#[test]
fn pip_is_asked_once_and_without_its_configuration() {
    use std::os::unix::fs::PermissionsExt;
    let script = format!(
        "#!/bin/sh\necho \"$*\" >> \"$HOME/calls\"\n[ -z \"$PIP_INDEX_URLS\" ] && [ \"$PIP_CONFIG_FILE\" = /dev/null ] || exit 1\n\
         /bin/cat <<'END'\n{HELP}END\n"
    );
    let home = Home::new(&[("bin/python3", &script)]);
    fs::set_permissions(
        home.path().join("bin/python3"),
        PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let env = [
        ("PATH", "$HOME/bin"),
        ("PIP_INDEX_URLS", "x"),
        ("PIP_CONFIG_FILE", "$HOME/none"),
    ];
    let options = Options {
        cache_dir: Some(home.path().join("cache")),
        ..Options::default()
    };
    for _ in 0..2 {
        home.check(&env, &options, &["https://index.example/simple/"]);
    }
    let calls = fs::read_to_string(home.path().join("calls")).unwrap();
    assert_eq!(calls, "-m pip help install\n");
}

proptest! {
    #[test]
    fn total(text in "(\\[global\\]|\\[|index-url|=|\n|  |\\PC{0,5}|--index-url|\\(default |https://a\\)){0,12}") {
        let _ = parse_help(&text);
        let home = Home::new(&[(".pip/pip.conf", &text)]);
        let _ = PipConf::load(&home.env(&[]));
    }
}
