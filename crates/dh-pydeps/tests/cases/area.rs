//! The build area of a case: what commands have written there.

use std::collections::BTreeMap;
use std::path::Path;

/// Where it is, in a world.
pub(crate) const PLACE: &str = "directory/build-area";

/// The files of a build area.
pub(crate) type Area = BTreeMap<String, Vec<u8>>;

/// All files; none where there is no build area.
pub(crate) fn read(directory: &Path) -> Area {
    let mut area = Area::new();
    let mut open = vec![directory.to_owned()];
    while let Some(place) = open.pop() {
        for entry in fs_err::read_dir(place).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => {
                    let name = path.strip_prefix(directory).unwrap().display().to_string();
                    area.insert(name, fs_err::read(&path).unwrap());
                }
            }
        }
    }
    area
}

/// What has changed: the files under a source's `debian/` with their texts, of all others
/// the names.
pub(crate) fn changed(before: &Area, after: &Area) -> String {
    let mut text = String::new();
    for (name, _) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        text += &format!("gone: {name}\n");
    }
    for (name, bytes) in after
        .iter()
        .filter(|(name, bytes)| before.get(*name) != Some(bytes))
    {
        match name.contains("/debian/") && !name.starts_with("generated/") {
            true => text += &format!("--- {name}\n{}", String::from_utf8_lossy(bytes)),
            false => text += &format!("new: {name}\n"),
        }
    }
    text
}
