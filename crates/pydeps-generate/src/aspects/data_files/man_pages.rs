//! Upstream's own manual pages, as roff. Sources of pages (RST, Markdown) are not built.

use super::{Carried, Looking, base};

impl Looking<'_> {
    /// Pages of the programs, and of what is called after them: `tool-sub.1`, `tool.conf.5`.
    pub(super) fn pages(&self, carried: &mut Carried) {
        let page = |path: &str| {
            let (stem, section) = base(path).rsplit_once('.')?;
            let is_section = matches!(section, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8");
            let ours = |program: &String| {
                let rest = stem.strip_prefix(program.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', '.']))
            };
            let ours = is_section && self.programs.iter().any(ours);
            (ours && self.tree.text(path).is_some_and(|text| is_roff(&text)))
                .then(|| base(path).to_owned())
        };
        for (_, path) in self.single(page, carried) {
            carried.tell(path, "installed by dh_installman");
            carried.pages.push(path.to_owned());
        }
    }
}

/// Whether a text is the source of a page: a request or a comment comes first (man(7)).
fn is_roff(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim_end)
        .find(|line| !line.is_empty());
    first.is_some_and(|line| {
        line.starts_with(".\\\"")
            || line.starts_with("'\\\"")
            || line.starts_with(".TH")
            || line.starts_with(".Dd")
            || line.starts_with(".ie")
            || line.starts_with(".de")
            || line.starts_with(".nr")
            || line.starts_with(".SH")
    })
}
