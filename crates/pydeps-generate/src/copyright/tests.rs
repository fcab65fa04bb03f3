use super::*;
use crate::licence_text::standard_text;

/// A source of these files, with what the metadata say.
struct Case {
    upstream: Upstream,
    heads: BTreeMap<String, Vec<u8>>,
}

fn case(expression: &str) -> Case {
    let expression = (!expression.is_empty()).then(|| expression.to_owned());
    Case {
        upstream: Upstream {
            name: "a".to_owned(),
            expression,
            ..Upstream::default()
        },
        heads: BTreeMap::new(),
    }
}

impl Case {
    fn file(mut self, path: &str, text: &str) -> Self {
        self.heads.insert(path.to_owned(), text.into());
        self
    }

    /// A licence file with the text of the SPDX list.
    fn licence(self, path: &str, id: &str) -> Self {
        let text = format!(
            "Copyright (c) 2020 Jane Doe\n\n{}",
            standard_text(id).unwrap()
        );
        self.file(path, &text)
    }

    fn write(&self) -> Copyright {
        let common = ["Apache-2.0", "GPL-2", "GPL-3", "LGPL-2.1", "MPL-2.0"];
        let packaging = Packaging {
            packager: "Joe Packager <joe@example.org>".to_owned(),
            year: 2026,
            common_licences: common.map(str::to_owned).to_vec(),
        };
        write(&self.upstream, &packaging, &self.heads)
    }

    /// `expect` is the `Files` paragraphs by line: patterns, holders, licence; then findings.
    #[track_caller]
    fn check(&self, expect: &[&str]) {
        let copyright = self.write();
        let text = copyright.text.unwrap_or_default();
        let mut got: Vec<String> = text.split("\n\n").filter_map(files_line).collect();
        got.retain(|line| !line.starts_with("debian/*"));
        got.extend(
            copyright
                .findings
                .iter()
                .map(|f| format!("{:?} {}", f.severity, f.code)),
        );
        assert_eq!(got, expect, "{text}");
    }
}

fn files_line(paragraph: &str) -> Option<String> {
    let text = paragraph.replace("\n       ", " ").replace("\n    ", "; ");
    let field = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        found.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    Some(format!(
        "{} | {} | {}",
        field("Files: ")?,
        field("Copyright: ")?,
        field("License: ")?
    ))
}

#[test]
fn one_licence() {
    let main = "* | 2020 Jane Doe | Expat";
    case("MIT").licence("LICENSE", "MIT").check(&[main]);
    case("").licence("COPYING.txt", "MIT").check(&[main]);
    case("").licence("licenses/MIT.txt", "MIT").check(&[main]);
}
