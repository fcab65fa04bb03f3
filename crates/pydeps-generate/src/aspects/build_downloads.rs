//! What a build with CMake would fetch, which no build of Debian's may, and how it is told to
//! take a component tarball instead (dpkg-source(1)).

mod cmake;
mod edit;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use pydeps_core::finding::Finding;

use crate::facts::{Component, Release};
use cmake::{Call, Word};
use pydeps_core::tree::Tree;

/// What a call fetches from: a repository, or the address of an archive.
const FROM: [&str; 2] = ["GIT_REPOSITORY", "URL"];

/// CMake's own commands that fetch something, and take a directory instead.
const OWN: [&str; 3] = [
    "externalproject_add",
    "fetchcontent_declare",
    "fetchcontent_populate",
];

/// Something that a build fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The file that says so, in the source package.
    pub path: String,
    /// A repository, or an archive.
    pub url: String,
    /// Whether it is a repository.
    pub is_repository: bool,
    /// The tag, branch or commit that is wanted of a repository.
    pub tag: Option<String>,
    /// Whether the build may do without.
    pub conditional: bool,
    /// The component tarball that can take its place; nothing where the call is none of
    /// CMake's own, or does not say what it fetches.
    pub component: Option<String>,
}

/// A file of the source package whose text was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The file.
    pub path: String,
    /// Its text before.
    pub old: String,
    /// And after.
    pub new: String,
}

/// Whether dpkg-source takes this as the name of a component tarball.
pub fn is_component_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !name.is_empty() && name.chars().all(plain)
}

/// All that the build of a release would fetch, and the builds of its component tarballs.
pub fn find(release: &Release) -> Vec<Fetch> {
    let mut names = Names::new(&release.tree);
    let mut found = Vec::new();
    for list in lists(release) {
        let sites = sites(&list, &mut names);
        found.extend(sites.into_iter().map(|site| site.fetch));
    }
    found
}

/// The files that say what to fetch, with the directories of component tarballs in its place.
pub fn edits(release: &Release) -> Vec<Edited> {
    let mut names = Names::new(&release.tree);
    let mut edits = Vec::new();
    for list in lists(release) {
        let calls: Vec<_> = sites(&list, &mut names)
            .into_iter()
            .filter_map(|site| site.with_directory(release))
            .collect();
        if !calls.is_empty() {
            edits.push(Edited {
                new: edit::with_directories(&list.text, &calls),
                path: list.path,
                old: list.text,
            });
        }
    }
    edits
}

/// What the components of a release take the place of.
pub(crate) fn with_components(release: &Release) -> Vec<(&Component, Fetch)> {
    let mut all: Vec<(&Component, Fetch)> = Vec::new();
    for fetch in find(release) {
        let component = fetch
            .component
            .as_deref()
            .and_then(|name| release.component(name));
        let is_new = |one: &&Component| !all.iter().any(|(known, _)| known.name == one.name);
        if let Some(component) = component.filter(is_new) {
            all.push((component, fetch));
        }
    }
    all
}

/// What to say of it: an error where the build fetches it whatever is there, else a warning.
pub(crate) fn findings(release: &Release) -> Vec<Finding> {
    let is_open = |fetch: &Fetch| {
        let name = fetch.component.as_deref();
        name.is_none_or(|name| release.component(name).is_none())
    };
    let all = find(release).into_iter().filter(is_open);
    all.map(|fetch| fetch.finding()).collect()
}

impl Fetch {
    /// As in a sentence.
    pub(crate) fn spelled(&self) -> String {
        let tag = self.tag.as_ref();
        tag.map_or_else(
            || self.url.clone(),
            |tag| format!("{} ({} {tag})", self.url, kind(tag)),
        )
    }

    fn finding(&self) -> Finding {
        let (path, what) = (&self.path, self.spelled());
        let message =
            format!("{path} fetches {what} while building, and a build of Debian's has no network");
        match self.conditional {
            true => Finding::warning("build-downloads", message + "; it may do without"),
            false => Finding::error("build-downloads", message),
        }
        .with_hint(self.hint())
    }

    fn hint(&self) -> String {
        let Some(name) = &self.component else {
            return "package that software first, and patch the build to use it".to_owned();
        };
        let what = match (&self.tag, self.is_repository) {
            (Some(tag), _) => format!("fetch {} {tag} of that repository as a tarball", kind(tag)),
            (None, true) => "fetch that repository as a tarball".to_owned(),
            (None, false) => "fetch that archive".to_owned(),
        };
        format!("{what} and give it: --component {name}=TARBALL")
    }
}

/// What a name in a repository most likely is.
fn kind(tag: &str) -> &'static str {
    let is_commit = tag.len() == 40 && tag.chars().all(|c| c.is_ascii_hexdigit());
    if is_commit { "commit" } else { "tag" }
}

/// A `CMakeLists.txt`.
struct List {
    path: String,
    text: String,
    /// Whether it is read in any case: that of a component may be in a part that is not built.
    certain: bool,
    /// Whether the text is the file's, byte for byte.
    exact: bool,
}

/// Those at the top of each source, and one directory below.
fn lists(release: &Release) -> Vec<List> {
    let near = |path: &&str| path.ends_with("CMakeLists.txt") && path.matches('/').count() <= 1;
    let list = |prefix: &str, tree: &Tree, path: &str| {
        Some(List {
            path: format!("{prefix}{path}"),
            text: tree.text(path)?,
            certain: prefix.is_empty(),
            exact: tree.exact_text(path).is_some(),
        })
    };
    let mut lists = Vec::new();
    for (prefix, tree) in release.trees() {
        let paths = tree.paths().filter(near);
        lists.extend(paths.filter_map(|path| list(&prefix, tree, path)));
    }
    lists
}

