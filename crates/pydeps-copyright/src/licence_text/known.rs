//! The licences that are recognised, with the texts of the SPDX list.

use std::sync::OnceLock;

use spdx::detection::TextData;
use spdx::text::LICENSE_TEXTS;

use super::passages;

/// Those that source archives of Python projects have, and those that keep one out of main.
const KNOWN: &[(&str, &str)] = &[
    of("0BSD"),
    of("AFL-2.1"),
    of("AFL-3.0"),
    of("AGPL-3.0"),
    of("Apache-1.1"),
    of("Apache-2.0"),
    of("Artistic-1.0-Perl"),
    of("Artistic-2.0"),
    of("BSD-1-Clause"),
    of("BSD-2-Clause"),
    of("BSD-2-Clause-Views"),
    of("BSD-3-Clause"),
    of("BSD-3-Clause-Clear"),
    of("BSD-3-Clause-LBNL"),
    of("BSD-4-Clause"),
    of("BSD-Source-Code"),
    of("BSL-1.0"),
    of("BUSL-1.1"),
    of("Beerware"),
    of("BlueOak-1.0.0"),
    of("CC-BY-3.0"),
    of("CC-BY-4.0"),
    of("CC-BY-NC-4.0"),
    of("CC-BY-NC-ND-4.0"),
    of("CC-BY-NC-SA-4.0"),
    of("CC-BY-ND-4.0"),
    of("CC-BY-SA-3.0"),
    of("CC-BY-SA-4.0"),
    of("CC0-1.0"),
    of("CDDL-1.0"),
    of("CNRI-Python"),
    of("ECL-2.0"),
    of("EPL-1.0"),
    of("EPL-2.0"),
    of("EUPL-1.2"),
    of("Elastic-2.0"),
    of("GFDL-1.2"),
    of("GFDL-1.3"),
    of("GPL-1.0"),
    of("GPL-2.0"),
    of("GPL-3.0"),
    of("HPND"),
    of("HPND-sell-variant"),
    of("ICU"),
    of("ISC"),
    of("JSON"),
    of("LGPL-2.0"),
    of("LGPL-2.1"),
    of("LGPL-3.0"),
    of("LPPL-1.3c"),
    of("MIT"),
    of("MIT-0"),
    of("MIT-CMU"),
    of("MPL-1.1"),
    of("MPL-2.0"),
    of("MS-PL"),
    of("MulanPSL-2.0"),
    of("NCSA"),
    of("NTP"),
    of("OFL-1.1"),
    of("OpenSSL"),
    of("PSF-2.0"),
    of("PolyForm-Noncommercial-1.0.0"),
    of("PostgreSQL"),
    of("Python-2.0"),
    of("SSPL-1.0"),
    of("TCL"),
    of("UPL-1.0"),
    of("Unicode-3.0"),
    of("Unicode-DFS-2016"),
    of("Unlicense"),
    of("Vim"),
    of("W3C"),
    of("WTFPL"),
    of("X11"),
    of("ZPL-2.0"),
    of("ZPL-2.1"),
    of("Zlib"),
    of("bzip2-1.0.6"),
    of("curl"),
    of("python-ldap"),
    of("zlib-acknowledgement"),
];

/// Texts too short to be told from others by counting words.
const BY_NAME: [(&str, &str); 2] = [of("FSFAP"), of("FSFULLR")];

/// A licence by its identifier, looked up when this is compiled: so only the texts that are
/// named become part of the program.
const fn of(id: &'static str) -> (&'static str, &'static str) {
    let mut at = 0;
    while at < LICENSE_TEXTS.len() {
        if equal(LICENSE_TEXTS[at].0.as_bytes(), id.as_bytes()) {
            return (id, LICENSE_TEXTS[at].1);
        }
        at += 1;
    }
    panic!("no such licence in the SPDX list")
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The text that SPDX has of a licence, with placeholders for years and names.
pub(crate) fn text(id: &str) -> Option<&'static str> {
    let known = KNOWN.iter().chain(&BY_NAME).find(|(known, _)| *known == id);
    known.map(|(_, text)| *text)
}

/// A text to compare with.
pub(super) struct Model {
    /// The licence's identifier.
    pub(super) id: &'static str,
    pub(super) data: TextData,
    pub(super) words: usize,
    /// How it begins, as the places in a list, each with the words from there on.
    pub(super) begins: Vec<(usize, usize)>,
}

/// What texts are compared with. Made once, in some milliseconds.
pub(super) fn models() -> &'static [Model] {
    static MODELS: OnceLock<Vec<Model>> = OnceLock::new();
    MODELS.get_or_init(|| {
        let texts = KNOWN.iter().map(|(id, text)| (*id, *text));
        let alone = KNOWN
            .iter()
            .filter_map(|(id, text)| Some((*id, alone(id, text)?)));
        texts
            .chain(alone)
            .map(|(id, text)| model(id, text))
            .collect()
    })
}

fn model(id: &'static str, text: &'static str) -> Model {
    Model {
        id,
        data: data(text),
        words: text.split_whitespace().count(),
        begins: passages::beginnings(text),
    }
}

fn data(text: &str) -> TextData {
    TextData::new(text).without_text()
}

/// The LGPL 3 without the GPL 3, which the SPDX list puts below it.
fn alone<'t>(id: &str, text: &'t str) -> Option<&'t str> {
    let below = text.rfind("GNU GENERAL PUBLIC LICENSE\nVersion 3");
    (id == "LGPL-3.0").then(|| &text[..below.unwrap_or(text.len())])
}

/// The identifiers of what is recognised.
#[cfg(test)]
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(id, _)| *id)
}
