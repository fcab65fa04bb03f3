//! What the metadata say of the licence: an expression, a name, classifiers.

use spdx::{Expression, ParseMode};

use super::Upstream;
use super::components::covers;
use crate::licence_text;

/// Trove classifiers and the names that people write into `License`, in lower case, with
/// what they mean. What means several things is not here.
const NAMES: &[(&str, &str)] = &[
    ("apache 2", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache license", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache license version 2.0", "Apache-2.0"),
    ("apache license, version 2.0", "Apache-2.0"),
    ("apache software license", "Apache-2.0"),
    ("apache software license 2.0", "Apache-2.0"),
    ("asl 2.0", "Apache-2.0"),
    ("boost software license 1.0 (bsl-1.0)", "BSL-1.0"),
    ("bsd 2-clause", "BSD-2-Clause"),
    ("bsd 2-clause license", "BSD-2-Clause"),
    ("bsd 3-clause", "BSD-3-Clause"),
    ("bsd 3-clause license", "BSD-3-Clause"),
    ("bsd-3", "BSD-3-Clause"),
    ("modified bsd license", "BSD-3-Clause"),
    ("new bsd", "BSD-3-Clause"),
    ("new bsd license", "BSD-3-Clause"),
    ("simplified bsd", "BSD-2-Clause"),
    (
        "cc0 1.0 universal (cc0 1.0) public domain dedication",
        "CC0-1.0",
    ),
    ("eclipse public license 2.0 (epl-2.0)", "EPL-2.0"),
    ("european union public licence 1.2 (eupl 1.2)", "EUPL-1.2"),
    ("gnu affero general public license v3", "AGPL-3.0-only"),
    (
        "gnu affero general public license v3 or later (agplv3+)",
        "AGPL-3.0-or-later",
    ),
    ("gnu gplv3+", "GPL-3.0-or-later"),
    ("gnu gplv3", "GPL-3.0-only"),
    ("gnu general public license v2 (gplv2)", "GPL-2.0-only"),
    (
        "gnu general public license v2 or later (gplv2+)",
        "GPL-2.0-or-later",
    ),
    ("gnu general public license v3 (gplv3)", "GPL-3.0-only"),
    (
        "gnu general public license v3 or later (gplv3+)",
        "GPL-3.0-or-later",
    ),
    (
        "gnu lesser general public license v2 (lgplv2)",
        "LGPL-2.0-only",
    ),
    (
        "gnu lesser general public license v2 or later (lgplv2+)",
        "LGPL-2.0-or-later",
    ),
    (
        "gnu lesser general public license v3 (lgplv3)",
        "LGPL-3.0-only",
    ),
    (
        "gnu lesser general public license v3 or later (lgplv3+)",
        "LGPL-3.0-or-later",
    ),
    ("gpl v2", "GPL-2.0-only"),
    ("gpl v3", "GPL-3.0-only"),
    ("gplv2", "GPL-2.0-only"),
    ("gplv2+", "GPL-2.0-or-later"),
    ("gplv3", "GPL-3.0-only"),
    ("gplv3+", "GPL-3.0-or-later"),
    ("gpl-3", "GPL-3.0-only"),
    ("lgplv3", "LGPL-3.0-only"),
    ("lgplv3+", "LGPL-3.0-or-later"),
    ("lgpl with exceptions", "LGPL-3.0-or-later"),
    ("historical permission notice and disclaimer (hpnd)", "HPND"),
    ("isc license", "ISC"),
    ("isc license (iscl)", "ISC"),
    ("mit license", "MIT"),
    ("the mit license", "MIT"),
    ("the mit license (mit)", "MIT"),
    ("expat", "MIT"),
    ("mit no attribution license (mit-0)", "MIT-0"),
    ("mozilla public license 1.1 (mpl 1.1)", "MPL-1.1"),
    ("mozilla public license 2.0 (mpl 2.0)", "MPL-2.0"),
    ("psf", "PSF-2.0"),
    ("python software foundation license", "PSF-2.0"),
    ("public domain", "LicenseRef-public-domain"),
    ("the unlicense (unlicense)", "Unlicense"),
    ("zope public license", "ZPL-2.1"),
    ("zlib/libpng license", "Zlib"),
];

