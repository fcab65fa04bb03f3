use super::*;

/// Wants files that begin with an `x`, and gives their length.
const LENGTHS: Reader<usize> = Reader {
    wants: |_, head| head.starts_with(b"x"),
    read: |_, bytes| bytes.len(),
};

fn tree(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let top = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = top.path().join(path);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, bytes).unwrap();
    }
    top
}

#[test]
fn files_and_links_in_order() {
    let top = tree(&[("b/x", b"xy"), ("a", b""), ("b-c", b"1")]);
    std::os::unix::fs::symlink("../a", top.path().join("b/l")).unwrap();
    let found = list(top.path()).unwrap();
    let paths: Vec<_> = found.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["a", "b-c", "b/x"]);
    assert_eq!(found.links[0].path, "b/l");
    assert_eq!(found.links[0].target, Path::new("../a"));
    assert_eq!(list(&top.path().join("none")).unwrap(), Tree::default());
}

#[test]
fn only_what_is_wanted_is_read() {
    let top = tree(&[("a", b""), ("b", b"xyz"), ("c", b"yx"), ("d", b"x")]);
    let files = list(top.path()).unwrap().files;
    let seen = inspect(top.path(), &files, &LENGTHS).unwrap();
    let seen: Vec<_> = seen
        .iter()
        .map(|s| (s.file.path.as_str(), s.made))
        .collect();
    assert_eq!(seen, [("b", 3), ("d", 1)]);
}

#[test]
fn hashes_are_those_of_sha256sum() {
    let top = tree(&[("a", b"abc")]);
    let expect = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256(&top.path().join("a")).unwrap(), expect);
}

#[test]
fn hashes_of_those_that_are_wanted() {
    let texts: Vec<String> = (0..40).map(|at| "x".repeat(at * 7 % 40)).collect();
    let names: Vec<String> = (0..40).map(|at| format!("{at}")).collect();
    let files = names.iter().zip(&texts);
    let files: Vec<_> = files.map(|(n, t)| (n.as_str(), t.as_bytes())).collect();
    let top = tree(&files);
    let files = list(top.path()).unwrap().files;
    let wanted: BTreeSet<String> = names.into_iter().skip(3).collect();
    let found = hashes(top.path(), &files, &wanted).unwrap();
    let one = |path: &String| (path.clone(), sha256(&top.path().join(path)).unwrap());
    assert_eq!(found, wanted.iter().map(one).collect());
    let none = hashes(top.path(), &files, &BTreeSet::new()).unwrap();
    assert_eq!(none, BTreeMap::new());
}

#[test]
fn errors_name_the_file() {
    let top = tree(&[("a", b"x")]);
    let mut files = list(top.path()).unwrap().files;
    files[0].path = "gone".to_owned();
    let error = inspect(top.path(), &files, &LENGTHS)
        .unwrap_err()
        .to_string();
    assert!(error.contains("gone"), "{error}");
}

#[test]
fn names_that_are_not_utf_8_are_set_apart() {
    use std::os::unix::ffi::OsStrExt;
    let top = tree(&[("a", b"x")]);
    let odd = std::ffi::OsStr::from_bytes(b"b\xff.so");
    fs_err::write(top.path().join(odd), "").unwrap();
    let found = list(top.path()).unwrap();
    assert_eq!(found.files.len(), 1);
    assert_eq!(found.unnamed.len(), 1);
    assert!(found.unnamed[0].ends_with(".so"), "{}", found.unnamed[0]);
    assert_eq!(list_here(top.path()).unwrap(), found.files);
}
