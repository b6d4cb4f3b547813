//! Quorum intersection: do every two quorums share a node? Two disjoint quorums are the witness that they do not.

use super::cost::bounds::Bounds;
use super::cost::charges::Charges;
use super::encode::sides::Sides;
use super::encode::split::least_shared;
use super::error::AnalysisError;
use super::options::Options;
use super::scenario::{check, Scenario};
use super::technique::counting::{Counting, Found, Sets};
use crate::budget::Budget;
use crate::network::{GroupBy, Groups, Network, NodeSet};
use crate::sat::solve;

/// Whether every two quorums share a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuorumIntersection {
    /// Whether any quorum exists.
    pub has_quorum: bool,
    /// Whether a quorum exists and every two quorums share a node; false as well if, with `anytime`, the budget ended before that was
    /// proven.
    pub has_quorum_intersection: bool,
    /// Whether the verdict is proven. Otherwise, with `anytime`, the budget ended first.
    pub is_exact: bool,
    /// Two disjoint quorums, if there are any: public keys, ascending.
    pub disjoint_quorums: Option<(Vec<String>, Vec<String>)>,
}

/// Whether every two quorums share a node.
pub fn quorum_intersection(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<QuorumIntersection, AnalysisError> {
    intersection_of(&Scenario::of(network, options), options, budget)
}

/// What an analysis may spend on the verdict on intersection that it states beside its own answer: with `anytime`, half of the time.
pub(super) fn budget_for_verdict(options: &Options, budget: &Budget) -> Budget {
    let half = budget.remaining().filter(|_| options.anytime).map(|left| left / 2);
    half.map_or_else(|| budget.clone(), |half| budget.clone().with_time_limit(half))
}

/// Whether every two quorums share a node.
pub(super) fn intersection_of(
    scenario: &Scenario,
    options: &Options,
    budget: &Budget,
) -> Result<QuorumIntersection, AnalysisError> {
    let network = scenario.network;
    let disjoint = disjoint_quorums(scenario, options, budget)?;
    let has_quorum = scenario.view.has_quorum();
    let is_exact = scenario.view.disjoint_quorums().is_some();
    Ok(QuorumIntersection {
        has_quorum,
        has_quorum_intersection: has_quorum && is_exact && disjoint.is_none(),
        is_exact,
        disjoint_quorums: disjoint.map(|(a, b)| (network.keys_of(&a), network.keys_of(&b))),
    })
}

/// Two disjoint quorums, if there are any; the view remembers the verdict. With `anytime`, none and no verdict if the budget ends first.
pub(super) fn disjoint_quorums(
    scenario: &Scenario,
    options: &Options,
    budget: &Budget,
) -> Result<Option<(NodeSet, NodeSet)>, AnalysisError> {
    if let Some(verdict) = scenario.view.disjoint_quorums() {
        return Ok(verdict.clone());
    }
    let pair = match find(scenario, budget) {
        Err(error) if error.is_stopped() && options.anytime => return Ok(None),
        found => found?,
    };
    if let Some((a, b)) = &pair {
        let holds =
            scenario.view.written.is_quorum(a) && scenario.view.written.is_quorum(b) && a.is_disjoint(b);
        check(holds, "two disjoint quorums")?;
    }
    Ok(scenario.view.keep_disjoint_quorums(pair).clone())
}

fn find(scenario: &Scenario, budget: &Budget) -> Result<Option<(NodeSet, NodeSet)>, AnalysisError> {
    budget.check()?;
    let live = &scenario.view.live;
    // A quorum beside a minimal one of each component: the usual way in which networks fall apart.
    for quorum in live.minimal_quorum_candidates() {
        let minimal = live.minimal_quorum_inside(&quorum, &[], || budget.check())?;
        let beside = live.largest_quorum_inside(&live.alive().difference(&minimal));
        if !beside.is_empty() {
            let other = live.minimal_quorum_inside(&beside, &[], || budget.check())?;
            return Ok(Some((minimal, other)));
        }
    }
    let fbas = scenario.view.of_minimal_quorums();
    let groups = Groups::of(scenario.network, &GroupBy::Node);
    let charges = Charges::new(&groups, fbas.alive());
    let bounds = Bounds::new(fbas, &charges, budget)?;
    let everybody = fbas.alive();
    if scenario.techniques.bounds && least_shared(fbas, &bounds, &everybody, budget)? > 0 {
        return Ok(None);
    }
    if scenario.techniques.counting {
        let counting = Counting::new(fbas, &everybody, &charges, &bounds);
        if counting.tells_much(0, budget)? {
            match counting.split(0, budget)? {
                Found::Nothing => return Ok(None),
                Found::Split(Sets { a, b, .. }) => return Ok(Some((a, b))),
                Found::Unknown => {}
            }
        }
    }
    let sides = Sides::disjoint(fbas);
    Ok(solve(&sides.encoding.formula, budget)?.map(|model| {
        let (a, b, _) = sides.decode(&model);
        (fbas.largest_quorum_inside(&a), fbas.largest_quorum_inside(&b))
    }))
}
