use pydeps_core::finding::Severity;

use super::*;

/// What becomes of the files (path, text) of a release with the program `tool`: commands,
/// files under debian/, manual pages.
#[track_caller]
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let tree = Tree::of_texts(files);
    let programs = ["tool".to_owned()];
    let found = find(&tree, &Settings::of(&tree), "tool", &programs);
    let targets = found.targets.iter();
    let targets = targets.flat_map(|(name, commands, _)| {
        commands
            .iter()
            .map(move |command| format!("{name}: {command}"))
    });
    let files = found.files.iter();
    let files = files.map(|(path, text)| format!("{path}: {}", text.replace('\n', "|")));
    let pages = found.pages.iter().map(|page| format!("page {page}"));
    let shown: Vec<String> = found
        .install
        .iter()
        .cloned()
        .chain(targets)
        .chain(files)
        .chain(pages)
        .collect();
    assert_eq!(shown, expect);
    assert_eq!(
        shown.is_empty(),
        found.findings.is_empty() || !found.findings.iter().any(installed)
    );
}

fn installed(finding: &Finding) -> bool {
    !finding.message.contains("not installed") && !finding.message.contains("none is installed")
}

#[test]
fn units() {
    let service = "[Service]\nExecStart=/opt/tool -d\n";
    let unit = "[Service]|ExecStart=/usr/bin/tool -d|";
    check(
        &[
            ("sample/tool.service", service),
            ("sample/tool.timer", "[Timer]\n"),
        ],
        &[
            "override_dh_installsystemd: dh_installsystemd --no-enable --no-start",
            &format!("debian/tool.service: {unit}"),
            "debian/tool.timer: [Timer]|",
        ],
    );
    check(
        &[("sample/user/tool-sync.service", service)],
        &[
            "override_dh_installsystemduser: dh_installsystemduser --no-enable --name=tool-sync",
            &format!("debian/tool.tool-sync.user.service: {unit}"),
        ],
    );
    check(
        &[("a/tool.service", service), ("b/tool.service", service)],
        &[],
    );
    check(&[("tests/tool.service", service), ("other.timer", "")], &[]);
    check(&[("other.service", "ExecStart=/usr/bin/other\n")], &[]);
}

#[test]
fn users_and_temporary_files() {
    let service = "[Service]\nUser=_tool\nExecStart=tool -d\n";
    let users = "# who runs it\nu _tool - \"Tool\" /var/lib/tool\nm _tool adm\n";
    check(
        &[
            ("systemd/tool.service", service),
            ("systemd/tool.sysusers", users),
            ("systemd/tmpfiles.d/tool.conf", "d /run/tool 0755 _tool\n"),
            ("systemd/tmpfiles.d/other.conf", "d /run/other\n"),
        ],
        &[
            "override_dh_installsystemd: dh_installsystemd --no-enable --no-start",
            "debian/tool.service: [Service]|User=_tool|ExecStart=/usr/bin/tool -d|",
            "debian/tool.sysusers: # who runs it|u _tool - \"Tool\" /var/lib/tool|m _tool adm|",
            "debian/tool.tmpfiles: d /run/tool 0755 _tool|",
        ],
    );
    check(&[("tool.service", service)], &[]);
    check(&[("tool.sysusers", "u @USER@\n")], &[]);
}

#[test]
fn what_acts_as_root_is_told_or_refused() {
    let check = |path: &str, text: &str, severity: Severity, part: &str| {
        let tree = Tree::of_texts(&[(path, text)]);
        let found = find(&tree, &Settings::of(&tree), "tool", &["tool".to_owned()]);
        let finding = &found.findings[0];
        assert_eq!(finding.severity, severity, "{path}");
        assert!(finding.message.contains(part), "{}", finding.message);
        assert_eq!(found.files.is_empty(), part.contains("not installed"));
    };
    let warning = Severity::Warning;
    check(
        "tool.service",
        "ExecStart=tool\n",
        warning,
        "nor started; it runs as root",
    );
    check(
        "tool.service",
        "DynamicUser=yes\nExecStart=tool\n",
        warning,
        "nor started",
    );
    check(
        "tool.sysusers",
        "u _tool -\n",
        warning,
        "systemd makes its users",
    );
    check(
        "tool.sysusers",
        "u _tool 0\n",
        warning,
        "not installed: _tool is root",
    );
    check(
        "tool.tmpfiles",
        "d /run/tool\n",
        warning,
        "systemd makes its files",
    );
    check(
        "tool.tmpfiles",
        "f /etc/cron.d/x\n",
        warning,
        "not installed: /etc/cron.d/x",
    );
    check(
        "udev/1-tool.rules",
        "TAG+=\"uaccess\"\n",
        warning,
        "installed by dh_installudev",
    );
    check(
        "udev/1-tool.rules",
        "RUN+=\"/x\"\n",
        warning,
        "not installed: RUN",
    );
}

