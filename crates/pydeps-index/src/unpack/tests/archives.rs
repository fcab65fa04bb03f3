//! Archives that nobody should make.

use std::io::{Cursor, Write};

use ::tar::{Builder, EntryType, Header};
use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A member of an archive that nobody should make.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) kind: EntryType,
    pub(super) link: Vec<u8>,
    pub(super) content: Vec<u8>,
    pub(super) mode: u32,
    pub(super) claim: Option<u64>,
}

pub(super) fn file(name: &str, content: &str) -> Entry {
    Entry {
        name: name.into(),
        kind: EntryType::Regular,
        link: Vec::new(),
        content: content.into(),
        mode: 0o644,
        claim: None,
    }
}

pub(super) fn of_kind(kind: EntryType, name: &str, link: &str) -> Entry {
    let link = link.into();
    Entry {
        kind,
        link,
        ..file(name, "")
    }
}

pub(super) fn directory(name: &str) -> Entry {
    of_kind(EntryType::Directory, name, "")
}

pub(super) fn symlink(name: &str, link: &str) -> Entry {
    of_kind(EntryType::Symlink, name, link)
}

pub(super) fn hard_link(name: &str, link: &str) -> Entry {
    of_kind(EntryType::Link, name, link)
}

/// pax records before the next member.
pub(super) fn pax(kind: EntryType, records: &[(&str, &str)]) -> Entry {
    let mut content = String::new();
    for (key, value) in records {
        let rest = format!(" {key}={value}\n");
        let digits = |n: usize| n.to_string().len();
        let mut length = rest.len() + digits(rest.len());
        length = rest.len() + digits(length);
        content += &format!("{length}{rest}");
    }
    Entry {
        kind,
        ..file("PaxHeader", &content)
    }
}

pub(super) fn put(field: &mut [u8], value: &[u8]) {
    let length = value.len().min(field.len());
    field[..length].copy_from_slice(&value[..length]);
}

pub(super) fn tar_of(entries: &[Entry]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for entry in entries {
        let mut header = Header::new_ustar();
        header.set_entry_type(entry.kind);
        header.set_mode(entry.mode);
        header.set_mtime(1_600_000_000);
        header.set_size(entry.claim.unwrap_or(entry.content.len() as u64));
        let bytes = header.as_mut_bytes();
        put(&mut bytes[..100], &entry.name);
        put(&mut bytes[157..257], &entry.link);
        header.set_cksum();
        builder
            .append(&header, Cursor::new(&entry.content))
            .unwrap();
    }
    builder.into_inner().unwrap()
}

pub(super) fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub(super) fn zip_of(entries: &[(&str, &str, u32)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content, mode) in entries {
        let options = SimpleFileOptions::default().unix_permissions(*mode);
        match mode & 0o170_000 {
            0o120_000 => zip.add_symlink(*name, *content, options).unwrap(),
            _ => {
                zip.start_file(*name, options).unwrap();
                zip.write_all(content.as_bytes()).unwrap();
            }
        }
    }
    zip.finish().unwrap().into_inner()
}
