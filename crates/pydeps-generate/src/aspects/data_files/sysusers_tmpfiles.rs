//! Users and directories that systemd makes from a declaration: sysusers.d(5), tmpfiles.d(5).
//!
//! dh_installsysusers(1) and dh_installtmpfiles(1) install them and have them applied when
//! the package is installed. They come with a name; it has to be the package's or one of its
//! programs'.

use super::{Carried, Looking, base, privileges};

/// Where declarations of one kind lie, and what installs them.
struct Kind {
    /// `sysusers` or `tmpfiles`, as in the directory's name.
    name: &'static str,
    /// debhelper's command.
    by: &'static str,
    /// What a package gets by it.
    what: &'static str,
}

const USERS: Kind = Kind {
    name: "sysusers",
    by: "dh_installsysusers",
    what: "users",
};
const FILES: Kind = Kind {
    name: "tmpfiles",
    by: "dh_installtmpfiles",
    what: "files",
};

impl Looking<'_> {
    /// Declarations of users, before the units that run as them.
    pub(super) fn users(&self, carried: &mut Carried) {
        if let Some(text) = self.declaration(&USERS, carried) {
            carried.users = users(&text).map(str::to_owned).collect();
        }
    }

    /// Declarations of directories and files that come and go.
    pub(super) fn temporary_files(&self, carried: &mut Carried) {
        self.declaration(&FILES, carried);
    }

    fn declaration(&self, kind: &Kind, carried: &mut Carried) -> Option<String> {
        let is_one = |path: &str| self.is_about(path, kind).then(|| kind.name.to_owned());
        let (_, path) = self.single(is_one, carried).into_iter().next()?;
        let text = self.tree.text(path)?;
        if ["{{", "{%", "@"].iter().any(|mark| text.contains(mark)) {
            carried.tell(path, "not installed: it is a template");
            return None;
        }
        if let Some(why) = self.refused(kind, &text) {
            carried.tell_always(path, &format!("not installed: {why}"));
            return None;
        }
        let file = format!("debian/{}.{}", self.package, kind.name);
        let what = format!(
            "installed by {}, from {file}; systemd makes its {}",
            kind.by, kind.what
        );
        carried.tell_always(path, &what);
        carried.files.insert(file, text.clone());
        Some(text)
    }

    /// Why a declaration does more than the package's own needs.
    fn refused(&self, kind: &Kind, text: &str) -> Option<String> {
        let is_own = |name: &str| name == self.package || self.is_program(name);
        match kind.name {
            "sysusers" => privileges::refused_users(text),
            _ => privileges::refused_files(text, &is_own),
        }
    }

    /// `sysusers.d/tool.conf`, `tool.sysusers`, `tool.sysusers.conf`, `tool-sysusers.conf`.
    fn is_about(&self, path: &str, kind: &Kind) -> bool {
        let directory = format!("{}.d/", kind.name);
        let name = base(path).strip_suffix(".conf").unwrap_or(base(path));
        let marked = name.strip_suffix(kind.name);
        let marked = marked.and_then(|rest| rest.strip_suffix(['.', '-', '_']));
        let inside = path.contains(&directory) && path.ends_with(".conf");
        let name = marked.or(inside.then_some(name));
        name.is_some_and(|name| name == self.package || self.is_program(name))
    }
}

/// The users of lines like `u name - "Comment" /home` (sysusers.d(5)).
fn users(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let kind = words.next()?;
        matches!(kind, "u" | "u!").then(|| words.next())?
    })
}
