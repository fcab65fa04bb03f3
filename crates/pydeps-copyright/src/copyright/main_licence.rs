//! The licence of the whole: what its files hold, against what the metadata say.

use std::collections::BTreeSet;

use pydeps_core::finding::Finding;

use super::Upstream;
use super::components::{Components, LicenceFile, covers};
use super::metadata::{self, Stated};
use super::short_name::terms;
use crate::licence_text::plain;

/// What is decided.
pub(super) struct Main {
    /// An SPDX expression.
    pub(super) expression: String,
    /// What a reader of debian/copyright should know.
    pub(super) comment: Option<String>,
}

impl Main {
    /// Whether a licence is, or is among, the main ones.
    pub(super) fn covers(&self, id: &str) -> bool {
        covers(&self.expression, id)
    }

    /// Whether all that a file says is; what says nothing is.
    pub(super) fn covers_all(&self, ids: &BTreeSet<String>) -> bool {
        ids.iter().all(|id| self.covers(id))
    }
}

/// Weighs what there is. Nothing where there is nothing.
pub(super) fn determine(
    upstream: &Upstream,
    components: &Components,
    findings: &mut Vec<Finding>,
) -> Option<Main> {
    let stated = metadata::stated(upstream);
    let other = stated
        .as_ref()
        .and_then(|stated| metadata::disagreeing(upstream, stated));
    if let Some((stated, other)) = stated.as_ref().zip(other) {
        findings.push(disagreement(stated, &other));
    }
    let files = &components.main.licence_files;
    let headers = components.main.headers();
    let mut held: Vec<String> = Vec::new();
    for id in files.iter().flat_map(LicenceFile::ids) {
        let id = refined(&id, stated.as_ref(), &headers);
        if !held.contains(&id) {
            held.push(id);
        }
    }
    if let Some(own) = components.main.own_text(&held) {
        held.extend(stated.is_none().then(|| own_name(upstream, own, findings)));
    }
    let main = match (stated, held.is_empty()) {
        (Some(stated), true) => from_metadata(stated, files, findings),
        (Some(stated), false) => weighed(upstream, stated, &held, files, findings),
        (None, false) => from_files(&held, files, findings),
        (None, true) => from_headers(&headers, findings)?,
    };
    let expression = with_headers(&main.expression, &headers);
    gnu_choice(&expression, findings);
    Some(Main {
        expression: with_choice(&expression),
        ..main
    })
}

fn disagreement(stated: &Stated, other: &Stated) -> Finding {
    let message = format!(
        "{} says {}, and a classifier says {}",
        stated.field, stated.expression, other.expression
    );
    Finding::warning("licence-contradiction", message).with_hint("ask upstream to mend one of them")
}

fn plainly(expression: String) -> Main {
    Main {
        expression,
        comment: None,
    }
}

fn from_metadata(stated: Stated, files: &[LicenceFile], findings: &mut Vec<Finding>) -> Main {
    let Stated {
        expression, field, ..
    } = stated;
    let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let (code, message) = match names.is_empty() {
        true => (
            "licence-text-missing",
            format!("the source has no licence file; {expression} is what {field} says"),
        ),
        false => (
            "licence-text-unrecognised",
            format!(
                "{} is not recognised; {expression} is what {field} says",
                names.join(", ")
            ),
        ),
    };
    let hint = "compare it with what upstream's repository has";
    findings.push(Finding::warning(code, message.clone()).with_hint(hint));
    Main {
        comment: Some(format!("Of the licence: {message}.")),
        expression,
    }
}

/// The words with which a licence that is on no list keeps others from passing it on.
fn refusal(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 7] = [
        "proprietary",
        "confidential",
        "internal use only",
        "may not be redistributed",
        "not be copied",
        "without the prior written",
        "without prior written permission",
    ];
    let text = plain(text);
    WORDS.into_iter().find(|word| text.contains(word))
}

