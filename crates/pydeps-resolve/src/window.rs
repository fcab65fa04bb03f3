//! How far a distribution may step back: a root from its newest release, any other from
//! the newest release that meets a requirement.

use pep440_rs::Version;
use pydeps_core::name::DistName;
use pydeps_core::upstream::Project;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::candidates;
use crate::edges::RequirementEdge;
use crate::origins::OriginKind;
use crate::policy::StepBack;
use crate::provider::DebianProvider;

impl DebianProvider<'_> {
    /// The versions that a root may take: its pinned version, or if it floats those of the
    /// window and of other origins, or else all.
    pub(crate) fn root_window(&self, edge: &RequirementEdge) -> Result<Ranges<Version>, Stop> {
        let name = &edge.name;
        if let Some(version) = self.policy.pinned.get(name) {
            return Ok(Ranges::singleton(version.clone()));
        }
        let floats = edge.specifiers.is_empty() && self.constraints_on(name).is_empty();
        if !floats || self.is_leaf(name) {
            return Ok(Ranges::full());
        }
        let Some(project) = self.require_project(name)? else {
            return Ok(Ranges::full());
        };
        let options = &self.problem.options;
        let candidates = self.candidates(project);
        let mut window = candidates::within(project, &candidates, options, self.policy.step_back);
        for (_, version) in self.origins(name).fixed() {
            window = window.union(&Ranges::singleton(version.clone()));
        }
        Ok(window)
    }

    /// Reduces the range of a requirement to the window before its newest release, if the
    /// policy has windows for requirements.
    pub(crate) fn in_window(
        &self,
        name: &DistName,
        range: Ranges<Version>,
    ) -> Result<Ranges<Version>, Stop> {
        if let Some(version) = self.policy.pinned.get(name) {
            if !self.is_root(name) {
                return Ok(range.intersection(&Ranges::singleton(version.clone())));
            }
        }
        let origins = self.origins(name);
        let (Some(outside_window), true) = (&self.policy.outside_window, origins.index) else {
            return Ok(range);
        };
        if !self.admits(name, &origins, OriginKind::Index) {
            return Ok(range);
        }
        let Some(project) = self.require_project(name)? else {
            return Ok(range);
        };
        let mut window = self.window(project, &range);
        let fixed = origins.fixed().map(|(_, version)| version);
        for version in outside_window.get(name).into_iter().chain(fixed) {
            window = window.union(&Ranges::singleton(version.clone()));
        }
        Ok(range.intersection(&window))
    }

    /// The window before the newest candidate in a range; the range itself if it has no
    /// candidates.
    fn window(&self, project: &Project, range: &Ranges<Version>) -> Ranges<Version> {
        self.context.cache.window(&project.name, range, || {
            let mut inside = self.candidates(project).to_vec();
            inside.retain(|version| range.contains(version));
            if inside.is_empty() {
                return range.clone();
            }
            let options = &self.problem.options;
            candidates::within(project, &inside, options, StepBack::Window)
        })
    }
}
