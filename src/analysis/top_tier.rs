//! The top tier: the union of all minimal quorums.
//!
//! A node v belongs to it exactly when there is a quorum Q with v in it such that Q \ {v} contains no quorum: every minimal
//! quorum inside Q then has v. Most members are found by shrinking quorums; the solver is asked only about the others.

use super::encoding::Encoding;
use super::scenario::Scenario;
use super::{AnalysisError, Options};
use crate::budget::Budget;
use crate::network::{Fbas, Groups, Network, NodeId, NodeSet};
use crate::sat::solve;

/// The nodes, or their groups, that are in some minimal quorum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TopTier {
    /// Public keys or group labels, ascending.
    pub top_tier: Vec<String>,
}

/// The union of all minimal quorums. By group: the groups of its nodes.
pub fn top_tier(network: &Network, options: &Options, budget: &Budget) -> Result<TopTier, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let groups = Groups::of(network, &options.group_by);
    Ok(TopTier { top_tier: groups.labels_of(&top_tier_nodes(&scenario, budget)?) })
}

/// The nodes that are in some minimal quorum.
pub(super) fn top_tier_nodes(scenario: &Scenario, budget: &Budget) -> Result<NodeSet, AnalysisError> {
    let fbas = scenario.of_minimal_quorums();
    let classes = fbas.classes(|_| ());
    let mut members = scenario.nobody();
    for class in &classes {
        budget.check()?;
        let node = class.members[0];
        if members.contains(node) {
            continue;
        }
        let guess = scenario.techniques.guesses.then(|| quorum_shrunk_around(fbas, node, &members)).flatten();
        let quorum = match guess {
            Some(quorum) => quorum,
            None => match quorum_that_needs(fbas, node, budget)? {
                Some(quorum) => quorum,
                None => continue,
            },
        };
        let mut without = quorum.clone();
        without.remove(node);
        let holds = scenario.written.is_quorum(&quorum) && !scenario.written.has_quorum_inside(&without);
        scenario.check(holds, "a quorum around a top-tier node")?;
        let minimal = fbas.minimal_quorum_inside(&quorum, &[]);
        // Exchangeable nodes are in minimal quorums together or not at all.
        let found = classes.iter().filter(|class| class.members.iter().any(|&node| minimal.contains(node)));
        found.flat_map(|class| &class.members).for_each(|&node| members.insert(node));
    }
    Ok(members)
}

/// A quorum that contains the node and, without it, no quorum; found, if it is easy to find, by removing other nodes one by one:
/// first those already known to be in the top tier, which the node's minimal quorum may not need.
fn quorum_shrunk_around(fbas: &Fbas, node: NodeId, known: &NodeSet) -> Option<NodeSet> {
    let all: Vec<NodeId> = fbas.alive().iter().filter(|&other| other != node).collect();
    let (mut known_first, unknown): (Vec<NodeId>, Vec<NodeId>) =
        all.iter().partition(|&&other| known.contains(other));
    known_first.extend(unknown);
    let backwards: Vec<NodeId> = all.into_iter().rev().collect();
    [known_first, backwards].iter().find_map(|order| {
        let mut quorum = fbas.largest_quorum_inside(&fbas.alive());
        for &other in order {
            if !quorum.contains(other) {
                continue;
            }
            let mut without = quorum.clone();
            without.remove(other);
            let smaller = fbas.largest_quorum_inside(&without);
            if smaller.contains(node) {
                quorum = smaller;
            }
        }
        let mut without = quorum.clone();
        without.remove(node);
        (quorum.contains(node) && !fbas.has_quorum_inside(&without)).then_some(quorum)
    })
}

/// A quorum that contains the node and, without it, no quorum, if there is one. The solver proposes quorums with the node in
/// which, without it, somebody is unsatisfied; where a quorum is left all the same, that one is ruled out.
fn quorum_that_needs(fbas: &Fbas, node: NodeId, budget: &Budget) -> Result<Option<NodeSet>, AnalysisError> {
    let mut encoding = Encoding::new(fbas, |other| other == node);
    let mut side = encoding.side();
    encoding.demand_quorum(&mut side);
    let nodes_class = encoding.classes.iter().position(|class| class.members[0] == node);
    let Some(nodes_class) = nodes_class else { return Ok(None) };
    encoding.formula.clause([side.counts[nodes_class][0]]);
    let mut counts = side.counts.clone();
    counts[nodes_class] = vec![!encoding.formula.truth()];
    let mut without = encoding.side_of(counts);
    let mut unsatisfied = Vec::new();
    let alone = encoding.formula.variable();
    for (class, id) in encoding.known_classes() {
        if class == nodes_class {
            continue;
        }
        let member = side.counts[class][0];
        encoding.formula.implies(alone, !member);
        let is_first = encoding.formula.variable();
        let broken = encoding.broken(&mut without, id);
        encoding.formula.implies(is_first, member);
        encoding.formula.implies(is_first, broken);
        unsatisfied.push(is_first);
    }
    encoding.formula.clause(unsatisfied.into_iter().chain([alone]));
    while let Some(model) = solve(&encoding.formula, budget)? {
        let quorum = encoding.decode(&side, &model);
        let mut rest = quorum.clone();
        rest.remove(node);
        let left = fbas.largest_quorum_inside(&rest);
        if left.is_empty() {
            return Ok(Some(quorum));
        }
        let clause = encoding.clause_against(&side, &fbas.minimal_quorum_inside(&left, &[]));
        encoding.formula.clause(clause);
    }
    Ok(None)
}
