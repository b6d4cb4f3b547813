//! What a split is, by the definition; in which part of a network one can take place; and how much two quorum sets share at least.

use crate::analysis::cost::bounds::{Bound, Bounds};
use crate::analysis::options::Scope;
use crate::budget::{Budget, Stop};
use crate::network::sorting::{sort, sort_distinct};
use crate::network::{Fbas, NodeId, NodeSet, QuorumSetId, View};

/// A splitting set with the two sets that it lets diverge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    pub byzantine: NodeSet,
    pub a: NodeSet,
    pub b: NodeSet,
}

/// The system that a split of this scope takes place in, and the nodes that count as diverging.
pub fn arena(view: &View, scope: Scope) -> (Fbas, NodeSet) {
    let live = &view.live;
    let (interesting, diverging) = match scope {
        Scope::All => (live.alive(), live.alive()),
        Scope::Core => (live.reachable_from(view.core()), view.core().clone()),
    };
    (without_surplus(&live.reduced_to(&interesting), &diverging), diverging)
}

/// The nodes that can be of use to a split as Byzantine ones: one that nobody names helps nobody.
pub fn can_help_to_split(fbas: &Fbas) -> NodeSet {
    NodeSet::of(fbas.node_count(), fbas.alive().iter().filter(|&node| fbas.is_named(node)))
}

/// Whether it splits by the definition, where the nodes of `diverging` count.
pub fn is_split(fbas: &Fbas, split: &Split, diverging: &NodeSet) -> bool {
    is_split_between(fbas, split, diverging, diverging)
}

/// Whether it splits by the definition, where a node of `in_a` diverges in A and one of `in_b` in B.
pub fn is_split_between(fbas: &Fbas, split: &Split, in_a: &NodeSet, in_b: &NodeSet) -> bool {
    let Split { byzantine, a, b } = split;
    let diverges = |side: &NodeSet, members: &NodeSet| {
        let honest = side.difference(byzantine).intersection(members);
        fbas.is_quorum_despite(side, byzantine) && honest.iter().any(|node| fbas.is_known(node))
    };
    diverges(a, in_a) && diverges(b, in_b) && a.intersection(b).is_subset(byzantine)
}

/// Of exchangeable nodes that nobody names, one for each side is enough; none of those that ask for nothing, as they do not diverge.
fn without_surplus(fbas: &Fbas, diverging: &NodeSet) -> Fbas {
    let mut keep = fbas.alive();
    for class in fbas.classes(|node| diverging.contains(node)) {
        if !fbas.is_named(class.first()) {
            let enough = if fbas.is_known(class.first()) { 2 } else { 0 };
            class.members.iter().skip(enough).for_each(|&node| keep.remove(node));
        }
    }
    fbas.reduced_to(&keep)
}

/// The least that the slices of two different nodes of `diverging` share: a lower bound on every splitting set.
pub fn least_shared(
    fbas: &Fbas,
    bounds: &Bounds,
    diverging: &NodeSet,
    budget: &Budget,
) -> Result<Bound, Stop> {
    let mut ids: Vec<QuorumSetId> = diverging.iter().filter_map(|node| fbas.quorum_set_of(node)).collect();
    sort(&mut ids);
    let holders: Vec<(QuorumSetId, usize)> =
        ids.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect();
    let mut least = Bound::Impossible;
    for (index, &(first, count)) in holders.iter().enumerate() {
        budget.check()?;
        if count > 1 {
            least = least.min(bounds.shared(first, first));
        }
        for &(second, _) in &holders[index + 1..] {
            least = least.min(bounds.shared(first, second));
        }
    }
    Ok(least)
}

/// The least that slices of the node and of one of the others share.
pub fn least_shared_with(fbas: &Fbas, bounds: &Bounds, node: NodeId, others: &NodeSet) -> Bound {
    let apart = others.iter().filter(|&other| other != node);
    let mut asked: Vec<QuorumSetId> = apart.filter_map(|other| fbas.quorum_set_of(other)).collect();
    sort_distinct(&mut asked);
    let shared = |own| asked.iter().map(|&other| bounds.shared(own, other)).min();
    fbas.quorum_set_of(node).map_or(Bound::NOTHING, |own| shared(own).unwrap_or(Bound::Impossible))
}
