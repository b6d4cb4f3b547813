//! Quorum sets as shared threshold gates, and what they decide in linear time: whether a set of nodes is a
//! quorum, the largest quorum inside a set (a greatest fixpoint), a minimal quorum inside a quorum.
//!
//! These functions follow the definitions and nothing else: they are also what every witness is checked with.

use std::collections::HashMap;

use super::lists::Lists;
use super::node_set::{NodeId, NodeSet};
use super::sorting::{sort, sort_distinct};

/// A quorum set by its place in the store of an [`Fbas`]; equal sets have equal ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QuorumSetId(pub u32);

impl QuorumSetId {
    /// The id as an index into per-quorum-set vectors.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A threshold over validators and inner quorum sets. Entries count as often as they are listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuorumSet {
    /// How many entries must be satisfied.
    pub threshold: u64,
    /// Validator entries, ascending, duplicates kept.
    pub validators: Vec<NodeId>,
    /// Inner quorum sets, ascending, duplicates kept.
    pub inner: Vec<QuorumSetId>,
}

impl QuorumSet {
    /// The number of entries, with duplicates.
    pub fn entry_count(&self) -> usize {
        self.validators.len() + self.inner.len()
    }

    /// The inner sets of which any one satisfies it, if it asks for one of a few of them and of nothing else.
    pub fn ways(&self) -> Option<&[QuorumSetId]> {
        let asks_for_one = self.threshold == 1 && self.validators.is_empty();
        Some(&self.inner[..]).filter(|inner| asks_for_one && (1..=MOST_WAYS).contains(&inner.len()))
    }
}

/// Of more inner sets than this, ways to satisfy one of them are not told apart: there are as many pairs as their product.
const MOST_WAYS: usize = 4;

/// What a node asks for before it joins a quorum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Requirement {
    /// It is in no quorum: crashed, unknown under the policy `dead`, or of no interest to a question.
    Dead,
    /// Unknown under the policy `free`: it may be in any quorum that also has a known member.
    Free,
    /// Known: this quorum set must be satisfied.
    Known(QuorumSetId),
}

/// Distinct quorum sets, each stored once, inner sets before those that name them.
#[derive(Debug, Clone, Default)]
pub struct QuorumSets {
    sets: Vec<QuorumSet>,
    ids: HashMap<QuorumSet, QuorumSetId>,
}

impl QuorumSets {
    /// The id of a quorum set, which is stored if it is new. Entries are sorted here.
    ///
    /// # Panics
    ///
    /// If an inner set is not stored here: ids of another store mean nothing, and what is decided set by set needs inner ones first.
    pub fn intern(
        &mut self,
        threshold: u64,
        mut validators: Vec<NodeId>,
        mut inner: Vec<QuorumSetId>,
    ) -> QuorumSetId {
        sort(&mut validators);
        sort(&mut inner);
        assert!(
            inner.last().is_none_or(|last| last.index() < self.sets.len()),
            "an inner set of another store"
        );
        let set = QuorumSet { threshold, validators, inner };
        if let Some(&id) = self.ids.get(&set) {
            return id;
        }
        let id = QuorumSetId(self.sets.len() as u32);
        self.ids.insert(set.clone(), id);
        self.sets.push(set);
        id
    }

    /// Per quorum set, whether it is one of these or stands inside of one.
    pub fn asked_for(&self, own: impl IntoIterator<Item = QuorumSetId>) -> Vec<bool> {
        let mut is_asked_for = vec![false; self.len()];
        own.into_iter().for_each(|id| is_asked_for[id.index()] = true);
        // Inner sets stand before those that name them.
        for index in (0..is_asked_for.len()).rev() {
            if is_asked_for[index] {
                self.sets[index].inner.iter().for_each(|inner| is_asked_for[inner.index()] = true);
            }
        }
        is_asked_for
    }

