//! Whether what a distribution's metadata say of its licence lets it into Debian's main.
//!
//! A first look, not a review: the licences in the source decide, and a person.

use serde::{Deserialize, Serialize};
use spdx::{Expression, LicenseId, LicenseReq, ParseMode};

/// What a statement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freedom {
    /// The Free Software Foundation or the Open Source Initiative has approved it, or
    /// main has such packages.
    Free,
    /// It restricts use or change, or says itself that it is not free.
    NonFree,
    /// It is not known, or nobody has said what it is.
    Unclear,
}

/// Trove classifiers that are no licence of free software.
const NON_FREE: [&str; 6] = [
    "Other/Proprietary License",
    "Free For Educational Use",
    "Free For Home Use",
    "Free for non-commercial use",
    "Free To Use But Restricted",
    "Freely Distributable",
];

/// Licences of packages in main that neither organisation has on its list.
const IN_MAIN: [&str; 8] = [
    "CNRI-Python",
    "Info-ZIP",
    "MIT-CMU",
    "OpenSSL",
    "PSF-2.0",
    "TCL",
    "bzip2-1.0.6",
    "curl",
];

/// How the identifiers of licences begin that restrict use or change (DFSG 3, 5, 6).
const RESTRICTING: [&str; 12] = [
    "Aladdin",
    "BUSL-",
    "CC-BY-NC",
    "CC-BY-ND",
    "Elastic-",
    "Hippocratic-",
    "JPL-image",
    "JSON",
    "Parity-",
    "PolyForm-",
    "SSPL-",
    "Commons-Clause",
];

/// The prefix of the classifiers of approved licences.
const APPROVED: &str = "OSI Approved";

/// Judges a statement as in `License-Expression` (PEP 639), `License`, or the licence
/// classifiers joined by `; `.
pub fn freedom(statement: &str) -> Freedom {
    let statement = statement.trim();
    if let Ok(expression) = Expression::parse_mode(statement, ParseMode::LAX) {
        return of_expression(&expression);
    }
    let parts = statement.split("; ").map(of_classifier);
    // Several classifiers are mostly parts under different licences.
    parts.max().unwrap_or(Freedom::Unclear)
}

/// An expression is free if it is with the free ones among its licences alone, and not
/// free if that needs one that restricts.
fn of_expression(expression: &Expression) -> Freedom {
    let id = |one: &LicenseReq| one.license.id();
    if expression.evaluate(|one| id(one).is_some_and(is_free)) {
        return Freedom::Free;
    }
    let without_restricting = expression.evaluate(|one| !id(one).is_some_and(restricts));
    match without_restricting {
        true => Freedom::Unclear,
        false => Freedom::NonFree,
    }
}

fn is_free(id: LicenseId) -> bool {
    id.is_fsf_free_libre() || id.is_osi_approved() || IN_MAIN.contains(&id.name)
}

fn restricts(id: LicenseId) -> bool {
    RESTRICTING.iter().any(|prefix| id.name.starts_with(prefix))
}

fn of_classifier(part: &str) -> Freedom {
    let part = part.trim_start_matches("License :: ");
    if part.starts_with(APPROVED) || part == "Public Domain" {
        return Freedom::Free;
    }
    if NON_FREE.contains(&part) || part.to_ascii_lowercase().contains("proprietary") {
        return Freedom::NonFree;
    }
    match imprecise(part) {
        Some(id) if is_free(id) => Freedom::Free,
        Some(id) if restricts(id) => Freedom::NonFree,
        _ => Freedom::Unclear,
    }
}

/// Words in a licence's name that do not make it another kind of licence.
const FILLING: [&str; 11] = [
    "license", "licence", "software", "version", "v2", "2.0", "2", "3", "clause", "2-clause",
    "3-clause",
];

/// A licence by a name as people write it. Which version is meant may be missed: here it
/// matters only whether it is free.
fn imprecise(name: &str) -> Option<LicenseId> {
    if let Some(id) = by_full_name(name) {
        return Some(id);
    }
    let (id, length) = spdx::imprecise_license_id(name)?;
    let rest = name.get(length..)?.to_ascii_lowercase();
    let mut words = rest.split([' ', ',', '-']).filter(|word| !word.is_empty());
    words.all(|word| FILLING.contains(&word)).then_some(id)
}

fn by_full_name(name: &str) -> Option<LicenseId> {
    let mut all = spdx::identifiers::LICENSES.iter();
    let found = all.find(|licence| licence.full_name.eq_ignore_ascii_case(name))?;
    spdx::license_id(found.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statement: &str, expect: Freedom) {
        assert_eq!(freedom(statement), expect, "{statement}");
    }

    #[test]
    fn free() {
        for statement in [
            "MIT",
            "Apache-2.0 OR BSD-3-Clause",
            "Apache-2.0",
            "GPL-3.0-or-later",
            "GPLv3",
            "MIT License",
            "Apache License 2.0",
            "BSD",
            "OSI Approved :: MIT License",
            "License :: OSI Approved :: Apache Software License",
            "Apache License, Version 2.0",
            "Apache Software License",
            "BSD 3-Clause License",
            "BSD-3-Clause License",
            "GNU General Public License v3.0 or later",
            "PSF-2.0",
            "MIT-CMU",
            "BUSL-1.1 OR MIT",
            "Public Domain",
        ] {
            check(statement, Freedom::Free);
        }
    }

    #[test]
    fn not_free() {
        for statement in [
            "SSPL-1.0",
            "BUSL-1.1",
            "CC-BY-NC-4.0",
            "MIT AND CC-BY-NC-4.0",
            "Other/Proprietary License",
            "OSI Approved :: MIT License; Other/Proprietary License",
            "Proprietary",
            "NVIDIA Proprietary Software",
        ] {
            check(statement, Freedom::NonFree);
        }
    }

    #[test]
    fn unclear() {
        for statement in [
            "",
            "see LICENSE",
            "LicenseRef-Ours",
            "Dual License",
            "MIT with Commons Clause",
        ] {
            check(statement, Freedom::Unclear);
        }
    }
}
