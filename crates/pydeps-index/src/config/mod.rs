//! Where the indexes are and how to reach them: options, environment, pip's
//! configuration, pip's own default, in that order.

mod env;
mod pip_conf;
mod pip_default;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_core::finding::Finding;
use url::Url;

pub use env::Env;
pub use pip_conf::PipConf;
pub use pip_default::{ask_pip, parse_help};

use pydeps_http::Settings;
use pydeps_http::Trust;
use pydeps_http::cache::Cache;
use pydeps_http::{Credentials, Login};

/// What the user asked for explicitly; it wins over everything else.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--index-url`.
    pub index_url: Option<String>,
    /// `--extra-index-url`, in order.
    pub extra_index_urls: Vec<String>,
    /// `--find-links`, in order.
    pub find_links: Vec<String>,
    /// `--no-index`.
    pub no_index: bool,
    /// `--cert`.
    pub cert: Option<PathBuf>,
    /// `--offline`.
    pub offline: bool,
    /// `--exclude-newer`.
    pub exclude_newer: Option<Timestamp>,
    /// Where to cache; nothing is cached without.
    pub cache_dir: Option<PathBuf>,
    /// How many connections at most.
    pub connections: Option<usize>,
}

/// Everything a [`crate::Client`] needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The indexes in the order in which they are asked: extra indexes first, then
    /// the default. The first that has a project wins.
    pub indexes: Vec<Url>,
    /// Directories and pages with links to files. What they have of a project is
    /// added to what the index has.
    pub find_links: Vec<Url>,
    /// Credentials, which are in none of the URLs any more.
    pub credentials: Credentials,
    /// How to reach servers.
    pub settings: Settings,
    /// Where to cache.
    pub cache_dir: Option<PathBuf>,
    /// Files uploaded later do not exist.
    pub exclude_newer: Option<Timestamp>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Why there is no usable configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Nobody says where the index is.
    #[error(
        "no package index is configured, and pip cannot tell its default ({reason}); \
         give --index-url URL, or install python3-pip"
    )]
    NoIndex {
        /// What asking pip came to.
        reason: String,
    },
    /// The address of an index is none.
    #[error("{origin}: `{text}` is neither an address (http, https or file) nor an existing path")]
    BadUrl {
        /// The option, variable or file that says so.
        origin: String,
        /// The address, without credentials.
        text: String,
    },
    /// A setting has a value of another kind.
    #[error("{origin}: `{text}` is not {expected}")]
    BadValue {
        /// The option, variable or file that says so.
        origin: String,
        /// The value.
        text: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A configuration file that cannot be read.
    #[error("{path}: {reason}")]
    BadFile {
        /// The file.
        path: String,
        /// Why not.
        reason: String,
    },
}

impl Diagnostic for ConfigError {
    fn blame(&self) -> Blame {
        match self {
            Self::NoIndex { .. } => Blame::Environment,
            Self::BadUrl { .. } | Self::BadValue { .. } | Self::BadFile { .. } => Blame::Input,
        }
    }
}

impl Config {
    /// No index at all, for tests and for `find-links` alone.
    pub fn empty() -> Self {
        Self {
            indexes: Vec::new(),
            find_links: Vec::new(),
            credentials: Credentials::default(),
            settings: Settings {
                offline: false,
                trust: Trust::System,
                http_proxy: None,
                https_proxy: None,
                no_proxy: None,
                timeout: Duration::from_secs(15),
                retries: 3,
                backoff: Duration::from_millis(300),
                connections: 32,
            },
            cache_dir: None,
            exclude_newer: None,
            findings: Vec::new(),
        }
    }

    /// The configuration that options, environment and pip's files make together.
    /// Only if none of them names an index is pip asked for its default, once; the
    /// answer is cached.
    pub fn gather(options: &Options, env: &Env) -> Result<Self, ConfigError> {
        let conf = PipConf::load(env)?;
        let mut config = Self::empty();
        config.settings.offline = options.offline;
        config.cache_dir.clone_from(&options.cache_dir);
        config.exclude_newer = options.exclude_newer;
        if let Some(connections) = options.connections {
            config.settings.connections = connections.max(1);
        }
        config.set_indexes(options, env, &conf)?;
        config.set_find_links(options, env, &conf)?;
        config.set_network(options, env, &conf)?;
        config.read_netrc(env);
        config.warn_trusted_hosts(env, &conf);
        Ok(config)
    }

