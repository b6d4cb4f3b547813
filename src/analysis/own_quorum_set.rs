//! A node's own quorum set, and what is wrong in it for this node: does it name itself, which of its entries are dead, which of its inner sets
//! tolerate no failure, and which organisations could stop the node alone?

use std::collections::BTreeMap;

use super::scenario::Scenario;
use super::symmetric::NamedQuorumSet;
use crate::network::{Assignment, Fbas, Groups, NodeId, NodeSet, QuorumSetId};

/// A node's quorum set, and what is wrong in it for this node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnQuorumSet {
    /// As it is written.
    pub quorum_set: NamedQuorumSet,
    /// Whether it names its node, at any depth.
    pub names_itself: bool,
    /// Validators that it names, at any depth, and that are in no quorum: public keys, ascending.
    pub dead_validators: Vec<String>,
    /// Inner sets, at any depth, that are satisfied by no quorum.
    pub dead_sets: Vec<NamedQuorumSet>,
    /// Inner sets, at any depth, that are satisfied by the nodes that are in some quorum, but not when one more of their entries fails.
    pub intolerant_sets: Vec<NamedQuorumSet>,
    /// Organisations each of which alone halts the node when all its nodes, but the node itself, stop; nodes without one count by
    /// themselves. Ascending; empty where it is in no quorum now.
    pub stopped_by: Vec<String>,
}

/// What there is to say of the quorum set of a node, if it is known.
pub(super) fn own_quorum_set(
    scenario: &Scenario,
    assignment: &Assignment,
    organizations: &Groups,
    node: NodeId,
) -> Option<OwnQuorumSet> {
    let network = scenario.network;
    let written = &scenario.view.written;
    let live = scenario.view.live.alive();
    let id = assignment.quorum_set_of(node)?;
    let sets = assignment.quorum_sets();
    let named = NodeSet::of(network.node_count(), sets.named_in(id));
    let mut inner = Vec::new();
    inner_sets(assignment, id, &mut inner);
    let [dead, intolerant] = [Tolerance::Dead, Tolerance::None].map(|wanted| {
        let is_it = |&id: &QuorumSetId| tolerance(assignment, id, &live) == wanted;
        let found = inner.iter().copied().filter(is_it);
        found.map(|id| NamedQuorumSet::of(network, sets, id)).collect()
    });
    Some(OwnQuorumSet {
        quorum_set: NamedQuorumSet::of(network, sets, id),
        names_itself: named.contains(node),
        dead_validators: network.keys_of(&named.difference(&live)),
        dead_sets: dead,
        intolerant_sets: intolerant,
        stopped_by: stopped_by(written, &live, organizations, node),
    })
}

/// The inner sets at any depth, each once, outer ones first.
fn inner_sets(assignment: &Assignment, id: QuorumSetId, found: &mut Vec<QuorumSetId>) {
    for &inner in &assignment.quorum_sets().get(id).inner {
        if !found.contains(&inner) {
            found.push(inner);
            inner_sets(assignment, inner, found);
        }
    }
}

#[derive(PartialEq, Eq)]
enum Tolerance {
    /// It is not satisfied as it is.
    Dead,
    /// It is satisfied, but for some entry not without that.
    None,
    /// It is satisfied whichever single entry fails.
    Some,
}

/// How many failures of its entries a quorum set tolerates while these nodes are up.
fn tolerance(assignment: &Assignment, id: QuorumSetId, up: &NodeSet) -> Tolerance {
    let set = assignment.quorum_sets().get(id);
    // An entry that is listed twice fails twice.
    let mut satisfied: BTreeMap<Result<NodeId, QuorumSetId>, u64> = BTreeMap::new();
    for &validator in set.validators.iter().filter(|&&validator| up.contains(validator)) {
        *satisfied.entry(Ok(validator)).or_default() += 1;
    }
    for &inner in set.inner.iter().filter(|&&inner| tolerance(assignment, inner, up) != Tolerance::Dead) {
        *satisfied.entry(Err(inner)).or_default() += 1;
    }
    let count: u64 = satisfied.values().sum();
    let most = satisfied.values().max().copied().unwrap_or_default();
    match set.threshold {
        threshold if count < threshold => Tolerance::Dead,
        threshold if count - most < threshold => Tolerance::None,
        _ => Tolerance::Some,
    }
}

fn stopped_by(written: &Fbas, live: &NodeSet, organizations: &Groups, node: NodeId) -> Vec<String> {
    if !live.contains(node) {
        return Vec::new();
    }
    let all = organizations.groups_of(live).into_iter();
    let members = organizations.members();
    let stops = |members: &Vec<NodeId>| {
        let others =
            NodeSet::of(written.node_count(), members.iter().copied().filter(|&member| member != node));
        !others.is_empty() && !written.largest_quorum_inside(&live.difference(&others)).contains(node)
    };
    let found = all.filter(|group| stops(&members[group.index()]));
    found.map(|group| organizations.label(group).to_string()).collect()
}
