//! Licences that differ in one sentence, which no count of words weighs rightly.

/// A sentence that tells, in words as [`plain`] leaves them.
struct Sign {
    among: &'static [&'static str],
    has: &'static str,
    is: &'static str,
}

const BSD: &[&str] = &[
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-4-Clause",
    "BSD-Source-Code",
];
const MIT: &[&str] = &["MIT", "MIT-0", "JSON", "X11"];

/// The first that applies decides.
const SIGNS: [Sign; 6] = [
    Sign {
        among: MIT,
        has: "shall be used for good not evil",
        is: "JSON",
    },
    Sign {
        among: &["MIT-0"],
        has: "subject to the following conditions",
        is: "MIT",
    },
    Sign {
        among: &["MIT"],
        has: "shall not be used in advertising or otherwise to promote",
        is: "X11",
    },
    Sign {
        among: BSD,
        has: "all advertising materials mentioning",
        is: "BSD-4-Clause",
    },
    Sign {
        among: &["BSD-2-Clause", "BSD-4-Clause"],
        has: "used to endorse or promote",
        is: "BSD-3-Clause",
    },
    Sign {
        among: &["BSD-3-Clause", "BSD-4-Clause"],
        has: "",
        is: "BSD-2-Clause",
    },
];

/// The licence that the text is, where it comes nearest to this one.
pub(super) fn right_one<'i>(nearest: &'i str, text: &str) -> &'i str {
    let text = plain(text);
    let endorses = text.contains("used to endorse or promote");
    let advertises = text.contains("all advertising materials mentioning");
    for sign in &SIGNS {
        let silent = sign.has.is_empty() && !endorses && !advertises;
        let says = !sign.has.is_empty() && text.contains(sign.has);
        if sign.among.contains(&nearest) && (silent || says) {
            return sign.is;
        }
    }
    nearest
}

/// Words in lower case, one blank between them and nothing else.
pub(crate) fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join(" ")
}
