//! One HTTP exchange: proxy, TLS, credentials, redirects, retries. Nothing else in
//! this crate connects to anything.

use std::io::{Read, Write};
use std::sync::OnceLock;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderValue, StatusCode, header};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};
use url::Url;

use crate::auth::Credentials;
use crate::dns_cache::Addresses;
use crate::error::{HttpError, show};
use crate::tls::{self, Trust};

const MAX_REDIRECTS: usize = 10;
/// A server that asks for more patience than this gets an error instead.
const MAX_WAIT: Duration = Duration::from_secs(60);

/// How to reach servers.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Never connect.
    pub offline: bool,
    /// Whose certificates to trust.
    pub trust: Trust,
    /// Proxy for `http:` URLs.
    pub http_proxy: Option<String>,
    /// Proxy for `https:` URLs.
    pub https_proxy: Option<String>,
    /// Hosts to reach without a proxy, comma-separated.
    pub no_proxy: Option<String>,
    /// How long to wait for a connection, and for each part of an answer.
    pub timeout: Duration,
    /// How often to try again.
    pub retries: u32,
    /// How long to wait before the first retry; doubled each time.
    pub backoff: Duration,
    /// How many connections at most.
    pub connections: usize,
}

/// An answer whose body is yet to be read.
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Where it came from, after redirects.
    pub url: Url,
    body: Body,
}

impl Reply {
    /// The text of a header, or nothing.
    pub fn header(&self, name: header::HeaderName) -> &str {
        let value = self.headers.get(name);
        value.and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The whole body.
    pub fn bytes<E: From<HttpError>>(self, limit: u64) -> Result<Vec<u8>, Failure<E>> {
        let mut bytes = Vec::new();
        self.copy_to(&mut bytes, limit)?;
        Ok(bytes)
    }

    /// Copies the body.
    pub fn copy_to<E: From<HttpError>>(
        self,
        to: &mut dyn Write,
        limit: u64,
    ) -> Result<(), Failure<E>> {
        let url = show(&self.url);
        let mut reader = self.body.into_reader();
        let mut buffer = vec![0; 64 * 1024];
        let mut total = 0;
        loop {
            let count = reader.read(&mut buffer).map_err(|e| Failure {
                retry: true,
                after: None,
                error: E::from(HttpError::Incomplete {
                    url: url.clone(),
                    reason: e.to_string(),
                }),
            })?;
            if count == 0 {
                return Ok(());
            }
            total += count as u64;
            if total > limit {
                return Err(HttpError::TooLarge { url, limit }.into());
            }
            to.write_all(&buffer[..count]).map_err(HttpError::from)?;
        }
    }
}

/// A failed attempt, and whether another one makes sense.
pub struct Failure<E = HttpError> {
    retry: bool,
    after: Option<Duration>,
    error: E,
}

impl<E> Failure<E> {
    /// A failure after which another attempt makes no sense.
    pub fn of(error: E) -> Self {
        Self {
            retry: false,
            after: None,
            error,
        }
    }
}

impl<E: From<HttpError>> From<HttpError> for Failure<E> {
    fn from(error: HttpError) -> Self {
        Self::of(error.into())
    }
}

/// Connections to servers.
pub struct Transport {
    settings: Settings,
    credentials: Credentials,
    plain: OnceLock<Agent>,
    secure: OnceLock<Agent>,
}

impl Transport {
    /// No connection is made before one is needed.
    pub fn new(settings: Settings, credentials: Credentials) -> Self {
        Self {
            settings,
            credentials,
            plain: OnceLock::new(),
            secure: OnceLock::new(),
        }
    }

