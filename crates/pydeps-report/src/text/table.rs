//! Columns.

use anstyle::Style;

use super::style::TextStyle;

/// One cell: its text, and how it looks in colour.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) style: Style,
}

impl Cell {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::styled(text, Style::new())
    }

    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }
}

/// Rows with their columns lined up, indented by two; the last column is as long as
/// it is.
pub(super) fn lines<const N: usize>(rows: &[[Cell; N]], style: TextStyle) -> Vec<String> {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].text.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter().map(|row| line(row, &widths, style)).collect()
}

fn line<const N: usize>(row: &[Cell; N], widths: &[usize], style: TextStyle) -> String {
    let cells = row.iter().zip(widths).map(|(cell, width)| {
        let padding = width.saturating_sub(cell.text.chars().count());
        format!(
            "{}{}",
            style.paint(cell.style, &cell.text),
            " ".repeat(padding)
        )
    });
    let cells: Vec<String> = cells.collect();
    format!("  {}", cells.join("  ").trim_end())
}