    /// Adds an index, asked after those already there.
    pub fn add_index(&mut self, text: &str, origin: &str) -> Result<(), ConfigError> {
        let mut url = self.location(text, origin)?;
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        if !self.indexes.contains(&url) {
            self.indexes.push(url);
        }
        Ok(())
    }

    /// Adds a directory or page of files.
    pub fn add_find_links(&mut self, text: &str, origin: &str) -> Result<(), ConfigError> {
        let url = self.location(text, origin)?;
        if !self.find_links.contains(&url) {
            self.find_links.push(url);
        }
        Ok(())
    }

    /// A URL without its credentials, which are kept apart, or a path as a URL.
    fn location(&mut self, text: &str, origin: &str) -> Result<Url, ConfigError> {
        let text = text.trim();
        if let Ok(mut url) = Url::parse(text) {
            if matches!(url.scheme(), "http" | "https" | "file") {
                if let Some(login) = Login::take_from(&mut url) {
                    self.credentials.add(&url, login);
                }
                return Ok(url);
            }
        }
        let path = std::path::absolute(Path::new(text))
            .ok()
            .filter(|p| p.exists());
        let url = path.and_then(|path| match path.is_dir() {
            true => Url::from_directory_path(path).ok(),
            false => Url::from_file_path(path).ok(),
        });
        url.ok_or_else(|| ConfigError::BadUrl {
            origin: origin.to_owned(),
            text: text.rsplit('@').next().unwrap_or_default().to_owned(),
        })
    }

    fn set_indexes(
        &mut self,
        options: &Options,
        env: &Env,
        conf: &PipConf,
    ) -> Result<(), ConfigError> {
        let no_index = [env.var("PIP_NO_INDEX"), conf.get("no-index")];
        if options.no_index || no_index.into_iter().flatten().next().is_some_and(is_true) {
            return Ok(());
        }
        for url in &options.extra_index_urls {
            self.add_index(url, "--extra-index-url")?;
        }
        for (name, value) in first_list(
            env,
            conf,
            &["UV_INDEX", "PIP_EXTRA_INDEX_URL"],
            "extra-index-url",
        ) {
            // `UV_INDEX` may name its entries: `NAME=URL`.
            let url = value
                .split_once('=')
                .filter(|(n, _)| !n.contains([':', '/']));
            self.add_index(url.map_or(value, |(_, url)| url), name)?;
        }
        let (url, origin) = match default_index(options, env, conf) {
            Some(found) => found,
            None => {
                let cache = Cache::new(self.cache_dir.as_deref());
                let asked = ask_pip(env, &cache, self.settings.offline);
                let url = asked.map_err(|reason| ConfigError::NoIndex { reason })?;
                (url, "pip's default")
            }
        };
        self.add_index(&url, origin)
    }

    fn set_find_links(
        &mut self,
        options: &Options,
        env: &Env,
        conf: &PipConf,
    ) -> Result<(), ConfigError> {
        for place in &options.find_links {
            self.add_find_links(place, "--find-links")?;
        }
        for (name, value) in first_list(
            env,
            conf,
            &["UV_FIND_LINKS", "PIP_FIND_LINKS"],
            "find-links",
        ) {
            let value = match value.starts_with("~/") {
                true => env.expand(value).display().to_string(),
                false => value.to_owned(),
            };
            self.add_find_links(&value, name)?;
        }
        Ok(())
    }

