//! A proxy on loopback that tunnels.

use std::io::{BufReader, Write, copy};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

use crate::server::read_request;

/// A proxy that understands `CONNECT` and remembers the targets.
pub struct StubProxy {
    address: SocketAddr,
    targets: Arc<Mutex<Vec<String>>>,
}

impl StubProxy {
    /// Starts a proxy. Its thread ends with the process.
    ///
    /// # Panics
    /// If no port of the loopback interface can be had.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let targets = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&targets);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                std::thread::spawn(move || tunnel(client, &seen));
            }
        });
        Self { address, targets }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What clients wanted to be connected to: `HOST:PORT`.
    pub fn targets(&self) -> Vec<String> {
        self.targets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Connects the client with its target, and copies both ways.
fn tunnel(client: TcpStream, seen: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(client.try_clone().ok()?);
    let target = read_request(&mut reader)?.path;
    seen.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(target.clone());
    let mut server = TcpStream::connect(&target).ok()?;
    let mut client = client;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").ok()?;
    let mut to_client = client.try_clone().ok()?;
    let mut from_server = server.try_clone().ok()?;
    std::thread::spawn(move || copy(&mut from_server, &mut to_client));
    copy(&mut reader, &mut server).ok()?;
    Some(())
}
