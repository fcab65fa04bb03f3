//! A manual page for the program and for each of its commands.

use std::collections::BTreeMap;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use dh_pydeps::manual::Section;

/// Every page by file name. `sections` are put after the options; a section of a
/// page that does not exist is a mistake. `related` are further pages to see, with their
/// section.
pub(crate) fn pages(
    command: Command,
    sections: &[Section],
    related: &[&str],
) -> BTreeMap<String, String> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let main = command.get_name().to_owned();
    let version = command.get_version().unwrap_or_default();
    let program = format!("{main} {version}");
    let mut commands = vec![(String::new(), command.clone())];
    for sub in command.get_subcommands().filter(|sub| is_shown(sub)) {
        commands.push((sub.get_name().to_owned(), sub.clone()));
    }
    for section in sections {
        let known = commands.iter().any(|(name, _)| name == section.page);
        assert!(known, "{}: no page `{}`", section.title, section.page);
    }
    let others: Vec<_> = commands
        .iter()
        .map(|(name, _)| format!("{}(1)", page_name(&main, name)))
        .chain(related.iter().map(|page| (*page).to_owned()))
        .collect();
    commands
        .into_iter()
        .map(|(name, command)| {
            let page = page_name(&main, &name);
            let own = sections.iter().filter(|section| section.page == name);
            let itself = format!("{page}(1)");
            let see_also = others.iter().filter(|other| **other != itself);
            let text = render(command, &program, &page, own, see_also);
            (format!("{page}.1"), text)
        })
        .collect()
}

fn is_shown(command: &Command) -> bool {
    !command.is_hide_set()
}

fn page_name(main: &str, command: &str) -> String {
    match command {
        "" => main.to_owned(),
        _ => format!("{main}-{command}"),
    }
}

/// The version stands at the foot of the page, not in a section of its own.
fn render<'a>(
    command: Command,
    program: &str,
    page: &str,
    sections: impl Iterator<Item = &'a Section>,
    see_also: impl Iterator<Item = &'a String>,
) -> String {
    let command = command.display_name(page.to_owned()).version(None);
    let mut out = Vec::new();
    Man::new(command).render(&mut out).expect("memory");
    let main = program.split(' ').next().unwrap_or(program);
    let title = format!(".TH {} 1 \"\" \"{program}\" {main}", page.to_uppercase());
    let mut text = with_title(&String::from_utf8(out).expect("UTF-8"), &title);
    for section in sections {
        text += &of_section(section.title, section.text, section.entries);
    }
    text += &of_see_also(see_also.map(String::as_str));
    text
}

/// An empty date has to be quoted, or what follows it takes its place.
fn with_title(page: &str, title: &str) -> String {
    let line = |line| match line {
        line if str::starts_with(line, ".TH ") => format!("{title}\n"),
        line => format!("{line}\n"),
    };
    page.lines().map(line).collect()
}

/// A heading, paragraphs, and a list of terms. A paragraph whose lines are indented is shown as
/// it is.
pub(crate) fn of_section(
    title: &str,
    text: &str,
    entries: &[(impl AsRef<str>, impl AsRef<str>)],
) -> String {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for paragraph in text.split("\n\n").filter(|text| !text.is_empty()) {
        roff.control("PP", []);
        match paragraph.starts_with(' ') {
            true => as_it_is(&mut roff, paragraph),
            false => {
                roff.text([roman(paragraph.replace('\n', " "))]);
            }
        }
    }
    for (term, meaning) in entries {
        roff.control("TP", []);
        roff.text([bold(term.as_ref())]);
        roff.text([roman(meaning.as_ref())]);
    }
    roff.to_roff()
}

fn as_it_is(roff: &mut Roff, lines: &str) {
    roff.control("RS", ["4"]);
    roff.control("nf", []);
    for line in lines.lines() {
        roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    roff.control("fi", []);
    roff.control("RE", []);
}

pub(crate) fn of_see_also<'a>(pages: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = pages.collect();
    let mut roff = Roff::new();
    roff.control("SH", ["SEE ALSO"]);
    roff.text([roman(names.join(", "))]);
    roff.to_roff()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> Command {
        let hidden = Command::new("secret").hide(true);
        Command::new("prog")
            .version("1.2")
            .about("Does things.")
            .subcommand(Command::new("do").about("Do one."))
            .subcommand(hidden)
    }

    const SECTION: Section = Section {
        page: "do",
        title: "EXIT STATUS",
        text: "First\nline.\n\n.Second starts with a stop.",
        entries: &[("0", "Done.")],
    };

    #[test]
    fn one_page_for_each_command_that_is_shown() {
        let pages = pages(command(), &[], &[]);
        assert_eq!(pages.keys().collect::<Vec<_>>(), ["prog-do.1", "prog.1"]);
        let title = "\n.TH PROG-DO 1 \"\" \"prog 1.2\" prog\n";
        assert!(pages["prog-do.1"].contains(title), "{}", pages["prog-do.1"]);
        assert!(pages["prog-do.1"].contains("prog\\-do \\- Do one"));
    }

    #[test]
    fn sections_stand_on_their_page() {
        let pages = pages(command(), &[SECTION], &[]);
        assert!(!pages["prog.1"].contains("EXIT STATUS"));
        let page = &pages["prog-do.1"];
        assert!(
            page.contains(".SH \"EXIT STATUS\"\n.PP\nFirst line.\n.PP\n\\&.Second"),
            "{page}"
        );
        assert!(page.contains(".TP\n\\fB0\\fR\nDone.\n"), "{page}");
    }

    #[test]
    #[should_panic(expected = "EXIT STATUS: no page `gone`")]
    fn a_section_of_no_page() {
        pages(
            command(),
            &[Section {
                page: "gone",
                ..SECTION
            }],
            &[],
        );
    }
}
