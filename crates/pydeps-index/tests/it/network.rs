//! Servers that fail, want to know who is asking, or cannot be trusted.

use std::time::{Duration, Instant};

use fs_err as fs;
use pydeps_index::{Client, Error, HttpError, Trust};
use pydeps_testkit::{Authority, Scenario, StubIndex, StubProxy, TestWheel, Trouble};

use super::{client, config, metadata, name, project};

fn scenario() -> Scenario {
    Scenario::new([TestWheel::new("a", "1.0").build()])
}

fn with(times: usize, trouble: Trouble) -> StubIndex {
    StubIndex::start(scenario().fault("/simple/", times, trouble))
}

#[test]
fn passing_trouble_is_sat_out() {
    for trouble in [
        Trouble::Status(500),
        Trouble::Status(503),
        Trouble::Status(429),
        Trouble::HangUp,
        Trouble::Truncated,
    ] {
        let index = with(2, trouble);
        project(&client(&index));
        assert_eq!(index.take_paths().len(), 3);
    }
}

#[test]
fn lasting_trouble_names_url_and_status() {
    for (status, attempts) in [(500, 4), (429, 4), (403, 1), (400, 1)] {
        let index = with(usize::MAX, Trouble::Status(status));
        let error = client(&index).project(&name("a")).unwrap_err().to_string();
        let expect = format!("{}a/: the server answered {status}", index.url());
        assert!(error.starts_with(&expect), "{error}");
        assert_eq!(index.take_paths().len(), attempts);
    }
}

#[test]
fn retry_after_is_honoured() {
    let index = with(1, Trouble::RetryAfter(429, 1));
    let begun = Instant::now();
    project(&client(&index));
    assert!(begun.elapsed() >= Duration::from_secs(1));
    let index = with(usize::MAX, Trouble::RetryAfter(503, 3600));
    let begun = Instant::now();
    client(&index).project(&name("a")).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[test]
fn silence_is_not_waited_for_for_ever() {
    let index = with(usize::MAX, Trouble::Slow(Duration::from_secs(3)));
    let mut config = config(&[&index]);
    config.settings.timeout = Duration::from_millis(100);
    config.settings.retries = 1;
    let begun = Instant::now();
    let error = Client::new(config).project(&name("a")).unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Connection { .. })),
        "{error}"
    );
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[test]
fn nobody_there_is_an_error_that_says_so() {
    let mut config = config(&[]);
    config.settings.retries = 0;
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    config
        .add_index(&format!("http://127.0.0.1:{port}/simple"), "test")
        .unwrap();
    let error = Client::new(config).project(&name("a")).unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Connection { .. })),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains(&format!("127.0.0.1:{port}/simple/a/")),
        "{error}"
    );
}

#[test]
fn a_name_that_does_not_resolve_is_not_tried_again() {
    let mut config = config(&[]);
    config.settings.backoff = Duration::from_secs(60);
    config
        .add_index("http://index.invalid/simple", "test")
        .unwrap();
    let error = Client::new(config).project(&name("a")).unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Connection { .. })),
        "{error}"
    );
}

#[test]
fn redirects_are_followed_and_are_what_urls_refer_to() {
    let there = StubIndex::start(scenario());
    let here = with(usize::MAX, Trouble::Redirect(there.root()));
    let project = project(&client(&here));
    let url = super::file(&project).url.to_string();
    assert!(url.starts_with(&there.root()), "{url}");
}

#[test]
fn redirects_in_a_circle_end() {
    let index = StubIndex::start(scenario());
    let root = index.root();
    index.change(|s| {
        *s = s
            .clone()
            .fault("/simple/", usize::MAX, Trouble::Redirect(root));
    });
    let error = client(&index).project(&name("a")).unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Redirect { .. })),
        "{error}"
    );
}

fn login() -> Option<(String, String)> {
    Some(("me".to_owned(), "secret".to_owned()))
}

#[test]
fn credentials_from_the_url_reach_the_index_and_nobody_else() {
    let files = StubIndex::start(scenario());
    let index = StubIndex::start(Scenario {
        login: login(),
        files_at: Some(files.root()),
        ..scenario()
    });
    let mut config = config(&[]);
    config
        .add_index(&index.url().replace("://", "://me:secret@"), "test")
        .unwrap();
    metadata(&Client::new(config)).unwrap();
    assert!(index.requests()[0].headers.contains_key("authorization"));
    assert_eq!(files.requests().len(), 1);
    assert!(!files.requests()[0].headers.contains_key("authorization"));
}

