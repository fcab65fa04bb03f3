//! Expressions from tokens.

use std::collections::BTreeSet;
use std::iter::Peekable;
use std::mem::{replace, take};
use std::vec::IntoIter;

use super::MAX_DEPTH;
use super::tokens::Token;
use super::value::{Argument, Call, Value};

/// Words that are no operands.
const KEYWORDS: [&str; 24] = [
    "and", "as", "assert", "async", "await", "break", "continue", "del", "elif", "else", "for",
    "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "raise",
    "return", "yield",
];

/// The tokens of a logical line that are still to be read.
pub(super) struct Tokens<'a, 'n> {
    tokens: Peekable<IntoIter<Token<'a>>>,
    /// How many brackets are open.
    depth: usize,
    /// Whether there is a `for` in the innermost of them.
    has_loop: bool,
    /// Where all names are kept.
    names: &'n mut BTreeSet<String>,
}

/// What is in brackets.
pub(super) struct Items {
    items: Vec<Item>,
    has_comma: bool,
    /// Whether it is made in a loop: a comprehension or a generator.
    has_loop: bool,
}

/// What is between two commas.
struct Item {
    /// What stands before the first `=` or `:`, and which of the two it is.
    left: Option<(Value, &'static str)>,
    value: Value,
}

impl<'a, 'n> Tokens<'a, 'n> {
    pub(super) fn of(tokens: Vec<Token<'a>>, names: &'n mut BTreeSet<String>) -> Self {
        Self {
            tokens: tokens.into_iter().peekable(),
            depth: 0,
            has_loop: false,
            names,
        }
    }

    pub(super) fn is_empty(&mut self) -> bool {
        self.tokens.peek().is_none()
    }

    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.tokens.next()
    }

    /// The operator that comes next, or nothing.
    fn operator(&mut self) -> &'a str {
        match self.tokens.peek() {
            Some(Token::Operator(operator)) => operator,
            _ => "",
        }
    }

    pub(super) fn is_at(&mut self, operator: &str) -> bool {
        self.operator() == operator
    }

    /// Takes an operator, if it is the next.
    pub(super) fn accept(&mut self, operator: &str) -> bool {
        let is_next = self.is_at(operator);
        if is_next {
            self.next();
        }
        is_next
    }

    /// The name or keyword that comes next, or nothing.
    pub(super) fn word(&mut self) -> &'a str {
        match self.tokens.peek() {
            Some(Token::Name(word)) => word,
            _ => "",
        }
    }

    /// Takes what is left of a statement.
    pub(super) fn skip_statement(&mut self) {
        while !self.is_empty() && !self.is_at(";") {
            self.next();
        }
    }

    /// Takes what ends a statement, and what Python has no place for between two.
    pub(super) fn skip_separators(&mut self) {
        while matches!(self.operator(), ";" | ":" | "," | "=" | ")" | "]" | "}") {
            self.next();
        }
    }

    /// Takes a name, dotted; nothing where there is none.
    pub(super) fn name(&mut self) -> String {
        let mut name = String::new();
        while !self.word().is_empty() {
            if !name.is_empty() {
                name.push('.');
            }
            name.push_str(self.word());
            self.next();
            if !self.accept(".") {
                break;
            }
        }
        if !self.names.contains(&name) {
            self.names.insert(name.clone());
        }
        name
    }

    /// Expressions that are separated by commas: the one, or a tuple of them.
    pub(super) fn sequence(&mut self) -> Value {
        let first = self.expression();
        if !self.is_at(",") {
            return first;
        }
        let mut entries = vec![first];
        while self.accept(",") {
            if !self.is_empty() && !is_end(self.operator()) {
                entries.push(self.expression());
            }
        }
        Value::List(entries)
    }

    /// What is between brackets of which the first is taken already.
    pub(super) fn items(&mut self) -> Items {
        let mut items = Vec::new();
        let mut has_comma = false;
        let outer = take(&mut self.has_loop);
        self.depth += 1;
        while !self.is_empty() {
            match self.operator() {
                ")" | "]" | "}" => {
                    self.next();
                    break;
                }
                "," => {
                    self.next();
                    has_comma = true;
                }
                ";" => drop(self.next()),
                _ => items.push(self.item()),
            }
        }
        self.depth -= 1;
        Items {
            items,
            has_comma,
            has_loop: replace(&mut self.has_loop, outer),
        }
    }

    fn item(&mut self) -> Item {
        let first = self.expression();
        let separator = match self.operator() {
            "=" => "=",
            ":" => ":",
            _ => {
                return Item {
                    left: None,
                    value: first,
                };
            }
        };
        let mut parts = Vec::new();
        while self.accept("=") || self.accept(":") {
            parts.push(self.expression());
        }
        Item {
            left: Some((first, separator)),
            value: Value::of_operands(parts),
        }
    }

    /// The arguments of a call whose bracket is taken already.
    pub(super) fn arguments(&mut self) -> Vec<Argument> {
        let argument = |item: Item| Argument {
            name: match item.left {
                Some((Value::Name(name), "=")) => Some(name),
                _ => None,
            },
            value: item.value,
        };
        let items = self.items().items.into_iter();
        items.map(argument).collect()
    }

    /// Takes what is in brackets that are nested too deeply.
    fn skip(&mut self) {
        let mut depth = 1usize;
        while depth > 0 && !self.is_empty() {
            match self.operator() {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            self.next();
        }
    }

    /// An expression, up to a token that belongs to none.
    pub(super) fn expression(&mut self) -> Value {
        let mut operands = Operands::default();
        let mut lambdas = 0usize;
        loop {
            match self.tokens.peek() {
                None => break,
                Some(Token::Name(word)) if KEYWORDS.contains(word) => {
                    lambdas += usize::from(*word == "lambda");
                    self.has_loop |= *word == "for";
                    self.next();
                    operands.operator();
                }
                Some(Token::Name(_)) => operands.push(Value::Name(self.name())),
                // The parameters of a lambda, up to their colon.
                Some(Token::Operator(operator @ (":" | "," | "="))) if lambdas > 0 => {
                    lambdas -= usize::from(*operator == ":");
                    self.next();
                    operands.operator();
                }
                Some(Token::Operator(operator)) if is_end(operator) => break,
                Some(Token::Operator(_)) => self.operate(&mut operands),
                Some(Token::Text(_) | Token::Opaque) => match self.next() {
                    Some(Token::Text(text)) => operands.text(text),
                    _ => operands.push(Value::Other(Vec::new())),
                },
            }
        }
        operands.value()
    }

    /// Takes an operator, and what is in it if it is a bracket.
    fn operate(&mut self, operands: &mut Operands) {
        let operator = self.operator();
        self.next();
        let is_bracket = matches!(operator, "(" | "[" | "{");
        if is_bracket && self.depth >= MAX_DEPTH {
            self.skip();
            return operands.push(Value::Other(Vec::new()));
        }
        match operator {
            "(" if operands.has_operand => {
                let arguments = self.arguments();
                operands.call(arguments);
            }
            "[" if operands.has_operand => operands.extend(self.items().operation()),
            "(" => operands.push(self.items().group()),
            "[" => operands.push(self.items().list()),
            "{" => operands.push(self.items().braces()),
            "." if operands.has_operand && !self.word().is_empty() => {
                let name = format!(".{}", self.name());
                operands.extend(Value::Name(name));
            }
            _ => operands.operator(),
        }
    }
}