#[test]
fn completions_and_pages() {
    let to = "debian/tool/usr/share";
    check(
        &[
            ("completions/tool.bash", ""),
            ("completions/_tool", ""),
            ("completions/tool.fish", ""),
            ("completions/_other", ""),
        ],
        &[
            &format!(
                "install -D -m 644 completions/tool.bash {to}/bash-completion/completions/tool"
            ),
            &format!("install -D -m 644 completions/_tool {to}/zsh/vendor-completions/_tool"),
            &format!(
                "install -D -m 644 completions/tool.fish {to}/fish/vendor_completions.d/tool.fish"
            ),
        ],
    );
    check(
        &[
            ("man/tool.1", ".TH x\n"),
            ("man/tool-a.1", ".\\\" x\n"),
            ("man/tool.conf.5", "'\\\" t\n"),
            ("man/tool.7", "Tool\n"),
            ("data/other.1", ".TH\n"),
        ],
        &[
            "page man/tool-a.1",
            "page man/tool.1",
            "page man/tool.conf.5",
        ],
    );
}

#[test]
fn desktop_files_and_devices() {
    let desktop = "[Desktop Entry]\nExec=tool %U\nIcon=tool\n[Desktop Action x]\nExec=other\n";
    let to = "debian/tool/usr/share";
    check(
        &[
            ("data/tool.desktop", desktop),
            ("data/tool.svg", ""),
            ("data/hicolor/48x48/apps/tool.png", ""),
            ("data/t.metainfo.xml", ""),
        ],
        &[
            &format!("install -D -m 644 data/tool.desktop {to}/applications/tool.desktop"),
            &format!(
                "install -D -m 644 data/hicolor/48x48/apps/tool.png {to}/icons/hicolor/48x48/apps/tool.png"
            ),
            &format!("install -D -m 644 data/tool.svg {to}/icons/hicolor/scalable/apps/tool.svg"),
            &format!("install -D -m 644 data/t.metainfo.xml {to}/metainfo/t.metainfo.xml"),
        ],
    );
    check(
        &[
            ("data/other.desktop", "[Desktop Entry]\nExec=other\n"),
            ("o.metainfo.xml", ""),
        ],
        &[],
    );
    check(&[("udev/51-tool.rules", "x\n")], &["debian/tool.udev: x|"]);
}

#[test]
fn what_the_backend_installs_is_left_to_it() {
    let pyproject = "[tool.setuptools.data-files]\n\"etc/tool\" = [\"conf/*.ini\"]\n\"share/man/man1\" = [\"man/tool.1\"]\n";
    let etc = "mv debian/tool/usr/etc debian/tool/etc";
    check(
        &[
            ("pyproject.toml", pyproject),
            ("man/tool.1", ".TH x\n"),
            ("conf/a.ini", ""),
        ],
        &[etc],
    );
    let hatch = "[tool.hatch.build.targets.wheel.shared-data]\n\"config\" = \"etc/jupyter\"\n";
    check(&[("pyproject.toml", hatch)], &[etc]);
    let cfg = "[options.data_files]\netc/tool =\n    a.ini\nshare/x =\n    completions/tool.bash\n";
    check(&[("setup.cfg", cfg), ("completions/tool.bash", "")], &[etc]);
    let flit = "[tool.flit.external-data]\ndirectory = \"data\"\n";
    check(
        &[
            ("pyproject.toml", flit),
            ("data/share/man/man1/tool.1", ".TH\n"),
        ],
        &[],
    );
    let setup =
        "setup(data_files=[('etc/tool', ['a.ini']), ('share/doc', ['completions/tool.fish'])])";
    check(
        &[
            ("setup.py", setup),
            ("completions/tool.fish", ""),
            ("man/tool.1", ".TH\n"),
        ],
        &[
            "if [ -d debian/tool/usr/etc ]; then mv debian/tool/usr/etc debian/tool/etc; fi",
            "page man/tool.1",
        ],
    );
}

#[test]
fn units_of_a_session_by_their_name() {
    check(
        &[("tool-user.service", "ExecStart=tool\n")],
        &[
            "override_dh_installsystemduser: dh_installsystemduser --no-enable --name=tool-user",
            "debian/tool.tool-user.user.service: ExecStart=/usr/bin/tool|",
        ],
    );
}

#[test]
fn what_the_backend_installs_elsewhere_than_debian_wants_it() {
    let hatch = "[tool.hatch.build.targets.wheel.shared-data]\n\
        \"c/_tool\" = \"share/zsh/site-functions/_tool\"\n\"R\" = \"share/doc/t_l/R\"\n";
    check(
        &[("pyproject.toml", hatch), ("c/_tool", "")],
        &[
            "mv debian/tool/usr/share/zsh/site-functions debian/tool/usr/share/zsh/vendor-completions",
            "mv debian/tool/usr/share/doc/t_l debian/tool/usr/share/doc/tool",
        ],
    );
}

proptest::proptest! {
    #[test]
    fn total(name in "[-._@a-zé/]{1,12}(\\.service|\\.desktop|\\.1|\\.rules|\\.toml|\\.bash)", text in "(Exec|ExecStart|User|Icon|tool|/|=|\\[|\"|\\.TH|é|\n| ){0,20}") {
        let tree = Tree::of_texts(&[(&name, &text), ("pyproject.toml", &text), ("setup.cfg", &text)]);
        let found = find(&tree, &Settings::of(&tree), "tool", &["tool".to_owned()]);
        // Whatever is installed has been told.
        let made = found.install.len() + found.files.len() + found.pages.len();
        proptest::prop_assert!(made <= found.findings.len());
    }
}