/// A licence that is on no list, by the project's name.
fn own_name(upstream: &Upstream, file: &LicenceFile, findings: &mut Vec<Finding>) -> String {
    let message = format!("{} is a licence that is not recognised", file.path);
    let finding = Finding::warning("licence-text-unrecognised", message);
    findings.push(finding.with_hint("read it, and decide on an SPDX expression or a name for it"));
    if let Some(word) = refusal(&file.text) {
        let message = format!("{} says `{word}`: it may not be redistributed", file.path);
        let hint = "Debian takes it neither in main nor in non-free; ask the holder for permission";
        findings.push(Finding::warning("licence-non-free", message).with_hint(hint));
    }
    let letters = upstream
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    format!("LicenseRef-{}", letters.collect::<String>())
}

/// Both speak. Where one is the other and more, the more precise counts.
fn weighed(
    upstream: &Upstream,
    stated: Stated,
    held: &[String],
    files: &[LicenceFile],
    findings: &mut Vec<Finding>,
) -> Main {
    let said = &stated.expression;
    let (in_file, outside): (Vec<_>, Vec<_>) = held.iter().partition(|id| covers(said, id));
    if upstream.is_decided || outside.is_empty() {
        return plainly(stated.expression);
    }
    if !stated.is_exact && same_family(said, held) || is_python(said, held) {
        return from_files(held, files, findings);
    }
    let all = held.join(" AND ");
    let names = outside
        .iter()
        .map(|id| id.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    let places = holding(files, &outside);
    // All that is stated is there, and more: the rest is for parts of the source.
    let missing = terms(said).iter().any(|term| !covers(&all, &term.id));
    let has_own = files.iter().any(|file| file.is_own_text(held));
    if !in_file.is_empty() && !missing || has_own {
        let message = format!("{places} also holds {names}, for parts of the source");
        let finding = Finding::warning("licence-of-parts", message.clone());
        findings.push(finding.with_hint("say in debian/copyright which files are meant"));
        let said = grouped(said);
        let outside: Vec<String> = outside.into_iter().cloned().collect();
        return Main {
            expression: format!("{said} AND {}", outside.join(" AND ")),
            comment: Some(format!("{message} that it names.")),
        };
    }
    let contradiction = format!("{} says {said}, but {places} holds {names}", stated.field);
    let resolved = match stated.is_exact {
        true => "the terms of both are kept, as nobody but upstream can drop one",
        false => "the file was followed, as it is what the copyright holder has granted",
    };
    let message = format!("{contradiction}; {resolved}");
    let finding = Finding::warning("licence-contradiction", message.clone());
    findings.push(finding.with_hint("ask upstream to mend one of them"));
    if !stated.is_exact {
        return from_files(held, files, findings);
    }
    let all = [said].into_iter().chain(held);
    let all: Vec<String> = all.map(|expression| grouped(expression)).collect();
    Main {
        expression: all.join(" AND "),
        comment: Some(format!("{message}.")),
    }
}

/// A part of an expression with `AND`.
fn grouped(expression: &str) -> String {
    match expression.contains(" OR ") {
        true => format!("({expression})"),
        false => expression.to_owned(),
    }
}

/// "BSD" against `BSD-3-Clause`.
fn same_family(said: &str, held: &[String]) -> bool {
    let family = |id: &str| id.split('-').next().unwrap_or_default().to_owned();
    let said: Vec<String> = terms(said).iter().map(|term| family(&term.id)).collect();
    held.iter().any(|id| said.contains(&family(id)))
}

/// Python's licence is the foundation's and those before it.
fn is_python(said: &str, held: &[String]) -> bool {
    said == "PSF-2.0" && held.iter().any(|id| id == "Python-2.0")
}

/// The files that hold one of these.
fn holding(files: &[LicenceFile], ids: &[&String]) -> String {
    let holds = |file: &&LicenceFile| {
        let own = file.ids();
        own.iter().any(|own| ids.iter().any(|id| covers(id, own)))
    };
    let paths: Vec<&str> = files
        .iter()
        .filter(holds)
        .map(|f| f.path.as_str())
        .collect();
    paths.join(", ")
}

fn from_files(held: &[String], files: &[LicenceFile], findings: &mut Vec<Finding>) -> Main {
    let [only] = held else {
        let choice = files.iter().any(|file| offers_choice(&file.text));
        let (word, means) = if choice {
            (" OR ", "any")
        } else {
            (" AND ", "all")
        };
        let message = format!(
            "the source holds {} and does not say how they go together; {means} of them were taken to hold",
            held.join(", ")
        );
        if !choice {
            let finding = Finding::warning("licence-combination", message);
            findings.push(finding.with_hint("decide on an SPDX expression with AND or OR"));
        }
        return plainly(held.join(word));
    };
    plainly(only.clone())
}

/// "under the terms of either of the licenses".
fn offers_choice(text: &str) -> bool {
    let words = plain(text);
    let signs = [
        "either of the licen",
        "terms of either",
        "dual licen",
        "your choice of",
    ];
    words.len() < 4000 && signs.iter().any(|sign| words.contains(sign))
}

fn from_headers(headers: &[(String, usize)], findings: &mut Vec<Finding>) -> Option<Main> {
    let (expression, count) = headers.first()?;
    let message =
        format!("no licence file, and nothing in the metadata; {count} files say {expression}");
    findings.push(Finding::warning("licence-from-headers", message.clone()));
    Some(Main {
        expression: expression.clone(),
        comment: Some(format!("Of the licence: {message}.")),
    })
}

const GNU: [&str; 4] = ["GPL-", "LGPL-", "AGPL-", "GFDL-"];

/// The texts of the GNU licences do not say whether a later version may be chosen: the
/// metadata may, and the headers of files.
pub(super) fn refined(id: &str, stated: Option<&Stated>, headers: &[(String, usize)]) -> String {
    if !GNU.iter().any(|family| id.starts_with(family)) || has_choice(id) {
        return id.to_owned();
    }
    let choices = [format!("{id}-or-later"), format!("{id}-only")];
    let in_metadata = stated.map(|stated| stated.expression.as_str());
    let in_headers = headers.iter().map(|(expression, _)| expression.as_str());
    for said in in_metadata.into_iter().chain(in_headers) {
        let said = terms(said);
        if let Some(choice) = choices
            .iter()
            .find(|choice| said.iter().any(|t| t.id == **choice))
        {
            return choice.clone();
        }
    }
    id.to_owned()
}

/// What the headers say of later versions, where neither file nor metadata do.
fn with_headers(expression: &str, headers: &[(String, usize)]) -> String {
    let one = |word: &str| {
        let bare = word.trim_matches(['(', ')']);
        word.replace(bare, &refined(bare, None, headers))
    };
    let words = expression.split(' ').map(|word| {
        if word.is_empty() {
            String::new()
        } else {
            one(word)
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn has_choice(id: &str) -> bool {
    id.ends_with("-only") || id.ends_with("-or-later")
}

fn gnu_choice(expression: &str, findings: &mut Vec<Finding>) {
    for term in terms(expression) {
        if GNU.iter().any(|family| term.id.starts_with(family)) && !has_choice(&term.id) {
            let message = format!(
                "{} is there, but nothing says whether a later version may be chosen; only \
                 this version was taken",
                term.id
            );
            findings.push(Finding::info("licence-version", message));
        }
    }
}

/// Without a word on later versions, this one.
fn with_choice(expression: &str) -> String {
    let one = |word: &str| {
        let bare = word.trim_matches(['(', ')']);
        match GNU.iter().any(|family| bare.starts_with(family)) && !has_choice(bare) {
            true if !bare.ends_with('+') => word.replace(bare, &format!("{bare}-only")),
            _ => word.to_owned(),
        }
    };
    expression.split(' ').map(one).collect::<Vec<_>>().join(" ")
}
