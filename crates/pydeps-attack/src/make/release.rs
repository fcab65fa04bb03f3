//! A release of the distribution `evil`, and the pages that offer it.

use serde_json::{Value, json};

use super::tar::Tar;
use super::zip::Zip;
use super::{gz, sha256};
use crate::server::{Answer, Site};

/// The content type of a page in JSON.
pub const JSON: &str = "application/vnd.pypi.simple.v1+json";

/// A release with its files; what is `None` is not there.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name in file names and metadata.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Core metadata, of the wheel and beside it.
    pub metadata: String,
    /// The sdist, `.tar.gz`.
    pub sdist: Option<Vec<u8>>,
    /// The wheel.
    pub wheel: Option<Vec<u8>>,
}

/// Core metadata of `evil` with further headers, each with its end of line.
pub fn metadata(headers: &str) -> String {
    format!("Metadata-Version: 2.2\nName: evil\nVersion: 1.0\n{headers}\nA description.\n")
}

/// The files of an sdist of `evil` as they should be: `PKG-INFO` with further headers, and what
/// it takes to be packaged. Any file of them can be replaced by one of `files`.
pub fn sdist_members<'a>(headers: &str, files: &[(&'a str, Vec<u8>)]) -> Vec<(&'a str, Vec<u8>)> {
    let licensed = match headers.contains("License") {
        true => headers.to_owned(),
        false => format!("License-Expression: CC0-1.0\n{headers}"),
    };
    let pyproject = "[build-system]\nrequires = [\"setuptools>=61\"]\n\
        build-backend = \"setuptools.build_meta\"\n[project]\nname = \"evil\"\nversion = \"1.0\"\n";
    let mut members: Vec<(&str, Vec<u8>)> = vec![
        (
            "PKG-INFO",
            metadata(&format!("Summary: something for evil\n{licensed}")).into(),
        ),
        ("pyproject.toml", pyproject.into()),
        ("evil.py", b"x = 1\n".to_vec()),
    ];
    for (path, bytes) in files {
        members.retain(|(other, _)| other != path);
        members.push((path, bytes.clone()));
    }
    members
}

/// The tar file of an sdist as it should be, without its end: more can be added.
pub fn sdist_tar(headers: &str, files: &[(&str, Vec<u8>)]) -> Tar {
    let members = sdist_members(headers, files);
    let add =
        |tar: Tar, (path, bytes): &(&str, Vec<u8>)| tar.file(&format!("evil-1.0/{path}"), bytes);
    members.iter().fold(Tar::default(), add)
}

/// A wheel of `evil` as it should be, with further files.
pub fn wheel(metadata: &str, files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let tags = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let zip = files
        .iter()
        .fold(Zip::default(), |zip, (path, bytes)| zip.file(path, bytes));
    zip.file("evil-1.0.dist-info/WHEEL", tags)
        .file("evil-1.0.dist-info/METADATA", metadata)
        .file("evil-1.0.dist-info/RECORD", "")
        .finish()
}

impl Release {
    /// `evil` 1.0 with further headers of its metadata, as an sdist and as a wheel.
    pub fn evil(headers: &str) -> Self {
        let metadata = metadata(headers);
        Self {
            name: "evil".to_owned(),
            version: "1.0".to_owned(),
            sdist: Some(gz(&sdist_tar(headers, &[]).finish())),
            wheel: Some(wheel(&metadata, &[])),
            metadata,
        }
    }

    /// A release as a wheel alone, of any name.
    pub fn wheel_of(name: &str, version: &str, headers: &str) -> Self {
        let text = format!("Metadata-Version: 2.2\nName: {name}\nVersion: {version}\n{headers}\n");
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            sdist: None,
            wheel: Some(wheel(&text, &[])),
            metadata: text,
        }
    }

    /// `evil` 1.0 as this sdist alone.
    pub fn sdist(bytes: Vec<u8>) -> Self {
        Self {
            sdist: Some(bytes),
            wheel: None,
            ..Self::evil("")
        }
    }

    fn sdist_name(&self) -> String {
        format!("{}-{}.tar.gz", self.name, self.version)
    }

    fn wheel_name(&self) -> String {
        format!("{}-{}-py3-none-any.whl", self.name, self.version)
    }

    /// What a page says of its files: the sdist first.
    pub fn entries(&self) -> Vec<Value> {
        let entry = |name: &str, bytes: &Vec<u8>| {
            json!({
                "filename": name,
                "url": format!("../../files/{name}"),
                "hashes": {"sha256": sha256(bytes)},
                "size": bytes.len(),
                "yanked": false,
            })
        };
        let sdist = self
            .sdist
            .as_ref()
            .map(|bytes| entry(&self.sdist_name(), bytes));
        let wheel = self.wheel.as_ref().map(|bytes| {
            let mut file = entry(&self.wheel_name(), bytes);
            file["core-metadata"] = json!({"sha256": sha256(self.metadata.as_bytes())});
            file
        });
        sdist.into_iter().chain(wheel).collect()
    }

    /// A site with the files, and a page that was changed before it is served.
    pub fn site(&self, change: impl FnOnce(&mut Value)) -> Site {
        let mut page = page(&self.name, &self.entries());
        change(&mut page);
        let path = format!("/simple/{}/", self.name);
        self.files(Site::default())
            .with(&path, Answer::ok(JSON, page.to_string()))
    }

    /// Adds the files to a site.
    #[must_use]
    pub fn files(&self, mut site: Site) -> Site {
        let octets = |bytes: &[u8]| Answer::ok("application/octet-stream", bytes);
        if let Some(bytes) = &self.sdist {
            site = site.with(&format!("/files/{}", self.sdist_name()), octets(bytes));
        }
        if let Some(bytes) = &self.wheel {
            let path = format!("/files/{}", self.wheel_name());
            site = site
                .with(
                    &format!("{path}.metadata"),
                    octets(self.metadata.as_bytes()),
                )
                .with(&path, octets(bytes));
        }
        site
    }
}

/// A page in JSON with these files.
pub fn page(name: &str, files: &[Value]) -> Value {
    json!({"meta": {"api-version": "1.1"}, "name": name, "files": files})
}

/// A page in HTML, for its body.
pub fn html(body: &str) -> Answer {
    Answer::ok(
        "text/html",
        format!("<!DOCTYPE html><html><body>{body}</body></html>"),
    )
}
