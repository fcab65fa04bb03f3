//! An index on loopback.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::scenario::{Scenario, Trouble, digest};
use crate::tls::Authority;

/// What the index was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The path, with the query.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
}

/// An index on loopback, until it is dropped.
pub struct StubIndex {
    address: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
}

struct Shared {
    scenario: Mutex<Scenario>,
    requests: Mutex<Vec<Request>>,
    stopped: AtomicBool,
}

impl StubIndex {
    /// Serves a scenario over HTTP.
    ///
    /// # Panics
    /// If no port of the loopback interface can be had.
    pub fn start(scenario: Scenario) -> Self {
        Self::serve(scenario, None)
    }

    /// Serves a scenario over HTTPS, with a certificate signed by `authority`.
    ///
    /// # Panics
    /// If no port of the loopback interface can be had.
    pub fn start_tls(scenario: Scenario, authority: &Authority) -> Self {
        Self::serve(scenario, Some(authority.server_config()))
    }

    fn serve(scenario: Scenario, tls: Option<Arc<rustls::ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let shared = Arc::new(Shared {
            scenario: Mutex::new(scenario),
            requests: Mutex::new(Vec::new()),
            stopped: AtomicBool::new(false),
        });
        let scheme = if tls.is_some() { "https" } else { "http" };
        let for_thread = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, &for_thread, tls.as_ref()));
        Self {
            address,
            scheme,
            shared,
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn root(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The URL of the index: `http://127.0.0.1:PORT/simple/`.
    pub fn url(&self) -> String {
        format!("{}/simple/", self.root())
    }

    /// What it was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.shared.requests).clone()
    }

    /// The paths it was asked for since the last call, sorted.
    pub fn take_paths(&self) -> Vec<String> {
        let requests = std::mem::take(&mut *lock(&self.shared.requests));
        let mut paths: Vec<String> = requests.into_iter().map(|r| r.path).collect();
        paths.sort();
        paths
    }

    /// Changes the scenario while it is served.
    pub fn change(&self, change: impl FnOnce(&mut Scenario)) {
        change(&mut lock(&self.shared.scenario));
    }
}

impl Drop for StubIndex {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>, tls: Option<&Arc<rustls::ServerConfig>>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            break;
        }
        let Ok(stream) = stream else { continue };
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(shared);
        let tls = tls.cloned();
        std::thread::spawn(move || match tls {
            None => talk(stream, &shared),
            Some(config) => {
                if let Ok(session) = rustls::ServerConnection::new(config) {
                    talk(rustls::StreamOwned::new(session, stream), &shared);
                }
            }
        });
    }
}

/// Answers requests on one connection until somebody closes it.
fn talk(stream: impl Read + Write, shared: &Shared) {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream) {
        let close = request
            .headers
            .get("connection")
            .is_some_and(|v| v == "close");
        lock(&shared.requests).push(request.clone());
        let reply = answer(&request, shared);
        let whole = reply.write(stream.get_mut()).is_ok() && reply.keep;
        if !whole || close || shared.stopped.load(Ordering::SeqCst) {
            break;
        }
    }
}

pub(crate) fn read_request(stream: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    Some(Request { path, headers })
}

struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    /// How much of the body is sent.
    sent: usize,
    keep: bool,
}

impl Reply {
    fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: vec![("Content-Type", content_type.to_owned())],
            sent: body.len(),
            body,
            keep: true,
        }
    }

    fn empty(status: u16) -> Self {
        Self::new(status, "text/plain", Vec::new())
    }

    fn write(&self, to: &mut impl Write) -> std::io::Result<()> {
        let mut head = format!("HTTP/1.1 {} X\r\n", self.status);
        if self.status != 304 {
            head += &format!("Content-Length: {}\r\n", self.body.len());
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        head += "\r\n";
        if self.status == 0 {
            return Ok(());
        }
        to.write_all(&[head.as_bytes(), &self.body[..self.sent]].concat())?;
        to.flush()
    }
}

fn answer(request: &Request, shared: &Shared) -> Reply {
    let trouble = lock(&shared.scenario).take_trouble(&request.path);
    if let Some(Trouble::Slow(time)) = trouble {
        std::thread::sleep(time);
    }
    let scenario = lock(&shared.scenario);
    match trouble {
        None | Some(Trouble::Slow(_)) => honest(request, &scenario),
        Some(trouble) => troubled(trouble, request, &scenario),
    }
}

