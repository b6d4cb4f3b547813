//! A plan with figures: what the network is like before a change, after each round, after all of it, and in the state that is not safe.
//!
//! With `anytime` the plan may take half of the time, and the figures half of what is left, so that a plan which is not found in time still says what
//! the two networks are like. The rest is for what hangs on unknown nodes.

use super::beside::on_options;
use super::other_reading::{hangs_in_plan, Way};
use super::stages::{half_of, stages_of, Stage};
use crate::analysis::error::AnalysisError;
use crate::analysis::options::Options;
use crate::analysis::plan::{plan, Plan};
use crate::analysis::safety::Floors;
use crate::analysis::scenario::Scenario;
use crate::budget::Budget;
use crate::network::{Finding, GroupBy, Groups, NodeSet, Transition};
use crate::subject::State;

/// A plan with what the network is like on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// The plan.
    pub plan: Plan,
    /// The earlier network.
    pub before: Stage,
    /// The later network.
    pub after: Stage,
    /// After each round of the plan, if it has any.
    pub rounds: Vec<Stage>,
    /// In the state that is not safe, if there is one.
    pub unsafe_state: Option<Stage>,
    /// What the options and the networks have to say of each other.
    pub findings: Vec<Finding>,
}

/// Whether a change is safe, in which order it can be rolled out, and what the network is like on the way: all of it, see [`plan`].
pub fn rollout(
    transition: &Transition,
    unit: &GroupBy,
    floors: Floors,
    options: &Options,
    budget: &Budget,
) -> Result<Rollout, AnalysisError> {
    let options = &options.clone().with_reachable_from(None);
    let plan = plan(transition, unit, floors, options, &half_of(budget, options))?;
    let mut found = with_stages(plan, transition, unit, options, &half_of(budget, options))?;
    let way = Way { plan: &found.plan, before: &found.before, after: &found.after };
    let hanging = hangs_in_plan(&way, transition, unit, floors, options, budget)?;
    found.findings.extend(hanging);
    Ok(found)
}

/// A plan for a change with what the network is like on the way.
pub fn with_stages(
    plan: Plan,
    transition: &Transition,
    unit: &GroupBy,
    options: &Options,
    budget: &Budget,
) -> Result<Rollout, AnalysisError> {
    let network = transition.after();
    let units = Groups::of(network, unit);
    let groups = Groups::of(network, &options.group_by);
    let nodes_of = |labels: &[String]| {
        let is_member = |node: &_| labels.iter().any(|label| label == units.label(units.group(*node)));
        NodeSet::of(network.node_count(), transition.changing().iter().filter(is_member))
    };

    let mut changed = NodeSet::empty(network.node_count());
    let mut stages = vec![(State::Before, changed.clone())];
    for (number, round) in plan.rounds.iter().flatten().enumerate() {
        changed = changed.union(&nodes_of(round));
        stages.push((State::AfterRound(number), changed.clone()));
    }
    if let Some(state) = &plan.unsafe_state {
        stages.push((State::Unsafe, nodes_of(&state.changed)));
    }
    stages.push((State::After, transition.changing().clone()));
    let mut stages = stages_of(transition, &stages, &groups, options, budget)?;

    let after = stages.pop().unwrap_or_default();
    let unsafe_state = plan.unsafe_state.as_ref().and_then(|_| stages.pop());
    let rounds = stages.split_off(1);
    let findings = on_options(
        &Scenario::of(network, options),
        options,
        &[(&options.group_by, &groups), (unit, &units)][..if unit == &options.group_by { 1 } else { 2 }],
    );
    Ok(Rollout { plan, before: stages.pop().unwrap_or_default(), after, rounds, unsafe_state, findings })
}
