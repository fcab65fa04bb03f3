//! Text sorted by its first column: rows end in a newline, columns are separated
//! by tabs. A name is found by bisection, without reading the rest.

use std::collections::BTreeSet;

use memchr::memmem;

/// A sorted table in memory or in a mapped file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a>(&'a [u8]);

impl<'a> Table<'a> {
    /// `bytes` must be sorted by first column, bytewise; if they are not, some
    /// rows are not found.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The rows whose first column is `key`, in the order of the table.
    pub(crate) fn rows(self, key: &str) -> impl Iterator<Item = Row<'a>> {
        let key = key.as_bytes().to_vec();
        let rest = &self.0[self.lower_bound(&key)..];
        all_rows(rest).take_while(move |row| row.key() == key)
    }

    /// Every row.
    pub(crate) fn iter(self) -> impl Iterator<Item = Row<'a>> {
        all_rows(self.0)
    }

    /// The rows in which one of these texts stands, each row once, in the order of the
    /// table. Finds them at the speed of memory.
    pub(crate) fn containing<'n>(
        self,
        texts: impl IntoIterator<Item = &'n str>,
    ) -> impl Iterator<Item = Row<'a>> {
        let mut starts = BTreeSet::new();
        for text in texts {
            let hits = memmem::find_iter(self.0, text.as_bytes());
            let start = |hit| memchr::memrchr(b'\n', &self.0[..hit]).map_or(0, |at| at + 1);
            starts.extend(hits.map(start));
        }
        starts
            .into_iter()
            .map(move |start| Row(line(&self.0[start..])))
    }

    /// The offset of the first row whose key is not less than `key`.
    fn lower_bound(self, key: &[u8]) -> usize {
        let (mut low, mut high) = (0, self.0.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = memchr::memrchr(b'\n', &self.0[low..middle]).map_or(low, |at| low + at + 1);
            let row = Row(line(&self.0[start..]));
            match row.key() < key {
                true => low = start + row.0.len() + 1,
                false => high = start,
            }
        }
        low.min(self.0.len())
    }
}

fn all_rows(mut rest: &[u8]) -> impl Iterator<Item = Row<'_>> {
    std::iter::from_fn(move || {
        let row = line(rest);
        let consumed = !rest.is_empty();
        rest = rest.get(row.len() + 1..).unwrap_or_default();
        consumed.then_some(Row(row))
    })
}

fn line(bytes: &[u8]) -> &[u8] {
    &bytes[..memchr::memchr(b'\n', bytes).unwrap_or(bytes.len())]
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row<'a>(&'a [u8]);

impl<'a> Row<'a> {
    fn key(self) -> &'a [u8] {
        self.columns_raw().next().unwrap_or_default()
    }

    fn columns_raw(self) -> impl Iterator<Item = &'a [u8]> {
        self.0.split(|byte| *byte == b'\t')
    }

    /// Its columns. One that is not UTF-8, which nothing here writes, reads empty.
    pub(crate) fn columns(self) -> impl Iterator<Item = &'a str> {
        self.columns_raw()
            .map(|column| std::str::from_utf8(column).unwrap_or_default())
    }
}

/// Makes a table.
#[derive(Debug, Default)]
pub(crate) struct TableWriter(Vec<String>);

impl TableWriter {
    /// Adds a row. Tabs and line ends in a value become spaces; empty columns at
    /// the end are left out.
    pub(crate) fn row(&mut self, columns: &[&str]) {
        let clean = |column: &&str| column.replace(['\t', '\n', '\r'], " ");
        let row: Vec<String> = columns.iter().map(clean).collect();
        self.0
            .push(row.join("\t").trim_end_matches('\t').to_owned());
    }

    /// The table: rows sorted by first column, those of one key as they came.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        let key = |row: &String| row.split('\t').next().unwrap_or_default().to_owned();
        self.0.sort_by_cached_key(key);
        let mut out = self.0.join("\n");
        if !out.is_empty() {
            out.push('\n');
        }
        out.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_that_contain_a_text() {
        let table = Table::new(b"a\tone two one\nb\tnone\nc\tthree\n");
        let keys = |texts: &[&str]| -> Vec<&str> {
            let rows = table.containing(texts.iter().copied());
            rows.filter_map(|row| row.columns().next()).collect()
        };
        assert_eq!(keys(&["one"]), ["a", "b"]);
        assert_eq!(keys(&["three", "two"]), ["a", "c"]);
        assert_eq!(keys(&["four"]), [""; 0]);
    }

    proptest! {
        #[test]
        fn finds_what_a_map_finds(rows in prop::collection::vec(("[a-c]{0,3}", "[a-z\t\n]{0,3}"), 0..40), key in "[a-c]{0,3}") {
            let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let mut writer = TableWriter::default();
            for (name, value) in &rows {
                writer.row(&[name, "x", value]);
                map.entry(name.clone()).or_default().push(value.replace(['\t', '\n'], " "));
            }
            let bytes = writer.finish();
            let table = Table::new(&bytes);
            let found: Vec<String> = table.rows(&key).map(|row| row.columns().nth(2).unwrap_or("").to_owned()).collect();
            prop_assert_eq!(found, map.remove(&key).unwrap_or_default());
            prop_assert_eq!(table.iter().count(), rows.len());
        }

        #[test]
        fn any_bytes_are_answered(bytes in prop::collection::vec(prop::sample::select(b"ab\t\n\xff".to_vec()), 0..60), key in "[ab]{0,2}") {
            let table = Table::new(&bytes);
            prop_assert!(table.rows(&key).count() <= bytes.len());
            prop_assert!(table.containing([key.as_str()]).count() <= bytes.len() + 1);
            prop_assert!(table.iter().flat_map(Row::columns).count() <= bytes.len() + 1);
        }
    }
}
