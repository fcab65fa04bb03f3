//! The source in parts: what is under one licence file, and what is the work of others.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::Finding;
use pydeps_core::purpose::vendored_work;

use super::main_licence::{Main, refined};
use super::short_name::terms;
use super::texts::Texts;
use super::{judge, paths, patterns};
use crate::licence_text::{self, Found, plain};
use crate::notice::{Holders, Notice, Reader};

/// A file that is there to hold a licence.
pub(super) struct LicenceFile {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) found: Vec<Found>,
    pub(super) notice: Notice,
    /// Licences that it names outside of the texts that it holds.
    named: BTreeSet<String>,
}

impl LicenceFile {
    fn read(path: &str, head: &[u8], reader: &mut Reader) -> Self {
        let text = String::from_utf8_lossy(head).into_owned();
        let found = licence_text::recognise(&text);
        let notice = reader.read(without_own_notices(&text, &found).as_bytes());
        let named = match found.is_empty() {
            true => notice.licences.clone(),
            false => reader.statements(&without(&text, &found)),
        };
        Self {
            path: path.to_owned(),
            text,
            found,
            notice,
            named,
        }
    }

    /// The licences it holds, and those that it names beside them.
    pub(super) fn ids(&self) -> Vec<String> {
        let texts = self.found.iter().map(|found| found.id.clone());
        let mut ids: Vec<String> = texts.collect();
        for named in &self.named {
            if !ids.iter().any(|id| covers(id, named)) {
                ids.push(named.clone());
            }
        }
        ids
    }
}

impl LicenceFile {
    /// Whether it is the licence of the whole, by its name, and no known one: neither text
    /// nor notice, and no pointer to the other files.
    pub(super) fn is_own_text(&self, held: &[String]) -> bool {
        let name = self
            .path
            .rsplit('/')
            .next()
            .unwrap_or(&self.path)
            .to_ascii_uppercase();
        let name = name
            .trim_end_matches(".TXT")
            .trim_end_matches(".MD")
            .trim_end_matches(".RST");
        let is_main = ["LICENSE", "LICENCE", "COPYING"].contains(&name);
        let words = self.text.split_whitespace().count();
        let points = words < 100 && !held.is_empty();
        is_main && self.ids().is_empty() && words > 20 && !points
    }
}

/// Licences whose texts have a copyright notice of their own.
const OWN_NOTICE: &[&str] = &[
    "AGPL", "Artistic", "CC-", "CC0", "CDDL", "EPL", "EUPL", "GFDL", "GPL", "LGPL", "LPPL", "MPL",
    "WTFPL",
];

/// The same lines, but blank where a text of a licence is.
fn without(text: &str, found: &[Found]) -> String {
    let is_outside = |at: usize| !found.iter().any(|found| found.lines.contains(&at));
    let lines = text.lines().enumerate();
    let kept = lines.map(|(at, line)| if is_outside(at) { line } else { "" });
    kept.collect::<Vec<_>>().join("\n")
}

/// The same lines, but blank where a notice is about the text of the licence itself.
fn without_own_notices(text: &str, found: &[Found]) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_own = |f: &&Found| OWN_NOTICE.iter().any(|family| f.id.starts_with(family));
    let terms = |f: &Found| {
        let begin = f.lines.clone().find(|at| licence_text::begins(&lines, *at));
        begin.unwrap_or(f.lines.start)..f.lines.end
    };
    let own: Vec<_> = found.iter().filter(is_own).map(terms).collect();
    let kept = |(at, line): (usize, &str)| match own.iter().any(|range| range.contains(&at)) {
        true => String::new(),
        false => line.to_owned(),
    };
    let kept: Vec<String> = lines.iter().copied().enumerate().map(kept).collect();
    kept.join("\n")
}

/// A directory with a licence of its own, or the whole source.
#[derive(Default)]
pub(super) struct Part {
    pub(super) licence_files: Vec<LicenceFile>,
    /// Files with something to say.
    pub(super) files: Vec<(String, Notice)>,
}

