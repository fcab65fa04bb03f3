//! Names of members, and where links lead.

use std::collections::BTreeMap;

use super::Refusal;
use super::tree::Node;

/// What no file system of Debian's takes in one part of a path (`NAME_MAX`).
const NAME_MAX: usize = 255;

/// How many links the kernel follows before it gives up (path_resolution(7)).
const MAX_LINKS: usize = 40;

/// A member's name as a clean relative path: no `.`, no empty parts, no end in `/`.
/// Empty for the top itself.
pub(super) fn clean(name: &[u8], depth: usize) -> Result<String, Refusal> {
    let name = std::str::from_utf8(name).map_err(|_| Refusal::Encoding)?;
    if name.starts_with('/') {
        return Err(Refusal::Absolute);
    }
    if name.chars().any(char::is_control) {
        return Err(Refusal::Name("a control character"));
    }
    let parts: Vec<&str> = parts(name).collect();
    if parts.contains(&"..") {
        return Err(Refusal::Traversal);
    }
    if parts.iter().any(|part| part.len() > NAME_MAX) {
        return Err(Refusal::Name("longer than 255 bytes"));
    }
    if parts.len() > depth {
        return Err(Refusal::Depth(depth));
    }
    Ok(parts.join("/"))
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter(|part| !part.is_empty() && *part != ".")
}

/// The directories above a path, from the top.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// Follows the symbolic link at `path` as the kernel would, through other links, and
/// refuses it where that leaves the directory `root` (empty: the top) at any step.
/// A link to what is not there is no harm; the answer says whether it is there.
pub(super) fn follow(
    nodes: &BTreeMap<String, Node>,
    path: &str,
    root: &str,
) -> Result<bool, Refusal> {
    let told = target(nodes, path).unwrap_or_default().to_owned();
    let outside = || Refusal::Link(told.clone());
    let mut at: Vec<String> = parts(path).map(str::to_owned).collect();
    let last = at.pop().unwrap_or_default();
    let mut todo = vec![last];
    let mut followed = 0;
    while let Some(part) = todo.pop() {
        if part == ".." {
            at.pop();
        } else {
            at.push(part);
        }
        if let Some(target) = target(nodes, &at.join("/")) {
            followed += 1;
            if followed > MAX_LINKS {
                return Err(Refusal::Loop);
            }
            if target.starts_with('/') {
                return Err(outside());
            }
            at.pop();
            todo.extend(
                parts(target)
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev(),
            );
        }
        let above = parts(root).count();
        if at.len() < above || (above == 1 && at[0] != root) || (at.is_empty() && leaves(&todo)) {
            return Err(outside());
        }
    }
    let at = at.join("/");
    Ok(at.is_empty() || nodes.contains_key(&at))
}

fn leaves(todo: &[String]) -> bool {
    todo.last().is_some_and(|part| part == "..")
}

fn target<'n>(nodes: &'n BTreeMap<String, Node>, path: &str) -> Option<&'n str> {
    match nodes.get(path) {
        Some(Node::Link(target)) => Some(target),
        _ => None,
    }
}
