//! Path tables: which package ships a module, a header, a pkg-config or cmake
//! file, a command. Each is an fst from a key to the offset of a line in the list
//! of owners, so a lookup touches a few pages of the mapped file.

use std::collections::HashMap;

use fst::{IntoStreamer, Map, MapBuilder, Streamer};
use pydeps_core::name::DebName;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathKind {
    /// A module that can be imported from a public directory or the standard
    /// library: `yaml`, `google.cloud.storage`.
    Module,
    /// A header below `usr/include`: `openssl/ssl.h`.
    Header,
    /// A `.pc` file, without the suffix: `libxml-2.0`.
    PkgConfig,
    /// The name given to cmake's `find_package`, whatever its case: `eigen3`.
    Cmake,
    /// A program in `PATH`: `cython3`.
    Command,
}

impl PathKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Module,
        Self::Header,
        Self::PkgConfig,
        Self::Cmake,
        Self::Command,
    ];
}

/// Something that was found, with the packages that ship it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PathHit {
    /// Its name in the form of its [`PathKind`]. For a header this is the path below
    /// `usr/include`, without the architecture's directory.
    pub name: String,
    /// The packages that ship it, ascending.
    pub packages: Vec<DebName>,
}

/// The table that a path belongs in, and its key there.
pub(super) fn key_of_path(path: &str) -> Option<(PathKind, String)> {
    let (top, rest) = path.split_once('/')?;
    match (top, rest) {
        ("bin" | "sbin", command) => command_key(command),
        ("usr", rest) => usr_key(rest),
        _ => None,
    }
}

fn usr_key(path: &str) -> Option<(PathKind, String)> {
    let (directory, rest) = path.split_once('/')?;
    match directory {
        "bin" | "sbin" | "games" => command_key(rest),
        "include" => Some((PathKind::Header, header_key(rest))),
        "lib" | "share" => module_key(rest).or_else(|| build_key(rest)),
        _ => None,
    }
}

fn command_key(name: &str) -> Option<(PathKind, String)> {
    (!name.contains('/')).then(|| (PathKind::Command, name.to_owned()))
}

/// The path without the architecture's directory, components reversed, so that a
/// prefix of the key is a suffix of the path.
fn header_key(path: &str) -> String {
    let path = match path.split_once('/') {
        Some((first, rest)) if is_triplet(first) => rest,
        _ => path,
    };
    reverse(path)
}

fn is_triplet(directory: &str) -> bool {
    let gnu = [
        "-linux-gnu",
        "-linux-gnueabi",
        "-linux-gnueabihf",
        "-gnu",
        "-linux-gnux32",
        "-linux-gnuabi64",
    ];
    gnu.iter().any(|suffix| directory.ends_with(suffix))
}

fn reverse(path: &str) -> String {
    let components: Vec<&str> = path.rsplit('/').collect();
    components.join("/")
}

fn module_key(path: &str) -> Option<(PathKind, String)> {
    let rest = path.strip_prefix("python3")?;
    let rest = match rest.split_once('/')? {
        ("", rest) => rest.strip_prefix("dist-packages/")?,
        (_, rest) => rest
            .strip_prefix("dist-packages/")
            .or(rest.strip_prefix("lib-dynload/"))
            .unwrap_or(rest),
    };
    let (directory, file) = rest.rsplit_once('/').unwrap_or(("", rest));
    let (stem, suffix) = file.split_once('.')?;
    let is_module = suffix == "py" || suffix == "so" || suffix.ends_with(".so");
    let dotted = match (directory, stem) {
        ("", stem) => stem.to_owned(),
        (directory, "__init__") => directory.replace('/', "."),
        (directory, stem) => format!("{}.{stem}", directory.replace('/', ".")),
    };
    let importable = dotted
        .split('.')
        .all(|part| part.chars().all(|c| c.is_alphanumeric() || c == '_'));
    (is_module && importable).then_some((PathKind::Module, dotted))
}

fn build_key(path: &str) -> Option<(PathKind, String)> {
    let (directory, file) = path.rsplit_once('/')?;
    if let Some(name) = file.strip_suffix(".pc") {
        let inside = directory == "pkgconfig" || directory.ends_with("/pkgconfig");
        return inside.then(|| (PathKind::PkgConfig, name.to_owned()));
    }
    let stem = file.strip_suffix(".cmake")?;
    let name = stem
        .strip_suffix("Config")
        .or_else(|| stem.strip_suffix("-config"))?;
    (!name.is_empty()).then(|| (PathKind::Cmake, name.to_lowercase()))
}

