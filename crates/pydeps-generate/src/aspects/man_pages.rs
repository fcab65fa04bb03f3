//! Manual pages for programs that have none (Debian Policy 12.1): what is known of them
//! without running them, and nothing else.

use pydeps_core::wrap;

/// What is known of a program.
#[derive(Clone, Copy, Debug)]
pub struct Program<'a> {
    /// The command.
    pub name: &'a str,
    /// The binary package it is in.
    pub package: &'a str,
    /// The version of the upstream release.
    pub version: &'a str,
    /// The date of the changelog's entry, `2026-11-22`: the page has no other.
    pub date: &'a str,
    /// The synopsis of the package.
    pub synopsis: &'a str,
    /// The extended description of the package, as in debian/control
    /// ([`Description::extended`](crate::aspects::description::Description)).
    pub description: &'a str,
    /// Where upstream is to be found.
    pub homepage: Option<&'a str>,
}

/// The page in section 1, for man(7).
pub fn write(program: &Program<'_>) -> String {
    let name = escaped(program.name);
    let mut page = format!(
        ".TH {} 1 \"{}\" \"{} {}\" \"User Commands\"\n.SH NAME\n{name} \\- {}\n.SH SYNOPSIS\n\
         .B {name}\n.RI [ option \" ...] [\" argument \" ...]\"\n.SH DESCRIPTION\n",
        name.to_uppercase(),
        program.date,
        quoted(program.package),
        quoted(program.version),
        escaped(program.synopsis),
    );
    page.push_str(&body(program.description));
    page.push_str(&format!(
        ".SH OPTIONS\nThis page was written for Debian, from the description of the package.\n\
         The program itself knows its options:\n.B {name} \\-\\-help\nis what most programs \
         show them with.\n.SH \"SEE ALSO\"\n"
    ));
    if let Some(homepage) = program.homepage.filter(|url| is_url(url)) {
        page.push_str(&format!(
            "The homepage is\n.UR {}\n.UE .\n",
            escaped(homepage)
        ));
    }
    page.push_str(&format!(
        "Documentation of the package may be found in\n.IR /usr/share/doc/{} .\n",
        escaped(program.package)
    ));
    page
}

/// Paragraphs and lists of a description. The last paragraph says what the package
/// installs, which is of no use here.
fn body(description: &str) -> String {
    let paragraphs: Vec<&str> = description.split("\n .\n").collect();
    let closing = paragraphs
        .last()
        .is_some_and(|last| last.starts_with(" This package "));
    let keep = paragraphs.len() - usize::from(closing && paragraphs.len() > 1);
    let mut body = String::new();
    for (at, paragraph) in paragraphs[..keep].iter().enumerate() {
        if at > 0 {
            body.push_str(".PP\n");
        }
        body.push_str(&laid_out(paragraph));
    }
    body
}

fn laid_out(paragraph: &str) -> String {
    let mut items: Vec<String> = Vec::new();
    for line in paragraph.lines() {
        match line.strip_prefix("  - ") {
            Some(item) => items.push(item.to_owned()),
            None => match items.last_mut() {
                Some(item) => {
                    item.push(' ');
                    item.push_str(line.trim());
                }
                None => return filled(paragraph),
            },
        }
    }
    items
        .iter()
        .map(|item| format!(".IP \\(bu 2\n{}", filled(item)))
        .collect()
}

/// Lines of text, each of them safe from being a request.
fn filled(text: &str) -> String {
    let lines = wrap::lines(text, 76).into_iter();
    lines.map(|line| format!("{}\n", escaped(&line))).collect()
}

/// Text as groff shows it: no escapes, no requests, and hyphens that can be copied where
/// they begin an option.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e");
    let text = text.replace(" --", " \\-\\-").replace(" -", " \\-");
    match text.starts_with(['.', '\'']) {
        true => format!("\\&{text}"),
        false => text,
    }
}

/// Within the quotes of a request's argument.
fn quoted(text: &str) -> String {
    escaped(text).replace('"', "")
}

fn is_url(text: &str) -> bool {
    let known = text.starts_with("https://") || text.starts_with("http://");
    known && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn program<'a>(description: &'a str) -> Program<'a> {
        Program {
            name: "frob-it",
            package: "frob",
            version: "1.0",
            date: "2026-11-22",
            synopsis: "library to frob",
            description,
            homepage: Some("https://frob.example/"),
        }
    }

    #[test]
    fn a_page() {
        let text = " Frobs all. Also \\n and -x.\n .\n It has:\n .\n  - one thing\n    more\n  - .two\n .\n \
            This package provides the command frob-it.";
        let expect = ".TH FROB-IT 1 \"2026-11-22\" \"frob 1.0\" \"User Commands\"\n.SH NAME\n\
            frob-it \\- library to frob\n.SH SYNOPSIS\n.B frob-it\n\
            .RI [ option \" ...] [\" argument \" ...]\"\n.SH DESCRIPTION\n\
            Frobs all. Also \\en and \\-x.\n.PP\nIt has:\n.PP\n.IP \\(bu 2\none thing more\n\
            .IP \\(bu 2\n\\&.two\n";
        let page = write(&program(text));
        let end = page
            .strip_prefix(expect)
            .unwrap_or_else(|| panic!("{page}"));
        assert!(end.contains(".UR https://frob.example/\n.UE .\n"), "{end}");
        assert!(end.contains(".IR /usr/share/doc/frob .\n"), "{end}");
    }

    #[test]
    fn a_description_of_one_paragraph_stays() {
        let page = write(&program(" This package provides the command frob-it."));
        assert!(
            page.contains(".SH DESCRIPTION\nThis package provides"),
            "{page}"
        );
    }

    #[test]
    fn a_homepage_that_is_none_is_left_out() {
        let odd = Program {
            homepage: Some("x\n.so /etc/passwd"),
            ..program(" Text of it.")
        };
        assert!(!write(&odd).contains("passwd"));
    }

    proptest! {
        /// Requests are only those that are written here.
        #[test]
        fn text_is_no_request(text in "[ -~]{0,80}", word in "(\\.so x|'sh|\\.|\\\\|x ){1,30}") {
            let known = [".TH", ".SH", ".B", ".RI", ".IR", ".PP", ".IP", ".UR", ".UE"];
            let description = format!(" {text} {word}\n .\n  - {word}");
            for line in write(&program(&description)).lines() {
                let request = line.split(' ').next().unwrap();
                prop_assert!(!line.starts_with('\''));
                prop_assert!(!line.starts_with('.') || known.contains(&request), "{line}");
            }
        }
    }
}
