//! Python source, read without being run: imports, definitions, assignments and calls, each
//! with the blocks that it is in, and the literals that they are given.
//!
//! What follows the grammar is read as Python reads it. What does not (files for Python 2, or
//! damaged ones) is read as far as it goes: the reader has no errors. It reads the first
//! [`MAX_BYTES`] of a file, and takes what is nested deeper than [`MAX_DEPTH`] for an
//! expression of no known value.

mod expression;
mod parse;
mod strings;
mod tokens;
mod value;

use std::collections::BTreeSet;

pub use value::{Argument, Call, Value};

/// No more of a file is read.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// So deep brackets are read. Python refuses more than twice as many.
pub const MAX_DEPTH: usize = 64;

/// What a file of Python source says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its statements, in order; documentation strings are left out. What heads a block
    /// (`if x:`) is a statement by itself.
    pub statements: Vec<Statement>,
    names: BTreeSet<String>,
}

/// A statement, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The blocks that it is in.
    pub nesting: Nesting,
    /// What it says.
    pub kind: Kind,
}

/// The blocks that a statement is in, at any depth; none at the top of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nesting {
    /// A function.
    pub function: bool,
    /// A class.
    pub class: bool,
    /// What is tried, or a handler of its exceptions.
    pub attempt: bool,
    /// `if TYPE_CHECKING`, which is not so where the file runs.
    pub type_checking: bool,
    /// `if __name__ == '__main__'`, which is so where the file is run, and not where it is
    /// imported.
    pub main: bool,
    /// Another condition, as `if`, `else` or `case`.
    pub condition: bool,
    /// A loop, or `with`.
    pub other: bool,
}

/// What a statement says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `import a.b, c` or `from ..a import b, c`.
    Import(Vec<Import>),
    /// A definition of a function or class, without its body.
    Definition(Definition),
    /// An assignment to one or several targets.
    Assignment {
        /// The names that are given the value, dotted.
        targets: Vec<String>,
        /// The value.
        value: Value,
    },
    /// An expression, or what heads a block.
    Expression(Value),
}

/// An import of a module or of names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The module, with the dots before it where it is relative.
    pub module: String,
    /// The names that are taken from it, or `*`.
    pub names: Vec<String>,
}

/// The head of a function or class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Whether it is a class.
    pub is_class: bool,
    /// Whether it is a coroutine.
    pub is_async: bool,
    /// Its decorators.
    pub decorators: Vec<Value>,
    /// A class's bases, or a function's parameters with their annotations and defaults.
    pub arguments: Vec<Argument>,
}

impl Nesting {
    /// Whether it is in no block.
    pub fn is_top(self) -> bool {
        self == Self::default()
    }
}

impl Source {
    /// Reads a file.
    pub fn parse(text: &str) -> Self {
        let mut end = text.len().min(MAX_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        parse::source(&text[..end])
    }

    /// All names in it, ascending: dotted where attributes are asked for, and of parameters,
    /// too.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.names.iter()
    }

    /// What is imported anywhere.
    pub fn imports(&self) -> impl Iterator<Item = &Import> {
        let statements = self.statements.iter();
        statements.flat_map(Statement::imports)
    }

    /// What is imported whenever the file is imported itself: in no block.
    pub fn imports_at_top(&self) -> impl Iterator<Item = &Import> {
        let top = self.statements.iter().filter(|one| one.nesting.is_top());
        top.flat_map(Statement::imports)
    }

    /// The functions and classes that are defined, each with the blocks that it is in.
    pub fn definitions(&self) -> impl Iterator<Item = (&Definition, Nesting)> {
        self.statements.iter().filter_map(|one| match &one.kind {
            Kind::Definition(definition) => Some((definition, one.nesting)),
            _ => None,
        })
    }

    /// All values, in the order of the source, each with the blocks that it is in.
    pub fn values(&self) -> impl Iterator<Item = (&Value, Nesting)> {
        self.statements.iter().flat_map(|statement| {
            let values = statement.values().into_iter().flat_map(Value::all);
            values.map(|value| (value, statement.nesting))
        })
    }

    /// All calls.
    pub fn calls(&self) -> impl Iterator<Item = (&Call, Nesting)> {
        self.values().filter_map(|(value, nesting)| match value {
            Value::Call(call) => Some((call, nesting)),
            _ => None,
        })
    }

    /// All strings but those that are documentation.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.values().filter_map(|(value, _)| value.text())
    }

    /// What is given to names of a kind: as an argument of any call, or by assignment.
    pub fn bindings(&self, is_such: impl Fn(&str) -> bool + Copy) -> impl Iterator<Item = &Value> {
        let arguments = self.calls().flat_map(|(call, _)| &call.arguments);
        let arguments = arguments.filter(move |one| one.name.as_deref().is_some_and(is_such));
        let assigned = self
            .statements
            .iter()
            .filter_map(move |one| match &one.kind {
                Kind::Assignment { targets, value } => targets
                    .iter()
                    .any(|target| is_such(target))
                    .then_some(value),
                _ => None,
            });
        arguments.map(|argument| &argument.value).chain(assigned)
    }

    /// Whether a name, or several that are joined by dots, occurs anywhere: as a part of a
    /// name, or as a whole string.
    pub fn mentions(&self, word: &str) -> bool {
        let is_in = |name: &String| {
            let mut places = name.match_indices(word);
            places.any(|(at, _)| {
                let (before, after) = (&name[..at], &name[at + word.len()..]);
                (before.is_empty() || before.ends_with('.'))
                    && (after.is_empty() || after.starts_with('.'))
            })
        };
        self.names.iter().any(is_in) || self.texts().any(|text| text == word)
    }
}

impl Statement {
    fn imports(&self) -> &[Import] {
        match &self.kind {
            Kind::Import(imports) => imports,
            _ => &[],
        }
    }

    fn values(&self) -> Vec<&Value> {
        match &self.kind {
            Kind::Import(_) => Vec::new(),
            Kind::Definition(definition) => {
                let arguments = definition.arguments.iter().map(|one| &one.value);
                definition.decorators.iter().chain(arguments).collect()
            }
            Kind::Assignment { value, .. } | Kind::Expression(value) => vec![value],
        }
    }
}

#[cfg(test)]
mod tests;