    /// How servers are reached.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Asks until `consume` has an answer or there is no hope. Any status but 429
    /// and 5xx is an answer.
    pub fn get<T, E: From<HttpError>>(
        &self,
        url: &Url,
        headers: &HeaderMap,
        mut consume: impl FnMut(Reply) -> Result<T, Failure<E>>,
    ) -> Result<T, E> {
        if self.settings.offline {
            return Err(HttpError::Offline { url: show(url) }.into());
        }
        let mut wait = self.settings.backoff;
        let mut left = self.settings.retries;
        loop {
            let failure = match self.attempt(url, headers).and_then(&mut consume) {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            let pause = failure.after.map_or(wait, |after| after.max(wait));
            if !failure.retry || left == 0 || pause > MAX_WAIT {
                return Err(failure.error);
            }
            std::thread::sleep(pause);
            left -= 1;
            wait *= 2;
        }
    }

    /// One attempt, with its redirects. Credentials are chosen anew for each hop.
    fn attempt<E: From<HttpError>>(
        &self,
        start: &Url,
        headers: &HeaderMap,
    ) -> Result<Reply, Failure<E>> {
        let mut url = start.clone();
        for _ in 0..=MAX_REDIRECTS {
            let reply = self.hop(&url, headers)?;
            if !reply.status.is_redirection() || reply.status == StatusCode::NOT_MODIFIED {
                return judge(reply);
            }
            let target = url.join(reply.header(header::LOCATION));
            let usable = |to: &Url| {
                // Never from https down to http.
                to.scheme() == "https" || (to.scheme() == "http" && url.scheme() == "http")
            };
            let target = target.ok().filter(usable).filter(|to| *to != url);
            url = target.ok_or_else(|| HttpError::Redirect { url: show(start) })?;
        }
        Err(HttpError::Redirect { url: show(start) }.into())
    }

    fn hop<E: From<HttpError>>(&self, url: &Url, headers: &HeaderMap) -> Result<Reply, Failure<E>> {
        let agent = self.agent(url)?;
        let mut request = agent.get(url.as_str());
        if let Some(to) = request.headers_mut() {
            to.extend(headers.clone());
            let login = self.credentials.header(url);
            if let Some(value) = login.and_then(|text| HeaderValue::from_str(&text).ok()) {
                to.insert(header::AUTHORIZATION, value);
            }
        }
        let response = request.call().map_err(|e| failure(url, &e))?;
        let (parts, body) = response.into_parts();
        Ok(Reply {
            status: parts.status,
            headers: parts.headers,
            url: url.clone(),
            body,
        })
    }

    /// Made when first needed: reading the system's certificates takes a while.
    fn agent(&self, url: &Url) -> Result<&Agent, HttpError> {
        let secure = url.scheme() == "https";
        let cell = if secure { &self.secure } else { &self.plain };
        if let Some(agent) = cell.get() {
            return Ok(agent);
        }
        let agent = self.make_agent(secure)?;
        Ok(cell.get_or_init(|| agent))
    }

    fn make_agent(&self, secure: bool) -> Result<Agent, HttpError> {
        let settings = &self.settings;
        let proxy = if secure {
            &settings.https_proxy
        } else {
            &settings.http_proxy
        };
        let proxy = proxy
            .as_deref()
            .map(|text| make_proxy(text, settings.no_proxy.as_deref()));
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("dh-pydeps/", env!("CARGO_PKG_VERSION")))
            .proxy(proxy.transpose()?)
            .timeout_connect(Some(settings.timeout))
            .timeout_recv_response(Some(settings.timeout))
            .timeout_per_read(Some(settings.timeout))
            .max_idle_connections(settings.connections)
            .max_idle_connections_per_host(settings.connections);
        if secure {
            config = config.tls_config(tls::config(&settings.trust)?);
        }
        let connector = DefaultConnector::default();
        Ok(Agent::with_parts(
            config.build(),
            connector,
            <Addresses>::default(),
        ))
    }
}

/// 429 and 5xx are worth another attempt.
fn judge<E: From<HttpError>>(reply: Reply) -> Result<Reply, Failure<E>> {
    let status = reply.status;
    if status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error() {
        return Ok(reply);
    }
    let seconds = reply.header(header::RETRY_AFTER).trim().parse().ok();
    Err(Failure {
        retry: true,
        after: seconds.map(Duration::from_secs),
        error: status_error(&reply).into(),
    })
}

/// The reply as an error.
pub fn status_error(reply: &Reply) -> HttpError {
    HttpError::Status {
        url: show(&reply.url),
        status: reply.status.as_u16(),
    }
}

fn failure<E: From<HttpError>>(url: &Url, error: &ureq::Error) -> Failure<E> {
    let reason = match error {
        // Its own text begins with `io: `, which tells nobody anything.
        ureq::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    };
    let url = show(url);
    if reason.contains("certificate") {
        return HttpError::Untrusted { url, reason }.into();
    }
    // A name that does not resolve now will not resolve a second later.
    let retry = !matches!(error, ureq::Error::HostNotFound | ureq::Error::BadUri(_))
        && !reason.contains("lookup address");
    Failure {
        retry,
        after: None,
        error: HttpError::Connection { url, reason }.into(),
    }
}

fn make_proxy(text: &str, no_proxy: Option<&str>) -> Result<ureq::Proxy, HttpError> {
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let bad = |shown: String| HttpError::Proxy { proxy: shown };
    let url = Url::parse(&with_scheme).map_err(|_| bad("(unreadable)".to_owned()))?;
    let unusable = || bad(show(&url));
    let protocol = match url.scheme() {
        "http" => ureq::ProxyProtocol::Http,
        "https" => ureq::ProxyProtocol::Https,
        _ => return Err(unusable()),
    };
    let decode = |text: &str| {
        let decoded = percent_encoding::percent_decode_str(text).decode_utf8_lossy();
        decoded.into_owned()
    };
    let port = url.port_or_known_default().unwrap_or(80);
    let mut builder = ureq::Proxy::builder(protocol)
        .host(url.host_str().ok_or_else(unusable)?)
        .port(port);
    if !url.username().is_empty() {
        builder = builder.username(&decode(url.username()));
    }
    if let Some(password) = url.password() {
        builder = builder.password(&decode(password));
    }
    for entry in no_proxy.unwrap_or_default().split(',') {
        builder = builder.no_proxy(entry.trim());
    }
    builder.build().map_err(|_| unusable())
}
