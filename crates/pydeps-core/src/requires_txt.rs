//! setuptools' `requires.txt`: requirements, and sections `[extra:marker]`.

use std::str::FromStr;

use crate::finding::Finding;
use crate::marker::{self, Marker};
use crate::name::ExtraName;
use crate::requirement::{self, Requirement};

/// What a `requires.txt` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requires {
    /// All requirements, those of sections with markers.
    pub requires_dist: Vec<Requirement>,
    /// The extras that have a section.
    pub provides_extra: Vec<ExtraName>,
    /// What could not be read.
    pub findings: Vec<Finding>,
}

/// The condition that a section's header puts on its requirements.
#[derive(Clone, Default)]
struct Section {
    extra: Option<ExtraName>,
    marker: Option<Marker>,
}

/// Reads a `requires.txt`.
pub fn parse(text: &str, origin: &str) -> Requires {
    let mut requires = Requires::default();
    let mut section = Some(Section::default());
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let origin = format!("{origin}: requires.txt:{}", number + 1);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(header) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = requires.section(header, &origin);
        } else if let Some(section) = &section {
            requires.add(line, section, &origin);
        }
    }
    requires
}

impl Requires {
    /// Reads `extra`, `extra:marker` or `:marker`; the lines of a section that
    /// cannot be read are left out with it.
    fn section(&mut self, header: &str, origin: &str) -> Option<Section> {
        let (extra, marker) = header.split_once(':').unwrap_or((header, ""));
        let section = read_section(extra.trim(), marker.trim());
        if section.is_none() {
            let message = format!("cannot read the section `[{header}]`; it is left out");
            let finding = Finding::error("requires-section-unreadable", message);
            self.findings.push(finding.with_origin(origin));
        }
        if let Some(Section {
            extra: Some(extra), ..
        }) = &section
        {
            if !self.provides_extra.contains(extra) {
                self.provides_extra.push(extra.clone());
            }
        }
        section
    }

    fn add(&mut self, line: &str, section: &Section, origin: &str) {
        let (requirement, finding) = requirement::parse(line, origin);
        self.findings.extend(finding);
        let Some(mut requirement) = requirement else {
            return;
        };
        if let Some(marker) = &section.marker {
            requirement.marker.and(marker.clone());
        }
        if let Some(extra) = &section.extra {
            requirement = requirement.with_extra_marker(extra);
        }
        self.requires_dist.push(requirement);
    }
}

fn read_section(extra: &str, marker: &str) -> Option<Section> {
    let extra = match extra {
        "" => None,
        extra => Some(ExtraName::from_str(extra).ok()?),
    };
    let marker = match marker {
        "" => None,
        marker => Some(marker::parse(marker).ok()?),
    };
    Some(Section { extra, marker })
}
