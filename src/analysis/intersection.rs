//! Quorum intersection: do every two quorums share a node? Two disjoint quorums are the witness that they do not.

use super::error::AnalysisError;
use super::options::{Options, Techniques};
use super::scenario::{check, Scenario};
use super::technique::pair::Pair;
use crate::budget::Budget;
use crate::network::{GroupBy, Groups, Network, NodeSet};

/// The verdict on quorum intersection: whether a quorum exists and every two quorums share a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Intersection {
    /// No quorum exists, so quorums cannot be said to intersect.
    NoQuorum,
    /// Proven: a quorum exists, and every two quorums share a node.
    Proven,
    /// These two quorums share no node: public keys, ascending.
    Disjoint(Vec<String>, Vec<String>),
    /// A quorum exists and, with `anytime`, the budget ended before more was known.
    #[default]
    Open,
}

impl Intersection {
    /// Whether any quorum exists.
    pub fn has_quorum(&self) -> bool {
        *self != Intersection::NoQuorum
    }

    /// Whether it is proven that a quorum exists and every two quorums share a node.
    pub fn has_quorum_intersection(&self) -> bool {
        *self == Intersection::Proven
    }

    /// Whether more time would not tell more.
    pub fn is_exact(&self) -> bool {
        *self != Intersection::Open
    }

    /// The two disjoint quorums, if there are any.
    pub fn disjoint_quorums(&self) -> Option<(&[String], &[String])> {
        match self {
            Intersection::Disjoint(a, b) => Some((a, b)),
            Intersection::NoQuorum | Intersection::Proven | Intersection::Open => None,
        }
    }
}

/// Whether every two quorums share a node.
pub fn quorum_intersection(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<Intersection, AnalysisError> {
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
) -> Result<Intersection, AnalysisError> {
    if scenario.view.disjoint_quorums().is_none() {
        match find_and_keep(scenario, budget) {
            Err(error) if error.is_stopped() && options.anytime => {}
            found => found?,
        }
    }
    let keys_of = |nodes| scenario.network.keys_of(nodes);
    Ok(match scenario.view.disjoint_quorums() {
        _ if !scenario.view.has_quorum() => Intersection::NoQuorum,
        Some(Some((a, b))) => Intersection::Disjoint(keys_of(a), keys_of(b)),
        Some(None) => Intersection::Proven,
        None => Intersection::Open,
    })
}

/// Looks for two disjoint quorums; the view remembers what comes of it.
pub(super) fn find_and_keep(scenario: &Scenario, budget: &Budget) -> Result<(), AnalysisError> {
    let pair = find(scenario, budget)?;
    if let Some((a, b)) = &pair {
        let holds =
            scenario.view.written.is_quorum(a) && scenario.view.written.is_quorum(b) && a.is_disjoint(b);
        check(holds, "two disjoint quorums")?;
    }
    scenario.view.keep_disjoint_quorums(pair);
    Ok(())
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
    let techniques = Techniques { guesses: false, ..scenario.techniques };
    Pair::of(fbas, &fbas.alive(), &groups, techniques).find(budget)
}
