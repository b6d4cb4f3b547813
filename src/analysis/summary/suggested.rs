//! A suggestion with the way there: the fewest units that have to adopt a quorum set, in which order they can, and what the network is like before,
//! on the way and afterwards.
//!
//! With `anytime` the search may take half of the time, and the way and the figures half of what is left each. The rest is for what hangs on unknown
//! nodes.

use super::other_reading::{hangs_in_suggestion, Way};
use super::rollout::{with_stages, Rollout};
use super::stages::half_of;
use crate::analysis::error::AnalysisError;
use crate::analysis::options::Options;
use crate::analysis::safety::Floors;
use crate::analysis::suggest::{change_of, suggest, way_there, Suggestion};
use crate::budget::Budget;
use crate::network::{GroupBy, Transition};

/// A suggestion with the way there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// Who has to change.
    pub suggestion: Suggestion,
    /// How they get there, if anybody is known whose change will do: no state on the way is in a danger that the network is not in today. If nobody
    /// is known, nothing changes in it.
    pub way: Rollout,
}

impl Suggested {
    /// Whether all of it is proven. Only with [`Options::anytime`] it may not be.
    pub fn is_exact(&self) -> bool {
        self.suggestion.size.is_exact() && self.way.plan.is_exact
    }
}

/// The fewest units that have to change, and the way there: all of it, see [`suggest`].
pub fn suggested(
    transition: &Transition,
    unit: &GroupBy,
    floors: Floors,
    options: &Options,
    budget: &Budget,
) -> Result<Suggested, AnalysisError> {
    let options = &options.clone().with_reachable_from(None);
    let half = || half_of(budget, options);
    let suggestion = suggest(transition, unit, floors, options, &half())?;
    let change = change_of(transition, unit, suggestion.adopters.as_deref().unwrap_or_default());
    let today = suggestion.today.as_ref().map(|state| state.danger);
    let plan = way_there(&change, unit, today, options, &half())?;
    let mut found = with_stages(plan, &change, unit, options, &half())?;
    let way = Way { plan: &found.plan, before: &found.before, after: &found.after };
    let hanging = hangs_in_suggestion(&suggestion, &way, transition, unit, floors, options, budget)?;
    found.findings.extend(hanging);
    Ok(Suggested { suggestion, way: found })
}
