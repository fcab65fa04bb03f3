//! The statements of a Python file that run whenever it is imported, and what they import.

/// An import statement of a module or of names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module, with the dots before it where it is relative.
    pub module: String,
    /// The names that are taken from it.
    pub names: Vec<String>,
}

/// The imports that a file makes whenever it is imported itself: those in no block.
pub fn imports(text: &str) -> Vec<Import> {
    let lines = statements(text).into_iter();
    let is_import = |line: &String| line.starts_with("import ") || line.starts_with("from ");
    let lines: Vec<String> = lines.filter(is_import).collect();
    let parts = lines.iter().flat_map(|line| line.split(';'));
    parts.flat_map(|part| import(part.trim())).collect()
}

fn import(statement: &str) -> Vec<Import> {
    let found = match statement.strip_prefix("from ") {
        Some(rest) => from(rest).into_iter().collect(),
        None => match statement.strip_prefix("import ") {
            Some(rest) => names(rest).into_iter().map(whole).collect(),
            None => Vec::new(),
        },
    };
    let is_module = |one: &Import| one.module.chars().all(|c| is_word(c) || c == '.');
    found.into_iter().filter(is_module).collect()
}

fn from(rest: &str) -> Option<Import> {
    let (module, list) = rest.split_once(" import")?;
    Some(Import {
        module: module.trim().to_owned(),
        names: names(list),
    })
}

fn whole(module: String) -> Import {
    Import {
        module,
        names: Vec::new(),
    }
}

/// The names of a list, without what they are called here.
fn names(list: &str) -> Vec<String> {
    let list = list.trim().trim_start_matches('(').trim_end_matches(')');
    let names = list
        .split(',')
        .filter_map(|name| name.split_whitespace().next());
    names.map(str::to_owned).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The lines of a file that no block has, as the language joins them: what is in brackets
/// is one line. Comments are left out, and strings are empty.
fn statements(text: &str) -> Vec<String> {
    let mut reader = Reader::default();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match reader.quote {
            Some(quote) => reader.in_string(c, rest, quote),
            None => reader.in_code(c, rest),
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    reader.end_line();
    reader.statements
}

/// What ends a string: its quote, thrice or once.
#[derive(Clone, Copy)]
struct Quote {
    character: char,
    triple: bool,
}

#[derive(Default)]
struct Reader {
    quote: Option<Quote>,
    depth: usize,
    line: String,
    statements: Vec<String>,
}

impl Reader {
    /// Reads on in a string, and says how many bytes were taken.
    fn in_string(&mut self, c: char, rest: &str, quote: Quote) -> usize {
        if c == '\\' {
            return 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
        }
        let ends = match quote.triple {
            true => is_triple(rest, quote.character),
            false => c == quote.character || c == '\n',
        };
        if !ends {
            return c.len_utf8();
        }
        self.quote = None;
        match (quote.triple, c) {
            (true, _) => 3,
            // A string that nothing ends goes no further than its line.
            (false, '\n') => 0,
            (false, _) => 1,
        }
    }

    /// Reads on outside of strings, and says how many bytes were taken.
    fn in_code(&mut self, c: char, rest: &str) -> usize {
        match c {
            '#' => return rest.find('\n').unwrap_or(rest.len()),
            '\\' if rest.starts_with("\\\n") => return 2,
            '\\' if rest.starts_with("\\\r\n") => return 3,
            '\n' if self.depth == 0 => {
                self.end_line();
                return 1;
            }
            '"' | '\'' => return self.open(c, is_triple(rest, c)),
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.line.push(if c == '\n' { ' ' } else { c });
        c.len_utf8()
    }

    fn open(&mut self, character: char, triple: bool) -> usize {
        self.line.push_str("''");
        self.quote = Some(Quote { character, triple });
        if triple { 3 } else { 1 }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.starts_with(|c: char| !c.is_whitespace()) {
            self.statements.push(line.trim_end().to_owned());
        }
    }
}

fn is_triple(rest: &str, quote: char) -> bool {
    rest.chars().take(3).filter(|c| *c == quote).count() == 3
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let shown = |one: Import| match one.names.is_empty() {
            true => one.module,
            false => format!("{}: {}", one.module, one.names.join(" ")),
        };
        let found: Vec<String> = imports(text).into_iter().map(shown).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn plain() {
        check("import os, a.b as c  # d\n", &["os", "a.b"]);
        check("import a; import b\nx = 1; y = 2\n", &["a", "b"]);
        check("from x.y import z as w, v\n", &["x.y: z v"]);
        check("from . import q\nfrom ..p import *\n", &[".: q", "..p: *"]);
        check(
            "from a import (  # e\n    b,\n    c as d,\n)\n",
            &["a: b c"],
        );
        check("from a import \\\n    b\r\nimport c\r\n", &["a: b", "c"]);
        check("import a", &["a"]);
    }

    #[test]
    fn in_blocks() {
        check(
            "try:\n    import a\nexcept ImportError:\n    a = None\n",
            &[],
        );
        check("if TYPE_CHECKING: import a; import b\n", &[]);
        check("def f():\n\timport a\nimport b\n", &["b"]);
    }

    #[test]
    fn in_strings() {
        check("\"\"\"How to:\n\nimport a\n\"\"\"\nimport b\n", &["b"]);
        check("x = '''\nimport a \\''' '''\nimport b\n", &["b"]);
        check("x = 'it\\'s\\\n'\nimport b\n", &["b"]);
        check("x = (\nimport_a,\n'''\n)''')\nimport b\n", &["b"]);
        check("x = 'open\nimport b\n", &["b"]);
    }

    #[test]
    fn what_is_no_import() {
        check(
            "import\nfrom x\nfrom import y\nimportant = 1\nimport $a\n",
            &[],
        );
    }

    proptest! {
        /// Whatever a file holds is read to its end.
        #[test]
        fn reads_anything(text in "[\"'#\\\\\n\r(){};a-zé .]{0,60}") {
            imports(&text);
        }

        /// What stands before a statement in whole lines does not hide it.
        #[test]
        fn hides_nothing(before in "[a-z =.\n]{0,40}") {
            let text = format!("{before}\nimport last\n");
            prop_assert!(imports(&text).iter().any(|one| one.module == "last"));
        }
    }
}