impl Part {
    fn holders(&self) -> Holders {
        let mut holders = Holders::default();
        for file in &self.licence_files {
            holders.extend(&file.notice.holders);
        }
        for (_, notice) in &self.files {
            holders.extend(&notice.holders);
        }
        holders
    }

    /// The file with a licence that is on no list.
    pub(super) fn own_text(&self, held: &[String]) -> Option<&LicenceFile> {
        self.licence_files
            .iter()
            .find(|file| file.is_own_text(held))
    }

    /// What its files say of their licence, the most frequent first.
    pub(super) fn headers(&self) -> Vec<(String, usize)> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (_, notice) in self.files.iter().filter(|(_, n)| !n.licences.is_empty()) {
            *counts.entry(joined(&notice.licences)).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        counts
    }

    /// Its licence, if that is to be found in it.
    fn expression(&self) -> Option<String> {
        let mut ids = BTreeSet::new();
        for file in &self.licence_files {
            ids.extend(
                file.ids()
                    .iter()
                    .map(|id| refined(id, None, &self.headers())),
            );
        }
        match ids.is_empty() {
            true => Some(self.headers().first()?.0.clone()),
            false => Some(joined(&ids)),
        }
    }
}

/// Several licences at once, as an expression.
pub(super) fn joined(licences: &BTreeSet<String>) -> String {
    let one = |licence: &String| match licence.contains(" OR ") && licences.len() > 1 {
        true => format!("({licence})"),
        false => licence.clone(),
    };
    licences.iter().map(one).collect::<Vec<_>>().join(" AND ")
}

/// Files with a licence or holders of their own.
pub(super) struct Claim {
    pub(super) patterns: Vec<String>,
    pub(super) expression: String,
    /// The same in the words of debian/copyright.
    pub(super) licence: String,
    pub(super) holders: Holders,
}

/// The whole source.
pub(super) struct Components<'a> {
    heads: &'a BTreeMap<String, Vec<u8>>,
    /// Directories with a tarball of their own.
    tarballs: &'a [String],
    pub(super) main: Part,
    parts: BTreeMap<String, Part>,
}

impl<'a> Components<'a> {
    /// Divides the source.
    pub(super) fn find(heads: &'a BTreeMap<String, Vec<u8>>, tarballs: &'a [String]) -> Self {
        let mut reader = Reader::default();
        let licence_files = heads
            .iter()
            .filter(|(path, _)| paths::is_licence_file(path));
        let licence_files: Vec<LicenceFile> = licence_files
            .map(|(path, head)| LicenceFile::read(path, head, &mut reader))
            .collect();
        let mut all = Self {
            heads,
            tarballs,
            main: Part::default(),
            parts: roots(heads, tarballs, &licence_files),
        };
        for file in licence_files {
            let path = file.path.clone();
            let root = all.root(&path);
            let home = paths::home(&path);
            // One of a directory that says nothing is not about the whole source.
            if root.is_some() || home.is_empty() {
                all.part(root.as_deref()).licence_files.push(file);
            }
        }
        let others = heads
            .iter()
            .filter(|(path, _)| !paths::is_licence_file(path));
        for (path, head) in others.filter(|(path, _)| paths::counts(path)) {
            let mut notice = match paths::is_script(path) {
                true => reader.read_script(head),
                false => reader.read(head.get(..paths::HEAD).unwrap_or(head)),
            };
            if paths::is_readme(path) {
                notice.licences.clear();
            }
            if notice != Notice::default() {
                let root = all.root(path);
                all.part(root.as_deref()).files.push((path.clone(), notice));
            }
        }
        all
    }

    /// The part that a file belongs to: the deepest directory.
    fn root(&self, path: &str) -> Option<String> {
        if let Some(root) = vendored_work(path) {
            return Some(root);
        }
        let mut at = Some(path);
        while let Some(directory) = at {
            if self.parts.contains_key(directory) {
                return Some(directory.to_owned());
            }
            at = paths::parent(directory);
        }
        None
    }