#[test]
fn credentials_do_not_follow_a_redirect() {
    let there = StubIndex::start(scenario());
    let here = with(usize::MAX, Trouble::Redirect(there.root()));
    let mut config = config(&[]);
    config
        .add_index(&here.url().replace("://", "://me:secret@"), "test")
        .unwrap();
    project(&Client::new(config));
    assert!(here.requests()[0].headers.contains_key("authorization"));
    assert!(!there.requests()[0].headers.contains_key("authorization"));
}

#[test]
fn credentials_from_netrc() {
    let index = StubIndex::start(Scenario {
        login: login(),
        ..scenario()
    });
    let mut config = config(&[&index]);
    config
        .credentials
        .add_netrc("machine 127.0.0.1 login me password secret\n");
    metadata(&Client::new(config)).unwrap();
}

#[test]
fn wrong_credentials_are_never_shown() {
    let index = StubIndex::start(Scenario {
        login: login(),
        ..scenario()
    });
    let mut config = config(&[]);
    config
        .add_index(&index.url().replace("://", "://you:guess@"), "test")
        .unwrap();
    let error = Client::new(config)
        .project(&name("a"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("answered 401") && error.contains("netrc"),
        "{error}"
    );
    assert!(
        !error.contains("guess") && !error.contains("you"),
        "{error}"
    );
}

#[test]
fn a_private_authority_is_trusted_if_named() {
    let authority = Authority::new();
    let index = StubIndex::start_tls(scenario(), &authority);
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("ca.pem");
    fs::write(&bundle, authority.pem()).unwrap();
    for trust in [
        Trust::Bundle(bundle.clone()),
        Trust::Paths(Some(bundle.clone()), None),
    ] {
        let mut config = config(&[&index]);
        config.settings.trust = trust;
        metadata(&Client::new(config)).unwrap();
    }
}

#[test]
fn a_certificate_that_nobody_signed_is_refused() {
    let index = StubIndex::start_tls(scenario(), &Authority::new());
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("ca.pem");
    fs::write(&bundle, Authority::new().pem()).unwrap();
    let mut config = config(&[&index]);
    config.settings.trust = Trust::Bundle(bundle);
    let error = Client::new(config).project(&name("a")).unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Untrusted { .. })),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains("SSL_CERT_FILE") && text.contains("PIP_CERT"),
        "{text}"
    );
    assert_eq!(index.requests(), []);
}

#[test]
fn a_bundle_without_certificates_is_named() {
    let index = StubIndex::start_tls(scenario(), &Authority::new());
    let mut config = config(&[&index]);
    config.settings.trust = Trust::Bundle("/nonexistent.pem".into());
    let error = Client::new(config).project(&name("a")).unwrap_err();
    assert!(
        matches!(error, Error::Http(HttpError::Certificates { .. })),
        "{error}"
    );
    assert!(error.to_string().contains("/nonexistent.pem"));
}

#[test]
fn a_proxy_is_used_except_where_it_is_not() {
    let (index, proxy) = (StubIndex::start(scenario()), StubProxy::start());
    let through = |no_proxy: Option<&str>| {
        let mut config = config(&[&index]);
        config.settings.http_proxy = Some(proxy.url());
        config.settings.no_proxy = no_proxy.map(str::to_owned);
        project(&Client::new(config));
        proxy.targets().len()
    };
    assert_eq!(through(Some("other.example,127.0.0.1")), 0);
    assert_eq!(through(None), 1);
    assert_eq!(index.root(), format!("http://{}", proxy.targets()[0]));
}

#[test]
fn a_proxy_that_is_none_is_named_without_its_password() {
    let index = StubIndex::start(scenario());
    let mut config = config(&[&index]);
    config.settings.http_proxy = Some("socks5://me:secret@127.0.0.1:1".to_owned());
    let error = Client::new(config)
        .project(&name("a"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("socks5://127.0.0.1:1") && !error.contains("secret"),
        "{error}"
    );
}
