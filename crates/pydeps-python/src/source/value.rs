//! What an expression of Python says without being evaluated.

/// An expression, as far as it is a literal or a call.
///
/// Values are nested at most as deeply as [`MAX_DEPTH`](super::MAX_DEPTH) allows, so that
/// walking through one needs little of the stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A string; literals that stand side by side are one.
    Text(String),
    /// A list, tuple or set.
    List(Vec<Value>),
    /// A dictionary's keys, each with its value.
    Dict(Vec<(Value, Value)>),
    /// A name, dotted where attributes are asked for: `os.environ`.
    Name(String),
    /// A call.
    Call(Call),
    /// Anything else: its first operand, and of the others those that hold a string, a list,
    /// a dictionary or a call. `['a'] + x` is so with the list in it.
    Other(Vec<Value>),
}

/// A call of a function or class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is called, dotted: `subprocess.run`. It begins with a dot where it is an attribute
    /// of what has no name: `.communicate` of `Popen('a').communicate()`; it is empty where
    /// the result of an expression is called.
    pub function: String,
    /// What it is given, in order.
    pub arguments: Vec<Argument>,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The parameter, where it is named.
    pub name: Option<String>,
    /// The value.
    pub value: Value,
}

impl Call {
    /// The last part of what is called: `run` of `subprocess.run`.
    pub fn name(&self) -> &str {
        self.function.rsplit('.').next().unwrap_or_default()
    }

    /// The argument of a parameter that comes at a position, counted from 0, or by name.
    pub fn argument(&self, position: usize, name: &str) -> Option<&Value> {
        let at = self
            .arguments
            .get(position)
            .filter(|one| one.name.is_none());
        let argument = at.or_else(|| self.arguments.iter().find(|one| one.is(name)))?;
        Some(&argument.value)
    }
}

impl Argument {
    /// Whether it is given to the parameter by its name.
    pub fn is(&self, name: &str) -> bool {
        self.name.as_deref() == Some(name)
    }
}

impl Value {
    /// The string that it is.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The operand that it begins with: the list of `['a'] + x`, or itself.
    pub fn first(&self) -> &Self {
        match self {
            Self::Other(parts) => parts.first().map_or(self, Self::first),
            _ => self,
        }
    }

    /// The entries of a list; of anything else, none.
    pub fn entries(&self) -> &[Self] {
        match self {
            Self::List(entries) => entries,
            _ => &[],
        }
    }

    /// Itself and all values in it, in the order of the source.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        let mut open = vec![self];
        std::iter::from_fn(move || {
            let value = open.pop()?;
            match value {
                Self::Text(_) | Self::Name(_) => {}
                Self::List(values) | Self::Other(values) => open.extend(values.iter().rev()),
                Self::Dict(pairs) => {
                    open.extend(pairs.iter().rev().flat_map(|(key, value)| [value, key]));
                }
                Self::Call(call) => {
                    open.extend(call.arguments.iter().rev().map(|one| &one.value));
                }
            }
            Some(value)
        })
    }

    /// The one operand of an expression, or what is made of several.
    pub(super) fn of_operands(mut operands: Vec<Self>) -> Self {
        match operands.pop() {
            Some(operand) if operands.is_empty() => operand,
            last => {
                operands.extend(last);
                Self::of_parts(operands)
            }
        }
    }

    /// An expression with operators.
    pub(super) fn of_parts(parts: Vec<Self>) -> Self {
        let parts = parts.into_iter().enumerate();
        let kept = parts.filter(|(at, part)| *at == 0 || !part.is_bare());
        Self::Other(kept.map(|(_, part)| part).collect())
    }

    /// Whether it can be left out of a [`Self::Other`]: nothing in it is a literal or a call.
    pub(super) fn is_bare(&self) -> bool {
        match self {
            Self::Name(_) => true,
            Self::Other(parts) => parts.iter().all(Self::is_bare),
            _ => false,
        }
    }
}
