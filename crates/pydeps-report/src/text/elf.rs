//! ELF files as a table.

use anstyle::Style;
use pydeps_elf::judge::{Class, Judgement, Treatment};

use super::page::Page;
use super::style::{BAD, WORK};
use super::table::{Cell, lines};

/// Class, treatment, path and reason of each file, a line for each.
pub fn table(judgements: &[Judgement]) -> Page {
    let rows: Vec<[Cell; 4]> = judgements
        .iter()
        .map(|judgement| {
            [
                Cell::styled(class(judgement.class), color(judgement)),
                Cell::plain(treatment(judgement.treatment)),
                Cell::plain(&judgement.path),
                Cell::plain(&judgement.reason),
            ]
        })
        .collect();
    lines(&rows).into_iter().collect()
}

/// How many there are of each class.
pub fn summary(judgements: &[Judgement]) -> String {
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

fn color(judgement: &Judgement) -> Style {
    match (judgement.treatment, judgement.class) {
        (Treatment::Refuse, _) => BAD,
        (_, Class::Foreign) => WORK,
        _ => Style::new(),
    }
}