    fn part(&mut self, root: Option<&str>) -> &mut Part {
        match root.and_then(|root| self.parts.get_mut(root)) {
            Some(part) => part,
            None => &mut self.main,
        }
    }

    /// Those that the licence files of the whole name.
    pub(super) fn licensors(&self, main: &Main) -> Holders {
        let mut holders = Holders::default();
        for file in &self.main.licence_files {
            if file.ids().is_empty() || file.ids().iter().any(|id| main.covers(id)) {
                holders.extend(&file.notice.holders);
            }
        }
        holders
    }

    /// Holders of what is under the main licence.
    pub(super) fn main_holders(&self, main: &Main) -> Holders {
        let mut holders = self.licensors(main);
        for (path, notice) in &self.main.files {
            if main.covers_all(&notice.licences) && !self.is_foreign(path, notice, main) {
                holders.extend(&notice.holders);
            }
        }
        holders
    }

    /// Whether a script is the work of others, though it may be under the same licence: none
    /// of its holders is the whole's.
    fn is_foreign(&self, path: &str, notice: &Notice, main: &Main) -> bool {
        let known = self.licensors(main);
        paths::is_script(path)
            && !notice.holders.is_empty()
            && !notice.holders.iter().any(|holder| known.has(holder))
    }

    /// What is not, or not only, under the main licence.
    pub(super) fn claims(
        &self,
        main: &Main,
        texts: &mut Texts,
        findings: &mut Vec<Finding>,
    ) -> Vec<Claim> {
        for file in &self.main.licence_files {
            texts.offer(file, "");
        }
        // Of two texts with one name, the main one has it.
        texts.named(&main.expression, "");
        let mut claims = Vec::new();
        let mut unlicensed_roots = Vec::new();
        let mut loose = Loose::new();
        for (root, part) in &self.parts {
            let own = part.expression();
            if let Some(claim) = self.whole_part(root, part, own.as_deref(), main, texts) {
                claims.push(claim);
            } else if own.is_none() && !self.heads.contains_key(root) {
                unlicensed_roots.push(root.as_str());
            }
            let covered = |notice: &Notice| {
                let said = joined(&notice.licences);
                said.is_empty() || own.as_deref().is_some_and(|own| covers(own, &said))
            };
            let files = part.files.iter().filter(|(_, n)| !covered(n));
            files.for_each(|file| take_loose(&mut loose, file, joined(&file.1.licences), ""));
        }
        if !unlicensed_roots.is_empty() {
            findings.push(unlicensed(&unlicensed_roots, main));
        }
        self.take_others(main, &mut loose, findings);
        for key in loose.keys() {
            claims.push(self.loose(key, &loose, texts));
        }
        for claim in &claims {
            judge(&claim.expression, &claim.patterns.join(" "), findings);
        }
        claims
    }

