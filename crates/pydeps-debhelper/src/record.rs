//! The marks that commands leave: logs, lists of installed files, state.

/// A package's log: one command's name on a line (`--remaining-packages`).
pub fn log_file(package: &str) -> String {
    format!("debian/{package}.debhelper.log")
}

/// Whether a log has a command.
pub fn is_logged(log: &str, command: &str) -> bool {
    log.lines().any(|line| line == command)
}

/// Where a command keeps state of a package; `dh_prep` and `dh_clean` remove it.
pub fn generated(package: &str, file: &str) -> String {
    format!("debian/.debhelper/generated/{package}/{file}")
}

/// The list that tells `dh_missing` what a command has installed: one source path on a
/// line. There has to be one for every package in `debian/control`, even if it is empty.
pub fn installed_by(package: &str, command: &str) -> String {
    generated(package, &format!("installed-by-{command}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(log_file("foo"), "debian/foo.debhelper.log");
        assert_eq!(
            installed_by("foo", "dh_x"),
            "debian/.debhelper/generated/foo/installed-by-dh_x"
        );
    }

    #[test]
    fn a_log_has_whole_names() {
        assert!(is_logged("dh_a\ndh_b\n", "dh_b"));
        assert!(!is_logged("dh_ab\n", "dh_a"));
        assert!(!is_logged("", "dh_a"));
    }
}
