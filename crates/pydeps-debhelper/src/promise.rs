//! The promise by which `dh` skips a command that has nothing to do.
//!
//! `dh` looks in the command's file for a line `# PROMISE: DH NOOP WITHOUT CONDITION…`
//! (`extract_skipinfo` in `SequencerUtil.pm`); in a program that was compiled it finds one
//! that is in its data, on a line of its own. `dh_assistant` looks for `INTROSPECTABLE`
//! in the same way.

/// Puts a promise into a program:
///
/// ```
/// pydeps_debhelper::promise!("pkgfile(example) cli-options()", "pkgfile(example)");
/// ```
///
/// The first text has the conditions of which one has to hold for the command to be run,
/// the second the configuration files, or `NONE`.
#[macro_export]
macro_rules! promise {
    ($conditions:literal, $files:literal) => {
        /// What `dh` looks for in this program.
        #[used]
        static PROMISE: &str = concat!(
            "\n# PROMISE: DH NOOP WITHOUT ",
            $conditions,
            "\n# INTROSPECTABLE: CONFIG-FILES ",
            $files,
            "\n"
        );
    };
}
