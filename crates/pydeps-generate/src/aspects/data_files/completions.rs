//! Completions, by the program that they are for.

use super::{Carried, Looking, base};

/// The shells, and where Debian's look for what packages bring along.
const SHELLS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/"),
    ("zsh", "usr/share/zsh/vendor-completions/_"),
    ("fish", "usr/share/fish/vendor_completions.d/"),
];

impl Looking<'_> {
    pub(super) fn completions(&self, carried: &mut Carried) {
        for (shell, place) in SHELLS {
            let program = |path: &str| {
                let name = program(shell, path)?;
                self.is_program(&name).then_some(name)
            };
            let end = if shell == "fish" { ".fish" } else { "" };
            for (program, path) in self.single(program, carried) {
                carried.put(self.package, path, &format!("{place}{program}{end}"));
            }
        }
    }
}

/// The program that a file completes for a shell.
fn program(shell: &str, path: &str) -> Option<String> {
    let name = base(path);
    let lower = path.to_ascii_lowercase();
    let about = lower.contains("complet");
    let end = format!(".{shell}");
    let stem = match shell {
        "bash" if about && lower.contains("bash") => {
            let ends = [
                ".bash-completion",
                ".bash_completion",
                ".completion.bash",
                ".bash",
            ];
            ends.iter()
                .find_map(|end| name.strip_suffix(end))
                .unwrap_or(name)
        }
        "bash" => name.strip_suffix(".bash-completion")?,
        "zsh" if about || lower.contains("zsh") => match name.strip_prefix('_') {
            Some(rest) if !rest.contains('.') => rest,
            _ => name.strip_suffix(&end).filter(|_| about)?,
        },
        "fish" if about || lower.contains("fish") => name.strip_suffix(&end)?,
        _ => return None,
    };
    let ends = [
        "-completion",
        "_completion",
        "-complete",
        "_complete",
        ".completion",
    ];
    let stem = ends
        .iter()
        .find_map(|end| stem.strip_suffix(end))
        .unwrap_or(stem);
    Some(stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expect: [&str; 3]) {
        let found = ["bash", "zsh", "fish"].map(|shell| program(shell, path).unwrap_or_default());
        assert_eq!(found, expect, "{path}");
    }

    #[test]
    fn programs() {
        check("completions/tool.bash", ["tool", "", ""]);
        check("completions/bash/tool", ["tool", "", ""]);
        check("completion/tool-completion.bash", ["tool", "", ""]);
        check("tool.bash-completion", ["tool", "", ""]);
        check("extra/bash_completion.d/tool", ["tool", "", ""]);
        check("completions/_tool", ["", "tool", ""]);
        check("completions/zsh/_tool", ["", "tool", ""]);
        check("completions/tool.zsh", ["", "tool", ""]);
        check("completions/tool.fish", ["", "", "tool"]);
        check("pkg/_tool", ["", "", ""]);
        check("scripts/tool.bash", ["", "", ""]);
    }
}
