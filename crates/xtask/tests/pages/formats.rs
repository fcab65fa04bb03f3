//! Manual pages of the files, section 5: what a key or a word means is what the comments of the
//! types say that read them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::manual::{of_section, of_see_also};

/// A page.
struct Page {
    name: &'static str,
    about: &'static str,
    sections: &'static [Section],
    see_also: &'static [&'static str],
}

/// A part of it: paragraphs, then what a type's comments say of each field or variant.
struct Section {
    title: &'static str,
    text: &'static str,
    /// A source file, and a struct or an enum in it.
    of: Option<(&'static str, &'static str)>,
}

const fn plain(title: &'static str, text: &'static str) -> Section {
    Section {
        title,
        text,
        of: None,
    }
}

const fn listed(
    title: &'static str,
    text: &'static str,
    of: (&'static str, &'static str),
) -> Section {
    Section {
        title,
        text,
        of: Some(of),
    }
}

const DECISION: &str = "crates/pydeps-core/src/decision.rs";
const LOCK: &str = "crates/pydeps-core/src/lock.rs";
const OUTCOME: &str = "crates/pydeps-core/src/outcome.rs";
const RULES: &str = "crates/pydeps-elf/src/rules.rs";

/// How debhelper's configuration files are read, whatever is in them.
const AS_DEBHELPER: &str = "Lines that begin with # are comments. The file is read as any of \
debhelper's: of the first package it may be called without the package's name, from compat 13 on \
${…} is replaced, and of a file that may be executed the output is read; see debhelper(7).";

