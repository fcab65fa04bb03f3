//! The grammar of markers (PEP 508).

use super::{Comparison, Marker, OPERATORS, Operator, Variable};
use crate::name::ExtraName;

/// How many parentheses may be open at once, as in `packaging`.
const MAX_DEPTH: usize = 200;

/// How many characters of what is wrong are shown.
const SHOWN: usize = 40;

/// Why a text is no marker, or none that can be judged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMarker {
    /// It does not follow the grammar.
    #[error("its marker is not valid at `{0}`")]
    Grammar(String),
    /// Something is missing at its end.
    #[error("its marker ends too early")]
    End,
    /// `~=` and `===` compare versions only.
    #[error("its marker compares with `~=` or `===` what is no version")]
    NoVersion,
    /// More than any person writes.
    #[error("its marker has more than {MAX_DEPTH} parentheses open at once")]
    Depth,
}

/// Reads a marker.
pub fn parse(text: &str) -> Result<Marker, InvalidMarker> {
    let mut parser = Parser { rest: text };
    let marker = parser.marker(0)?;
    match parser.rest.is_empty() {
        true => Ok(marker),
        false => Err(parser.error()),
    }
}

struct Parser<'a> {
    rest: &'a str,
}

/// One side of a comparison.
enum Operand<'a> {
    Variable(Variable),
    Text(&'a str),
}

impl<'a> Parser<'a> {
    fn marker(&mut self, depth: usize) -> Result<Marker, InvalidMarker> {
        let mut marker = self.term(depth)?;
        let mut any_of = Vec::new();
        loop {
            if self.skip_word("and") {
                marker.and(self.term(depth)?);
                continue;
            }
            any_of.extend(marker.any_of);
            if !self.skip_word("or") {
                return Ok(Marker { any_of });
            }
            marker = self.term(depth)?;
        }
    }

    /// One comparison, or a marker in parentheses.
    fn term(&mut self, depth: usize) -> Result<Marker, InvalidMarker> {
        self.skip_blanks();
        let Some(rest) = self.rest.strip_prefix('(') else {
            return self.comparison().map(Marker::of);
        };
        if depth >= MAX_DEPTH {
            return Err(InvalidMarker::Depth);
        }
        self.rest = rest;
        let marker = self.marker(depth + 1)?;
        self.rest = self.rest.strip_prefix(')').ok_or_else(|| self.error())?;
        self.skip_blanks();
        Ok(marker)
    }

    fn comparison(&mut self) -> Result<Comparison, InvalidMarker> {
        let left = self.operand()?;
        let operator = self.operator()?;
        let right = self.operand()?;
        let (variable, text, is_reversed) = match (left, right) {
            (Operand::Variable(variable), Operand::Text(text)) => match operator {
                // A specifier may have blanks around it.
                Operator::Arbitrary => (variable, text.trim(), false),
                _ => (variable, text, false),
            },
            // Where both are variables, the second one's name is taken for a text.
            (Operand::Variable(variable), Operand::Variable(other)) => {
                (variable, other.name(), false)
            }
            (Operand::Text(text), Operand::Variable(variable)) => (variable, text, true),
            (Operand::Text(_), Operand::Text(_)) => return Err(self.error()),
        };
        let specifier = match is_reversed {
            true => None,
            false => variable.specifier(operator, text),
        };
        let by_text = match operator {
            Operator::Compatible => variable.is_version() && is_reversed,
            Operator::Arbitrary => variable.is_version() && (is_reversed || is_one_word(text)),
            _ => true,
        };
        if specifier.is_none() && !by_text {
            return Err(InvalidMarker::NoVersion);
        }
        Ok(Comparison {
            variable,
            operator,
            text: normalised(variable, text),
            is_reversed,
            specifier,
        })
    }

    fn operand(&mut self) -> Result<Operand<'a>, InvalidMarker> {
        self.skip_blanks();
        let operand = match self.rest.chars().next() {
            Some(quote @ ('\'' | '"')) => {
                let (text, rest) = self.rest[1..]
                    .split_once(quote)
                    .ok_or_else(|| self.error())?;
                // `packaging` reads escapes as Python does; the grammar has none.
                if text.contains('\\') {
                    return Err(self.error());
                }
                self.rest = rest;
                Operand::Text(text)
            }
            _ => {
                let word = self.word();
                let variable = Variable::named(word).ok_or_else(|| self.error())?;
                self.rest = &self.rest[word.len()..];
                Operand::Variable(variable)
            }
        };
        self.skip_blanks();
        Ok(operand)
    }

    fn operator(&mut self) -> Result<Operator, InvalidMarker> {
        if self.skip_word("in") {
            return Ok(Operator::In);
        }
        if self.skip_word("not") {
            return self
                .skip_word("in")
                .then_some(Operator::NotIn)
                .ok_or_else(|| self.error());
        }
        let symbol = |(_, text): &&(Operator, &str)| self.rest.starts_with(text);
        let found = OPERATORS.iter().find(symbol).ok_or_else(|| self.error())?;
        self.rest = &self.rest[found.1.len()..];
        Ok(found.0)
    }

    /// What comes next is wrong there.
    fn error(&self) -> InvalidMarker {
        match self.rest {
            "" => InvalidMarker::End,
            rest => InvalidMarker::Grammar(rest.chars().take(SHOWN).collect()),
        }
    }

    fn skip_word(&mut self, word: &str) -> bool {
        let found = self.word() == word;
        if found {
            self.rest = &self.rest[word.len()..];
            self.skip_blanks();
        }
        found
    }

    /// The word that comes next.
    fn word(&self) -> &'a str {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let end = self.rest.find(|c| !is_part(c));
        &self.rest[..end.unwrap_or(self.rest.len())]
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

/// What `===` may be followed by in a specifier.
fn is_one_word(text: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || c == ';' || c == ')';
    !text.is_empty() && !text.contains(ends)
}

/// The names of extras are compared normalised (PEP 685).
fn normalised(variable: Variable, text: &str) -> String {
    let extra = (variable == Variable::Extra).then(|| text.parse::<ExtraName>().ok());
    extra
        .flatten()
        .map_or_else(|| text.to_owned(), |extra| extra.to_string())
}
