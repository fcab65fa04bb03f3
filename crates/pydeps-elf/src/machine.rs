//! Which Debian architecture an ELF file is for.

/// What the header says about the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// `e_machine`, of the ELF specification's list.
    pub number: u16,
    /// 64 bits, else 32.
    pub wide: bool,
    /// Little-endian.
    pub little: bool,
}

/// Architectures as dpkg knows them (dpkg's cputable and ostable), with what their ELF
/// files have in the header. armel and armhf look the same there.
const ROWS: &[(&str, u16, bool, bool)] = &[
    ("amd64", 62, true, true),
    ("arm64", 183, true, true),
    ("armel", 40, false, true),
    ("armhf", 40, false, true),
    ("alpha", 0x9026, true, true),
    ("hppa", 15, false, false),
    ("hurd-amd64", 62, true, true),
    ("hurd-i386", 3, false, true),
    ("i386", 3, false, true),
    ("ia64", 50, true, true),
    ("loong64", 258, true, true),
    ("m68k", 4, false, false),
    ("mips64el", 8, true, true),
    ("mipsel", 8, false, true),
    ("powerpc", 20, false, false),
    ("ppc64", 21, true, false),
    ("ppc64el", 21, true, true),
    ("riscv64", 243, true, true),
    ("s390x", 22, true, false),
    ("sh4", 42, false, true),
    ("sparc64", 43, true, false),
    ("x32", 62, false, true),
];

/// The names of the architectures that are known here.
pub fn architectures() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.0)
}

impl Machine {
    /// Whether a file of this machine can be one of `architecture`. An architecture that
    /// is not in the table fits everything: nothing is held to be foreign for what is
    /// not known here.
    pub fn fits(self, architecture: &str) -> bool {
        let mut rows = ROWS.iter().filter(|row| row.0 == architecture).peekable();
        rows.peek().is_none() || rows.any(|row| self.is(row))
    }

    /// The first architecture that has such files, or the number.
    pub fn describe(self) -> String {
        let known = ROWS.iter().find(|row| self.is(row));
        known.map_or_else(
            || format!("ELF machine {}", self.number),
            |row| row.0.to_owned(),
        )
    }

    fn is(self, row: &(&str, u16, bool, bool)) -> bool {
        (self.number, self.wide, self.little) == (row.1, row.2, row.3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMD64: Machine = Machine {
        number: 62,
        wide: true,
        little: true,
    };

    #[track_caller]
    fn check(machine: Machine, architecture: &str, expect: bool) {
        assert_eq!(machine.fits(architecture), expect, "{}", machine.describe());
    }

    #[test]
    fn width_and_byte_order_count() {
        check(AMD64, "amd64", true);
        check(AMD64, "i386", false);
        check(AMD64, "x32", false);
        check(
            Machine {
                wide: false,
                ..AMD64
            },
            "x32",
            true,
        );
        let arm = Machine {
            number: 40,
            wide: false,
            little: true,
        };
        check(arm, "armel", true);
        check(arm, "armhf", true);
        check(arm, "arm64", false);
    }

    #[test]
    fn an_unknown_architecture_fits_everything() {
        check(AMD64, "vax", true);
    }

    #[test]
    fn machines_have_names() {
        assert_eq!(AMD64.describe(), "amd64");
        let other = Machine {
            number: 999,
            ..AMD64
        };
        assert_eq!(other.describe(), "ELF machine 999");
    }
}