fn troubled(trouble: Trouble, request: &Request, scenario: &Scenario) -> Reply {
    match trouble {
        Trouble::Status(status) => Reply::empty(status),
        Trouble::RetryAfter(status, seconds) => {
            let mut reply = Reply::empty(status);
            reply.headers.push(("Retry-After", seconds.to_string()));
            reply
        }
        Trouble::Login => {
            let page = "<html><head><title>Sign in</title></head><body>\
                <form action=\"/login\"><input type=\"password\"></form></body></html>";
            Reply::new(200, "text/html", page.into())
        }
        Trouble::Redirect(to) => {
            let mut reply = Reply::empty(302);
            reply
                .headers
                .push(("Location", format!("{to}{}", request.path)));
            reply
        }
        Trouble::Content(content_type, body) => Reply::new(200, content_type, body),
        Trouble::HangUp => Reply {
            keep: false,
            ..Reply::empty(0)
        },
        Trouble::Truncated => {
            let reply = honest(request, scenario);
            Reply {
                sent: reply.body.len() / 2,
                keep: false,
                ..reply
            }
        }
        Trouble::Corrupt => {
            let mut reply = honest(request, scenario);
            if let Some(byte) = reply.body.last_mut() {
                *byte ^= 1;
            }
            reply
        }
        Trouble::Slow(_) => honest(request, scenario),
    }
}

/// What a server without faults answers.
fn honest(request: &Request, scenario: &Scenario) -> Reply {
    if let Some((user, password)) = &scenario.login {
        let expected = format!("Basic {}", base64(format!("{user}:{password}").as_bytes()));
        if request.headers.get("authorization") != Some(&expected) {
            return Reply::empty(401);
        }
    }
    let page = request
        .path
        .strip_prefix("/simple/")
        .and_then(|p| p.strip_suffix('/'));
    let file = request.path.strip_prefix("/files/");
    if let Some(name) = page {
        match scenario.page(name) {
            Some((content_type, body)) => page_reply(request, scenario, content_type, body),
            None => Reply::empty(404),
        }
    } else {
        let body = file.and_then(|name| scenario.file(name));
        body.map_or_else(
            || Reply::empty(404),
            |body| file_reply(request, scenario, body),
        )
    }
}

fn page_reply(request: &Request, scenario: &Scenario, content_type: &str, body: Vec<u8>) -> Reply {
    let tag = format!("\"{}\"", &digest(&body)[..16]);
    let mut reply = Reply::new(200, content_type, body);
    if scenario.etag {
        if request.headers.get("if-none-match") == Some(&tag) {
            reply = Reply::empty(304);
        }
        reply.headers.push(("ETag", tag));
    }
    if let Some(age) = scenario.max_age {
        reply
            .headers
            .push(("Cache-Control", format!("max-age={age}, public")));
    }
    reply
}

fn file_reply(request: &Request, scenario: &Scenario, body: Vec<u8>) -> Reply {
    let range = request.headers.get("range").filter(|_| scenario.ranges);
    let Some(range) = range.and_then(|text| text.strip_prefix("bytes=")) else {
        return Reply::new(200, "application/octet-stream", body);
    };
    let length = body.len();
    let (start, end) = match range.split_once('-') {
        Some(("", last)) => (length.saturating_sub(last.parse().unwrap_or(0)), length),
        Some((start, "")) => (start.parse().unwrap_or(0), length),
        Some((start, end)) => (
            start.parse().unwrap_or(0),
            end.parse().map_or(0, |end: usize| end + 1).min(length),
        ),
        None => return Reply::empty(416),
    };
    if start >= end {
        return Reply::empty(416);
    }
    let mut reply = Reply::new(206, "application/octet-stream", body[start..end].to_vec());
    let content_range = format!("bytes {start}-{}/{length}", end - 1);
    reply.headers.push(("Content-Range", content_range));
    reply
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let three = [
            chunk[0],
            *chunk.get(1).unwrap_or(&0),
            *chunk.get(2).unwrap_or(&0),
        ];
        let word = u32::from_be_bytes([0, three[0], three[1], three[2]]);
        for digit in 0..4 {
            let used = digit <= chunk.len();
            let value = (word >> (18 - 6 * digit)) & 63;
            text.push(if used {
                char::from(DIGITS[value as usize])
            } else {
                '='
            });
        }
    }
    text
}
