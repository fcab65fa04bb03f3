use proptest::prelude::*;

use super::*;

/// A 64-bit little-endian ELF file for amd64 with one loaded section, one that is not,
/// and a dynamic segment.
struct Build {
    kind: u16,
    /// Where the loaded and the other section begin.
    sections: [u64; 2],
    dynamic: Vec<(u64, u64)>,
    names: &'static [u8],
}

impl Default for Build {
    fn default() -> Self {
        Self {
            kind: 3,
            sections: [0x200, 0x300],
            dynamic: vec![(1, 1), (14, 11), (29, 23)],
            names: b"\0libc.so.6\0libx.so.1\0\0\0$ORIGIN:/opt\0",
        }
    }
}

impl Build {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; 0x5c0];
        bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        put(&mut bytes, 16, &self.kind.to_le_bytes());
        put(&mut bytes, 18, &62_u16.to_le_bytes());
        put(&mut bytes, 20, &1_u32.to_le_bytes());
        put(&mut bytes, 32, &64_u64.to_le_bytes());
        put(&mut bytes, 40, &0x500_u64.to_le_bytes());
        for (at, value) in [(52, 64), (54, 56), (56, 2), (58, 64), (60, 3)] {
            put(&mut bytes, at, &u16::to_le_bytes(value));
        }
        segment(&mut bytes, 64, 1, 0, 0x400);
        segment(&mut bytes, 120, 2, 0x100, 0x80);
        let names = [(5, 0x180), (10, self.names.len() as u64), (0, 0)];
        for (index, (tag, value)) in self.dynamic.iter().chain(&names).enumerate() {
            put(&mut bytes, 0x100 + index * 16, &tag.to_le_bytes());
            put(&mut bytes, 0x108 + index * 16, &value.to_le_bytes());
        }
        put(&mut bytes, 0x180, self.names);
        section(&mut bytes, 0x540, 2, self.sections[0]);
        section(&mut bytes, 0x580, 0, self.sections[1]);
        bytes
    }
}

fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

fn segment(bytes: &mut [u8], at: usize, kind: u32, offset: u64, size: u64) {
    put(bytes, at, &kind.to_le_bytes());
    for (at, value) in [
        (at + 8, offset),
        (at + 16, offset),
        (at + 32, size),
        (at + 40, size),
    ] {
        put(bytes, at, &value.to_le_bytes());
    }
}

/// A PROGBITS section of sixteen bytes.
fn section(bytes: &mut [u8], at: usize, flags: u64, offset: u64) {
    put(bytes, at + 4, &1_u32.to_le_bytes());
    for (at, value) in [(at + 8, flags), (at + 24, offset), (at + 32, 16)] {
        put(bytes, at, &value.to_le_bytes());
    }
}

#[track_caller]
fn facts(bytes: &[u8]) -> Elf {
    match inspect(bytes) {
        Content::Elf(elf) => *elf,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_library() {
    let elf = facts(&Build::default().bytes());
    assert_eq!(elf.damage, None);
    assert_eq!(elf.machine.unwrap().describe(), "amd64");
    assert_eq!(elf.kind, Kind::Shared);
    assert_eq!(elf.soname.as_deref(), Some("libx.so.1"));
    assert_eq!(elf.needed, ["libc.so.6"]);
    assert_eq!(elf.search, ["$ORIGIN", "/opt"]);
    assert!(!elf.is_static && !elf.rearranged && !elf.has_symbols);
}

#[test]
fn sections_that_patchelf_has_moved() {
    let moved = Build {
        sections: [0x300, 0x200],
        ..Build::default()
    };
    assert!(facts(&moved.bytes()).rearranged);
}

#[test]
fn programs_without_a_dynamic_linker() {
    let program = |kind, dynamic| {
        let build = Build {
            kind,
            dynamic,
            ..Build::default()
        };
        facts(&build.bytes()).is_static
    };
    assert!(!program(3, vec![(1, 1)]));
    // DT_FLAGS_1 with DF_1_PIE.
    assert!(program(3, vec![(0x6fff_fffb, 0x0800_0000)]));
    let mut bytes = Build::default().bytes();
    put(&mut bytes, 16, &2_u16.to_le_bytes());
    put(&mut bytes, 120, &0_u32.to_le_bytes());
    assert!(facts(&bytes).is_static);
    put(&mut bytes, 16, &1_u16.to_le_bytes());
    assert_eq!(facts(&bytes).kind, Kind::Relocatable);
    assert!(!facts(&bytes).is_static);
}

#[track_caller]
fn damaged(length: usize, expect: &str) {
    let bytes = Build::default().bytes();
    let damage = facts(&bytes[..length]).damage.unwrap();
    assert!(damage.starts_with(expect), "{damage}");
}

#[test]
fn files_that_are_cut_off() {
    damaged(5, "it ends within its header, after 5 bytes");
    damaged(60, "it ends within its header, after 60 bytes");
    damaged(100, "its program headers lie beyond its end (100 bytes)");
    damaged(0x500, "its section headers lie beyond its end");
    let mut bytes = Build::default().bytes();
    put(&mut bytes, 0x540 + 24, &0x1000_u64.to_le_bytes());
    let damage = facts(&bytes).damage.unwrap();
    assert!(
        damage.starts_with("it is cut off after 1472 bytes"),
        "{damage}"
    );
}

#[test]
fn other_files() {
    assert_eq!(inspect(b"!<arch>\nx"), Content::Archive);
    assert_eq!(inspect(b"!<thin>\n"), Content::Archive);
    assert_eq!(inspect(b"GROUP ( libc.so.6 )"), Content::Other);
    assert_eq!(inspect(b""), Content::Other);
}

proptest! {
    #[test]
    fn any_bytes_have_an_answer(rest in proptest::collection::vec(any::<u8>(), 0..400)) {
        let bytes = [b"\x7fELF".as_slice(), &rest].concat();
        prop_assert!(matches!(inspect(&bytes), Content::Elf(_)));
    }

    #[test]
    fn any_change_has_an_answer(changes in proptest::collection::vec((0..0x5c0_usize, any::<u8>()), 1..40)) {
        let mut bytes = Build::default().bytes();
        for (at, value) in changes {
            bytes[at] = value;
        }
        inspect(&bytes);
    }

    #[test]
    fn every_cut_is_noticed(length in 4..0x5c0_usize) {
        let bytes = Build::default().bytes();
        prop_assert!(facts(&bytes[..length]).damage.is_some());
    }
}
