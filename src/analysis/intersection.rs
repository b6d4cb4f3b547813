//! Quorum intersection: do every two quorums share a node? Two disjoint quorums are the witness that they do not.

use super::bounds::Bounds;
use super::charges::Charges;
use super::scenario::Scenario;
use super::sides::Sides;
use super::splitting::least_shared;
use super::{AnalysisError, Options};
use crate::budget::Budget;
use crate::network::{Fbas, GroupBy, Groups, Network, NodeSet};
use crate::sat::solve;

/// Whether every two quorums share a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuorumIntersection {
    /// Whether any quorum exists.
    pub has_quorum: bool,
    /// Whether a quorum exists and every two quorums share a node.
    pub has_quorum_intersection: bool,
    /// Two disjoint quorums, if there are any: public keys, ascending.
    pub disjoint_quorums: Option<(Vec<String>, Vec<String>)>,
}

/// Whether every two quorums share a node.
pub fn quorum_intersection(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<QuorumIntersection, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let disjoint = disjoint_quorums(&scenario, budget)?;
    let has_quorum = scenario.has_quorum();
    Ok(QuorumIntersection {
        has_quorum,
        has_quorum_intersection: has_quorum && disjoint.is_none(),
        disjoint_quorums: disjoint.map(|(a, b)| (network.keys_of(&a), network.keys_of(&b))),
    })
}

/// Two disjoint quorums, if there are any.
pub(super) fn disjoint_quorums(
    scenario: &Scenario,
    budget: &Budget,
) -> Result<Option<(NodeSet, NodeSet)>, AnalysisError> {
    let pair = find(scenario, budget)?;
    if let Some((a, b)) = &pair {
        let holds = scenario.written.is_quorum(a) && scenario.written.is_quorum(b) && a.is_disjoint(b);
        scenario.check(holds, "two disjoint quorums")?;
    }
    Ok(pair)
}

fn find(scenario: &Scenario, budget: &Budget) -> Result<Option<(NodeSet, NodeSet)>, AnalysisError> {
    budget.check()?;
    let live = &scenario.live;
    let candidates = live.minimal_quorum_candidates();
    // A quorum beside a minimal one of each component: the usual way in which networks fall apart.
    for quorum in &candidates {
        let minimal = live.minimal_quorum_inside(quorum, &[]);
        let beside = live.largest_quorum_inside(&live.alive().difference(&minimal));
        if !beside.is_empty() {
            return Ok(Some((minimal, live.minimal_quorum_inside(&beside, &[]))));
        }
    }
    let fbas = scenario.of_minimal_quorums();
    if scenario.techniques.bounds && must_overlap(scenario, fbas) {
        return Ok(None);
    }
    let sides = Sides::disjoint(fbas);
    Ok(solve(&sides.encoding.formula, budget)?.map(|model| {
        let (a, b, _) = sides.decode(&model);
        (fbas.largest_quorum_inside(&a), fbas.largest_quorum_inside(&b))
    }))
}

/// Whether counting alone tells that every two quorums share a node.
fn must_overlap(scenario: &Scenario, fbas: &Fbas) -> bool {
    let groups = Groups::of(scenario.network, &GroupBy::Node);
    let charges = Charges::new(&groups, fbas.alive());
    let bounds = Bounds::new(fbas, &charges);
    least_shared(fbas, &bounds, &fbas.alive()) > 0
}