    fn set_network(
        &mut self,
        options: &Options,
        env: &Env,
        conf: &PipConf,
    ) -> Result<(), ConfigError> {
        let settings = &mut self.settings;
        settings.trust = trust(options, env, conf);
        let proxy = env.var("PIP_PROXY").or_else(|| conf.get("proxy"));
        let either = |lower: &str, upper: &str| {
            let named = env.var(lower).or_else(|| env.var(upper));
            let all = || env.var("all_proxy").or_else(|| env.var("ALL_PROXY"));
            proxy.or(named).or_else(all).map(str::to_owned)
        };
        settings.http_proxy = either("http_proxy", "HTTP_PROXY");
        settings.https_proxy = either("https_proxy", "HTTPS_PROXY");
        let no_proxy = env.var("no_proxy").or_else(|| env.var("NO_PROXY"));
        settings.no_proxy = no_proxy.map(str::to_owned);
        let timeout = env
            .var("PIP_DEFAULT_TIMEOUT")
            .or_else(|| env.var("PIP_TIMEOUT"))
            .or_else(|| conf.get("timeout"));
        if let Some(text) = timeout {
            let seconds = text.parse::<f64>().ok();
            let timeout = seconds.and_then(|s| Duration::try_from_secs_f64(s).ok());
            settings.timeout =
                timeout
                    .filter(|t| !t.is_zero())
                    .ok_or_else(|| ConfigError::BadValue {
                        origin: "pip's timeout".to_owned(),
                        text: text.to_owned(),
                        expected: "a number of seconds",
                    })?;
        }
        let retries = env.var("PIP_RETRIES").or_else(|| conf.get("retries"));
        if let Some(text) = retries {
            settings.retries = text.parse().map_err(|_| ConfigError::BadValue {
                origin: "pip's retries".to_owned(),
                text: text.to_owned(),
                expected: "a number of attempts",
            })?;
        }
        Ok(())
    }

    fn read_netrc(&mut self, env: &Env) {
        let path = env.var("NETRC").map(PathBuf::from);
        let path = path.or_else(|| Some(env.home()?.join(".netrc")));
        if let Some(text) = path.and_then(|path| fs_err::read_to_string(path).ok()) {
            self.credentials.add_netrc(&text);
        }
    }

    fn warn_trusted_hosts(&mut self, env: &Env, conf: &PipConf) {
        let hosts = env
            .var("PIP_TRUSTED_HOST")
            .or_else(|| conf.get("trusted-host"));
        if let Some(hosts) = hosts {
            let hosts = hosts.split_whitespace().collect::<Vec<_>>().join(", ");
            let message =
                format!("pip's trusted-host ({hosts}) does not switch off TLS checks here");
            self.findings.push(
                Finding::info("trusted-host-ignored", message)
                    .with_hint("name the authority's PEM file in PIP_CERT or SSL_CERT_FILE"),
            );
        }
    }
}

/// The address of the main index and who says so.
fn default_index(options: &Options, env: &Env, conf: &PipConf) -> Option<(String, &'static str)> {
    let own = |text: &str| text.to_owned();
    let option = options.index_url.clone().map(|url| (url, "--index-url"));
    let variable = |name: &'static str| Some((own(env.var(name)?), name));
    option
        .or_else(|| variable("PIP_INDEX_URL"))
        .or_else(|| variable("UV_DEFAULT_INDEX"))
        .or_else(|| Some((own(conf.get("index-url")?), "index-url in pip.conf")))
}

/// A whitespace-separated list from the first place that has one; a variable
/// overrides the file, as with pip.
fn first_list<'a>(
    env: &'a Env,
    conf: &'a PipConf,
    variables: &[&'static str],
    key: &'static str,
) -> Vec<(&'static str, &'a str)> {
    let from = |name| move |text: &'a str| text.split_whitespace().map(move |v| (name, v));
    let set: Vec<_> = variables
        .iter()
        .filter_map(|&name| Some((name, env.var(name)?)))
        .flat_map(|(name, text)| from(name)(text))
        .collect();
    if set.is_empty() {
        conf.get(key).into_iter().flat_map(from(key)).collect()
    } else {
        set
    }
}

fn trust(options: &Options, env: &Env, conf: &PipConf) -> Trust {
    let variable = |name| env.var(name).map(|path| env.expand(path));
    let bundle = options
        .cert
        .clone()
        .or_else(|| variable("PIP_CERT"))
        .or_else(|| conf.get("cert").map(|path| env.expand(path)))
        .or_else(|| variable("REQUESTS_CA_BUNDLE"))
        .or_else(|| variable("CURL_CA_BUNDLE"));
    match (bundle, variable("SSL_CERT_FILE"), variable("SSL_CERT_DIR")) {
        (Some(path), _, _) => Trust::Bundle(path),
        (None, None, None) => Trust::System,
        (None, file, directory) => Trust::Paths(file, directory),
    }
}

/// What pip's configuration takes for true.
fn is_true(text: &str) -> bool {
    matches!(
        text.trim().to_ascii_lowercase().as_str(),
        "y" | "yes" | "t" | "true" | "on" | "1"
    )
}
