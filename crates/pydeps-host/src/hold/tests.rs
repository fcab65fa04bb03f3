use super::*;

const PATH: &str = "usr/lib/m.so";

/// A tree with one file, and a hold on it.
struct World {
    top: tempfile::TempDir,
    hold: Hold,
}

impl World {
    fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        let hold = Hold::new(top.path().join("pkg"), top.path().join("area"));
        let world = Self { top, hold };
        fs_err::create_dir_all(world.path("pkg/usr/lib")).unwrap();
        fs_err::write(world.file(), "bytes").unwrap();
        set_mode(&world.file(), 0o444).unwrap();
        set_modified(&world.file(), (1_000_000_000, 5)).unwrap();
        world
    }

    fn path(&self, path: &str) -> PathBuf {
        self.top.path().join(path)
    }

    fn file(&self) -> PathBuf {
        self.path("pkg").join(PATH)
    }

    fn held(&self) -> Vec<Held> {
        let tree = tree::list(&self.path("pkg")).unwrap();
        self.hold.list(&tree).unwrap()
    }

    #[track_caller]
    fn give_back(&self) {
        for held in self.held() {
            self.hold.give_back(&held).unwrap();
        }
        self.hold.close().unwrap();
        assert!(!self.path("area").exists());
    }

    #[track_caller]
    fn is_as_before(&self, path: &str) {
        let path = self.path("pkg").join(path);
        let data = fs_err::symlink_metadata(&path).unwrap();
        assert!(data.is_file());
        assert_eq!(
            (data.mode() & 0o777, data.mtime(), data.nlink()),
            (0o444, 1_000_000_000, 1)
        );
        assert_eq!(fs_err::read(path).unwrap(), b"bytes");
    }
}

#[test]
fn there_and_back() {
    let world = World::new();
    world.hold.take(PATH).unwrap();
    assert!(fs_err::symlink_metadata(world.file()).unwrap().is_symlink());
    assert_eq!(fs_err::read(world.file()).unwrap(), b"bytes");
    world.give_back();
    world.is_as_before(PATH);
    world.give_back();
    world.is_as_before(PATH);
}

#[test]
fn the_other_name_of_a_file_keeps_its_bytes() {
    let world = World::new();
    fs_err::hard_link(world.file(), world.path("cache")).unwrap();
    world.hold.take(PATH).unwrap();
    set_mode(&world.hold.held(PATH), 0o644).unwrap();
    fs_err::write(world.hold.held(PATH), "stripped").unwrap();
    assert_eq!(fs_err::read(world.path("cache")).unwrap(), b"bytes");
}

#[test]
fn a_file_gets_a_content_of_its_own() {
    let world = World::new();
    let root = world.path("pkg");
    assert!(!separate(&root, PATH).unwrap());
    fs_err::hard_link(world.file(), world.path("cache")).unwrap();
    assert!(separate(&root, PATH).unwrap());
    world.is_as_before(PATH);
    assert!(!separate(&root, PATH).unwrap());
}

#[test]
fn killed_before_the_link_was_left() {
    let world = World::new();
    let held = world.hold.held(PATH);
    fs_err::create_dir_all(held.parent().unwrap()).unwrap();
    fs_err::hard_link(world.file(), held).unwrap();
    fs_err::write(world.path("area/usr/lib/.new-m.so"), "half").unwrap();
    world.hold.take(PATH).unwrap();
    assert_eq!(world.held().len(), 1);
    world.give_back();
    world.is_as_before(PATH);
}

#[test]
fn hooks_may_move_and_copy_and_remove_names() {
    let world = World::new();
    world.hold.take(PATH).unwrap();
    fs_err::create_dir_all(world.path("pkg/opt")).unwrap();
    fs_err::rename(world.file(), world.path("pkg/opt/moved.so")).unwrap();
    let target = fs_err::read_link(world.path("pkg/opt/moved.so")).unwrap();
    symlink(target, world.path("pkg/opt/copied.so")).unwrap();
    world.give_back();
    world.is_as_before("opt/moved.so");
    world.is_as_before("opt/copied.so");

    let world = World::new();
    world.hold.take(PATH).unwrap();
    fs_err::remove_file(world.file()).unwrap();
    world.give_back();
    assert!(!world.file().exists());
}

#[test]
fn links_lead_to_the_area_from_a_relative_tree() {
    let hold = Hold::new("debian/p", "debian/.debhelper/area");
    let expect = "../../../../debian/.debhelper/area/usr/lib/m.so";
    assert_eq!(hold.target(PATH), Path::new(expect));
    let link = Link {
        path: "elsewhere".to_owned(),
        target: expect.into(),
    };
    assert!(hold.is_for(&link, PATH));
    assert!(!hold.is_for(&link, "usr/lib/n.so"));
}

#[test]
fn what_is_left_in_the_area_is_no_empty_area() {
    let world = World::new();
    world.hold.take(PATH).unwrap();
    let error = world.hold.close().unwrap_err().to_string();
    assert!(error.contains("is held as"), "{error}");
}

#[test]
fn a_name_that_is_taken_is_not_overwritten() {
    let world = World::new();
    fs_err::write(world.path("pkg/usr/lib/n.so"), "other").unwrap();
    let error = rename(&world.path("pkg"), PATH, "usr/lib/n.so").unwrap_err();
    assert!(matches!(error, HoldError::Taken { .. }), "{error}");
    rename(&world.path("pkg"), PATH, "usr/lib/o.so").unwrap();
    world.is_as_before("usr/lib/o.so");
}
