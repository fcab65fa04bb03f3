//! ELF files as a table and as JSON.

use anstyle::{AnsiColor, Style};
use pydeps_core::finding::Finding;
use pydeps_elf::judge::{Class, Judgement, Treatment};
use serde::Serialize;

use super::json;
use super::table::{Cell, lines};
use crate::ui::Ui;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    architecture: &'a str,
    files: &'a [Judgement],
    findings: &'a [Finding],
}

/// The whole answer; the schema is in the manual.
pub(crate) fn json(architecture: &str, files: &[Judgement], findings: &[Finding]) -> String {
    json::print(&Document {
        version: 1,
        architecture,
        files,
        findings,
    })
}

/// Class, treatment, path, reason.
pub(crate) fn table(judgements: &[Judgement], ui: &Ui) {
    let rows: Vec<[Cell; 4]> = judgements
        .iter()
        .map(|judgement| {
            [
                Cell::styled(class(judgement.class), style(judgement)),
                Cell::plain(treatment(judgement.treatment)),
                Cell::plain(&judgement.path),
                Cell::plain(&judgement.reason),
            ]
        })
        .collect();
    for line in lines(&rows, ui) {
        ui.data(&line);
    }
}

/// How many there are of each class.
pub(crate) fn summary(judgements: &[Judgement]) -> String {
    let count = |class| judgements.iter().filter(|j| j.class == class).count();
    let classes = [Class::Foreign, Class::Local, Class::NotElf];
    let counts = classes.map(|class| (count(class), class));
    let told = counts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, class)| format!("{count} {}", self::class(*class)))
        .collect();
    match told.as_slice() {
        [] => "no ELF file and no archive".to_owned(),
        told => told.join(", "),
    }
}

fn class(class: Class) -> &'static str {
    match class {
        Class::Foreign => "foreign",
        Class::Local => "local",
        Class::NotElf => "not-elf",
    }
}

fn treatment(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Hold => "hold",
        Treatment::Tools => "tools",
        Treatment::Leave => "leave",
        Treatment::Refuse => "refuse",
    }
}

fn style(judgement: &Judgement) -> Style {
    match (judgement.treatment, judgement.class) {
        (Treatment::Refuse, _) => AnsiColor::Red.on_default(),
        (_, Class::Foreign) => AnsiColor::Yellow.on_default(),
        _ => Style::new(),
    }
}
