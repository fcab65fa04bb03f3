//! Lists of architectures with wildcards (Policy 11.1; dpkg-architecture(1)).

/// Whether a list (`amd64 linux-any`, or `!i386 !hurd-any`) admits an architecture.
/// An empty one admits all; one negation makes all of it negative (Policy 7.1).
pub(super) fn admitted(list: &[String], architecture: &str) -> bool {
    let named = |term: &String| matches(term.trim_start_matches('!'), architecture);
    let negative = list.iter().any(|term| term.starts_with('!'));
    list.is_empty() || list.iter().any(named) != negative
}

/// Whether a term (`any`, an architecture, or parts of one of which some are `any`) means
/// an architecture.
pub fn matches(pattern: &str, architecture: &str) -> bool {
    if pattern == "any" || pattern == architecture {
        return true;
    }
    let (Some(wanted), has) = (wildcard(pattern), tuple(architecture)) else {
        return false;
    };
    wanted
        .iter()
        .zip(has)
        .all(|(wanted, has)| *wanted == "any" || *wanted == has)
}

/// A pattern with `any` in it, as ABI, C library, system and processor.
fn wildcard(pattern: &str) -> Option<[&str; 4]> {
    let parts: Vec<&str> = pattern.split('-').collect();
    if !parts.contains(&"any") {
        return None;
    }
    Some(match parts.as_slice() {
        [system, processor] => ["any", "any", system, processor],
        [library, system, processor] => ["any", library, system, processor],
        [abi, library, system, processor] => [abi, library, system, processor],
        _ => return None,
    })
}

/// What dpkg's tupletable says of an architecture: those whose name is not simply
/// their processor's, or a system's and a processor's.
fn tuple(architecture: &str) -> [&str; 4] {
    match architecture {
        "armhf" => ["eabihf", "gnu", "linux", "arm"],
        "armel" => ["eabi", "gnu", "linux", "arm"],
        "x32" => ["x32", "gnu", "linux", "amd64"],
        "arm64ilp32" => ["ilp32", "gnu", "linux", "arm64"],
        other => match other.split('-').collect::<Vec<_>>().as_slice() {
            [library @ ("musl" | "uclibc"), system, processor] => {
                ["base", library, system, processor]
            }
            [library @ ("musl" | "uclibc"), processor] => ["base", library, "linux", processor],
            [system, processor] => ["base", "gnu", system, processor],
            _ => ["base", "gnu", "linux", other],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(list: &str, architecture: &str, expect: bool) {
        let terms: Vec<String> = list.split_whitespace().map(str::to_owned).collect();
        assert_eq!(
            admitted(&terms, architecture),
            expect,
            "[{list}] {architecture}"
        );
    }

    #[test]
    fn lists() {
        check("", "amd64", true);
        check("amd64 i386", "amd64", true);
        check("arm64", "amd64", false);
        check("!arm64", "amd64", true);
        check("!arm64 !amd64", "amd64", false);
    }

    #[test]
    fn wildcards() {
        check("any", "amd64", true);
        check("linux-any", "riscv64", true);
        check("linux-any", "hurd-amd64", false);
        check("!hurd-any", "hurd-amd64", false);
        check("any-amd64", "hurd-amd64", true);
        check("any-i386", "amd64", false);
        check("any-arm", "armhf", true);
        check("gnu-any-any", "armel", true);
        check("musl-any-any", "amd64", false);
        check("musl-linux-any", "musl-linux-amd64", true);
        check("eabihf-any-any-any", "armel", false);
        check("a-b-c-d-any", "amd64", false);
    }
}
