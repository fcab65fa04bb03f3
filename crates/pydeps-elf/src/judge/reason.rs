//! The sentence that goes with a judgement.

use super::{Class, Evidence, Item};
use crate::content::Content;

/// What the evidence says, the weightiest first.
pub(super) fn reason(item: &Item, class: Class, evidence: &[Evidence]) -> String {
    if class == Class::NotElf {
        return "it has a library's name, but is no ELF file".to_owned();
    }
    let mut said: Vec<String> = evidence.iter().map(|e| sentence(e, class)).collect();
    if !evidence.iter().any(|e| speaks(e, class)) {
        let what = match item.content {
            Content::Archive => "built here: nothing says that it came ready-made",
            _ => "linked here: nothing says that it came ready-made",
        };
        said.insert(0, what.to_owned());
    }
    said.join("; ")
}

/// Whether a piece of evidence tells where the file came from.
fn speaks(evidence: &Evidence, class: Class) -> bool {
    let facts = matches!(
        evidence,
        Evidence::Static | Evidence::Damaged(_) | Evidence::Links(_)
    );
    class == Class::Foreign || !facts
}

fn sentence(evidence: &Evidence, class: Class) -> String {
    match evidence {
        Evidence::Rule(Class::Local, line) => format!("local by line {line} of debian/PKG.pyelf"),
        Evidence::Rule(_, line) => format!("foreign by line {line} of debian/PKG.pyelf"),
        Evidence::Recorded(name, platform) if class == Class::Foreign => {
            format!("as in the wheel of {name} ({platform})")
        }
        Evidence::Recorded(name, platform) => {
            format!("as built for the wheel of {name} ({platform})")
        }
        Evidence::Changed(name) => format!("differs from what RECORD of {name} lists"),
        Evidence::Listed(name, platform) => {
            format!("listed without a hash by {name} ({platform})")
        }
        Evidence::Grafted(directory) => format!("lies among grafted libraries ({directory})"),
        Evidence::HashedName(name) => format!("bears a hash in its name ({name})"),
        Evidence::Rearranged => "patchelf has moved its sections".to_owned(),
        Evidence::OtherArchitecture(other) => format!("linked for {other}"),
        Evidence::Damaged(damage) => damage.clone(),
        Evidence::Static => "needs no dynamic linker".to_owned(),
        Evidence::Links(names) => format!("uses grafted {}", names.join(", ")),
    }
}