    /// The distinct nodes that a quorum set names, at any depth, ascending.
    pub fn named_in(&self, id: QuorumSetId) -> Vec<NodeId> {
        let set = self.get(id);
        let mut named = set.validators.clone();
        set.inner.iter().for_each(|&inner| named.extend(self.named_in(inner)));
        sort_distinct(&mut named);
        named
    }

    /// Whether the nodes satisfy a quorum set.
    pub fn is_satisfied_by(&self, id: QuorumSetId, nodes: &NodeSet) -> bool {
        let set = self.get(id);
        let validators = set.validators.iter().filter(|&&node| nodes.contains(node)).count();
        let inner = set.inner.iter().filter(|&&inner| self.is_satisfied_by(inner, nodes)).count();
        (validators + inner) as u64 >= set.threshold
    }

    /// The quorum set with this id.
    pub fn get(&self, id: QuorumSetId) -> &QuorumSet {
        &self.sets[id.index()]
    }

    /// All quorum sets, inner ones before those that name them.
    pub fn iter(&self) -> impl Iterator<Item = (QuorumSetId, &QuorumSet)> {
        self.sets.iter().enumerate().map(|(index, set)| (QuorumSetId(index as u32), set))
    }

    /// The number of distinct quorum sets.
    pub fn len(&self) -> usize {
        self.sets.len()
    }

    /// Whether there is no quorum set.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }
}

/// A federated Byzantine agreement system: what each node asks for.
#[derive(Debug, Clone)]
pub struct Fbas {
    sets: QuorumSets,
    requirements: Vec<Requirement>,
    /// Per node: the quorum sets that list it, once per entry.
    listed_in: Lists<QuorumSetId>,
    /// Per quorum set: the quorum sets that have it as an inner set, once per entry.
    inner_of: Lists<QuorumSetId>,
    /// Per quorum set: the nodes whose own set it is.
    holders: Lists<NodeId>,
    /// Whether [`Fbas::classes`] may put nodes together.
    has_exchange: bool,
}

/// Nodes that satisfy all their known members, but for Byzantine ones.
#[derive(Debug, Clone)]
pub struct Supported {
    nodes: NodeSet,
    /// Per quorum set, how many of its entries they satisfy.
    counts: Vec<u64>,
}

impl Supported {
    /// Who they are.
    pub fn nodes(&self) -> &NodeSet {
        &self.nodes
    }
}

impl Fbas {
    /// The system of the given requirements, one a node.
    pub fn new(sets: QuorumSets, requirements: Vec<Requirement>) -> Self {
        let listing =
            || sets.iter().flat_map(|(id, set)| set.validators.iter().map(move |node| (node.index(), id)));
        let nesting =
            || sets.iter().flat_map(|(id, set)| set.inner.iter().map(move |inner| (inner.index(), id)));
        let holding = || {
            (0..).map(NodeId).zip(&requirements).filter_map(|(node, requirement)| match requirement {
                Requirement::Known(id) => Some((id.index(), node)),
                Requirement::Dead | Requirement::Free => None,
            })
        };
        let listed_in = Lists::of(requirements.len(), listing);
        let (inner_of, holders) = (Lists::of(sets.len(), nesting), Lists::of(sets.len(), holding));
        Self { sets, requirements, listed_in, inner_of, holders, has_exchange: true }
    }

    /// The same system, in which every node is taken for one of its kind. No answer depends on that.
    pub fn without_exchange(mut self) -> Self {
        self.has_exchange = false;
        self
    }

    /// Whether exchangeable nodes are treated alike.
    pub(super) fn has_exchange(&self) -> bool {
        self.has_exchange
    }

    /// The number of nodes, dead ones included: the capacity of node sets over this system.
    pub fn node_count(&self) -> usize {
        self.requirements.len()
    }

