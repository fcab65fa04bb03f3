//! The table of the corpus, for people and for programs. Pure.

use super::row::{CRITERIA, Row};
use crate::say::brief;

/// `.` is right, `x` is wrong, a blank was not reached.
fn marks(row: &Row) -> String {
    let sign = |mark: &Option<Vec<String>>| match mark {
        Some(problems) if problems.is_empty() => '.',
        Some(_) => 'x',
        None => ' ',
    };
    row.marks.iter().map(sign).collect()
}

/// What speaks against it, in one line.
fn details(row: &Row) -> String {
    if let Some(why) = &row.refused {
        return format!("refused: {why}");
    }
    let named = CRITERIA.iter().zip(&row.marks);
    let wrong = named.filter_map(|(name, mark)| {
        let problems = mark.as_ref().filter(|problems| !problems.is_empty())?;
        Some(format!("{name}: {}", problems.join(", ")))
    });
    let mended = row.mended.iter().map(|change| format!("mended: {change}"));
    let others = (!row.others.is_empty()).then(|| format!("with {}", row.others.join(", ")));
    wrong
        .chain(mended)
        .chain(others)
        .collect::<Vec<_>>()
        .join("; ")
}

/// A line for a row that is finished.
pub(super) fn progress(row: &Row) -> String {
    let word = if row.is_right() { "right" } else { "WRONG" };
    let details = brief(&details(row));
    format!(
        "{word} {} {} [{}] {} s {details}",
        row.name,
        row.version,
        marks(row),
        row.seconds
    )
}

/// One line for each release with a mark for each criterion, and how many are right.
pub(super) fn text(rows: &[Row]) -> String {
    let title = |row: &Row| format!("{} {}", row.name, row.version);
    let width = rows
        .iter()
        .map(|row| title(row).chars().count())
        .max()
        .unwrap_or(0);
    let mut text = format!("marks: {}; . right, x wrong\n", CRITERIA.join(", "));
    for row in rows {
        let line = format!(
            "{:width$}  {}  {}",
            title(row),
            marks(row),
            brief(&details(row))
        );
        text += line.trim_end();
        text += "\n";
    }
    for (at, name) in CRITERIA.iter().enumerate() {
        let right = |row: &&Row| row.marks[at].as_ref().is_some_and(Vec::is_empty);
        text += &format!("{name}: {}\n", rows.iter().filter(right).count());
    }
    let mended = rows.iter().filter(|row| !row.mended.is_empty()).count();
    text += &format!("mended by build: {mended}\n");
    let right = rows.iter().filter(|row| row.is_right()).count();
    text + &format!("fully right: {right} of {}", rows.len())
}

/// The same, separated by tabs: yes, no or nothing for each criterion, then the details.
pub(super) fn tsv(rows: &[Row]) -> String {
    let mut text = format!(
        "name\tversion\tright\t{}\tseconds\tdetails\n",
        CRITERIA.join("\t")
    );
    for row in rows {
        let word = |mark: &Option<Vec<String>>| match mark {
            Some(problems) if problems.is_empty() => "yes",
            Some(_) => "no",
            None => "",
        };
        let marks: Vec<&str> = row.marks.iter().map(word).collect();
        let right = if row.is_right() { "yes" } else { "no" };
        let details = details(row).replace(['\t', '\n'], " ");
        let Row {
            name,
            version,
            seconds,
            ..
        } = row;
        text += &format!(
            "{name}\t{version}\t{right}\t{}\t{seconds}\t{details}\n",
            marks.join("\t")
        );
    }
    text
}
