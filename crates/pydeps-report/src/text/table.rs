//! Columns.

use anstyle::Style;
use pydeps_core::printable::Printable;

use super::page::Line;

/// One cell: its text, and how it looks in colour.
pub(super) struct Cell {
    text: Printable,
    style: Style,
}

impl Cell {
    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        Self::styled(text, Style::new())
    }

    pub(super) fn styled(text: impl AsRef<str>, style: Style) -> Self {
        Self {
            text: Printable::line(text.as_ref()),
            style,
        }
    }

    fn width(&self) -> usize {
        self.text.as_str().chars().count()
    }
}

/// Rows with their columns lined up, indented by two; the last column that has text is as
/// long as that is.
pub(super) fn lines<const N: usize>(rows: &[[Cell; N]]) -> Vec<Line> {
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    rows.iter().map(|row| line(row, &widths)).collect()
}

fn line<const N: usize>(row: &[Cell; N], widths: &[usize]) -> Line {
    let mut line = Line::default();
    let mut gap = 2;
    for (cell, width) in row.iter().zip(widths) {
        let text = cell.text.as_str();
        if text.is_empty() {
            gap += width + 2;
            continue;
        }
        line = line.plain(&" ".repeat(gap)).painted(cell.style, text);
        gap = width.saturating_sub(cell.width()) + 2;
    }
    line
}
