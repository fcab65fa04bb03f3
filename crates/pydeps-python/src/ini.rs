//! Files of sections and options, as Python's `configparser` reads them: `setup.cfg`,
//! `pytest.ini`, `tox.ini`, `pip.conf`.
//!
//! The rules are those of `RawConfigParser` with `optionxform = str`: names keep their case, a
//! section or an option that stands there twice is an error, and a line of comment within a
//! value does not end it.

use std::collections::{BTreeMap, BTreeSet};

/// The section whose options every other section has, too.
const DEFAULT: &str = "DEFAULT";

/// The values of a section by their names.
type Section = BTreeMap<String, String>;

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ini {
    defaults: Section,
    sections: BTreeMap<String, Section>,
}

/// A file that is not in the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct IniError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// An option before the first section.
    #[error("there is no `[SECTION]` above it")]
    MissingSection,
    /// A line of another kind.
    #[error("neither `[SECTION]` nor `NAME = VALUE`")]
    Neither,
    /// A section that was there before.
    #[error("the section `[{0}]` is there twice")]
    DuplicateSection(String),
    /// An option that its section had before.
    #[error("the option `{0}` is there twice")]
    DuplicateOption(String),
}

impl Ini {
    /// Reads a file; the error is of its first line that is wrong.
    pub fn parse(text: &str) -> Result<Self, IniError> {
        let mut reader = Reader::default();
        for (number, line) in lines(text).enumerate() {
            let line_error = |problem| IniError {
                line: number + 1,
                problem,
            };
            reader.line(line).map_err(line_error)?;
        }
        reader.close_section();
        Ok(reader.ini)
    }

    /// Whether there is a section.
    pub fn has_section(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// The value of an option of a section that is there. Its lines are without the blanks
    /// around them.
    pub fn get(&self, section: &str, option: &str) -> Option<&str> {
        let own = self.sections.get(section)?.get(option);
        own.or_else(|| self.defaults.get(option))
            .map(String::as_str)
    }

    /// The names of a section's options, ascending; none where there is no such section.
    pub fn options(&self, section: &str) -> BTreeSet<&str> {
        let Some(own) = self.sections.get(section) else {
            return BTreeSet::new();
        };
        own.keys()
            .chain(self.defaults.keys())
            .map(String::as_str)
            .collect()
    }
}

/// The lines of a text, whichever of the three ends they have.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// What Python's `str.strip` takes for a blank.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}

#[derive(Default)]
struct Reader {
    ini: Ini,
    /// The section that the last line is in.
    section: Option<(String, Section)>,
    /// The option whose value the next line may go on with.
    option: Option<(String, String)>,
    /// How many characters of blanks there were before the option.
    indent: usize,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), Problem> {
        let content = line.trim_matches(is_blank);
        if content.starts_with(['#', ';']) {
            return Ok(());
        }
        let indent = line.chars().take_while(|one| is_blank(*one)).count();
        let goes_on = content.is_empty() || indent > self.indent;
        match &mut self.option {
            Some((_, value)) if goes_on => {
                value.push('\n');
                value.push_str(content);
                return Ok(());
            }
            _ if content.is_empty() => return Ok(()),
            _ => self.indent = indent,
        }
        match header(content) {
            Some(name) => self.open_section(name),
            None => self.open_option(content),
        }
    }

    fn open_section(&mut self, name: &str) -> Result<(), Problem> {
        self.close_section();
        if self.ini.has_section(name) {
            return Err(Problem::DuplicateSection(name.to_owned()));
        }
        let values = match name {
            DEFAULT => std::mem::take(&mut self.ini.defaults),
            _ => Section::new(),
        };
        self.section = Some((name.to_owned(), values));
        Ok(())
    }

    fn open_option(&mut self, content: &str) -> Result<(), Problem> {
        self.close_option();
        let (_, values) = self.section.as_ref().ok_or(Problem::MissingSection)?;
        let (name, value) = content.split_once(['=', ':']).ok_or(Problem::Neither)?;
        let (name, value) = (
            name.trim_end_matches(is_blank),
            value.trim_matches(is_blank),
        );
        if name.is_empty() {
            return Err(Problem::Neither);
        }
        if values.contains_key(name) {
            return Err(Problem::DuplicateOption(name.to_owned()));
        }
        self.option = Some((name.to_owned(), value.to_owned()));
        Ok(())
    }

