//! The licences that are recognised, with the texts of the SPDX list.

use std::sync::OnceLock;

use spdx::detection::{LicenseEntry, Store, TextData};
use spdx::text::LICENSE_TEXTS;

/// Those that source archives of Python projects have, and those that keep one out of main.
const KNOWN: &[(&str, &str)] = &[
    of("0BSD"),
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
    of("zlib-acknowledgement"),
];

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
    let known = KNOWN.iter().find(|(known, _)| *known == id);
    known.map(|(_, text)| *text)
}

/// What texts are compared with. Made once, in some milliseconds.
pub(super) fn store() -> &'static Store {
    static STORE: OnceLock<Store> = OnceLock::new();
    STORE.get_or_init(|| {
        let mut store = Store::new();
        for (id, text) in KNOWN {
            let mut entry = LicenseEntry::new(data(text));
            entry.alternates.extend(alone(id, text).map(data));
            store.insert_entry((*id).to_owned(), entry);
        }
        store
    })
}

fn data(text: &str) -> TextData {
    TextData::new(text).without_text()
}

/// The LGPL 3 without the GPL 3, which the SPDX list puts below it.
fn alone<'t>(id: &str, text: &'t str) -> Option<&'t str> {
    let below = text.rfind("GNU GENERAL PUBLIC LICENSE\nVersion 3");
    (id == "LGPL-3.0").then(|| &text[..below.unwrap_or(text.len())])
}

/// The identifiers of what is recognised, with their texts.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    KNOWN.iter().copied()
}