/// Builds the maps of all kinds and the list of owners they share.
pub(super) struct NamesBuilder {
    keys: Vec<(PathKind, String, u32)>,
}

/// A map that cannot be written; sorted keys always can.
#[derive(Debug, thiserror::Error)]
#[error("cannot build a map of names: {0}")]
pub struct NamesError(#[from] fst::Error);

impl NamesBuilder {
    pub(super) fn new() -> Self {
        Self { keys: Vec::new() }
    }

    pub(super) fn add(&mut self, kind: PathKind, key: String, package: u32) {
        self.keys.push((kind, key, package));
    }

    /// The list of owners, and one map for each of [`PathKind::ALL`]. `packages`
    /// gives the number's name.
    pub(super) fn finish(
        mut self,
        packages: &[DebName],
    ) -> Result<(Vec<u8>, Vec<Vec<u8>>), NamesError> {
        let mut owners = Owners::default();
        let mut maps: Vec<_> = PathKind::ALL.iter().map(|_| MapBuilder::memory()).collect();
        self.keys.sort_unstable();
        for same in self.keys.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
            let names = same
                .iter()
                .filter_map(|(_, _, number)| packages.get(*number as usize));
            let mut names: Vec<&str> = names.map(DebName::as_str).collect();
            names.sort_unstable();
            names.dedup();
            let (kind, key, _) = &same[0];
            maps[*kind as usize].insert(key, owners.offset(names.join(",")))?;
        }
        let maps = maps.into_iter().map(MapBuilder::into_inner);
        Ok((owners.text, maps.collect::<Result<_, _>>()?))
    }
}

#[derive(Default)]
struct Owners {
    text: Vec<u8>,
    offsets: HashMap<String, u64>,
}

impl Owners {
    fn offset(&mut self, line: String) -> u64 {
        let next = self.text.len() as u64;
        *self.offsets.entry(line).or_insert_with_key(|line| {
            self.text.extend_from_slice(line.as_bytes());
            self.text.push(b'\n');
            next
        })
    }
}

/// One map with its owners.
pub(super) struct Names<'a> {
    map: Map<&'a [u8]>,
    owners: &'a [u8],
    kind: PathKind,
}

impl<'a> Names<'a> {
    pub(super) fn new(kind: PathKind, map: &'a [u8], owners: &'a [u8]) -> Option<Self> {
        let map = Map::new(map).ok()?;
        Some(Self { map, owners, kind })
    }

    /// What bears this name. A header is also found below a directory that a
    /// compiler is told of (`glib.h` finds `glib-2.0/glib.h`), the shortest path
    /// first; a module that is only a namespace is found through what is in it.
    pub(super) fn find(&self, name: &str, limit: usize) -> Vec<PathHit> {
        let (exact, below) = match self.kind {
            PathKind::Header => (reverse(name), Some('/')),
            PathKind::Module => (name.to_owned(), Some('.')),
            PathKind::Cmake => (name.to_lowercase(), None),
            PathKind::PkgConfig | PathKind::Command => (name.to_owned(), None),
        };
        let mut hits: Vec<PathHit> = self
            .map
            .get(&exact)
            .map(|owner| self.hit(&exact, owner))
            .into_iter()
            .collect();
        if let Some(separator) = below.filter(|_| hits.is_empty() || self.kind == PathKind::Header)
        {
            hits.extend(self.below(&format!("{exact}{separator}"), limit));
        }
        hits.sort_by(|a, b| (a.name.len(), a).cmp(&(b.name.len(), b)));
        hits.truncate(limit);
        hits
    }

    fn below(&self, prefix: &str, limit: usize) -> Vec<PathHit> {
        let mut stream = self.map.range().ge(prefix).into_stream();
        let mut hits = Vec::new();
        while let Some((key, owner)) = stream.next() {
            let Some(key) = std::str::from_utf8(key)
                .ok()
                .filter(|key| key.starts_with(prefix))
            else {
                break;
            };
            hits.push(self.hit(key, owner));
            if hits.len() > limit.saturating_mul(64) {
                break;
            }
        }
        hits
    }

    fn hit(&self, key: &str, owner: u64) -> PathHit {
        let rest = usize::try_from(owner)
            .ok()
            .and_then(|at| self.owners.get(at..))
            .unwrap_or_default();
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let names = std::str::from_utf8(line).unwrap_or_default().split(',');
        PathHit {
            name: match self.kind {
                PathKind::Header => reverse(key),
                _ => key.to_owned(),
            },
            packages: names.filter_map(|name| name.parse().ok()).collect(),
        }
    }
}