    fn close_option(&mut self) {
        if let (Some((name, mut value)), Some((_, values))) =
            (self.option.take(), &mut self.section)
        {
            value.truncate(value.trim_end_matches(is_blank).len());
            values.insert(name, value);
        }
    }

    fn close_section(&mut self) {
        self.close_option();
        match self.section.take() {
            Some((name, values)) if name == DEFAULT => self.ini.defaults = values,
            Some((name, values)) => {
                self.ini.sections.insert(name, values);
            }
            None => {}
        }
    }
}

/// The name of a section; what follows its bracket does not count.
fn header(content: &str) -> Option<&str> {
    let (name, _) = content.strip_prefix('[')?.rsplit_once(']')?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// What Python says of a file: the values of each section, or the name of the error.
    fn answer(text: &str) -> Value {
        let ini = match Ini::parse(text) {
            Ok(ini) => ini,
            Err(error) => {
                return match error.problem {
                    Problem::MissingSection => json!("MissingSectionHeaderError"),
                    Problem::Neither => json!("ParsingError"),
                    Problem::DuplicateSection(_) => json!("DuplicateSectionError"),
                    Problem::DuplicateOption(_) => json!("DuplicateOptionError"),
                };
            }
        };
        let values = |section: &str| -> BTreeMap<String, Option<String>> {
            let options = ini.options(section).into_iter();
            let value = |option: &str| ini.get(section, option).map(str::to_owned);
            options
                .map(|option| (option.to_owned(), value(option)))
                .collect()
        };
        let sections: BTreeMap<&String, _> = ini
            .sections
            .keys()
            .map(|name| (name, values(name)))
            .collect();
        json!(sections)
    }

    /// What Python's `configparser` says of files; `tests/e2e/readers.py` asks it.
    #[test]
    fn as_configparser_reads() {
        let cases = include_str!("../tests/data/ini/cases.txt").split("\n#----\n");
        let answers = include_str!("../tests/data/ini/answers.jsonl").lines();
        assert_eq!(cases.clone().count(), answers.clone().count());
        for (case, expect) in cases.zip(answers) {
            let expect: Value = serde_json::from_str(expect).unwrap();
            assert_eq!(answer(&case.replace('␍', "\r")), expect, "{case}");
        }
    }

    #[test]
    fn errors_have_their_line() {
        let error = |text| Ini::parse(text).unwrap_err().to_string();
        assert_eq!(
            error("[a]\nb\n"),
            "line 2: neither `[SECTION]` nor `NAME = VALUE`"
        );
        assert_eq!(
            error("[a]\r\nb=1\r\n\r\nb=2"),
            "line 4: the option `b` is there twice"
        );
        assert_eq!(
            error("[a]\r\r[a]"),
            "line 3: the section `[a]` is there twice"
        );
        assert_eq!(error("\na = 1"), "line 2: there is no `[SECTION]` above it");
    }

    /// The work is linear: long names, long values, many options, many sections.
    #[test]
    fn of_any_size() {
        let name = "n".repeat(1 << 20);
        let many = |line: &dyn Fn(usize) -> String| (0..100_000).map(line).collect::<String>();
        for text in [
            format!("[{name}]\n{name} =\n{}", many(&|_| " v\n\n".to_owned())),
            format!("[a]\n{}", many(&|at| format!("o{at} = 1\n"))),
            format!("[DEFAULT]\nd = 1\n{}", many(&|at| format!("[s{at}]\n"))),
            format!("[a]\nb =\n{}", "  \t".repeat(1 << 20)),
            "[".repeat(1 << 20),
        ] {
            let _ = Ini::parse(&text);
        }
    }

    proptest! {
        #[test]
        fn total(text in "(\\[a\\]\n|\\[DEFAULT\\]\n|\\[|\\]|a|b|=|:| |\t|\n|\r|#|;|\\PC{0,3}){0,40}") {
            let _ = Ini::parse(&text);
        }
    }
}
