//! Values out of a TOML file; what is not what it should be is a finding with its place.

use std::ops::Range;
use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use pydeps_core::finding::Finding;
use pydeps_core::name::ExtraName;
use pydeps_core::requirement::Requirement;
use toml_edit::{Item, TableLike};

use crate::requires_python;
use pydeps_core::requirement;

/// Reads one file.
pub(crate) struct Reader<'a> {
    text: &'a str,
    origin: &'a str,
    /// The code of findings about values of a wrong kind.
    code: &'static str,
    pub(crate) findings: Vec<Finding>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str, origin: &'a str, code: &'static str) -> Self {
        Self {
            text,
            origin,
            code,
            findings: Vec::new(),
        }
    }

    /// A value that is parsed from a string; `table_name` is for the message.
    pub(crate) fn parsed<T: FromStr>(
        &mut self,
        table: &dyn TableLike,
        table_name: &str,
        key: &str,
        expected: &str,
    ) -> Option<T> {
        let item = table.get(key)?;
        let value = item.as_str().and_then(|text| text.parse().ok());
        if value.is_none() {
            self.wrong(
                item.span(),
                &format!("{table_name}.{key} is not {expected}"),
            );
        }
        value
    }

    /// `Requires-Python` in the key of that name.
    pub(crate) fn python(
        &mut self,
        table: &dyn TableLike,
        shown: &str,
    ) -> Option<VersionSpecifiers> {
        let item = table.get("requires-python")?;
        let Some(text) = item.as_str() else {
            self.wrong(item.span(), &format!("{shown} is not a string"));
            return None;
        };
        let (specifiers, problem) = requires_python::read(text);
        if let Some(problem) = problem {
            self.wrong(item.span(), &problem);
        }
        specifiers
    }

    /// A list of PEP 508 strings.
    pub(crate) fn requirements(&mut self, item: Option<&Item>) -> Vec<Requirement> {
        let Some(item) = item else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong(item.span(), "requirements have to be a list of strings");
            return Vec::new();
        };
        let mut list = Vec::new();
        for value in array {
            match value.as_str() {
                Some(text) => list.extend(self.requirement(text, value.span())),
                None => self.wrong(value.span(), "a requirement has to be a string"),
            }
        }
        list
    }

    /// One requirement, which stands at `span`.
    pub(crate) fn requirement(
        &mut self,
        text: &str,
        span: Option<Range<usize>>,
    ) -> Option<Requirement> {
        let (requirement, finding) = requirement::parse(text, &self.place(span));
        self.findings.extend(finding);
        requirement
    }

    /// The name of an extra or a group.
    pub(crate) fn extra(&mut self, name: &str, item: &Item, what: &str) -> Option<ExtraName> {
        // The parser lets an empty name through.
        let extra = ExtraName::from_str(name).ok();
        let extra = extra.filter(|extra| !extra.as_ref().is_empty());
        if extra.is_none() {
            self.wrong(item.span(), &format!("`{name}` is not {what}"));
        }
        extra
    }

    /// A list of strings, or one string.
    pub(crate) fn strings(&mut self, item: &Item, shown: &str) -> Vec<String> {
        if let Some(one) = item.as_str() {
            return vec![one.to_owned()];
        }
        let array = item.as_array();
        let list: Option<Vec<String>> =
            array.and_then(|list| list.iter().map(|v| v.as_str().map(str::to_owned)).collect());
        if list.is_none() {
            self.wrong(item.span(), &format!("{shown} is not a list of strings"));
        }
        list.unwrap_or_default()
    }

    pub(crate) fn wrong(&mut self, span: Option<Range<usize>>, message: &str) {
        let finding = Finding::error(self.code, message);
        self.tell(span, finding);
    }

    /// Something that Poetry does not read as a version constraint.
    pub(crate) fn no_constraint(&mut self, span: Option<Range<usize>>, what: &str) {
        let message = format!("{what} is no version constraint of Poetry");
        let finding = Finding::error(self.code, message);
        self.tell(
            span,
            finding.with_hint("write it like ^1.2, ~1.2, 1.2.* or >=1,<2"),
        );
    }

    /// A finding about what stands at `span`.
    pub(crate) fn tell(&mut self, span: Option<Range<usize>>, finding: Finding) {
        let finding = finding.with_origin(self.place(span));
        self.findings.push(finding);
    }

    /// `file:line`.
    pub(crate) fn place(&self, span: Option<Range<usize>>) -> String {
        format!("{}:{}", self.origin, line_of(self.text, span))
    }
}

/// The line of a text where something begins.
pub(crate) fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let at = span.map_or(0, |span| span.start).min(text.len());
    text.as_bytes()[..at]
        .iter()
        .filter(|&&b| b == b'\n')
        .count()
        + 1
}
