//! Who asks for what: a quorum set a node. A value apart from the nodes themselves, so that a changed network is made by operations and
//! not by writing another text.

use serde::{Deserialize, Serialize};

use super::node_set::{NodeId, NodeSet};
use super::quorum::{Fbas, QuorumSetId, QuorumSets, Requirement};

/// How nodes are read whose quorum set is not known: null, absent, of threshold 0, or of a node that is not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownNodes {
    /// In no quorum; thresholds of those who name them stay.
    #[default]
    Dead,
    /// In any quorum that has a known member, asking for nothing: the cautious reading for safety.
    Free,
}

impl UnknownNodes {
    /// The other way to read them.
    pub fn other(self) -> Self {
        match self {
            UnknownNodes::Dead => UnknownNodes::Free,
            UnknownNodes::Free => UnknownNodes::Dead,
        }
    }

    /// The name that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            UnknownNodes::Dead => "dead",
            UnknownNodes::Free => "free",
        }
    }
}

/// What a node asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asks {
    /// That this quorum set is satisfied. A threshold of 0 at the top is no usable quorum set: the node then counts as unknown.
    For(QuorumSetId),
    /// It is not known.
    Unknown,
    /// Nothing any more: it has crashed or was deleted, and is in no quorum however unknown nodes are read.
    Gone,
}

/// What each node asks for. Quorum sets are stored once each and named by ids that are of use in this assignment and its clones only.
#[derive(Debug, Clone)]
pub struct Assignment {
    sets: QuorumSets,
    asks: Vec<Asks>,
}

impl Assignment {
    /// Nothing is known of any of so many nodes.
    pub fn unknown(node_count: usize) -> Self {
        Assignment { sets: QuorumSets::default(), asks: vec![Asks::Unknown; node_count] }
    }

    /// The number of nodes: the capacity of node sets over them.
    pub fn node_count(&self) -> usize {
        self.asks.len()
    }

    /// What a node asks for.
    pub fn asks(&self, node: NodeId) -> Asks {
        self.asks[node.index()]
    }

    /// The usable quorum set of a node; absent: it is unknown or gone.
    pub fn quorum_set_of(&self, node: NodeId) -> Option<QuorumSetId> {
        match self.asks(node) {
            Asks::For(id) => Some(id).filter(|&id| self.sets.get(id).threshold > 0),
            Asks::Unknown | Asks::Gone => None,
        }
    }

    /// Whether any node has a usable quorum set or is gone.
    pub fn is_anything_known(&self) -> bool {
        let mut nodes = (0..self.node_count() as u32).map(NodeId);
        nodes.any(|node| self.asks(node) == Asks::Gone || self.quorum_set_of(node).is_some())
    }

    /// The quorum sets, some of which may be nobody's.
    pub fn quorum_sets(&self) -> &QuorumSets {
        &self.sets
    }

    /// The nodes whose usable quorum sets name one of these, at any depth.
    pub fn dependents(&self, nodes: &NodeSet) -> NodeSet {
        // Inner sets stand before those that name them.
        let mut names: Vec<bool> = Vec::with_capacity(self.sets.len());
        for (_, set) in self.sets.iter() {
            let is_named = set.validators.iter().any(|&node| nodes.contains(node));
            names.push(is_named || set.inner.iter().any(|inner| names[inner.index()]));
        }
        let depends = |node: &NodeId| self.quorum_set_of(*node).is_some_and(|id| names[id.index()]);
        NodeSet::of(self.node_count(), (0..self.asks.len() as u32).map(NodeId).filter(depends))
    }

    /// These nodes, whom their quorum sets name at any depth, whom these name, and so on.
    pub fn reach(&self, nodes: &NodeSet) -> NodeSet {
        let mut reached = nodes.clone();
        let mut open: Vec<NodeId> = nodes.iter().collect();
        while let Some(node) = open.pop() {
            let named = self.quorum_set_of(node).map(|id| self.sets.named_in(id));
            for named in named.into_iter().flatten() {
                if !reached.contains(named) {
                    reached.insert(named);
                    open.push(named);
                }
            }
        }
        reached
    }