    /// Files of the whole that are not, or not only, under its licence, and scripts of others.
    fn take_others<'f>(&'f self, main: &Main, loose: &mut Loose<'f>, findings: &mut Vec<Finding>) {
        let mut silent = Vec::new();
        for file in &self.main.files {
            let (path, notice) = file;
            let is_foreign = self.is_foreign(path, notice, main);
            let said = joined(&notice.licences);
            let expression = match said.is_empty() {
                true => main.expression.clone(),
                false => said,
            };
            if is_foreign {
                silent.extend(notice.licences.is_empty().then_some(path.as_str()));
                let holders: Vec<String> = notice.holders.iter().map(|h| h.name.clone()).collect();
                take_loose(loose, file, expression, &holders.join("; "));
            } else if !main.covers_all(&notice.licences) {
                take_loose(loose, file, expression, "");
            }
        }
        if !silent.is_empty() {
            findings.push(unlicensed(&silent, main));
        }
    }

    fn whole_part(
        &self,
        root: &str,
        part: &Part,
        own: Option<&str>,
        main: &Main,
        texts: &mut Texts,
    ) -> Option<Claim> {
        let expression = own?;
        let holders = part.holders();
        let known = self.main_holders(main);
        let is_strange = holders.iter().any(|holder| !known.has(holder));
        let is_own = is_strange || self.tarballs.iter().any(|name| name == root);
        if covers(&main.expression, expression) && !is_own {
            return None;
        }
        for file in &part.licence_files {
            texts.offer(file, root);
        }
        Some(Claim {
            patterns: patterns::of_root(root, self.heads),
            licence: texts.named(expression, root),
            expression: expression.to_owned(),
            holders,
        })
    }

    fn loose(&self, key: &(String, String), all: &Loose<'_>, texts: &mut Texts) -> Claim {
        let (expression, files) = (&key.0, &all[key]);
        let mine: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let mut holders = Holders::default();
        for (path, notice) in files {
            holders.extend(&notice.holders);
            if let Some(head) = self.heads.get(path.as_str()) {
                texts.offer_header(head, expression);
            }
        }
        let others = all.iter().filter(|(other, _)| *other != key);
        let others = others.flat_map(|(_, files)| files.iter().map(|(path, _)| path.as_str()));
        let said = self
            .main
            .files
            .iter()
            .filter(|(_, n)| !n.licences.is_empty());
        let said = said.map(|(path, _)| path.as_str());
        let roots = self.parts.keys().map(String::as_str);
        // A directory with a licence of its own has a paragraph for all of it already.
        let licensed = self.parts.iter();
        let licensed = licensed.filter(|(_, part)| part.expression().is_some());
        let licensed: Vec<String> = licensed.map(|(root, _)| format!("{root}/")).collect();
        let others: BTreeSet<&str> = others
            .chain(said)
            .chain(roots)
            .chain(licensed.iter().map(String::as_str))
            .filter(|path| !mine.contains(path))
            .collect();
        Claim {
            patterns: patterns::of(&mine, &others, self.heads),
            licence: texts.named(expression, ""),
            expression: expression.to_owned(),
            holders,
        }
    }
}

/// Files by licence and, of scripts, by holders: those are works of their own.
type Loose<'f> = BTreeMap<(String, String), Vec<&'f (String, Notice)>>;

fn take_loose<'f>(
    loose: &mut Loose<'f>,
    file: &'f (String, Notice),
    expression: String,
    holders: &str,
) {
    let key = (expression, holders.to_owned());
    loose.entry(key).or_default().push(file);
}

/// Directories with a licence file of their own that is recognised, and those of others.
fn roots(
    heads: &BTreeMap<String, Vec<u8>>,
    tarballs: &[String],
    licence_files: &[LicenceFile],
) -> BTreeMap<String, Part> {
    let with_text = licence_files.iter().filter(|file| !file.ids().is_empty());
    let homes = with_text.map(|file| paths::home(&file.path));
    let vendored = heads.keys().filter_map(|path| vendored_work(path));
    let roots = homes.chain(vendored).chain(tarballs.iter().cloned());
    let roots = roots.filter(|root| !root.is_empty());
    roots.map(|root| (root, Part::default())).collect()
}

/// Whether each licence of the second expression is in the first.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    let base = |id: &str| {
        id.trim_end_matches("-only")
            .trim_end_matches("-or-later")
            .to_owned()
    };
    let ids: BTreeSet<String> = terms(wide).iter().map(|term| base(&term.id)).collect();
    terms(narrow)
        .iter()
        .all(|term| ids.contains(&base(&term.id)))
}

fn unlicensed(roots: &[&str], main: &Main) -> Finding {
    let shown: Vec<&str> = roots.iter().take(5).copied().collect();
    let more = roots.len() - shown.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let message = format!(
        "{}{more} may be the work of others, but say nothing of a licence; {} was taken, as \
         for the rest",
        shown.join(", "),
        main.expression
    );
    let finding = Finding::warning("vendored-without-licence", message);
    finding.with_hint("look for their origin, or leave out what has a package")
}

/// Whether two texts differ in more than layout.
pub(super) fn differ(one: &str, other: &str) -> bool {
    plain(one) != plain(other)
}
