//! The headers that a source includes, as far as it does so where Debian's Linux compiles it.

/// An include.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Include<'t> {
    /// As it is written, without its marks.
    pub(super) header: &'t str,
    /// Whether it stands outside of any condition.
    pub(super) always: bool,
    /// Whether it is written with `<…>`, and so is not beside the file.
    pub(super) angled: bool,
}

/// Where a branch of `#if` is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Branch {
    /// On other systems alone.
    Elsewhere,
    /// On all but others.
    Native,
    /// Nobody can tell.
    Maybe,
}

/// Macros that compilers for other systems define.
const FOREIGN: [&str; 27] = [
    "_WIN32",
    "_WIN64",
    "WIN32",
    "WIN64",
    "_WINDOWS",
    "MS_WINDOWS",
    "_MSC_VER",
    "__MINGW32__",
    "__MINGW64__",
    "__CYGWIN__",
    "__APPLE__",
    "__MACH__",
    "__MACOSX__",
    "MAC_OS_X",
    "__FreeBSD__",
    "__NetBSD__",
    "__OpenBSD__",
    "__DragonFly__",
    "__sun",
    "__SVR4",
    "_AIX",
    "__hpux",
    "__HAIKU__",
    "__ANDROID__",
    "__EMSCRIPTEN__",
    "__QNX__",
    "__VMS",
];

/// What a text includes, without what is for other systems.
pub(super) fn includes(text: &str) -> Vec<Include<'_>> {
    let mut branches: Vec<Branch> = Vec::new();
    let mut found = Vec::new();
    for line in text.lines() {
        let directive = line.trim_start().strip_prefix('#').map(str::trim_start);
        match directive.map(|rest| rest.split_at(word_end(rest))) {
            Some(("if", condition)) => branches.push(of_condition(condition)),
            Some(("ifdef", name)) => branches.push(of_macro(name, Branch::Elsewhere)),
            Some(("ifndef", name)) => branches.push(of_macro(name, Branch::Native)),
            Some(("elif", condition)) => {
                let last = branches.pop();
                branches.push(after(last, of_condition(condition)));
            }
            Some(("else", _)) => {
                let last = branches.pop();
                branches.push(after(last, Branch::Maybe));
            }
            Some(("endif", _)) => drop(branches.pop()),
            _ => {
                let header = include(line).filter(|_| !branches.contains(&Branch::Elsewhere));
                found.extend(header.map(|header| Include {
                    header,
                    always: branches.is_empty(),
                    angled: line.contains('<'),
                }));
            }
        }
    }
    found
}

fn word_end(text: &str) -> usize {
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    end.unwrap_or(text.len())
}

/// The branch of a macro's name: `defined` if it is one of other systems.
fn of_macro(name: &str, defined: Branch) -> Branch {
    match is_foreign(name.trim()) {
        true => defined,
        false => Branch::Maybe,
    }
}

fn is_foreign(name: &str) -> bool {
    let name = name.split_whitespace().next().unwrap_or_default();
    FOREIGN.contains(&name) || name.starts_with("TARGET_OS_")
}

/// `defined(_WIN32) || defined(__APPLE__)` is elsewhere, `!defined(_WIN32)` is native.
fn of_condition(condition: &str) -> Branch {
    let side = |alternative: &str| {
        let mut terms = alternative.split("&&").map(str::trim);
        let names = |term: &str| {
            let mut words = term.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(is_foreign)
        };
        match alternative.split("&&").any(names) {
            false => Branch::Maybe,
            true if terms.any(|term| names(term) && !term.contains('!')) => Branch::Elsewhere,
            true => Branch::Native,
        }
    };
    let mut sides = condition.split("||").map(side);
    let first = sides.next().unwrap_or(Branch::Maybe);
    match sides.all(|side| side == first) {
        true => first,
        false => Branch::Maybe,
    }
}

/// The branch that follows another one of the same `#if`.
fn after(last: Option<Branch>, own: Branch) -> Branch {
    match (last, own) {
        (Some(Branch::Native), _) | (_, Branch::Elsewhere) => Branch::Elsewhere,
        _ => own,
    }
}

/// `#include <a/b.h>`, `cdef extern from "a/b.h"` or `from <a/b.h>`.
pub(super) fn include(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let rest = match line.strip_prefix('#') {
        Some(rest) => rest.trim_start().strip_prefix("include")?.trim_start(),
        None => line.split_once("extern from ")?.1.trim_start(),
    };
    let end = match rest.chars().next()? {
        '<' => '>',
        '"' => '"',
        _ => return None,
    };
    let (name, _) = rest[1..].split_once(end)?;
    let name = name.trim_matches(['<', '>']);
    (!name.is_empty() && !name.contains("..")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_line(line: &str, expect: Option<&str>) {
        assert_eq!(include(line), expect, "{line}");
    }

    #[test]
    fn lines() {
        check_line("#include <a/b.h>", Some("a/b.h"));
        check_line("  #  include \"c.h\" // d", Some("c.h"));
        check_line("cdef extern from \"zlib.h\" nogil:", Some("zlib.h"));
        check_line(
            "cdef extern from \"<string>\" namespace \"std\":",
            Some("string"),
        );
        check_line("cdef extern from *:", None);
        check_line("#include MACRO", None);
        check_line("#include \"../x.h\"", None);
    }

    /// Headers, those under a condition with a question mark.
    #[track_caller]
    fn check(text: &str, expect: &str) {
        let shown = |one: &Include<'_>| match one.always {
            true => one.header.to_owned(),
            false => format!("{}?", one.header),
        };
        let found: Vec<String> = includes(text).iter().map(shown).collect();
        assert_eq!(found.join(" "), expect, "{text}");
    }

    #[test]
    fn conditions() {
        check("#include <a.h>\n#if X\n#include <b.h>\n#endif", "a.h b.h?");
        let foreign = "#ifdef _WIN32\n#include <w.h>\n#else\n#include <u.h>\n#endif";
        check(foreign, "u.h?");
        check(
            "#ifndef _WIN32\n#include <u.h>\n#else\n#include <w.h>\n#endif\n#include <a.h>",
            "u.h? a.h",
        );
        check(
            "#if defined(_WIN32) || defined(__APPLE__)\n#include <w.h>\n#elif defined(X)\n#include <x.h>\n#else\n#include <u.h>\n#endif",
            "x.h? u.h?",
        );
        check(
            "#if defined(_WIN32) || defined(X)\n#include <w.h>\n#endif",
            "w.h?",
        );
        check(
            "#if !defined(_WIN32)\n#include <u.h>\n#else\n#include <w.h>\n#endif",
            "u.h?",
        );
        check(
            "#if X && defined(__APPLE__)\n# include <mach/mach.h>\n# endif",
            "",
        );
        check(
            "#if 1\n#if _MSC_VER\n#include <w.h>\n#endif\n#include <u.h>\n#endif",
            "u.h?",
        );
        check("#endif\n#else\n#include <u.h>", "u.h?");
    }
}
