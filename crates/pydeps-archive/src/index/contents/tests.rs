use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Contents {
    let mut contents = Contents::default();
    contents.read(&mut text.as_bytes()).unwrap();
    contents
}

#[test]
fn lines() {
    let contents = read(
        "FILE  LOCATION\n\
         usr/include/a b/c.h \t non-free/libdevel/lib-a-dev,libdevel/lib-b-dev\n\
         ./usr/bin/tool  tool\n\
         usr/bin/no-package\n\
         usr/bin/bad  devel/Not_A_Name\n",
    );
    let names: Vec<&str> = contents.packages.iter().map(DebName::as_str).collect();
    assert_eq!(names, ["lib-a-dev", "lib-b-dev", "tool"]);
    let header = |number| (PathKind::Header, "c.h/a b".to_owned(), number);
    let tool = (PathKind::Command, "tool".to_owned(), 2);
    assert_eq!(contents.paths, [header(0), header(1), tool]);
    assert!(
        contents.describes("tool") && !contents.describes("Not_A_Name") && !contents.describes("x")
    );
}

#[test]
fn metadata_of_many_files_is_one() {
    let contents =
        read("usr/share/a/x-1.dist-info/METADATA  p1\nusr/share/a/x-1.dist-info/RECORD  p1\n");
    assert_eq!(contents.distributions.len(), 1);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut contents = Contents::default();
        prop_assert!(contents.read(&mut bytes.as_slice()).is_ok());
    }
}
