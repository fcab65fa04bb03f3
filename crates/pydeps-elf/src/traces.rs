//! What auditwheel and its like leave behind, by names alone.

/// How many digits auditwheel takes of a library's hash.
const DIGITS: usize = 8;

/// Whether a library was renamed by its hash, as auditwheel does it:
/// `libz-eb09ad1d.so.1.2.3`. Without `.so` it is no library's name.
pub fn is_hashed(name: &str) -> bool {
    let Some((stem, _)) = name.split_once(".so") else {
        return false;
    };
    let Some((rest, digits)) = stem.rsplit_once('-') else {
        return false;
    };
    let hexadecimal = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    rest.len() > 3 && digits.len() == DIGITS && digits.chars().all(hexadecimal)
}

/// The directory of grafted libraries that a path lies in: `numpy.libs`, `.libs`,
/// `.dylibs`, `pillow.dylibs`; the whole path of that directory.
pub fn graft_directory(path: &str) -> Option<&str> {
    let (directory, _) = path.rsplit_once('/')?;
    let mut end = 0;
    for part in directory.split_inclusive('/') {
        end += part.len();
        let part = part.trim_end_matches('/');
        if part.ends_with(".libs") || part.ends_with(".dylibs") {
            return Some(directory[..end].trim_end_matches('/'));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn hashed(name: &str, expect: bool) {
        assert_eq!(is_hashed(name), expect, "{name}");
    }

    #[test]
    fn names_with_a_hash() {
        hashed("libz-eb09ad1d.so.1.2.3", true);
        hashed("libgfortran-040039e1-0352e75f.so.5.0.0", true);
        hashed("libscipy_openblas64_-32a4b2a6.so", true);
        hashed("libz.so.1", false);
        hashed("libglib-2.0.so.0", false);
        hashed("libz-eb09ad1.so", false);
        hashed("libz-EB09AD1D.so", false);
        hashed("lib-eb09ad1d.so", false);
        hashed("-eb09ad1d.so", false);
        hashed("libz-eb09ad1d.txt", false);
        hashed("", false);
    }

    #[track_caller]
    fn graft(path: &str, expect: Option<&str>) {
        assert_eq!(graft_directory(path), expect);
    }

    #[test]
    fn directories_of_grafted_libraries() {
        graft("usr/lib/x/numpy.libs/libz.so", Some("usr/lib/x/numpy.libs"));
        graft("x/.libs/deep/libz.so", Some("x/.libs"));
        graft("x/PIL/.dylibs/libz.dylib", Some("x/PIL/.dylibs"));
        graft("x/libs/libz.so", None);
        graft("numpy.libs", None);
        graft("a.libs/x", Some("a.libs"));
    }
}
