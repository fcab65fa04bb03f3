//! A server on loopback that answers as badly as it is told to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What the server was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path with the query.
    pub path: String,
    /// The whole head, as it came.
    pub head: String,
}

/// The content of an answer.
#[derive(Clone, Debug)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes over and over, until so many bytes are sent.
    Repeat(Vec<u8>, u64),
    /// The bytes one by one, with a pause before each.
    Dribble(Vec<u8>, Duration),
}

impl Body {
    fn length(&self) -> u64 {
        match self {
            Self::Bytes(bytes) | Self::Dribble(bytes, _) => bytes.len() as u64,
            Self::Repeat(_, total) => *total,
        }
    }

    fn send(&self, to: &mut impl Write) -> std::io::Result<()> {
        match self {
            Self::Bytes(bytes) => to.write_all(bytes),
            Self::Repeat(bytes, total) => {
                let block = bytes.repeat((1 << 16) / bytes.len().max(1) + 1);
                let mut left = *total;
                while left > 0 {
                    let count = left.min(block.len() as u64);
                    to.write_all(&block[..usize::try_from(count).unwrap_or(block.len())])?;
                    left -= count;
                }
                Ok(())
            }
            Self::Dribble(bytes, pause) => bytes.iter().try_for_each(|byte| {
                std::thread::sleep(*pause);
                to.write_all(&[*byte])?;
                to.flush()
            }),
        }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Status, further headers, and content, whose length is said.
    Http(u16, Vec<(String, String)>, Body),
    /// Everything, from the first byte on.
    Raw(Body),
}

impl Answer {
    /// Content with status 200.
    pub fn ok(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::body(content_type, Body::Bytes(body.into()))
    }

    /// The same with any content.
    pub fn body(content_type: &str, body: Body) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self::Http(200, headers, body)
    }

    /// A status without content.
    pub fn status(status: u16) -> Self {
        Self::Http(status, Vec::new(), Body::Bytes(Vec::new()))
    }

    /// A redirect.
    pub fn redirect(to: &str) -> Self {
        let headers = vec![("Location".to_owned(), to.to_owned())];
        Self::Http(302, headers, Body::Bytes(Vec::new()))
    }

    /// The same with a further header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::Http(_, headers, _) = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    fn send(&self, to: &mut impl Write) -> std::io::Result<()> {
        match self {
            Self::Raw(body) => body.send(to)?,
            Self::Http(status, headers, body) => {
                let mut head = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
                if !headers.iter().any(|(name, _)| name == "Content-Length") {
                    head += &format!("Content-Length: {}\r\n", body.length());
                }
                for (name, value) in headers {
                    head += &format!("{name}: {value}\r\n");
                }
                to.write_all((head + "\r\n").as_bytes())?;
                body.send(to)?;
            }
        }
        to.flush()
    }
}

/// Answers what is at no path.
type Fallback = Box<dyn Fn(&Request) -> Option<Answer> + Send + Sync>;

/// What a server has.
#[derive(Default)]
pub struct Site {
    answers: BTreeMap<String, Answer>,
    fallback: Option<Fallback>,
}

impl Site {
    /// The same with an answer to a path.
    #[must_use]
    pub fn with(mut self, path: &str, answer: Answer) -> Self {
        self.answers.insert(path.to_owned(), answer);
        self
    }

    /// The same with answers to all other paths.
    #[must_use]
    pub fn otherwise(
        mut self,
        answer: impl Fn(&Request) -> Option<Answer> + Send + Sync + 'static,
    ) -> Self {
        self.fallback = Some(Box::new(answer));
        self
    }

    fn answer(&self, request: &Request) -> Answer {
        let known = self.answers.get(&request.path).cloned();
        let made = || self.fallback.as_ref().and_then(|make| make(request));
        known.or_else(made).unwrap_or_else(|| Answer::status(404))
    }
}

/// A running server, until it is dropped.
pub struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Serves a site, which is made for the address that it gets: `http://127.0.0.1:PORT`.
    ///
    /// # Panics
    /// If loopback has no free port.
    pub fn start(site: impl FnOnce(&str) -> Site) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket");
        let stopped = Arc::new(AtomicBool::new(false));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let site = Arc::new(site(&format!("http://{address}")));
        let (stop, seen) = (Arc::clone(&stopped), Arc::clone(&requests));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let (site, seen) = (Arc::clone(&site), Arc::clone(&seen));
                std::thread::spawn(move || _ = talk(&stream, &site, &seen));
            }
        });
        Self {
            address,
            stopped,
            requests,
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections.
        _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

fn talk(stream: &TcpStream, site: &Site, seen: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?.take(1 << 20));
    let mut head = String::new();
    while reader.read_line(&mut head)? > 2 {}
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let request = Request { path, head };
    let answer = site.answer(&request);
    seen.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request);
    answer.send(&mut &*stream)
}