    /// The id of a quorum set, which is stored if it is new; its inner sets are stored already.
    pub fn quorum_set(
        &mut self,
        threshold: u64,
        validators: impl IntoIterator<Item = NodeId>,
        inner: impl IntoIterator<Item = QuorumSetId>,
    ) -> QuorumSetId {
        self.sets.intern(threshold, validators.into_iter().collect(), inner.into_iter().collect())
    }

    /// From now on the node asks for this.
    pub fn replace(&mut self, node: NodeId, asks: Asks) {
        self.asks[node.index()] = asks;
    }

    /// These nodes are in no quorum any more. The thresholds of those who name them stay.
    pub fn crash(&mut self, nodes: &NodeSet) {
        nodes.iter().for_each(|node| self.replace(node, Asks::Gone));
    }

    /// These nodes are in no quorum any more, and whoever names them counts them as satisfied: what is left is the system without them
    /// (Mazières' deletion), in which they may say to each what it wants to hear.
    pub fn delete(&mut self, nodes: &NodeSet) {
        let mut sets = QuorumSets::default();
        // Inner sets stand before those that name them.
        let mut without: Vec<QuorumSetId> = Vec::with_capacity(self.sets.len());
        for (_, set) in self.sets.iter() {
            let validators: Vec<NodeId> =
                set.validators.iter().copied().filter(|&node| !nodes.contains(node)).collect();
            let satisfied = (set.validators.len() - validators.len()) as u64;
            let inner = set.inner.iter().map(|inner| without[inner.index()]).collect();
            without.push(sets.intern(set.threshold.saturating_sub(satisfied), validators, inner));
        }
        for index in 0..self.asks.len() {
            let node = NodeId(index as u32);
            let usable = self.quorum_set_of(node);
            self.asks[index] = match self.asks[index] {
                _ if nodes.contains(node) => Asks::Gone,
                Asks::For(id) if usable.is_some() && sets.get(without[id.index()]).threshold == 0 => {
                    // It needs nobody now. At the top a threshold of 0 would mean that its set is unknown.
                    Asks::For(sets.intern(1, Vec::new(), vec![without[id.index()]]))
                }
                Asks::For(id) => Asks::For(without[id.index()]),
                other => other,
            };
        }
        self.sets = sets;
    }

    /// From now on these nodes ask for what they ask for in another assignment of the same nodes.
    pub fn adopt(&mut self, other: &Assignment, nodes: &NodeSet) {
        assert_eq!(self.node_count(), other.node_count(), "assignments of the same nodes");
        let mut ids: Vec<Option<QuorumSetId>> = vec![None; other.sets.len()];
        for node in nodes.iter() {
            let asks = match other.asks(node) {
                Asks::For(id) => Asks::For(self.stored(other, id, &mut ids)),
                asks => asks,
            };
            self.replace(node, asks);
        }
    }

    fn stored(
        &mut self,
        other: &Assignment,
        id: QuorumSetId,
        ids: &mut Vec<Option<QuorumSetId>>,
    ) -> QuorumSetId {
        if let Some(known) = ids[id.index()] {
            return known;
        }
        let set = other.sets.get(id);
        let inner = set.inner.iter().map(|&inner| self.stored(other, inner, ids)).collect();
        let own = self.sets.intern(set.threshold, set.validators.clone(), inner);
        ids[id.index()] = Some(own);
        own
    }

    /// The system as written, under a policy for unknown nodes and with some nodes crashed.
    pub fn fbas(&self, unknown_nodes: UnknownNodes, crashed: &NodeSet) -> Fbas {
        let requirement = |(node, asks): (NodeId, &Asks)| match (asks, self.quorum_set_of(node)) {
            _ if crashed.contains(node) => Requirement::Dead,
            (_, Some(id)) => Requirement::Known(id),
            (Asks::Gone, None) => Requirement::Dead,
            (_, None) if unknown_nodes == UnknownNodes::Free => Requirement::Free,
            (_, None) => Requirement::Dead,
        };
        let requirements = (0..).map(NodeId).zip(&self.asks).map(requirement);
        Fbas::new(self.sets.clone(), requirements.collect())
    }
}