    /// All nodes, dead ones included.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> {
        (0..self.requirements.len() as u32).map(NodeId)
    }

    /// The distinct quorum sets.
    pub fn quorum_sets(&self) -> &QuorumSets {
        &self.sets
    }

    /// What the node asks for.
    pub fn requirement(&self, node: NodeId) -> Requirement {
        self.requirements[node.index()]
    }

    /// The node's own quorum set, if it is known.
    pub fn quorum_set_of(&self, node: NodeId) -> Option<QuorumSetId> {
        match self.requirement(node) {
            Requirement::Known(id) => Some(id),
            Requirement::Dead | Requirement::Free => None,
        }
    }

    /// Whether the node has a quorum set of its own.
    pub fn is_known(&self, node: NodeId) -> bool {
        self.quorum_set_of(node).is_some()
    }

    /// The quorum sets that list the node, once per entry, ascending.
    pub fn quorum_sets_listing(&self, node: NodeId) -> &[QuorumSetId] {
        self.listed_in.get(node.index())
    }

    /// The nodes whose own quorum set this is, ascending.
    pub fn holders(&self, id: QuorumSetId) -> &[NodeId] {
        self.holders.get(id.index())
    }

    /// The nodes that are not dead.
    pub fn alive(&self) -> NodeSet {
        let alive = self.nodes().filter(|&node| self.requirement(node) != Requirement::Dead);
        NodeSet::of(self.node_count(), alive)
    }

    /// Whether any quorum set lists the node.
    pub fn is_named(&self, node: NodeId) -> bool {
        !self.listed_in.get(node.index()).is_empty()
    }

    /// Per quorum set, how many of its entries `nodes` satisfies.
    fn satisfied_entries(&self, nodes: &NodeSet) -> Vec<u64> {
        let mut counts: Vec<u64> = Vec::with_capacity(self.sets.len());
        for (_, set) in self.sets.iter() {
            let validators = set.validators.iter().filter(|&&node| nodes.contains(node)).count();
            let is_satisfied = |id: &QuorumSetId| counts[id.index()] >= self.sets.get(*id).threshold;
            let inner = set.inner.iter().filter(|id| is_satisfied(id)).count();
            counts.push((validators + inner) as u64);
        }
        counts
    }

    /// Per quorum set, whether `nodes` satisfies it.
    pub fn satisfied_sets(&self, nodes: &NodeSet) -> Vec<bool> {
        let counts = self.satisfied_entries(nodes);
        self.sets.iter().map(|(id, set)| counts[id.index()] >= set.threshold).collect()
    }

    /// Whether `nodes` satisfies one quorum set.
    pub fn is_satisfied_by(&self, id: QuorumSetId, nodes: &NodeSet) -> bool {
        self.sets.is_satisfied_by(id, nodes)
    }

    /// Whether every known member of `nodes` outside `byzantine` is satisfied by `nodes`, none is dead, and at least
    /// one of them stands outside `byzantine`. With nobody Byzantine: whether `nodes` is a quorum.
    pub fn is_quorum_despite(&self, nodes: &NodeSet, byzantine: &NodeSet) -> bool {
        let satisfied = self.satisfied_sets(nodes);
        let honest = nodes.difference(byzantine);
        let mut has_known = false;
        for node in honest.iter() {
            match self.requirement(node) {
                Requirement::Dead => return false,
                Requirement::Free => {}
                Requirement::Known(id) if satisfied[id.index()] => has_known = true,
                Requirement::Known(_) => return false,
            }
        }
        has_known
    }

    /// Whether `nodes` is a quorum: not empty, with a known member, and every known member is satisfied.
    pub fn is_quorum(&self, nodes: &NodeSet) -> bool {
        self.is_quorum_despite(nodes, &NodeSet::empty(self.node_count()))
    }

    /// The largest subset of `inside` whose known members outside `byzantine` are all satisfied by it, where members of
    /// `byzantine` need nothing. It may have no known member at all; see [`Fbas::largest_quorum_inside`].
    pub fn largest_supported_inside(&self, inside: &NodeSet, byzantine: &NodeSet) -> NodeSet {
        self.supported_inside(inside, byzantine).nodes
    }

    /// The same, to be made smaller step by step.
    pub fn supported_inside(&self, inside: &NodeSet, byzantine: &NodeSet) -> Supported {
        let mut supported = Supported { nodes: inside.clone(), counts: self.satisfied_entries(inside) };
        let mut leaving: Vec<NodeId> = Vec::with_capacity(self.node_count());
        let honest = inside.iter().filter(|&node| !byzantine.contains(node));
        leaving.extend(honest.filter(|&node| !self.is_content(node, &supported)));
        self.take_out(leaving, &mut supported, byzantine);
        supported
    }

    /// Whether the node is satisfied by the set.
    pub fn is_content(&self, node: NodeId, supported: &Supported) -> bool {
        match self.requirement(node) {
            Requirement::Free => true,
            Requirement::Known(id) => supported.counts[id.index()] >= self.sets.get(id).threshold,
            Requirement::Dead => false,
        }
    }

    /// Takes nodes out of the set, and then known members outside `byzantine` as long as it does not satisfy them.
    pub fn take_out(&self, leaving: Vec<NodeId>, supported: &mut Supported, byzantine: &NodeSet) {
        let Supported { nodes, counts } = supported;
        self.leave(nodes, counts, leaving, byzantine, |_| true);
    }

    /// Takes nodes out of a set and then, one by one, known members outside `byzantine` that are no longer satisfied, as long as `go_on`
    /// agrees; it is told each. `counts` are the satisfied entries per quorum set, before and after.
    fn leave(
        &self,
        nodes: &mut NodeSet,
        counts: &mut [u64],
        mut leaving: Vec<NodeId>,
        byzantine: &NodeSet,
        mut go_on: impl FnMut(NodeId) -> bool,
    ) {
        let mut broken: Vec<QuorumSetId> =
            Vec::with_capacity(if leaving.is_empty() { 0 } else { self.sets.len() });
        while let Some(node) = leaving.pop() {
            if !nodes.contains(node) {
                continue;
            }
            nodes.remove(node);
            broken.extend(self.listed_in.get(node.index()));
            while let Some(id) = broken.pop() {
                let count = &mut counts[id.index()];
                *count -= 1;
                if *count + 1 == self.sets.get(id).threshold {
                    broken.extend(self.inner_of.get(id.index()));
                    leaving.extend(
                        self.holders
                            .get(id.index())
                            .iter()
                            .filter(|&&holder| nodes.contains(holder) && !byzantine.contains(holder)),
                    );
                }
            }
            if !go_on(node) {
                break;
            }
        }
    }

    /// Undoes [`Fbas::leave`].
    fn come_back(&self, nodes: &mut NodeSet, counts: &mut [u64], left: Vec<NodeId>) {
        let mut mended: Vec<QuorumSetId> = Vec::new();
        for node in left {
            nodes.insert(node);
            mended.extend(self.listed_in.get(node.index()));
            while let Some(id) = mended.pop() {
                let count = &mut counts[id.index()];
                *count += 1;
                if *count == self.sets.get(id).threshold {
                    mended.extend(self.inner_of.get(id.index()));
                }
            }
        }
    }

    /// The largest quorum inside `inside`; empty when there is none.
    pub fn largest_quorum_inside(&self, inside: &NodeSet) -> NodeSet {
        let nodes = self.largest_supported_inside(inside, &NodeSet::empty(self.node_count()));
        if nodes.iter().any(|node| self.is_known(node)) {
            nodes
        } else {
            NodeSet::empty(self.node_count())
        }
    }

    /// Whether some quorum lies inside `inside`.
    pub fn has_quorum_inside(&self, inside: &NodeSet) -> bool {
        !self.largest_quorum_inside(inside).is_empty()
    }

    /// A minimal quorum inside a quorum. Nodes are tried for removal in the given order, so those named first are
    /// the least likely to remain; nodes of the quorum that `removal_order` does not name follow in descending order.
    /// Every node may cost linear time, so `go_on` is asked before each.
    pub fn minimal_quorum_inside<E>(
        &self,
        quorum: &NodeSet,
        removal_order: &[NodeId],
        go_on: impl Fn() -> Result<(), E>,
    ) -> Result<NodeSet, E> {
        let quorum = self.largest_quorum_inside(quorum);
        let mut order = removal_order.to_vec();
        order.extend(quorum.iter().collect::<Vec<_>>().into_iter().rev());
        self.shrunk(quorum, &order, None, go_on)
    }

    /// What is left of a quorum after nodes were removed one by one, in this order, each with all that it takes along; none whose removal
    /// leaves no quorum or takes `kept` along.
    pub fn shrunk<E>(
        &self,
        quorum: NodeSet,
        order: &[NodeId],
        kept: Option<NodeId>,
        go_on: impl Fn() -> Result<(), E>,
    ) -> Result<NodeSet, E> {
        let mut outcome = Ok(());
        let mut is_wanted = || {
            outcome = go_on();
            outcome.is_ok()
        };
        let shrunk = self.shrunk_while(quorum, order, kept, &mut is_wanted);
        outcome.map(|()| shrunk)
    }

    fn shrunk_while(
        &self,
        mut quorum: NodeSet,
        order: &[NodeId],
        kept: Option<NodeId>,
        is_wanted: &mut dyn FnMut() -> bool,
    ) -> NodeSet {
        let nobody = NodeSet::empty(self.node_count());
        let mut counts = self.satisfied_entries(&quorum);
        let mut known = quorum.iter().filter(|&node| self.is_known(node)).count();
        for &node in order {
            if !quorum.contains(node) {
                continue;
            }
            if !is_wanted() {
                break;
            }
            let mut left_known = known;
            let mut is_quorum = true;
            let mut left = Vec::new();
            self.leave(&mut quorum, &mut counts, vec![node], &nobody, |gone| {
                left.push(gone);
                left_known -= usize::from(self.is_known(gone));
                is_quorum = left_known > 0 && kept != Some(gone);
                is_quorum
            });
            match is_quorum {
                true => known = left_known,
                false => self.come_back(&mut quorum, &mut counts, left),
            }
        }
        quorum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(threshold: u64, n: u32) -> Fbas {
        let mut sets = QuorumSets::default();
        let all = (0..n).map(NodeId).collect();
        let id = sets.intern(threshold, all, vec![]);
        Fbas::new(sets, vec![Requirement::Known(id); n as usize])
    }

    #[test]
    fn a_minimal_quorum_of_a_flat_network_has_threshold_members() {
        let fbas = flat(3, 4);
        let minimal = fbas.minimal_quorum_inside(&NodeSet::full(4), &[NodeId(0)], || Ok::<_, ()>(()));
        let members = minimal.map(|minimal| minimal.iter().collect::<Vec<_>>());
        assert_eq!(members, Ok(vec![NodeId(1), NodeId(2), NodeId(3)]));
    }

    #[test]
    fn a_minimal_quorum_is_not_looked_for_any_longer_than_is_wanted() {
        let asked = std::cell::Cell::new(0);
        let twice = || {
            asked.set(asked.get() + 1);
            if asked.get() > 2 {
                Err("stop")
            } else {
                Ok(())
            }
        };
        assert_eq!(flat(3, 100).minimal_quorum_inside(&NodeSet::full(100), &[], twice), Err("stop"));
    }

    #[test]
    #[should_panic(expected = "an inner set of another store")]
    fn inner_sets_are_stored_before_those_that_name_them() {
        QuorumSets::default().intern(1, vec![], vec![QuorumSetId(0)]);
    }

    #[test]
    fn entries_count_as_often_as_they_are_listed() {
        let mut sets = QuorumSets::default();
        let id = sets.intern(2, vec![NodeId(0), NodeId(0), NodeId(1)], vec![]);
        let fbas = Fbas::new(sets, vec![Requirement::Known(id), Requirement::Known(id)]);
        assert!(fbas.is_quorum(&NodeSet::of(2, [NodeId(0)])));
        assert!(!fbas.is_quorum(&NodeSet::of(2, [NodeId(1)])));
    }
}
