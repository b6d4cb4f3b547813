//! The top tier: the union of all minimal quorums.
//!
//! A node v belongs to it exactly when there is a quorum Q with v in it such that Q \ {v} contains no quorum: every minimal
//! quorum inside Q then has v. Most members are found by shrinking quorums; the solver is asked only about the others.

use super::encode::encoding::Encoding;
use super::encode::formulas::demand_blocked;
use super::error::AnalysisError;
use super::options::Options;
use super::scenario::{check, Scenario};
use crate::budget::{Budget, Stop};
use crate::network::{Fbas, Groups, Network, NodeId, NodeSet};
use crate::sat::counter::Unary;
use crate::sat::solve;
use crate::subject::{Figure, Subject};

/// The nodes, or their groups, that are in some minimal quorum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopTier {
    /// Public keys or group labels, ascending.
    pub top_tier: Vec<String>,
    /// Whether it is all of it. Otherwise, with `anytime`: those that were found before the budget ended.
    pub is_exact: bool,
}

/// The union of all minimal quorums. By group: the groups of its nodes.
pub fn top_tier(network: &Network, options: &Options, budget: &Budget) -> Result<TopTier, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let groups = Groups::of(network, &options.group_by);
    let (members, is_exact) = top_tier_nodes(&scenario, options, &Figure::TopTier.into(), budget)?;
    Ok(TopTier { top_tier: groups.labels_of(&members), is_exact })
}

/// The nodes that are in some minimal quorum, and whether they are all; with `anytime`, those found before the budget ended.
pub(super) fn top_tier_nodes(
    scenario: &Scenario,
    options: &Options,
    subject: &Subject,
    budget: &Budget,
) -> Result<(NodeSet, bool), AnalysisError> {
    let mut known =
        Candidates { members: scenario.nobody(), open: scenario.view.of_minimal_quorums().alive() };
    match find(scenario, &mut known, subject, budget) {
        Err(error) if error.is_stopped() && options.anytime => Ok((known.members, false)),
        Err(AnalysisError::Stopped(stop)) => Err(AnalysisError::StoppedBetween {
            stop,
            lower: known.members.len() as u32,
            upper: Some((known.members.len() + known.open.len()) as u32),
        }),
        outcome => outcome.map(|()| (known.members, true)),
    }
}

/// What is known of the top tier while it is looked for.
struct Candidates {
    members: NodeSet,
    /// Those that may be members.
    open: NodeSet,
}

impl Candidates {
    fn decide(&mut self, nodes: &NodeSet, are_members: bool) {
        self.open = self.open.difference(nodes);
        if are_members {
            self.members = self.members.union(nodes);
        }
    }
}

fn find(
    scenario: &Scenario,
    known: &mut Candidates,
    subject: &Subject,
    budget: &Budget,
) -> Result<(), AnalysisError> {
    let parts = match scenario.techniques.parts {
        true => scenario.view.parts(&|node| node.0),
        false => vec![scenario.view.of_minimal_quorums().alive().iter().collect()],
    };
    for part in parts {
        find_among(&part, scenario, known, subject, budget)?;
    }
    Ok(())
}

