//! Functions are short.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, ItemFn, ItemMod, Signature, TraitItemFn};

use crate::report::{Complaint, at, expect_none};
use crate::sizes::is_tests;
use crate::tree::{Source, sources};

/// The most lines of a function, from `fn` to the closing brace.
const LIMIT: usize = 60;

/// Collects the functions that are too long.
struct Ruler<'a> {
    path: &'a str,
    complaints: Vec<Complaint>,
}

impl Ruler<'_> {
    fn measure(&mut self, signature: &Signature, block: &Block) {
        let first = signature.span().start().line;
        let lines = end(block.span()) - first + 1;
        if lines > LIMIT {
            let name = &signature.ident;
            let text = format!(
                "`{name}` has {lines} lines, more than {LIMIT}; give its steps names of their own"
            );
            self.complaints.push(at(self.path, first, &text));
        }
    }
}

fn end(span: Span) -> usize {
    span.end().line
}

/// Whether an attribute is `#[cfg(test)]`.
pub(crate) fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Ident>()
            .is_ok_and(|word| word == "test")
}

impl<'ast> Visit<'ast> for Ruler<'_> {
    fn visit_item_fn(&mut self, node: &'ast ItemFn) {
        self.measure(&node.sig, &node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast ImplItemFn) {
        self.measure(&node.sig, &node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast TraitItemFn) {
        if let Some(block) = &node.default {
            self.measure(&node.sig, block);
        }
        visit::visit_trait_item_fn(self, node);
    }

    /// Tests may hold long tables; their modules are not measured.
    fn visit_item_mod(&mut self, node: &'ast ItemMod) {
        if !node.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, node);
        }
    }
}

fn complaints(source: &Source) -> Vec<Complaint> {
    let file = match syn::parse_file(&source.text) {
        Ok(file) => file,
        Err(error) => {
            let line = error.span().start().line;
            return vec![at(&source.path, line, &format!("not Rust: {error}"))];
        }
    };
    let mut ruler = Ruler {
        path: &source.path,
        complaints: Vec::new(),
    };
    ruler.visit_file(&file);
    ruler.complaints
}

#[test]
fn functions_are_short() {
    let rust = |source: &&Source| source.path.ends_with(".rs") && !is_tests(&source.path);
    let found: Vec<_> = sources().iter().filter(rust).flat_map(complaints).collect();
    expect_none(&found);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function of `lines` lines between `before` and `after`.
    #[track_caller]
    fn check(before: &str, lines: usize, after: &str, expect: &[&str]) {
        let body = "    a();\n".repeat(lines - 2);
        let text = format!("{before}fn long() {{\n{body}}}{after}\n");
        assert_eq!(complaints(&Source::new("a.rs", &text)), expect);
    }

    #[test]
    fn every_kind_of_function_is_measured() {
        let tell = "`long` has 61 lines, more than 60; give its steps names of their own";
        let first = format!("a.rs:1: {tell}");
        let second = format!("a.rs:2: {tell}");
        check("", 60, "", &[]);
        check("", 61, "", &[&first]);
        check("impl A {\n", 61, "}", &[&second]);
        check("trait A {\n", 61, "}", &[&second]);
        check("mod a {\n", 61, "}", &[&second]);
        check(
            "fn outer() {",
            61,
            "}",
            &[&first.replace("long", "outer"), &first],
        );
    }

    #[test]
    fn documentation_and_tests_do_not_count() {
        check("/// One.\n/// Two.\n#[inline]\n", 60, "", &[]);
        check("#[cfg(test)]\nmod tests {\n", 90, "}", &[]);
    }

    #[test]
    fn what_cannot_be_read_is_no_pass() {
        let found = complaints(&Source::new("a.rs", "fn a( {"));
        assert!(found[0].starts_with("a.rs:1: not Rust"), "{found:?}");
    }
}
