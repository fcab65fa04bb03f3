//! Desktop files whose program is one of the package's, with their metadata and icons.

use super::{Carried, Looking, base};

impl Looking<'_> {
    pub(super) fn desktop(&self, carried: &mut Carried) {
        let desktop = |path: &str| path.ends_with(".desktop").then(|| base(path).to_owned());
        let mut any = false;
        for (name, path) in self.single(desktop, carried) {
            let text = self.tree.text(path).unwrap_or_default();
            let program = value(&text, "Exec").and_then(|exec| exec.split_whitespace().next());
            if !program.is_some_and(|program| self.is_program(base(program))) {
                carried.tell(
                    path,
                    "not installed: it starts none of the package's programs",
                );
                continue;
            }
            any = true;
            carried.put(
                self.package,
                path,
                &format!("usr/share/applications/{name}"),
            );
            if let Some(icon) = value(&text, "Icon") {
                self.icon(carried, base(icon));
            }
        }
        if any {
            self.metainfo(carried);
        }
    }

    fn metainfo(&self, carried: &mut Carried) {
        let ends = [".metainfo.xml", ".appdata.xml"];
        let metainfo = |path: &str| {
            let known = ends.iter().any(|end| path.ends_with(end));
            known.then(|| base(path).to_owned())
        };
        for (name, path) in self.single(metainfo, carried) {
            carried.put(self.package, path, &format!("usr/share/metainfo/{name}"));
        }
    }

    /// The icon that a desktop file names: scalable, or where the source has it in the layout
    /// of a theme.
    fn icon(&self, carried: &mut Carried, name: &str) {
        let place = |path: &str| {
            let (stem, end) = base(path).rsplit_once('.')?;
            let of_theme = path
                .find("hicolor/")
                .map(|at| format!("usr/share/icons/{}", &path[at..]));
            match (stem == name, end) {
                (true, "svg" | "png") if of_theme.is_some() => of_theme,
                (true, "svg") => Some(format!("usr/share/icons/hicolor/scalable/apps/{name}.svg")),
                _ => None,
            }
        };
        for (to, path) in self.single(place, carried) {
            carried.put(self.package, path, &to);
        }
    }
}

/// A value of a desktop entry.
fn value<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut lines = text.lines().map_while(|line| {
        let other = line.starts_with('[') && line.trim() != "[Desktop Entry]";
        (!other).then_some(line)
    });
    lines.find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim())
    })
}
