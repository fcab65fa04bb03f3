//! Bytes → facts. Total: whatever the bytes, there is an answer.
//!
//! Only headers, section headers and dynamic entries are looked at, so that a mapped file
//! of gigabytes costs a few pages.

use std::ffi::CStr;

use goblin::container::{Container, Ctx};
use goblin::elf::dynamic::{DF_1_PIE, DT_NEEDED, DT_RPATH, DT_RUNPATH, DT_SONAME, Dynamic};
use goblin::elf::header::{self, Header};
use goblin::elf::program_header::{PT_GNU_RELRO, PT_GNU_STACK, PT_INTERP, PT_LOAD, ProgramHeader};
use goblin::elf::section_header::{SHF_ALLOC, SHT_NOBITS, SHT_NULL, SHT_SYMTAB, SectionHeader};

use crate::machine::Machine;

/// What a file is, by its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An ELF file.
    Elf(Box<Elf>),
    /// An ar archive, as static libraries are (ar(5)).
    Archive,
    /// Something else.
    Other,
}

/// What an ELF file is for (`e_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object file, input of a linker.
    Relocatable,
    /// A program at a fixed address.
    Executable,
    /// A library, a module, or a program that may lie anywhere.
    Shared,
    /// A core dump, or something that no tool of debhelper's touches.
    Other,
}

/// Facts about an ELF file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elf {
    /// What it runs on; `None` if not even the header is whole.
    pub machine: Option<Machine>,
    /// What it is for.
    pub kind: Kind,
    /// `DT_SONAME`.
    pub soname: Option<String>,
    /// `DT_NEEDED`, in order.
    pub needed: Vec<String>,
    /// `DT_RPATH` and `DT_RUNPATH`, split at colons.
    pub search: Vec<String>,
    /// Loaded without a dynamic linker.
    pub is_static: bool,
    /// Has a symbol table that strip(1) would remove.
    pub has_symbols: bool,
    /// What it asks of the stack (`PT_GNU_STACK`): `None` if it does not say, else
    /// whether it is to be executable.
    pub stack: Option<bool>,
    /// Its relocations are made read-only (`PT_GNU_RELRO`).
    pub has_relro: bool,
    /// A section that is loaded lies behind one that is not, which linkers never do and
    /// patchelf does.
    pub rearranged: bool,
    /// Why tools cannot read it.
    pub damage: Option<String>,
}

const ELF: &[u8] = b"\x7fELF";
const ARCHIVES: [&[u8]; 2] = [b"!<arch>\n", b"!<thin>\n"];

/// How many bytes of a file [`is_candidate`] needs.
pub const HEAD: usize = 8;

/// Whether a file that begins so is worth inspecting.
pub fn is_candidate(head: &[u8]) -> bool {
    head.starts_with(ELF) || ARCHIVES.iter().any(|magic| head.starts_with(magic))
}

/// Says what a file is.
pub fn inspect(bytes: &[u8]) -> Content {
    if bytes.starts_with(ELF) {
        Content::Elf(Box::new(elf(bytes)))
    } else if is_candidate(bytes) {
        Content::Archive
    } else {
        Content::Other
    }
}

fn elf(bytes: &[u8]) -> Elf {
    let mut facts = Elf {
        machine: None,
        kind: Kind::Other,
        soname: None,
        needed: Vec::new(),
        search: Vec::new(),
        is_static: false,
        has_symbols: false,
        stack: None,
        has_relro: false,
        rearranged: false,
        damage: None,
    };
    if let Err(damage) = fill(&mut facts, bytes) {
        facts.damage = Some(damage);
    }
    facts
}

/// Fills in what can be read; the error says what cannot.
fn fill(facts: &mut Elf, bytes: &[u8]) -> Result<(), String> {
    let (header, ctx) = start(bytes)?;
    facts.machine = Some(Machine {
        number: header.e_machine,
        wide: ctx.container == Container::Big,
        little: ctx.is_little_endian(),
    });
    facts.kind = kind(header.e_type);
    let segments = segments(bytes, &header, ctx)?;
    let stack = segments.iter().find(|s| s.p_type == PT_GNU_STACK);
    facts.stack = stack.map(ProgramHeader::is_executable);
    facts.has_relro = segments.iter().any(|s| s.p_type == PT_GNU_RELRO);
    let sections = sections(bytes, &header, ctx)?;
    facts.has_symbols = sections.iter().any(|s| s.sh_type == SHT_SYMTAB);
    facts.rearranged = is_rearranged(&sections);
    whole(bytes, &segments, &sections)?;
    let dynamic = Dynamic::parse(bytes, &segments, ctx)
        .map_err(|error| format!("its dynamic entries cannot be read: {error}"))?;
    if let Some(dynamic) = &dynamic {
        link(facts, bytes, dynamic);
    }
    facts.is_static = is_static(facts.kind, &segments, dynamic.as_ref());
    Ok(())
}

