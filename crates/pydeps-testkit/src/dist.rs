//! Wheels and sdists, built in memory.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

/// A file of an index, with what the index says of it.
#[derive(Clone, Debug)]
pub struct Dist {
    /// The project's name, as in the metadata.
    pub name: String,
    /// The file's name.
    pub filename: String,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Its core metadata, for the `.metadata` file; sdists have none.
    pub metadata: Option<String>,
    /// `requires-python`.
    pub requires_python: Option<String>,
    /// Why it was yanked, if it was.
    pub yanked: Option<String>,
    /// `upload-time`.
    pub uploaded: Option<String>,
}

impl Dist {
    /// The same file, yanked.
    #[must_use]
    pub fn yanked(mut self, reason: &str) -> Self {
        self.yanked = Some(reason.to_owned());
        self
    }

    /// The same file, uploaded at that time (RFC 3339).
    #[must_use]
    pub fn uploaded(mut self, time: &str) -> Self {
        self.uploaded = Some(time.to_owned());
        self
    }
}

/// Builds a wheel.
#[derive(Clone, Debug)]
pub struct TestWheel {
    core: Core,
    tag: String,
    metadata_first: bool,
    files: Vec<(String, Vec<u8>)>,
}

impl TestWheel {
    /// A pure wheel without requirements.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            core: Core::new(name, version),
            tag: "py3-none-any".to_owned(),
            metadata_first: false,
            files: Vec::new(),
        }
    }

    /// Adds a `Requires-Dist`.
    #[must_use]
    pub fn requires(mut self, requirement: &str) -> Self {
        self.core.header("Requires-Dist", requirement);
        self
    }

    /// Adds any other header of the metadata.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.core.header(name, value);
        self
    }

    /// Sets `Requires-Python`.
    #[must_use]
    pub fn requires_python(mut self, specifiers: &str) -> Self {
        self.core.requires_python(specifiers);
        self
    }

    /// Sets the compatibility tag.
    #[must_use]
    pub fn tag(mut self, tag: &str) -> Self {
        tag.clone_into(&mut self.tag);
        self
    }

    /// Puts the metadata before the files instead of after them.
    #[must_use]
    pub fn metadata_first(mut self) -> Self {
        self.metadata_first = true;
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, path: &str, content: &[u8]) -> Self {
        self.files.push((path.to_owned(), content.to_vec()));
        self
    }

    /// The wheel.
    ///
    /// # Panics
    /// If the archive cannot be written, which would be a fault of this kit.
    pub fn build(self) -> Dist {
        let stem = format!("{}-{}", self.core.name.replace('-', "_"), self.core.version);
        let metadata = self.core.metadata("2.1");
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let info = [
            (
                format!("{stem}.dist-info/METADATA"),
                metadata.clone().into_bytes(),
            ),
            (
                format!("{stem}.dist-info/WHEEL"),
                format!(
                    "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {}\n",
                    self.tag
                )
                .into_bytes(),
            ),
            (format!("{stem}.dist-info/RECORD"), Vec::new()),
        ];
        let mut files = self.files;
        let at = if self.metadata_first { 0 } else { files.len() };
        files.splice(at..at, info);
        for (path, content) in files {
            let started = archive.start_file(path, SimpleFileOptions::default());
            started
                .and_then(|()| Ok(archive.write_all(&content)?))
                .expect("memory is writable");
        }
        let bytes = archive.finish().expect("memory is writable").into_inner();
        let filename = format!("{stem}-{}.whl", self.tag);
        self.core.dist(filename, bytes, Some(metadata))
    }
}

/// Builds a source archive.
#[derive(Clone, Debug)]
pub struct TestSdist {
    core: Core,
    files: Vec<(String, Vec<u8>)>,
    pkg_info: Option<String>,
    extension: &'static str,
}

impl TestSdist {
    /// An sdist with a `PKG-INFO` of version 2.1, which promises nothing.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            core: Core::new(name, version),
            files: Vec::new(),
            pkg_info: Some("2.1".to_owned()),
            extension: ".tar.gz",
        }
    }

    /// Adds a `Requires-Dist` to `PKG-INFO`.
    #[must_use]
    pub fn requires(mut self, requirement: &str) -> Self {
        self.core.header("Requires-Dist", requirement);
        self
    }

    /// Adds any other header of `PKG-INFO`.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.core.header(name, value);
        self
    }

    /// Sets `Requires-Python`.
    #[must_use]
    pub fn requires_python(mut self, specifiers: &str) -> Self {
        self.core.requires_python(specifiers);
        self
    }

    /// Sets the version of `PKG-INFO`; from 2.2 on its requirements are static.
    #[must_use]
    pub fn metadata_version(mut self, version: &str) -> Self {
        self.pkg_info = Some(version.to_owned());
        self
    }

    /// Leaves `PKG-INFO` out.
    #[must_use]
    pub fn without_pkg_info(mut self) -> Self {
        self.pkg_info = None;
        self
    }

    /// Adds a file below the top directory.
    #[must_use]
    pub fn file(mut self, path: &str, content: &[u8]) -> Self {
        self.files.push((path.to_owned(), content.to_vec()));
        self
    }

    /// Makes it a `.zip`.
    #[must_use]
    pub fn zip(mut self) -> Self {
        self.extension = ".zip";
        self
    }

    /// The sdist.
    ///
    /// # Panics
    /// If the archive cannot be written, which would be a fault of this kit.
    pub fn build(self) -> Dist {
        let stem = format!("{}-{}", self.core.name.replace('-', "_"), self.core.version);
        let mut files = self.files;
        if let Some(version) = &self.pkg_info {
            files.push((
                "PKG-INFO".to_owned(),
                self.core.metadata(version).into_bytes(),
            ));
        }
        let bytes = if self.extension == ".zip" {
            zipped(&stem, &files)
        } else {
            tarred(&stem, &files)
        };
        self.core
            .dist(format!("{stem}{}", self.extension), bytes, None)
    }
}

fn tarred(stem: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        let path = format!("{stem}/{path}");
        let added = archive.append_data(&mut header, path, content.as_slice());
        added.expect("memory is writable");
    }
    let encoder = archive.into_inner().expect("memory is writable");
    encoder.finish().expect("memory is writable")
}

fn zipped(stem: &str, files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        let started = archive.start_file(format!("{stem}/{path}"), SimpleFileOptions::default());
        started
            .and_then(|()| Ok(archive.write_all(content)?))
            .expect("memory is writable");
    }
    archive.finish().expect("memory is writable").into_inner()
}

/// What wheels and sdists have in common.
#[derive(Clone, Debug)]
struct Core {
    name: String,
    version: String,
    requires_python: Option<String>,
    headers: Vec<(String, String)>,
}

impl Core {
    fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            requires_python: None,
            headers: Vec::new(),
        }
    }

    fn header(&mut self, name: &str, value: &str) {
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    fn requires_python(&mut self, specifiers: &str) {
        self.requires_python = Some(specifiers.to_owned());
        self.header("Requires-Python", specifiers);
    }

    fn metadata(&self, metadata_version: &str) -> String {
        let mut text = format!(
            "Metadata-Version: {metadata_version}\nName: {}\nVersion: {}\n",
            self.name, self.version
        );
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\n");
        }
        text + "\nA description.\n"
    }

    fn dist(self, filename: String, bytes: Vec<u8>, metadata: Option<String>) -> Dist {
        Dist {
            name: self.name,
            filename,
            bytes,
            metadata,
            requires_python: self.requires_python,
            yanked: None,
            uploaded: None,
        }
    }
}
