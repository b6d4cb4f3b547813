//! A network in which everybody asks for the same, and the quorum set names nobody twice: who can split it is a threshold over thresholds.
//!
//! Give each of two sides its own nodes, and Byzantine nodes to both. An entry that both sides can satisfy at once counts for both, any
//! other for the side that gets all its nodes. Of n entries of which m count for both, t can be reached on either side exactly when
//! m + n >= 2t. So a threshold t of n can be satisfied by both sides when at least 2t - n of its entries can, and a validator when it is
//! Byzantine. What remains is that somebody must be left on either side to diverge: two nodes that are not Byzantine suffice, as a side
//! that needs none of them is satisfied by the Byzantine nodes alone.

use crate::analysis::encode::cells::gates;
use crate::analysis::encode::order::Order;
use crate::analysis::encode::split::Split;
use crate::diagram::{Function, Functions, Unfinished};
use crate::network::sorting::{sort_by_key, sort_distinct};
use crate::network::{Fbas, NodeId, NodeSet, QuorumSet, QuorumSetId};

/// The quorum set that everybody has.
pub struct OneQuorumSet {
    id: QuorumSetId,
    diverging: NodeSet,
}

impl OneQuorumSet {
    /// The quorum set that all nodes have, if there is one, if it names nobody twice, and only nodes that may diverge.
    pub fn of(fbas: &Fbas, diverging: &NodeSet) -> Option<Self> {
        let alive = fbas.alive();
        let id = fbas.quorum_set_of(alive.iter().next()?)?;
        let is_shared = alive.iter().all(|node| fbas.quorum_set_of(node) == Some(id));
        let mut named = Vec::new();
        names(fbas, id, &mut named);
        let count = named.len();
        sort_distinct(&mut named);
        let all_diverge = named.iter().all(|&node| diverging.contains(node));
        let diverging = diverging.intersection(&alive);
        (is_shared && named.len() == count && all_diverge).then_some(OneQuorumSet { id, diverging })
    }

    /// How many Byzantine nodes leave two that diverge; none if there are no two.
    pub fn most_byzantine(&self) -> Option<usize> {
        self.diverging.len().checked_sub(2)
    }

    /// Whether both sides can be satisfied when these nodes are Byzantine.
    pub fn splits(
        &self,
        functions: &mut Functions,
        fbas: &Fbas,
        order: &Order,
        is_byzantine: impl Fn(NodeId) -> Function,
    ) -> Result<Function, Unfinished> {
        Ok(gates(functions, fbas, order, needed_for_both, is_byzantine)?[self.id.index()])
    }

    /// A split by as few of these nodes as possible, if they can split it.
    pub fn split_by(&self, fbas: &Fbas, candidates: &NodeSet) -> Option<Split> {
        let byzantine = self.fewest(fbas, self.id, candidates)?;
        let byzantine = NodeSet::of(fbas.node_count(), byzantine);
        let mut sides = [byzantine.clone(), byzantine.clone()];
        self.share_out(fbas, self.id, &byzantine, &mut sides);
        let honest = self.diverging.difference(&byzantine);
        if sides.iter().any(|side| side.is_disjoint(&honest)) {
            // The Byzantine nodes satisfy a side alone, so whoever is left may stand anywhere.
            sides = [byzantine.clone(), byzantine.clone()];
            for (index, node) in honest.iter().take(2).enumerate() {
                sides[index].insert(node);
            }
        }
        let [a, b] = sides;
        Some(Split { byzantine, a, b })
    }

    /// The fewest candidates that let both sides satisfy the quorum set.
    fn fewest(&self, fbas: &Fbas, id: QuorumSetId, candidates: &NodeSet) -> Option<Vec<NodeId>> {
        let set = fbas.quorum_sets().get(id);
        let validators =
            set.validators.iter().filter(|&&node| candidates.contains(node)).map(|&node| vec![node]);
        let inner = set.inner.iter().filter_map(|&inner| self.fewest(fbas, inner, candidates));
        let mut entries: Vec<Vec<NodeId>> = validators.chain(inner).collect();
        sort_by_key(&mut entries, Vec::len);
        let needed = needed_for_both(set) as usize;
        (entries.len() >= needed).then(|| entries.into_iter().take(needed).flatten().collect())
    }

    /// Whether both sides can satisfy the quorum set with these Byzantine nodes.
    fn can_both(&self, fbas: &Fbas, id: QuorumSetId, byzantine: &NodeSet) -> bool {
        self.fewest(fbas, id, byzantine).is_some()
    }

    /// Gives the nodes of a quorum set, which both sides can satisfy, to one side or the other so that both do.
    fn share_out(&self, fbas: &Fbas, id: QuorumSetId, byzantine: &NodeSet, sides: &mut [NodeSet; 2]) {
        let set = fbas.quorum_sets().get(id);
        let shared = set.validators.iter().filter(|&&node| byzantine.contains(node)).count();
        let (for_both, for_one): (Vec<QuorumSetId>, Vec<QuorumSetId>) =
            set.inner.iter().copied().partition(|&inner| self.can_both(fbas, inner, byzantine));
        for_both.iter().for_each(|&inner| self.share_out(fbas, inner, byzantine, sides));
        let validators =
            set.validators.iter().filter(|&&node| !byzantine.contains(node)).map(|&node| vec![node]);
        let inner = for_one.into_iter().map(|inner| fbas.named_in(inner));
        let for_first = (set.threshold as usize).saturating_sub(shared + for_both.len());
        for (index, nodes) in validators.chain(inner).enumerate() {
            let side = &mut sides[usize::from(index >= for_first)];
            nodes.into_iter().for_each(|node| side.insert(node));
        }
    }
}

/// How many entries must count for both sides so that both reach the threshold.
fn needed_for_both(set: &QuorumSet) -> u64 {
    (2 * set.threshold).saturating_sub(set.entry_count() as u64)
}

/// The nodes that a quorum set names, once per entry.
fn names(fbas: &Fbas, id: QuorumSetId, named: &mut Vec<NodeId>) {
    let set = fbas.quorum_sets().get(id);
    named.extend(&set.validators);
    set.inner.iter().for_each(|&inner| names(fbas, inner, named));
}