const PAGES: [Page; 4] = [
    Page {
        name: "pydeps.toml",
        about: "decisions about the distributions of a Python application",
        sections: &[
            plain(
                "DESCRIPTION",
                "debian/pydeps.toml, or pydeps.toml where there is no debian directory, says what a \
person has decided. dh-pydeps resolve proposes lines for it, and keeps its own changes to those that \
were asked for; dh_pydeps, generate and build read it. It is TOML, and meant to be kept under \
version control. A field or an action that is not known is an error.\n\n\
version is that of the format, 1, and may be left out. Below [decisions] there is a line for each \
distribution.\n\n\
What dh-pydeps build has changed to make a package build stands in tables [[fix]], with the reason.",
            ),
            listed(
                "ACTIONS",
                "The value of action is one of:",
                (DECISION, "Choice"),
            ),
            plain(
                "FIELDS",
                "reason may stand with every action: why, in a person's words.\n\n\
version says which versions the decision is about, as PEP 440 writes them. A pin has to have it, \
ignore cannot.\n\n\
from says where the package is taken from: the name of a suite, with backport and replace; index, \
with replace and generate.",
            ),
            plain(
                "EXAMPLE",
                "  version = 1\n  \n  [decisions]\n  \
                 pyyaml = { action = \"relax\", reason = \"6.0.2 has all that is used\" }\n  \
                 typer = { action = \"replace\", version = \">=0.26.1\", from = \"sid\" }",
            ),
        ],
        see_also: &["dh-pydeps-resolve(1)", "pydeps.lock(5)", "dh_pydeps(1)"],
    },
    Page {
        name: "pydeps.lock",
        about: "the resolved tree of a Python application",
        sections: &[
            plain(
                "DESCRIPTION",
                "debian/pydeps.lock, or pydeps.lock where there is no debian directory, is written by \
dh-pydeps resolve: what was asked for, and what becomes of every distribution of the tree. tree, \
why, status, generate and build read it, and dh_pydeps fails the build of what is not as it is \
locked. It is TOML, sorted, and meant to be kept under version control; it is not meant to be \
edited: decisions go to pydeps.toml(5).",
            ),
            listed("KEYS", "At the top:", (LOCK, "Lock")),
            listed(
                "THE TABLE asked",
                "The words of the command line; what was not given is not there.",
                (LOCK, "Asked"),
            ),
            listed("TABLES [[root]]", "", (OUTCOME, "RootOutcome")),
            listed("TABLES [[distribution]]", "", (OUTCOME, "Distribution")),
            listed("VERDICTS", "", (OUTCOME, "Verdict")),
            listed("ACTIONS", "", (OUTCOME, "Action")),
            listed("ENTRIES OF required-by", "", (OUTCOME, "Requirer")),
            listed("TABLES [[file]]", "", (LOCK, "LockedFile")),
        ],
        see_also: &["dh-pydeps-resolve(1)", "pydeps.toml(5)", "dh_pydeps(1)"],
    },
    Page {
        name: "dh_pydeps",
        about: "extras whose requirements a package has",
        sections: &[
            plain(
                "DESCRIPTION",
                "debian/PACKAGE.pydeps says which extras (optional dependencies, as Python \
packagers call them) dh_pydeps follows for a package. A line is a field, then one or more extras: \
EXTRA for every distribution in the package that has it, or DISTRIBUTION[EXTRA].",
            ),
            plain(
                "FIELDS",
                "What an extra requires becomes a relation of the field, if it does not hold \
without the extra already: depends, in ${pydeps:Depends}, for what the package does not work \
without; recommends, in ${pydeps:Recommends}, for what nearly everybody will want with it; \
suggests, in ${pydeps:Suggests}, for what may be useful with it.",
            ),
            plain("READING", AS_DEBHELPER),
            plain(
                "EXAMPLE",
                "  # The command line is what the package is for.\n  depends cli\n  suggests requests[socks] docs",
            ),
        ],
        see_also: &["dh_pydeps(1)", "debhelper(7)"],
    },
    Page {
        name: "dh_pyelf",
        about: "which ELF files of a package came ready-made",
        sections: &[
            plain(
                "DESCRIPTION",
                "debian/PACKAGE.pyelf is for packages in which dh_pyelf_scan does not see by itself \
which files came ready-made, and for those with a directory of their own for a whole Python \
environment. A package that has neither needs no such file. A line is a word, then one or more \
paths in the package, with or without a slash before them. `dh-pydeps elf` shows what is taken for \
what, and why.",
            ),
            listed("WORDS", "", (RULES, "Keyword")),
            plain(
                "ORDER",
                "The add-on (dh-sequence-pydeps in Build-Depends, or dh --with pydeps) places the \
commands of this suite among debhelper's own like this:\n\n  \
dh_pyelf_scan     before dh_python3, which removes RECORD and renames libraries\n  \
dh_pydeps         after dh_python3 and dh_installinit\n  \
dh_pyelf_hold     before the first of dh_strip_nondeterminism, dh_dwz and dh_strip\n  \
dh_pyelf_restore  after dh_shlibdeps, before dh_installdeb\n  \
dh_pyelf_check    before dh_md5sums\n\n\
So what a hook of debian/rules does between dh_pyelf_hold and dh_pyelf_restore does not reach the \
files that are held: in their place are links. An override target that calls dh_python3 or \
dh_strip by hand keeps these places, as long as dh runs the sequence.",
            ),
            plain(
                "PATHS",
                "After foreign and local a path may be a pattern: * and ? match within a part of a \
path, ** matches any number of directories, [abc] one of several letters. A line that matches a \
directory holds for all that is in it. Of the lines that match a file the last one decides, and it \
weighs more than RECORD and all traces. A tree is a directory, not a pattern.",
            ),
            plain("READING", AS_DEBHELPER),
            plain(
                "EXAMPLE",
                "  # The application's environment, with wheels from the index.\n  tree usr/lib/app\n  \
# An SDK without metadata, and the one module in it that is compiled here.\n  foreign usr/lib/app/sdk/\n  \
local usr/lib/app/sdk/glue.*.so",
            ),
        ],
        see_also: &[
            "dh_pyelf_scan(1)",
            "dh_pyelf_hold(1)",
            "dh_pyelf_restore(1)",
            "dh_pyelf_check(1)",
            "dh_pydeps(1)",
            "dh-pydeps-elf(1)",
        ],
    },
];

/// Every page by file name.
pub(crate) fn pages(root: &Path) -> BTreeMap<String, String> {
    let named = |page: &Page| (format!("{}.5", page.name), render(root, page));
    PAGES.iter().map(named).collect()
}

