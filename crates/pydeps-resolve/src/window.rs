//! How far one steps back: roots from their newest release, others from the newest that
//! meets a requirement.

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
    /// The versions that a root may take: all, unless it floats or is settled.
    pub(crate) fn root_window(&self, edge: &RequirementEdge) -> Result<Ranges<Version>, Stop> {
        if let Some(version) = self.policy.fixed.get(&edge.name) {
            return Ok(Ranges::singleton(version.clone()));
        }
        let constrained = !self.constraints_on(&edge.name).is_empty();
        if self.is_leaf(&edge.name) || !edge.specifiers.is_empty() || constrained {
            return Ok(Ranges::full());
        }
        let Some(project) = self.project(&edge.name)? else {
            return Ok(Ranges::full());
        };
        let (candidates, step_back) = (self.candidates(project), self.policy.step_back);
        let within = candidates::within(project, &candidates, &self.problem.options, step_back);
        let fixed = self.origins(&edge.name);
        let near = fixed.fixed().map(|(_, version)| Ranges::singleton(version));
        Ok(near.fold(within, |all, one| all.union(&one)))
    }

    /// Of the versions that meet a requirement, those in the window before the newest of
    /// them; where the policy has a window.
    pub(crate) fn in_window(
        &self,
        name: &DistName,
        range: Ranges<Version>,
    ) -> Result<Ranges<Version>, Stop> {
        let settled = self.policy.fixed.get(name);
        if let Some(version) = settled.filter(|_| !self.is_root(name)) {
            return Ok(range.intersection(&Ranges::singleton(version.clone())));
        }
        let origins = self.origins(name);
        let choice = !origins.offers.is_empty();
        let (Some(kept), true) = (&self.policy.kept, origins.index) else {
            return Ok(range);
        };
        if !self.policy.admits(name, OriginKind::Index, choice) && !origins.is_bundled() {
            return Ok(range);
        }
        let Some(project) = self.project(name)? else {
            return Ok(range);
        };
        let mut window = self.window(project, &range);
        let fixed = origins.fixed().map(|(_, version)| version);
        for version in kept.get(name).cloned().into_iter().chain(fixed) {
            window = window.union(&Ranges::singleton(version));
        }
        Ok(range.intersection(&window))
    }

    /// The releases in a range that are in the window before the newest of them; the range
    /// itself if there are none.
    fn window(&self, project: &Project, range: &Ranges<Version>) -> Ranges<Version> {
        self.context.cache.window(&project.name, range, || {
            let all = self.candidates(project);
            let inside: Vec<Version> = all.iter().filter(|v| range.contains(v)).cloned().collect();
            match inside.is_empty() {
                true => range.clone(),
                false => {
                    let options = &self.problem.options;
                    candidates::within(project, &inside, options, StepBack::Window)
                }
            }
        })
    }
}
