//! What `build` shows while it works.

use std::collections::BTreeMap;

use pydeps_build::{Built, Event, Phase};

use crate::ui::{Progress, Ui};

/// Tells what happens: a line for each beginning and end, and what is going on.
pub(crate) struct Watcher<'a> {
    ui: &'a Ui,
    progress: &'a Progress,
    running: BTreeMap<String, Phase>,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new(ui: &'a Ui, progress: &'a Progress) -> Self {
        Self {
            ui,
            progress,
            running: BTreeMap::new(),
        }
    }

    pub(crate) fn hear(&mut self, event: Event<'_>) {
        match event {
            Event::Begun {
                source,
                version,
                log,
            } => {
                self.running.insert(source.to_owned(), Phase::default());
                let text = format!("building {source} {version}: {}", log.display());
                self.progress.around(|| self.ui.status(&text));
            }
            Event::Phase(source, phase) => {
                self.running.insert(source.to_owned(), phase);
            }
            Event::Mended(fix) => {
                let text = format!("{}: {}: {}", fix.source, fix.change, fix.reason);
                self.progress.around(|| self.ui.status(&text));
            }
            Event::Ended(source, built) => {
                // What was there before was not begun.
                if self.running.remove(source).is_some() {
                    let text = ended(source, built);
                    self.progress.around(|| self.ui.status(&text));
                }
            }
        }
        let each = self.running.iter();
        let words: Vec<String> = each
            .map(|(source, phase)| format!("{source}: {}", phase.words()))
            .collect();
        self.progress.say(&words.join(", "));
    }
}

fn ended(source: &str, built: &Built) -> String {
    let version = &built.version;
    match (built.good, &built.reason) {
        (true, _) => format!("built {source} {version}"),
        (false, Some(reason)) => format!("{source} {version} is not built: {reason}"),
        (false, None) => format!("{source} {version} is not built"),
    }
}