/// A call that fetches something.
struct Site<'t> {
    call: Call<'t>,
    fetch: Fetch,
}

impl<'t> Site<'t> {
    /// The call, and the way from its file to the component that takes the place, if the
    /// release has that.
    fn with_directory(self, release: &Release) -> Option<(Call<'t>, String)> {
        let component = release.component(self.fetch.component.as_deref()?)?;
        let up = "../".repeat(self.fetch.path.matches('/').count());
        Some((self.call, format!("{up}{}", component.name)))
    }
}

fn sites<'l>(list: &'l List, names: &mut Names<'_>) -> Vec<Site<'l>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut variables = BTreeMap::new();
    for call in cmake::calls(&list.text) {
        match call.command.as_str() {
            "if" => depth += 1,
            "endif" => depth = depth.saturating_sub(1),
            "set" => {
                let mut words = call.words.iter().map(|word| word.text);
                variables.extend(words.next().zip(words.next()));
            }
            _ => {
                let fetch = fetch(&call, list, &variables, names);
                let fetch = fetch.map(|one| Fetch {
                    conditional: one.conditional || depth > 0,
                    ..one
                });
                found.extend(fetch.map(|fetch| Site { call, fetch }));
            }
        }
    }
    found
}

/// What a call fetches; an archive only if the call is CMake's own.
fn fetch(
    call: &Call<'_>,
    list: &List,
    variables: &BTreeMap<&str, &str>,
    names: &mut Names<'_>,
) -> Option<Fetch> {
    let is_own = OWN.contains(&call.command.as_str());
    let value = |key| value(call, key).map(|text| expanded(text, variables));
    let repository = value(FROM[0]).filter(|url| is_own || url.contains(':'));
    let archive = || value(FROM[1]).filter(|url| is_own && is_remote(url));
    let is_repository = repository.is_some();
    let url = repository.or_else(archive)?;
    let tag = value("GIT_TAG").filter(|_| is_repository);
    let has_other = call
        .words
        .iter()
        .any(|word| word.text == "FIND_PACKAGE_ARGS");
    let is_edited = is_own && list.exact;
    let component = is_edited.then(|| names.of(&url, tag.as_deref()));
    Some(Fetch {
        path: list.path.clone(),
        component: component.flatten(),
        // An archive that is already there is not fetched.
        conditional: !list.certain || !is_repository || has_other,
        url,
        is_repository,
        tag,
    })
}

fn value<'t>(call: &Call<'t>, key: &str) -> Option<&'t str> {
    let is_key = |word: &Word<'_>| !word.quoted && word.text == key;
    let at = call.words.iter().position(is_key)?;
    call.words.get(at + 1).map(|word| word.text)
}

/// A text with the variables that were set before.
fn expanded(text: &str, variables: &BTreeMap<&str, &str>) -> String {
    let replace =
        |text: String, (name, value): (&&str, &&str)| text.replace(&format!("${{{name}}}"), value);
    match text.contains("${") {
        true => variables.iter().fold(text.to_owned(), replace),
        false => text.to_owned(),
    }
}

fn is_remote(url: &str) -> bool {
    ["http://", "https://", "ftp://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
}

/// How component tarballs are called. dpkg-source unpacks each in the place of what the
/// release has under its name, so that those names are taken.
struct Names<'a> {
    tree: &'a Tree,
    /// What each name stands for.
    given: BTreeMap<String, (String, Option<String>)>,
}

impl<'a> Names<'a> {
    fn new(tree: &'a Tree) -> Self {
        Self {
            tree,
            given: BTreeMap::new(),
        }
    }

    /// The name for something to be fetched: one for all who want the same.
    fn of(&mut self, url: &str, tag: Option<&str>) -> Option<String> {
        let base = name_of(url)?;
        let wanted = (url.to_owned(), tag.map(str::to_owned));
        let names = (1..).map(|number| match number {
            1 => base.clone(),
            _ => format!("{base}-{number}"),
        });
        let is_free = |name: &String| {
            let is_taken = self.tree.has(name) || self.tree.has_directory(name);
            let of_another = self.given.get(name).is_some_and(|known| *known != wanted);
            !is_taken && !of_another && name != "debian"
        };
        let name = names.take(99).find(is_free)?;
        self.given.insert(name.clone(), wanted);
        Some(name)
    }
}

/// The last part of a repository's address, or what an archive is of, as far as dpkg-source
/// takes it as a name.
fn name_of(url: &str) -> Option<String> {
    if url.contains('$') {
        return None;
    }
    let parts: Vec<&str> = url.trim_end_matches('/').split(['/', ':']).collect();
    let page = parts
        .iter()
        .position(|part| ["archive", "releases", "-"].contains(part));
    let last = match page {
        Some(at) if at > 0 => parts[at - 1],
        _ => without_version(parts.last()?),
    };
    let last = last.strip_suffix(".git").unwrap_or(last);
    let letters = last
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let name = letters.collect::<String>();
    let name = name.trim_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}

/// `zlib`, of `zlib-1.3.tar.gz`.
fn without_version(file: &str) -> &str {
    let ends = [".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip"];
    let Some(stem) = ends.iter().find_map(|end| file.strip_suffix(end)) else {
        return file;
    };
    let digit = |rest: &str| {
        rest.trim_start_matches('v')
            .starts_with(|c: char| c.is_ascii_digit())
    };
    let version = stem
        .match_indices(['-', '_'])
        .find(|(at, _)| digit(&stem[at + 1..]));
    version.map_or(stem, |(at, _)| &stem[..at])
}
