//! What an index holds and how it behaves.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::dist::Dist;

/// What a stub index holds and how it behaves. All fields may be changed.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The files.
    pub dists: Vec<Dist>,
    /// Pages in HTML, whatever is asked for.
    pub html: bool,
    /// Whether there are `.metadata` files.
    pub metadata_files: MetadataFiles,
    /// Whether the server does range requests.
    pub ranges: bool,
    /// `Cache-Control: max-age` of pages; none is sent without.
    pub max_age: Option<u64>,
    /// Whether pages have an `ETag` and are revalidated by it.
    pub etag: bool,
    /// The user and password it wants.
    pub login: Option<(String, String)>,
    /// Where the URLs of files begin, if not on this server.
    pub files_at: Option<String>,
    /// Whether it should be served over HTTPS; for whoever starts the index.
    pub tls: bool,
    /// What goes wrong.
    pub faults: Vec<Fault>,
}

/// Whether an index has `.metadata` files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataFiles {
    /// It has, and says so.
    Announced,
    /// It has, but pages do not say so.
    Unannounced,
    /// It has none.
    None,
}

/// Something that goes wrong.
#[derive(Clone, Debug)]
pub struct Fault {
    /// Which requests are concerned: those whose path contains this.
    pub path: String,
    /// How often; [`usize::MAX`] for ever.
    pub times: usize,
    /// What happens.
    pub trouble: Trouble,
}

/// How something goes wrong.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// This status, without content.
    Status(u16),
    /// This status, with `Retry-After` in seconds.
    RetryAfter(u16, u64),
    /// A login page with status 200.
    Login,
    /// The right headers, but only half of the content.
    Truncated,
    /// Content that differs in one byte.
    Corrupt,
    /// The connection is closed without an answer.
    HangUp,
    /// The answer comes late.
    Slow(Duration),
    /// A redirect to the same path on another server, `http://HOST:PORT`.
    Redirect(String),
    /// Status 200 with this content type and content.
    Content(&'static str, Vec<u8>),
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            dists: Vec::new(),
            html: false,
            metadata_files: MetadataFiles::Announced,
            ranges: true,
            max_age: Some(600),
            etag: true,
            login: None,
            files_at: None,
            tls: false,
            faults: Vec::new(),
        }
    }
}

impl Scenario {
    /// A well-behaved index with these files.
    pub fn new(dists: impl IntoIterator<Item = Dist>) -> Self {
        Self {
            dists: dists.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The same scenario, in which requests whose path contains `path` go wrong.
    #[must_use]
    pub fn fault(mut self, path: &str, times: usize, trouble: Trouble) -> Self {
        self.faults.push(Fault {
            path: path.to_owned(),
            times,
            trouble,
        });
        self
    }

    /// The trouble that a request for this path meets, which counts as one time.
    pub(crate) fn take_trouble(&mut self, path: &str) -> Option<Trouble> {
        let concerned = |fault: &&mut Fault| fault.times > 0 && path.contains(&fault.path);
        let fault = self.faults.iter_mut().find(concerned)?;
        fault.times = fault
            .times
            .saturating_sub(usize::from(fault.times != usize::MAX));
        Some(fault.trouble.clone())
    }

    /// The page of a project (normalised name), with its content type.
    pub(crate) fn page(&self, name: &str) -> Option<(&'static str, Vec<u8>)> {
        let dists: Vec<&Dist> = self
            .dists
            .iter()
            .filter(|dist| normalised(&dist.name) == name)
            .collect();
        if dists.is_empty() {
            None
        } else if self.html {
            Some((
                "text/html; charset=utf-8",
                self.html_page(&dists).into_bytes(),
            ))
        } else {
            let files: Vec<Value> = dists.iter().map(|dist| self.json_file(dist)).collect();
            let page = json!({"meta": {"api-version": "1.1"}, "name": name, "files": files});
            Some((
                "application/vnd.pypi.simple.v1+json",
                page.to_string().into_bytes(),
            ))
        }
    }

    /// A file, or the `.metadata` of one.
    pub(crate) fn file(&self, filename: &str) -> Option<Vec<u8>> {
        let find = |name: &str| self.dists.iter().find(|dist| dist.filename == name);
        if let Some(dist) = find(filename) {
            return Some(dist.bytes.clone());
        }
        let dist = find(filename.strip_suffix(".metadata")?)?;
        let metadata = dist.metadata.as_ref()?;
        let offered = self.metadata_files != MetadataFiles::None;
        offered.then(|| metadata.clone().into_bytes())
    }

    fn url(&self, dist: &Dist) -> String {
        match &self.files_at {
            Some(base) => format!("{base}/files/{}", dist.filename),
            None => format!("../../files/{}", dist.filename),
        }
    }

    fn json_file(&self, dist: &Dist) -> Value {
        let mut file = json!({
            "filename": dist.filename,
            "url": self.url(dist),
            "hashes": {"sha256": digest(&dist.bytes)},
            "size": dist.bytes.len(),
            "yanked": dist.yanked.clone().map_or(Value::Bool(false), Value::String),
        });
        let mut set = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                file[key] = value;
            }
        };
        set(
            "requires-python",
            dist.requires_python.clone().map(Value::String),
        );
        set("upload-time", dist.uploaded.clone().map(Value::String));
        if self.metadata_files == MetadataFiles::Announced {
            let announced = dist.metadata.as_ref();
            set(
                "core-metadata",
                Some(announced.map_or(json!(false), |m| json!({"sha256": digest(m.as_bytes())}))),
            );
        }
        file
    }

    fn html_page(&self, dists: &[&Dist]) -> String {
        let mut page = "<!DOCTYPE html><html><body>\n".to_owned();
        for dist in dists {
            let mut attributes = BTreeMap::new();
            if let Some(python) = &dist.requires_python {
                attributes.insert("data-requires-python", escape(python));
            }
            if let Some(reason) = &dist.yanked {
                attributes.insert("data-yanked", escape(reason));
            }
            if let (Some(metadata), MetadataFiles::Announced) =
                (&dist.metadata, self.metadata_files)
            {
                let hash = format!("sha256={}", digest(metadata.as_bytes()));
                attributes.insert("data-core-metadata", hash);
            }
            let attributes: String = attributes
                .iter()
                .map(|(k, v)| format!(" {k}=\"{v}\""))
                .collect();
            page += &format!(
                "<a href=\"{}#sha256={}\"{attributes}>{}</a><br>\n",
                self.url(dist),
                digest(&dist.bytes),
                dist.filename
            );
        }
        page + "</body></html>\n"
    }
}

/// A name as PEP 503 normalises it.
fn normalised(name: &str) -> String {
    let words = name.split(['-', '_', '.']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