/// Decides about some nodes, in ascending order, in which all minimal quorums lie that have one of them.
fn find_among(
    part: &[NodeId],
    scenario: &Scenario,
    known: &mut Candidates,
    subject: &Subject,
    budget: &Budget,
) -> Result<(), AnalysisError> {
    let written = scenario.view.written.alone(part);
    let fbas = scenario.view.live.alone(part);
    let fbas = &fbas.reduced_to(&fbas.alive());
    let classes = fbas.classes(|_| ());
    let mut members = NodeSet::empty(fbas.node_count());
    for class in &classes {
        budget.check()?;
        if let Some(watch) = budget.watch() {
            let found = known.members.len() as u32;
            watch.note(subject, "quorums", found, Some(found + known.open.len() as u32));
        }
        let node = class.members[0];
        if members.contains(node) {
            continue;
        }
        let guess = scenario
            .techniques
            .guesses
            .then(|| quorum_shrunk_around(fbas, node, &members, budget))
            .transpose()?
            .flatten();
        let found = match guess {
            Some(quorum) => Some(quorum),
            None => quorum_that_needs(fbas, node, budget)?,
        };
        let mut decide = |nodes: &NodeSet, are_members| {
            let nodes = nodes.iter().map(|node| part[node.index()]);
            known.decide(&NodeSet::of(scenario.network.node_count(), nodes), are_members);
        };
        let Some(quorum) = found else {
            decide(&NodeSet::of(fbas.node_count(), class.members.iter().copied()), false);
            continue;
        };
        let mut without = quorum.clone();
        without.remove(node);
        check(
            written.is_quorum(&quorum) && !written.has_quorum_inside(&without),
            "a quorum around a top-tier node",
        )?;
        let minimal = fbas.minimal_quorum_inside(&quorum, &[], || budget.check())?;
        // Exchangeable nodes are in minimal quorums together or not at all.
        let found = classes.iter().filter(|class| class.members.iter().any(|&node| minimal.contains(node)));
        let found = NodeSet::of(fbas.node_count(), found.flat_map(|class| &class.members).copied());
        decide(&found, true);
        members = members.union(&found);
    }
    Ok(())
}

/// A quorum that contains the node and, without it, no quorum; found, if it is easy to find, by removing other nodes one by one:
/// first those already known to be in the top tier, which the node's minimal quorum may not need.
fn quorum_shrunk_around(
    fbas: &Fbas,
    node: NodeId,
    known: &NodeSet,
    budget: &Budget,
) -> Result<Option<NodeSet>, Stop> {
    let all: Vec<NodeId> = fbas.alive().iter().filter(|&other| other != node).collect();
    let (mut known_first, unknown): (Vec<NodeId>, Vec<NodeId>) =
        all.iter().partition(|&&other| known.contains(other));
    known_first.extend(unknown);
    let backwards: Vec<NodeId> = all.into_iter().rev().collect();
    let live = fbas.largest_quorum_inside(&fbas.alive());
    for order in [known_first, backwards] {
        let quorum = fbas.shrunk(live.clone(), &order, Some(node), || budget.check())?;
        let mut without = quorum.clone();
        without.remove(node);
        if quorum.contains(node) && !fbas.has_quorum_inside(&without) {
            return Ok(Some(quorum));
        }
    }
    Ok(None)
}

/// A quorum that contains the node and, without it, no quorum, if there is one. The solver proposes quorums with the node in
/// which, without it, somebody is unsatisfied; where a quorum is left all the same, that one is ruled out.
fn quorum_that_needs(fbas: &Fbas, node: NodeId, budget: &Budget) -> Result<Option<NodeSet>, AnalysisError> {
    let mut encoding = Encoding::new(fbas, |other| other == node, budget);
    let mut side = encoding.side();
    encoding.demand_quorum(&mut side);
    let Some(nodes_class) = encoding.classes.of(node) else { return Ok(None) };
    encoding.formula.clause([side.first(nodes_class)]);
    let mut counts = side.counts.clone();
    counts[nodes_class.index()] = Unary::zero(&mut encoding.formula, 1);
    let mut without = encoding.side_of(counts);
    demand_blocked(&mut encoding, &mut without);
    while let Some(model) = solve(&encoding.formula, budget)? {
        let quorum = encoding.decode(&side, &model);
        let mut rest = quorum.clone();
        rest.remove(node);
        let left = fbas.largest_quorum_inside(&rest);
        if left.is_empty() {
            return Ok(Some(quorum));
        }
        let minimal = fbas.minimal_quorum_inside(&left, &[], || budget.check())?;
        let clause = encoding.clause_against(&side, &minimal);
        encoding.formula.clause(clause);
    }
    Ok(None)
}
