//! Small ELF files for amd64, right but for what one changes.

/// A shared object: what its dynamic section says. Its strings lie behind it.
#[derive(Clone, Debug)]
pub struct Elf {
    /// `DT_SONAME`.
    pub soname: Vec<u8>,
    /// `DT_NEEDED`.
    pub needed: Vec<Vec<u8>>,
    /// `DT_RUNPATH`.
    pub runpath: Vec<u8>,
    /// Further dynamic entries, tag and value.
    pub more: Vec<(u64, u64)>,
    /// The machine; amd64 is 62.
    pub machine: u16,
}

impl Default for Elf {
    fn default() -> Self {
        Self {
            soname: Vec::new(),
            needed: vec![b"libc.so.6".to_vec()],
            runpath: Vec::new(),
            more: Vec::new(),
            machine: 62,
        }
    }
}

/// Where the dynamic section begins.
const DYNAMIC: usize = 0x100;

impl Elf {
    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut names = vec![0];
        let mut name = |text: &[u8]| {
            let at = names.len() as u64;
            names.extend_from_slice(text);
            names.push(0);
            at
        };
        let mut entries: Vec<(u64, u64)> = self.needed.iter().map(|text| (1, name(text))).collect();
        if !self.soname.is_empty() {
            entries.push((14, name(&self.soname)));
        }
        if !self.runpath.is_empty() {
            entries.push((29, name(&self.runpath)));
        }
        entries.extend_from_slice(&self.more);
        let strings = DYNAMIC + (entries.len() + 3) * 16;
        entries.extend([(5, strings as u64), (10, names.len() as u64), (0, 0)]);
        let size = strings + names.len();
        let mut bytes = vec![0; DYNAMIC];
        bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        put(&mut bytes, 16, &3_u16.to_le_bytes());
        put(&mut bytes, 18, &self.machine.to_le_bytes());
        put(&mut bytes, 20, &1_u32.to_le_bytes());
        put(&mut bytes, 32, &64_u64.to_le_bytes());
        for (at, value) in [(52, 64), (54, 56), (56, 2), (58, 64)] {
            put(&mut bytes, at, &u16::to_le_bytes(value));
        }
        segment(&mut bytes, 64, 1, 0, size);
        segment(&mut bytes, 120, 2, DYNAMIC, entries.len() * 16);
        for (tag, value) in &entries {
            bytes.extend_from_slice(&tag.to_le_bytes());
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(&names);
        bytes
    }
}

/// Overwrites bytes.
pub fn put(bytes: &mut [u8], at: usize, what: &[u8]) {
    bytes[at..at + what.len()].copy_from_slice(what);
}

fn segment(bytes: &mut [u8], at: usize, kind: u32, offset: usize, size: usize) {
    put(bytes, at, &kind.to_le_bytes());
    for (at, value) in
        [(8, offset), (16, offset), (32, size), (40, size)].map(|(to, v)| (at + to, v))
    {
        put(bytes, at, &(value as u64).to_le_bytes());
    }
}

/// An ar archive with a member of this name, claimed size and content.
pub fn archive(name: &str, size: &str, content: &[u8]) -> Vec<u8> {
    let header = format!(
        "{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n",
        0, 0, 0, 100_644
    );
    [b"!<arch>\n", header.as_bytes(), content].concat()
}
