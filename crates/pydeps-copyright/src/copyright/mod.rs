//! `debian/copyright` in the machine-readable format 1.0
//! (<https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/>; Debian Policy 12.5).
//!
//! What a licence file says counts more than what the metadata say, and both more than
//! headers; where they differ, that is a finding. What cannot be known is said, not filled in.

mod components;
mod main_licence;
mod metadata;
mod paragraphs;
mod paths;
mod patterns;
mod short_name;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;

use pydeps_core::finding::Finding;
use pydeps_core::licence::{Freedom, freedom};

use crate::notice::Holders;
use components::{Claim, Components};
use main_licence::Main;
use texts::Texts;

pub use paths::{HEAD, is_licence_file, wanted};

/// What is known of a release. Nothing is asked to be there but the name.
#[derive(Clone, Debug, Default)]
pub struct Upstream {
    /// Its name, as it spells it.
    pub name: String,
    /// `License-Expression`, or an expression that a person has decided on.
    pub expression: Option<String>,
    /// Whether a person has decided on it: then nothing contradicts it.
    pub is_decided: bool,
    /// `License`: a name, or some text.
    pub licence: Option<String>,
    /// The classifiers, whole.
    pub classifiers: Vec<String>,
    /// Authors and maintainers, as `Name <address>` or one of both.
    pub authors: Vec<String>,
    /// Where the source is to be had: a URL.
    pub source: Option<String>,
    /// Directories with works of their own, each in a tarball of its own.
    pub components: Vec<String>,
}

/// Who makes the package, and where.
#[derive(Clone, Debug)]
pub struct Packaging {
    /// `Name <address>`.
    pub packager: String,
    /// The years of the packaging, the first and the last: those of the changelog's entries.
    pub years: (u16, u16),
    /// The files in `/usr/share/common-licenses` of the suite.
    pub common_licences: Vec<String>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Copyright {
    /// The file, or nothing where the licence cannot be determined; a finding says why.
    pub text: Option<String>,
    /// The licence of most files, as an SPDX expression.
    pub expression: Option<String>,
    /// `NOTICE` files that the Apache licence wants to be kept (its section 4d), also those of
    /// components: for the package's documentation.
    pub notices: Vec<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Writes the file from the beginnings of all files of the source (see [`wanted`]), by path.
pub fn write(
    upstream: &Upstream,
    packaging: &Packaging,
    heads: &BTreeMap<String, Vec<u8>>,
) -> Copyright {
    let mut findings = Vec::new();
    let components = Components::find(heads, &upstream.components);
    let main = main_licence::determine(upstream, &components, &mut findings);
    let notices = paths::notices(heads, &upstream.components);
    let Some(main) = main else {
        findings.push(undetermined(upstream));
        return Copyright {
            text: None,
            expression: None,
            notices,
            findings,
        };
    };
    judge(&main.expression, &upstream.name, &mut findings);
    let mut texts = Texts::new(&packaging.common_licences);
    let claims = components.claims(&main, &mut texts, &mut findings);
    let whole = whole(upstream, &components, &main, &mut findings);
    let mut paragraphs = vec![paragraphs::header(upstream)];
    paragraphs.extend(paragraphs::files(
        &whole, &main, &claims, packaging, &mut texts,
    ));
    paragraphs.extend(texts.finish(&main, &mut findings));
    Copyright {
        text: Some(paragraphs.join("\n")),
        notices: keep(notices, &main, &claims),
        expression: Some(main.expression),
        findings,
    }
}

/// A `NOTICE` matters where something is under the Apache licence.
fn keep(notices: Vec<String>, main: &Main, claims: &[Claim]) -> Vec<String> {
    let expressions = claims.iter().map(|claim| claim.expression.as_str());
    let mut all = expressions.chain([main.expression.as_str()]);
    match all.any(|expression| expression.contains("Apache")) {
        true => notices,
        false => Vec::new(),
    }
}

fn undetermined(upstream: &Upstream) -> Finding {
    let field = upstream.licence.as_deref().unwrap_or_default();
    let said = match field.lines().next() {
        Some(line) => format!("the metadata's `{line}` is no SPDX expression"),
        None => "the metadata name none".to_owned(),
    };
    let name = &upstream.name;
    let message = format!(
        "the licence of {name} cannot be determined: no licence file is recognised, no file's \
         header names one, and {said}",
    );
    Finding::error("licence-undetermined", message).with_hint(format!(
        "look for it upstream and ask there for a licence file; \
         --licence '{name}=GPL-3.0-only OR BSD-3-Clause' says which it is, as an example"
    ))
}

/// Whether a text is an SPDX expression, as metadata have it.
pub fn is_expression(text: &str) -> bool {
    metadata::exact(text, "").is_some()
}

fn judge(expression: &str, about: &str, findings: &mut Vec<Finding>) {
    if freedom(expression) == Freedom::NonFree {
        let message = format!("{about} is under {expression}, which restricts use or change");
        let finding = Finding::warning("licence-non-free", message);
        findings.push(finding.with_hint("it does not belong in main: choose another, or non-free"));
    }
}

/// Holders of what is under the main licence, or who stands in for them.
struct Whole {
    holders: Vec<String>,
    /// Those that the licence files name, or else all.
    licensors: Vec<String>,
    comment: Option<String>,
}

fn whole(
    upstream: &Upstream,
    components: &Components,
    main: &Main,
    findings: &mut Vec<Finding>,
) -> Whole {
    let holders: &Holders = &components.main_holders(main);
    let mut comments = Vec::from_iter(main.comment.clone());
    let mut names: Vec<String> = holders.iter().map(ToString::to_string).collect();
    if names.is_empty() {
        let (stand_in, comment) = stand_in(upstream);
        let message = format!("no file of {} names who holds the copyright", upstream.name);
        let finding = Finding::warning("copyright-holder-unknown", message);
        findings.push(finding.with_hint("ask upstream to name them in the licence file"));
        names = stand_in;
        comments.push(comment);
    }
    let comment = (!comments.is_empty()).then(|| comments.join("\n\n"));
    let licensors = components.licensors(main);
    let licensors: Vec<String> = licensors.iter().map(ToString::to_string).collect();
    Whole {
        licensors: if licensors.is_empty() {
            names.clone()
        } else {
            licensors
        },
        holders: names,
        comment,
    }
}

/// Without a notice the authors hold it (Berne Convention, article 5).
fn stand_in(upstream: &Upstream) -> (Vec<String>, String) {
    let none = "No file of the source has a copyright notice.";
    match upstream.authors.is_empty() {
        false => (
            upstream.authors.clone(),
            format!("{none} These are the authors that the metadata name."),
        ),
        true => (
            vec![format!("the authors of {}", upstream.name)],
            none.to_owned(),
        ),
    }
}
