//! What the packager says in `debian/PKG.pyelf`.
//!
//! ```text
//! # Three kinds of line; the last one that matches a file decides.
//! foreign usr/lib/app/plugins/*.so
//! local   usr/lib/app/plugins/ours.so
//! tree    usr/lib/app
//! ```

use glob::{MatchOptions, Pattern};

/// What a line says of the files that it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// They came ready-made.
    Foreign,
    /// They were linked in this build.
    Local,
}

/// What a line of the file begins with. (`dh_pyelf(5)` is made of these comments.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keyword {
    /// The files came ready-made: they are kept from debhelper's tools and put back as they
    /// were, and what they need becomes dependencies.
    Foreign,
    /// The files were linked in this build: debhelper's tools treat them as any others.
    Local,
    /// The directories are an application's own: dh_python3 and dh_strip_nondeterminism leave
    /// the whole tree alone. What is foreign in it is still found file by file.
    Tree,
}

impl Keyword {
    fn named(word: &str) -> Option<Self> {
        match word {
            "foreign" => Some(Self::Foreign),
            "local" => Some(Self::Local),
            "tree" => Some(Self::Tree),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Rule {
    says: Says,
    pattern: Pattern,
    line: usize,
}

/// The lines of one package's file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    rules: Vec<Rule>,
    trees: Vec<String>,
}

/// A line that says nothing that is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {text}")]
pub struct RuleError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong with it, and what to write.
    pub text: String,
}

const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

impl Rules {
    /// Reads lines that are split into words already, each with its number.
    pub fn read<'a>(
        lines: impl IntoIterator<Item = (usize, &'a [String])>,
    ) -> Result<Self, RuleError> {
        let mut rules = Self::default();
        for (line, words) in lines {
            rules
                .add(line, words)
                .map_err(|text| RuleError { line, text })?;
        }
        Ok(rules)
    }

    fn add(&mut self, line: usize, words: &[String]) -> Result<(), String> {
        let Some((keyword, paths)) = words.split_first() else {
            return Ok(());
        };
        if paths.is_empty() {
            return Err(format!(
                "`{keyword}` needs a path, as in `{keyword} usr/lib/app`"
            ));
        }
        match Keyword::named(keyword) {
            Some(Keyword::Foreign) => self.add_rules(Says::Foreign, line, paths),
            Some(Keyword::Local) => self.add_rules(Says::Local, line, paths),
            Some(Keyword::Tree) => self.add_trees(paths),
            None => Err(format!(
                "`{keyword}` is not known; a line begins with `foreign`, `local` or `tree`"
            )),
        }
    }

    fn add_rules(&mut self, says: Says, line: usize, paths: &[String]) -> Result<(), String> {
        for path in paths {
            let pattern = Pattern::new(inside(path)?)
                .map_err(|error| format!("`{path}` is no pattern: {error}"))?;
            self.rules.push(Rule {
                says,
                pattern,
                line,
            });
        }
        Ok(())
    }

    fn add_trees(&mut self, paths: &[String]) -> Result<(), String> {
        for path in paths {
            let tree = inside(path)?;
            if tree.contains(['*', '?', '[']) {
                return Err(format!("`{path}`: a tree is a directory, not a pattern"));
            }
            self.trees.push(tree.to_owned());
        }
        Ok(())
    }

    /// What is said of a file, and in which line. A line that matches a directory holds
    /// for all that is in it.
    pub fn of(&self, path: &str) -> Option<(Says, usize)> {
        let matches =
            |rule: &&Rule| ancestors(path).any(|path| rule.pattern.matches_with(path, OPTIONS));
        let rule = self.rules.iter().rev().find(matches)?;
        Some((rule.says, rule.line))
    }

    /// Directories that are the application's own, relative to the package's root.
    pub fn trees(&self) -> &[String] {
        &self.trees
    }

    /// The private tree that a file is in.
    pub fn tree_of(&self, path: &str) -> Option<&str> {
        let holds = |tree: &&String| ancestors(path).any(|a| a == tree.as_str());
        self.trees.iter().find(holds).map(String::as_str)
    }
}

/// A path relative to the package's root, without slashes at its ends.
fn inside(path: &str) -> Result<&str, String> {
    let trimmed = path.trim_matches('/');
    match trimmed.is_empty() || trimmed.split('/').any(|part| part == "..") {
        true => Err(format!("`{path}` is no path in a package")),
        false => Ok(trimmed),
    }
}

/// The path itself and the directories above it.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once('/')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Rules, RuleError> {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect();
        let lines: Vec<Vec<String>> = text.lines().map(words).collect();
        let numbered = lines.iter().enumerate();
        Rules::read(numbered.map(|(index, words)| (index + 1, words.as_slice())))
    }

    #[track_caller]
    fn check(text: &str, path: &str, expect: Option<(Says, usize)>) {
        assert_eq!(read(text).unwrap().of(path), expect);
    }

    #[test]
    fn the_last_line_that_matches_decides() {
        let text = "foreign usr/lib/app/*.so\nlocal usr/lib/app/our*.so";
        check(text, "usr/lib/app/a.so", Some((Says::Foreign, 1)));
        check(text, "usr/lib/app/ours.so", Some((Says::Local, 2)));
        check(text, "usr/lib/app/deep/a.so", None);
        check("local /usr/**/a.so", "usr/x/y/a.so", Some((Says::Local, 1)));
    }

    #[test]
    fn a_directory_holds_for_what_is_in_it() {
        check(
            "foreign usr/*.libs/",
            "usr/x.libs/a.so",
            Some((Says::Foreign, 1)),
        );
        check("foreign usr/x", "usr/xy", None);
    }

    #[test]
    fn trees_are_directories() {
        let rules = read("tree /usr/lib/app/ opt/x").unwrap();
        assert_eq!(rules.trees(), ["usr/lib/app", "opt/x"]);
        assert_eq!(rules.tree_of("usr/lib/app/a/b"), Some("usr/lib/app"));
        assert_eq!(rules.tree_of("usr/lib/apple"), None);
    }

    #[track_caller]
    fn refused(text: &str, expect: &str) {
        assert_eq!(read(text).unwrap_err().to_string(), expect);
    }

    #[test]
    fn lines_that_say_nothing() {
        refused(
            "\nforeign",
            "line 2: `foreign` needs a path, as in `foreign usr/lib/app`",
        );
        refused(
            "held x",
            "line 1: `held` is not known; a line begins with `foreign`, `local` or `tree`",
        );
        refused("tree /", "line 1: `/` is no path in a package");
        refused("tree a/../b", "line 1: `a/../b` is no path in a package");
        refused(
            "tree a*",
            "line 1: `a*`: a tree is a directory, not a pattern",
        );
        assert!(read("local a***").is_err());
    }
}