fn render(root: &Path, page: &Page) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let title = page.name.to_uppercase();
    let name = page.name.replace('-', "\\-");
    let about = page.about.replace('-', "\\-");
    let mut text = format!(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH {title} 5 \"\" \"dh-pydeps {version}\" dh-pydeps\n\
         .SH NAME\n{name} \\- {about}\n"
    );
    for section in page.sections {
        let entries = section.of.map(|(file, item)| {
            let source = fs_err::read_to_string(root.join(file)).expect("a source file");
            documented(&source, item)
        });
        text += &of_section(section.title, section.text, &entries.unwrap_or_default());
    }
    text + &of_see_also(page.see_also.iter().copied())
}

/// What is said of the fields of a struct, or of the variants of an enum, by the names that they
/// have in a file: in small letters, with hyphens, unless serde is told another one.
fn documented(source: &str, item: &str) -> Vec<(String, String)> {
    let file = syn::parse_file(source).expect("Rust");
    let found = file.items.iter().find_map(|found| match found {
        syn::Item::Struct(found) if found.ident == item => {
            let fields = found.fields.iter();
            let named = fields.filter_map(|field| Some((field.ident.as_ref()?, &field.attrs)));
            Some(named.map(entry).collect())
        }
        syn::Item::Enum(found) if found.ident == item => {
            let variants = found.variants.iter();
            Some(variants.map(|v| entry((&v.ident, &v.attrs))).collect())
        }
        _ => None,
    });
    found.unwrap_or_else(|| panic!("there is no type {item}"))
}

fn entry((ident, attributes): (&syn::Ident, &Vec<syn::Attribute>)) -> (String, String) {
    let name = renamed(attributes).unwrap_or_else(|| kebab(&ident.to_string()));
    (name, comment(attributes))
}

/// `TooOld` and `too_old` are `too-old`.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        match letter {
            '_' => text.push('-'),
            upper if upper.is_ascii_uppercase() && !text.is_empty() => {
                text.push('-');
                text.push(upper.to_ascii_lowercase());
            }
            other => text.push(other.to_ascii_lowercase()),
        }
    }
    text
}

fn renamed(attributes: &[syn::Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("serde")) {
        // Other words of serde's have other forms; they are not looked for.
        let _ = attribute.parse_nested_meta(|meta| {
            let value = meta
                .value()
                .and_then(syn::parse::ParseBuffer::parse::<syn::Expr>);
            if let (true, Ok(value)) = (meta.path.is_ident("rename"), value) {
                name = text_of(&value);
            }
            Ok(())
        });
    }
    name
}

fn text_of(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    }
}

/// The first paragraph of a comment, without the signs of rustdoc.
fn comment(attributes: &[syn::Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let doc = attribute.meta.require_name_value().ok()?;
        let text = text_of(&doc.value).filter(|_| doc.path.is_ident("doc"))?;
        Some(text.trim().to_owned())
    });
    let lines: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    lines
        .join(" ")
        .replace("[`", "")
        .replace("`]", "")
        .replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "
        /// One.
        struct A {
            /// The `first`,
            /// see [`B`].
            ///
            /// Not this.
            #[serde(default, rename = \"root\")]
            roots: u8,
            /// Second.
            #[serde(skip_serializing_if = \"Option::is_none\")]
            package_version: u8,
        }
        enum B {
            /// Low.
            TooOld,
            /// A field.
            Depends,
        }";

    #[track_caller]
    fn check(item: &str, expect: [(&str, &str); 2]) {
        let expect = expect.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(documented(SOURCE, item), expect);
    }

    #[test]
    fn names_and_comments() {
        check(
            "A",
            [
                ("root", "The first, see B."),
                ("package-version", "Second."),
            ],
        );
        check("B", [("too-old", "Low."), ("depends", "A field.")]);
    }

    #[test]
    #[should_panic(expected = "there is no type C")]
    fn a_type_that_is_gone() {
        documented(SOURCE, "C");
    }

    #[test]
    fn a_name_belongs_to_one_page() {
        let names: std::collections::BTreeSet<_> = PAGES.iter().map(|page| page.name).collect();
        assert_eq!(names.len(), PAGES.len());
    }
}
