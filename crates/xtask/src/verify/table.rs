//! The table of answers, for people and for programs. Pure.

use super::answer::Answer;
use super::facts::Judgement;

const HEADS: [&str; 8] = [
    "application",
    "suite",
    "version",
    "to build",
    "newest takes",
    "minimality",
    "steps back",
    "judge",
];

/// One application on one suite.
#[derive(Debug)]
pub(super) struct Row {
    app: String,
    suite: String,
    version: String,
    to_build: String,
    newest: String,
    minimality: String,
    steps_back: Vec<String>,
    /// The judge's word.
    pub(super) word: String,
    /// What speaks against the answer, then what is worth knowing.
    pub(super) details: Vec<String>,
    /// Whether nothing speaks against it.
    pub(super) sound: bool,
}

impl Row {
    /// A row from an answer and its judgement. `newest` is what the newest release takes,
    /// where the answer is not about that one.
    pub(super) fn new(
        app: &str,
        suite: &str,
        answer: &Answer,
        newest: Option<usize>,
        judgement: Judgement,
    ) -> Self {
        let versions = answer
            .roots
            .iter()
            .map(|root| root.version.as_deref().unwrap_or("-"));
        let to_do = answer.to_do();
        let to_build = if answer.is_solution() {
            to_do.to_string()
        } else {
            format!("({to_do})")
        };
        Self {
            app: app.to_owned(),
            suite: suite.to_owned(),
            version: versions.collect::<Vec<_>>().join(" "),
            newest: newest.unwrap_or(to_do).to_string(),
            to_build,
            minimality: answer.minimality.clone().unwrap_or_else(|| "-".to_owned()),
            steps_back: answer.steps_back(),
            word: judgement.word,
            sound: judgement.problems.is_empty(),
            details: [judgement.problems, judgement.notes].concat(),
        }
    }

    /// A row for what could not even be tried.
    pub(super) fn broken(app: &str, suite: &str, why: &str) -> Self {
        let dash = || "-".to_owned();
        Self {
            app: app.to_owned(),
            suite: suite.to_owned(),
            version: dash(),
            to_build: dash(),
            newest: dash(),
            minimality: dash(),
            steps_back: Vec::new(),
            word: "NOT JUDGED".to_owned(),
            details: vec![why.to_owned()],
            sound: false,
        }
    }

    fn cells(&self) -> [String; 8] {
        let steps = match &self.steps_back[..] {
            [] => "0".to_owned(),
            steps => format!("{}: {}", steps.len(), steps.join(", ")),
        };
        [
            self.app.clone(),
            self.suite.clone(),
            self.version.clone(),
            self.to_build.clone(),
            self.newest.clone(),
            self.minimality.clone(),
            steps,
            self.word.clone(),
        ]
    }
}

/// Aligned columns, the long one at the end. A number in brackets counts what is missing
/// or to be decided where there is no solution.
pub(super) fn text(rows: &[Row]) -> String {
    let lines: Vec<[String; 8]> = std::iter::once(HEADS.map(str::to_owned))
        .chain(rows.iter().map(Row::cells))
        .map(
            |[app, suite, version, build, newest, minimality, steps, word]| {
                [app, suite, version, build, newest, minimality, word, steps]
            },
        )
        .collect();
    let width = |at: usize| lines.iter().map(|line| line[at].chars().count()).max();
    let widths: Vec<usize> = (0..HEADS.len()).map(|at| width(at).unwrap_or(0)).collect();
    let padded = |line: &[String; 8]| {
        let cells = line
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(padded).collect()
}

/// The same, separated by tabs, with the details in a last column.
pub(super) fn tsv(rows: &[Row]) -> String {
    let clean = |text: &str| text.replace(['\t', '\n'], " ");
    let mut text = format!("# {}\tdetails\n", HEADS.join("\t"));
    for row in rows {
        let details = row.details.join("; ");
        let cells = row.cells().into_iter().chain([details]);
        text += &cells
            .map(|cell| clean(&cell))
            .collect::<Vec<_>>()
            .join("\t");
        text += "\n";
    }
    text
}
