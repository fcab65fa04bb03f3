//! The names of licences in debian/copyright, which are not quite those of the SPDX list.

use spdx::expression::{ExprNode, Operator};
use spdx::{Expression, LicenseReq, ParseMode};

/// Names that do not follow from SPDX's by a rule (copyright-format 1.0, "Short name").
const NAMES: [(&str, &str); 5] = [
    ("MIT", "Expat"),
    ("Artistic-1.0-Perl", "Artistic"),
    ("PSF-2.0", "PSF-2"),
    ("ZPL-2.0", "Zope-2.0"),
    ("ZPL-2.1", "Zope-2.1"),
];

/// Debian's name for an SPDX identifier: `MIT` is `Expat`, `GPL-2.0-or-later` is `GPL-2+`.
pub(super) fn of(id: &str) -> String {
    if let Some((_, name)) = NAMES.iter().find(|(spdx, _)| *spdx == id) {
        return (*name).to_owned();
    }
    let id = id.strip_prefix("LicenseRef-").unwrap_or(id);
    let (id, later) = match id.strip_suffix("-or-later") {
        Some(id) => (id, "+"),
        None => (id.strip_suffix("-only").unwrap_or(id), ""),
    };
    let gnu = ["GPL-", "LGPL-", "AGPL-"]
        .iter()
        .any(|family| id.starts_with(family));
    let id = if gnu {
        id.strip_suffix(".0").unwrap_or(id)
    } else {
        id
    };
    format!("{}{later}", id.replace("-Clause", "-clause"))
}

/// One licence of an expression, with its exception.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term {
    /// SPDX's identifier.
    pub(super) id: String,
    /// SPDX's identifier of an exception.
    pub(super) exception: Option<String>,
}

impl Term {
    /// As debian/copyright names it.
    pub(super) fn short_name(&self) -> String {
        let name = of(&self.id);
        match &self.exception {
            Some(exception) => {
                let exception = exception.trim_end_matches("-exception");
                format!(
                    "{name} with {} exception",
                    exception.replace("-exception-", "-")
                )
            }
            None => name,
        }
    }
}

/// The licences of an expression; a word that is no expression is one licence.
pub(super) fn terms(expression: &str) -> Vec<Term> {
    match Expression::parse_mode(expression, ParseMode::LAX) {
        Ok(parsed) => parsed.requirements().map(|one| term(&one.req)).collect(),
        Err(_) => vec![Term {
            id: expression.to_owned(),
            exception: None,
        }],
    }
}

fn term(one: &LicenseReq) -> Term {
    let text = one.license.to_string();
    let exception = one.addition.as_ref().map(ToString::to_string);
    let id = match text.strip_suffix('+') {
        Some(id) => format!("{id}-or-later"),
        None => text,
    };
    Term { id, exception }
}

/// An SPDX expression in the words of debian/copyright: `Expat or Apache-2.0`. `rename`
/// may give a licence another name.
pub(super) fn expression(text: &str, rename: impl Fn(&Term) -> String) -> String {
    let Ok(parsed) = Expression::parse_mode(text, ParseMode::LAX) else {
        return rename(&Term {
            id: text.to_owned(),
            exception: None,
        });
    };
    // What stands there, and whether an operator binds it, and which.
    let mut stack: Vec<(String, Option<Operator>)> = Vec::new();
    for node in parsed.iter() {
        match node {
            ExprNode::Req(one) => stack.push((rename(&term(&one.req)), None)),
            ExprNode::Op(operator) => {
                let right = stack.pop().unwrap_or_default();
                let left = stack.pop().unwrap_or_default();
                stack.push((joined(&left, &right, *operator), Some(*operator)));
            }
        }
    }
    stack.pop().unwrap_or_default().0
}

/// "and" binds closer than "or"; a comma makes it the other way round.
fn joined(
    left: &(String, Option<Operator>),
    right: &(String, Option<Operator>),
    operator: Operator,
) -> String {
    let is_or = |side: &(String, Option<Operator>)| matches!(side.1, Some(Operator::Or));
    match operator {
        Operator::Or => format!("{} or {}", left.0, right.0),
        Operator::And if is_or(left) || is_or(right) => format!("{}, and {}", left.0, right.0),
        Operator::And => format!("{} and {}", left.0, right.0),
    }
}
