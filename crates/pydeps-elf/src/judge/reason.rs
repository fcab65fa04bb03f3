//! The sentence that goes with a judgement.

use super::{Class, Evidence, Item};
use crate::content::Content;

/// What decided, and what else is worth knowing.
pub(super) fn reason(item: &Item, class: Class, evidence: &[Evidence]) -> String {
    if class == Class::NotElf {
        return "it has a library's name, but is no ELF file".to_owned();
    }
    let speaks = |e: &Evidence| !is_note(e) && !matches!(e, Evidence::Changed(_));
    let decisive = evidence.iter().position(speaks);
    let told = evidence.iter().enumerate();
    let told = told.filter(|(at, e)| Some(*at) == decisive || is_worth_a_note(e, class));
    let mut said: Vec<String> = told.map(|(_, e)| sentence(e, class)).collect();
    if decisive.is_none() {
        let what = match item.content {
            Content::Archive => "built here: nothing says that it came ready-made",
            _ => "linked here: nothing says that it came ready-made",
        };
        said.insert(0, what.to_owned());
    }
    said.join("; ")
}

/// Whether a piece of evidence does not tell where the file came from.
fn is_note(evidence: &Evidence) -> bool {
    matches!(
        evidence,
        Evidence::Static | Evidence::Damaged(_) | Evidence::Links(_)
    )
}

/// Whether it is told even where it decides nothing.
fn is_worth_a_note(evidence: &Evidence, class: Class) -> bool {
    match evidence {
        Evidence::Static | Evidence::Damaged(_) | Evidence::OtherArchitecture(_) => true,
        Evidence::Changed(_) => true,
        Evidence::Links(_) => class == Class::Local,
        _ => false,
    }
}

fn sentence(evidence: &Evidence, class: Class) -> String {
    match evidence {
        Evidence::Rule(Class::Local, line) => format!("local by line {line} of debian/PKG.pyelf"),
        Evidence::Rule(_, line) => format!("foreign by line {line} of debian/PKG.pyelf"),
        Evidence::Recorded(name, platform) | Evidence::Listed(name, platform)
            if class == Class::Local =>
        {
            format!("belongs to the wheel of {name} ({platform})")
        }
        Evidence::Recorded(name, platform) => {
            format!("as in the wheel of {name} ({platform})")
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