/// The operands of an expression so far.
#[derive(Default)]
struct Operands {
    operands: Vec<Value>,
    /// Whether there is an operator among them.
    has_operator: bool,
    /// Whether an operand has come last, so that a bracket belongs to it.
    has_operand: bool,
    /// Whether that is a string.
    is_text: bool,
}

impl Operands {
    fn operator(&mut self) {
        self.has_operator = true;
        self.has_operand = false;
        self.is_text = false;
    }

    fn push(&mut self, operand: Value) {
        self.has_operand = true;
        self.is_text = false;
        self.operands.push(operand);
    }

    fn text(&mut self, text: String) {
        match self.operands.last_mut() {
            Some(Value::Text(last)) if self.is_text => last.push_str(&text),
            _ => self.push(Value::Text(text)),
        }
        self.is_text = true;
    }

    /// What is done to the operand that has come last.
    fn extend(&mut self, operation: Value) {
        self.is_text = false;
        self.operands.push(operation);
    }

    /// A call of the operand that has come last.
    fn call(&mut self, arguments: Vec<Argument>) {
        let function = match self.operands.pop() {
            Some(Value::Name(name)) => name,
            other => {
                self.operands.extend(other);
                String::new()
            }
        };
        self.is_text = false;
        self.operands.push(Value::Call(Call {
            function,
            arguments,
        }));
    }

    fn value(self) -> Value {
        match self.has_operator {
            true => Value::of_parts(self.operands),
            false => Value::of_operands(self.operands),
        }
    }
}

impl Items {
    fn values(self) -> Vec<Value> {
        self.items.into_iter().map(|item| item.value).collect()
    }

    /// A list or set.
    fn list(self) -> Value {
        match self.has_loop {
            true => self.operation(),
            false => Value::List(self.values()),
        }
    }

    /// What is in round brackets: one value, or a tuple.
    fn group(self) -> Value {
        match self.items.len() == 1 && !self.has_comma {
            true => Value::of_operands(self.values()),
            false => Value::List(self.values()),
        }
    }

    /// What is in curly brackets: a dictionary or a set.
    fn braces(self) -> Value {
        let has_key = |item: &Item| item.left.is_some();
        if self.has_loop || !self.items.is_empty() && !self.items.iter().any(has_key) {
            return self.list();
        }
        let key = |left: Option<(Value, _)>| left.map_or(Value::Other(Vec::new()), |left| left.0);
        let pairs = self.items.into_iter().map(|one| (key(one.left), one.value));
        Value::Dict(pairs.collect())
    }

    /// An index, a slice or a comprehension.
    fn operation(self) -> Value {
        let mut parts = Vec::new();
        for item in self.items {
            parts.extend(item.left.map(|left| left.0));
            parts.push(item.value);
        }
        Value::of_parts(parts)
    }
}

/// Whether an operator belongs to no expression.
fn is_end(operator: &str) -> bool {
    matches!(operator, "," | ";" | ":" | "=" | ")" | "]" | "}")
}