/// What the metadata say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    /// As an SPDX expression.
    pub(super) expression: String,
    /// In which field.
    pub(super) field: &'static str,
    /// Whether the field says how several licences go together.
    pub(super) is_exact: bool,
}

/// The first field that says something that can be understood, the exact before the vague.
pub(super) fn stated(upstream: &Upstream) -> Option<Stated> {
    let expression = upstream.expression.as_deref();
    let who = match upstream.is_decided {
        true => "the packager",
        false => "License-Expression",
    };
    let field = upstream.licence.as_deref();
    let line = field.filter(|text| !text.contains('\n'));
    expression
        .and_then(|text| exact(text, who))
        .or_else(|| line.and_then(|text| exact(text, "License")))
        .or_else(|| line.and_then(named))
        .or_else(|| classified(&upstream.classifiers))
        .or_else(|| field.and_then(whole_text))
        .or_else(|| line.and_then(vague))
}

/// What the classifiers say, where that is something else than another field does.
pub(super) fn disagreeing(upstream: &Upstream, stated: &Stated) -> Option<Stated> {
    let classified = classified(&upstream.classifiers)?;
    let agree = covers(&stated.expression, &classified.expression)
        || covers(&classified.expression, &stated.expression);
    let is_vague = stated.field == "Classifier" || !stated.is_exact || upstream.is_decided;
    (!agree && !is_vague).then_some(classified)
}

pub(super) fn exact(text: &str, field: &'static str) -> Option<Stated> {
    // SPDX has replaced `GPL-2.0` and `GPL-2.0+` by names that tell them apart.
    let parsed = Expression::parse_mode(text, ParseMode::STRICT);
    let deprecated = ParseMode {
        allow_deprecated: true,
        ..ParseMode::STRICT
    };
    parsed
        .or_else(|_| Expression::parse_mode(text, deprecated))
        .ok()?;
    Some(Stated {
        expression: text.trim().to_owned(),
        field,
        is_exact: true,
    })
}

/// Some put the whole text there.
fn whole_text(text: &str) -> Option<Stated> {
    let found = licence_text::recognise(text);
    let ids: Vec<&str> = found.iter().map(|found| found.id.as_str()).collect();
    (!ids.is_empty()).then(|| Stated {
        expression: ids.join(" AND "),
        field: "License",
        is_exact: false,
    })
}

/// `GPL v3`, `BSD`: a family at least.
fn vague(text: &str) -> Option<Stated> {
    let (id, length) = spdx::imprecise_license_id(text.trim())?;
    let rest = text.trim().get(length..)?.to_lowercase();
    let mut words = rest
        .split([' ', ',', '-', '.'])
        .filter(|word| !word.is_empty());
    let filling = [
        "license", "licence", "software", "version", "the", "style", "like", "or", "later",
    ];
    words.all(|word| filling.contains(&word)).then(|| Stated {
        expression: id.name.to_owned(),
        field: "License",
        is_exact: false,
    })
}

fn named(text: &str) -> Option<Stated> {
    Some(Stated {
        expression: by_name(text)?.to_owned(),
        field: "License",
        is_exact: true,
    })
}

fn by_name(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    let found = NAMES.iter().find(|(name, _)| *name == text)?;
    Some(found.1)
}

fn classified(classifiers: &[String]) -> Option<Stated> {
    let licences = classifiers
        .iter()
        .filter_map(|text| text.strip_prefix("License :: "));
    let mut ids: Vec<&str> = licences
        .map(|text| text.rsplit(" :: ").next().unwrap_or(text))
        .filter_map(by_name)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let is_exact = ids.len() == 1;
    (!ids.is_empty()).then(|| Stated {
        expression: ids.join(" AND "),
        field: "Classifier",
        is_exact,
    })
}
