//! Statements from logical lines.

use std::mem::take;

use super::expression::Tokens;
use super::tokens::{Line, Lines};
use super::value::Value;
use super::{Definition, Import, Kind, Nesting, Source, Statement};

/// Reads a file.
pub(super) fn source(text: &str) -> Source {
    let mut reader = Reader::default();
    for line in Lines::of(text) {
        reader.line(line);
    }
    reader.source
}

/// Reads logical lines, one after the other.
#[derive(Default)]
struct Reader {
    source: Source,
    /// The blocks that are open: the column of what heads them, and what is in them.
    blocks: Vec<(usize, Nesting)>,
    /// Decorators of what is defined next.
    decorators: Vec<Value>,
}

impl Reader {
    fn line(&mut self, line: Line<'_>) {
        let is_open = |block: &(usize, Nesting)| block.0 < line.column;
        let open = self.blocks.iter().rposition(is_open);
        self.blocks.truncate(open.map_or(0, |last| last + 1));
        let outer = self.blocks.last().map(|block| block.1);
        let mut nesting = outer.unwrap_or_default();
        let mut tokens = Tokens::of(line.tokens, &mut self.source.names);
        while !tokens.is_empty() {
            if tokens.accept("@") {
                self.decorators.push(tokens.sequence());
                continue;
            }
            let (mut kind, block) = statement(&mut tokens, nesting);
            if let Kind::Definition(definition) = &mut kind {
                definition.decorators = take(&mut self.decorators);
            }
            if !is_documentation(&kind) {
                self.source.statements.push(Statement { nesting, kind });
            }
            if let Some(inside) = block.filter(|_| tokens.accept(":")) {
                nesting = inside;
                if tokens.is_empty() {
                    self.blocks.push((line.column, inside));
                }
            }
            tokens.skip_separators();
        }
    }
}

fn is_documentation(kind: &Kind) -> bool {
    matches!(kind, Kind::Expression(Value::Text(_)))
}

/// Reads a statement up to what separates it from the next, or up to the colon before a block;
/// then with what is in the block.
fn statement(tokens: &mut Tokens<'_, '_>, outer: Nesting) -> (Kind, Option<Nesting>) {
    let word = tokens.word();
    let mut inside = outer;
    match word {
        "import" | "from" => {
            tokens.next();
            let imports = match word {
                "import" => modules(tokens),
                _ => names_of(tokens).into_iter().collect(),
            };
            tokens.skip_statement();
            return (Kind::Import(imports), None);
        }
        "async" => {
            tokens.next();
            if tokens.word() == "def" {
                return definition(tokens, outer, true);
            }
            inside.other = true;
        }
        "def" | "class" => return definition(tokens, outer, false),
        "if" | "elif" => {}
        "else" => inside.condition = true,
        "try" | "except" | "finally" => inside.attempt = true,
        "for" | "while" | "with" => inside.other = true,
        _ => return simple(tokens, outer, matches!(word, "match" | "case")),
    }
    tokens.next();
    let head = tokens.sequence();
    if matches!(word, "if" | "elif") {
        inside = under_condition(&head, outer);
    }
    (Kind::Expression(head), Some(inside))
}

/// What is in a block with a condition.
fn under_condition(condition: &Value, outer: Nesting) -> Nesting {
    let is_main = |part: &Value| matches!(part, Value::Name(name) if name == "__name__");
    let mut inside = outer;
    match condition {
        Value::Name(name) if name.rsplit('.').next() == Some("TYPE_CHECKING") => {
            inside.type_checking = true;
        }
        Value::Other(parts) if parts.first().is_some_and(is_main) => inside.main = true,
        _ => inside.condition = true,
    }
    inside
}

/// An assignment or an expression, or, where that may be, what `match` or `case` heads.
fn simple(tokens: &mut Tokens<'_, '_>, outer: Nesting, may_head: bool) -> (Kind, Option<Nesting>) {
    let mut value = tokens.sequence();
    if may_head && tokens.is_at(":") && !matches!(value, Value::Name(_)) {
        let inside = Nesting {
            condition: true,
            ..outer
        };
        return (Kind::Expression(value), Some(inside));
    }
    if tokens.accept(":") {
        tokens.sequence();
    }
    let mut targets = Vec::new();
    while tokens.accept("=") {
        targets.push(value);
        value = tokens.sequence();
    }
    (assignment(targets, value), None)
}

/// What is assigned to names; what goes elsewhere is an expression with the value in it.
fn assignment(targets: Vec<Value>, value: Value) -> Kind {
    let is_name = |target: &Value| matches!(target, Value::Name(_));
    if targets.is_empty() {
        return Kind::Expression(value);
    } else if !targets.iter().all(is_name) {
        let parts = targets.into_iter().chain([value]);
        return Kind::Expression(Value::of_parts(parts.collect()));
    }
    let name = |target| match target {
        Value::Name(name) => Some(name),
        _ => None,
    };
    Kind::Assignment {
        targets: targets.into_iter().filter_map(name).collect(),
        value,
    }
}

/// The head of a function or class.
fn definition(
    tokens: &mut Tokens<'_, '_>,
    outer: Nesting,
    is_async: bool,
) -> (Kind, Option<Nesting>) {
    let is_class = tokens.word() == "class";
    tokens.next();
    let name = tokens.name();
    if tokens.accept("[") {
        tokens.items();
    }
    let arguments = match tokens.accept("(") {
        true => tokens.arguments(),
        false => Vec::new(),
    };
    if tokens.accept("->") {
        tokens.sequence();
    }
    let definition = Definition {
        name,
        is_class,
        is_async,
        decorators: Vec::new(),
        arguments,
    };
    let inside = Nesting {
        class: outer.class || is_class,
        function: outer.function || !is_class,
        ..outer
    };
    (Kind::Definition(definition), Some(inside))
}

/// `a.b as c, d` after `import`.
fn modules(tokens: &mut Tokens<'_, '_>) -> Vec<Import> {
    let modules = list(tokens).into_iter().map(|module| Import {
        module,
        names: Vec::new(),
    });
    modules.collect()
}

/// `..a.b import c as d, e` after `from`, the names in brackets or not.
fn names_of(tokens: &mut Tokens<'_, '_>) -> Option<Import> {
    let mut module = String::new();
    while tokens.accept(".") {
        module.push('.');
    }
    if tokens.word() != "import" {
        module.push_str(&tokens.name());
    }
    if module.is_empty() || tokens.word() != "import" {
        return None;
    }
    tokens.next();
    let is_all = tokens.accept("*");
    tokens.accept("(");
    let names = match is_all {
        true => vec!["*".to_owned()],
        false => list(tokens),
    };
    tokens.accept(")");
    Some(Import { module, names })
}

/// Dotted names between commas, without what they are called here.
fn list(tokens: &mut Tokens<'_, '_>) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        let name = tokens.name();
        if name.is_empty() {
            return names;
        }
        names.push(name);
        if tokens.word() == "as" {
            tokens.next();
            tokens.name();
        }
        if !tokens.accept(",") {
            return names;
        }
    }
}
