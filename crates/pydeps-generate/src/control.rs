//! `debian/control`: its stanzas as values, and their text (Policy 5).

use std::fmt::Write as _;

/// The source package's stanza.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// The fields of the source package, in order. A value with several lines is a list.
    pub source: Vec<(String, Value)>,
    /// The fields of the binary package, in order.
    pub binary: Vec<(String, Value)>,
}

/// A field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// One line.
    Line(String),
    /// A list of relations, one on each line.
    List(Vec<String>),
    /// A synopsis and the lines of the extended description, as they are to stand there.
    Description(String, String),
}

impl Control {
    /// The file's text.
    pub fn text(&self) -> String {
        let stanza = |fields: &[(String, Value)]| {
            fields
                .iter()
                .map(|(name, value)| field(name, value))
                .collect::<String>()
        };
        format!("{}\n{}", stanza(&self.source), stanza(&self.binary))
    }
}

fn field(name: &str, value: &Value) -> String {
    match value {
        Value::Line(line) => format!("{name}: {line}\n"),
        Value::List(items) if items.is_empty() => String::new(),
        Value::List(items) => {
            let mut text = format!("{name}:\n");
            for item in items {
                _ = writeln!(text, " {item},");
            }
            text
        }
        Value::Description(synopsis, extended) => format!("{name}: {synopsis}\n{extended}"),
    }
}

/// A field of one line.
pub fn line(name: &str, text: impl Into<String>) -> (String, Value) {
    (name.to_owned(), Value::Line(text.into()))
}

/// A field that lists relations.
pub fn list(name: &str, items: Vec<String>) -> (String, Value) {
    (name.to_owned(), Value::List(items))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let control = Control {
            source: vec![
                line("Source", "a"),
                list("Build-Depends", vec!["b".into(), "c".into()]),
            ],
            binary: vec![
                line("Package", "a"),
                list("Depends", vec![]),
                (
                    "Description".into(),
                    Value::Description("s".into(), " x\n".into()),
                ),
            ],
        };
        let text = "Source: a\nBuild-Depends:\n b,\n c,\n\nPackage: a\nDescription: s\n x\n";
        assert_eq!(control.text(), text);
    }
}