/// The header, and how to read what follows.
fn start(bytes: &[u8]) -> Result<(Header, Ctx), String> {
    let unreadable = |error| format!("its header cannot be read: {error}");
    let size = header::header64::SIZEOF_EHDR.min(bytes.len());
    // Of a short file the rest is taken for zeros: a 32-bit header is shorter.
    let mut head = [0; header::header64::SIZEOF_EHDR];
    head[..size].copy_from_slice(&bytes[..size]);
    let least = match head[header::EI_CLASS] {
        header::ELFCLASS32 => header::header32::SIZEOF_EHDR,
        _ => header::header64::SIZEOF_EHDR,
    };
    if bytes.len() < least {
        let length = bytes.len();
        return Err(format!("it ends within its header, after {length} bytes"));
    }
    let header = goblin::elf::Elf::parse_header(&head).map_err(unreadable)?;
    let container = header.container().map_err(unreadable)?;
    let endianness = header.endianness().map_err(unreadable)?;
    Ok((header, Ctx::new(container, endianness)))
}

fn kind(number: u16) -> Kind {
    match number {
        header::ET_REL => Kind::Relocatable,
        header::ET_EXEC => Kind::Executable,
        header::ET_DYN => Kind::Shared,
        _ => Kind::Other,
    }
}

fn segments(bytes: &[u8], header: &Header, ctx: Ctx) -> Result<Vec<ProgramHeader>, String> {
    let (offset, count) = (offset(header.e_phoff), usize::from(header.e_phnum));
    within(bytes, header.e_phoff, table(header.e_phentsize, count))
        .then(|| ProgramHeader::parse(bytes, offset, count, ctx).ok())
        .flatten()
        .ok_or_else(|| {
            format!(
                "its program headers lie beyond its end ({} bytes)",
                bytes.len()
            )
        })
}

/// No section headers is fine: the loader does not need them.
fn sections(bytes: &[u8], header: &Header, ctx: Ctx) -> Result<Vec<SectionHeader>, String> {
    let (offset, count) = (offset(header.e_shoff), usize::from(header.e_shnum));
    if header.e_shoff == 0 {
        return Ok(Vec::new());
    }
    within(bytes, header.e_shoff, table(header.e_shentsize, count))
        .then(|| SectionHeader::parse(bytes, offset, count, ctx).ok())
        .flatten()
        .ok_or_else(|| {
            format!(
                "its section headers lie beyond its end ({} bytes)",
                bytes.len()
            )
        })
}

/// Whether all that the headers speak of is there. Files with debugging information alone
/// keep segments whose bytes are elsewhere, so sections decide where there are any.
fn whole(
    bytes: &[u8],
    segments: &[ProgramHeader],
    sections: &[SectionHeader],
) -> Result<(), String> {
    let filled = |s: &&SectionHeader| s.sh_type != SHT_NULL && s.sh_type != SHT_NOBITS;
    let parts: Vec<(u64, u64)> = match sections {
        [] => {
            let loaded = segments.iter().filter(|s| s.p_type == PT_LOAD);
            loaded.map(|s| (s.p_offset, s.p_filesz)).collect()
        }
        _ => {
            let filled = sections.iter().filter(filled);
            filled.map(|s| (s.sh_offset, s.sh_size)).collect()
        }
    };
    let lost = parts.iter().any(|part| !within(bytes, part.0, part.1));
    match lost {
        true => Err(format!(
            "it is cut off after {} bytes: parts of it are missing",
            bytes.len()
        )),
        false => Ok(()),
    }
}

fn is_rearranged(sections: &[SectionHeader]) -> bool {
    let alloc = u64::from(SHF_ALLOC);
    let filled = sections
        .iter()
        .filter(|s| s.sh_type != SHT_NULL && s.sh_type != SHT_NOBITS && s.sh_size > 0);
    let (loaded, others): (Vec<_>, Vec<_>) = filled.partition(|s| s.sh_flags & alloc != 0);
    let last = loaded.iter().map(|s| s.sh_offset).max();
    let first = others.iter().map(|s| s.sh_offset).min();
    matches!((first, last), (Some(first), Some(last)) if first < last)
}

fn link(facts: &mut Elf, bytes: &[u8], dynamic: &Dynamic) {
    let start = dynamic.info.strtab.min(bytes.len());
    let names = &bytes[start..];
    let names = &names[..dynamic.info.strsz.min(names.len())];
    for entry in &dynamic.dyns {
        let Some(value) = name(names, entry.d_val) else {
            continue;
        };
        match entry.d_tag {
            DT_SONAME => facts.soname = Some(value),
            DT_NEEDED => facts.needed.push(value),
            DT_RPATH | DT_RUNPATH => facts.search.extend(value.split(':').map(str::to_owned)),
            _ => {}
        }
    }
}

/// The longest name that is taken; the format knows no limit.
const LONGEST: usize = 4096;

fn name(names: &[u8], at: u64) -> Option<String> {
    let rest = names.get(offset(at)..)?;
    let rest = &rest[..LONGEST.min(rest.len())];
    let text = CStr::from_bytes_until_nul(rest).ok()?;
    Some(text.to_string_lossy().into_owned())
}

fn is_static(kind: Kind, segments: &[ProgramHeader], dynamic: Option<&Dynamic>) -> bool {
    let interpreted = segments.iter().any(|s| s.p_type == PT_INTERP);
    let runs = matches!(kind, Kind::Executable | Kind::Shared);
    let alone = dynamic.is_none_or(|d| d.info.flags_1 & DF_1_PIE != 0);
    runs && !interpreted && alone
}

fn within(bytes: &[u8], start: u64, length: u64) -> bool {
    let end = start.checked_add(length);
    end.is_some_and(|end| end <= bytes.len() as u64)
}

fn table(size: u16, count: usize) -> u64 {
    u64::from(size) * count as u64
}

fn offset(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
