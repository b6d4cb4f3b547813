//! Nodes by number, and sets of them as bit sets.

use fixedbitset::FixedBitSet;

/// A node by its rank among all public keys of the network, so that ids sort as keys do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The id as an index into per-node vectors.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A set of nodes of one network. Builds with debug assertions refuse to put sets of networks of different sizes together: those are of
/// different networks.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct NodeSet(FixedBitSet);

impl NodeSet {
    /// The empty set over a network of `node_count` nodes.
    pub fn empty(node_count: usize) -> Self {
        Self(FixedBitSet::with_capacity(node_count))
    }

    /// All nodes of a network of `node_count` nodes.
    pub fn full(node_count: usize) -> Self {
        let mut bits = FixedBitSet::with_capacity(node_count);
        bits.insert_range(..);
        Self(bits)
    }

    /// The set of the given nodes.
    pub fn of(node_count: usize, nodes: impl IntoIterator<Item = NodeId>) -> Self {
        let mut set = Self::empty(node_count);
        nodes.into_iter().for_each(|node| set.insert(node));
        set
    }

    /// Adds a node.
    pub fn insert(&mut self, node: NodeId) {
        self.0.insert(node.index());
    }

    /// Removes a node.
    pub fn remove(&mut self, node: NodeId) {
        self.0.set(node.index(), false);
    }

    /// The same set with one node in the place of the other.
    pub fn exchanged(&self, one: NodeId, other: NodeId) -> NodeSet {
        let mut exchanged = self.clone();
        for (from, to) in [(one, other), (other, one)] {
            exchanged.remove(to);
            if self.contains(from) {
                exchanged.insert(to);
            }
        }
        exchanged
    }

    /// Whether the node is a member.
    pub fn contains(&self, node: NodeId) -> bool {
        debug_assert!(node.index() < self.0.len(), "a node of another network");
        self.0.contains(node.index())
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    /// The members in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = NodeId> + '_ {
        self.0.ones().map(|index| NodeId(index as u32))
    }

    fn assert_same_network(&self, other: &NodeSet) {
        debug_assert_eq!(self.0.len(), other.0.len(), "sets of nodes of two networks");
    }

    /// The members of either set.
    pub fn union(&self, other: &NodeSet) -> NodeSet {
        self.assert_same_network(other);
        let mut result = self.clone();
        result.0.union_with(&other.0);
        result
    }

    /// The members of both sets.
    pub fn intersection(&self, other: &NodeSet) -> NodeSet {
        self.assert_same_network(other);
        let mut result = self.clone();
        result.0.intersect_with(&other.0);
        result
    }

    /// The members of this set that are not in the other.
    pub fn difference(&self, other: &NodeSet) -> NodeSet {
        self.assert_same_network(other);
        let mut result = self.clone();
        result.0.difference_with(&other.0);
        result
    }

    /// Whether every member is in the other set.
    pub fn is_subset(&self, other: &NodeSet) -> bool {
        self.assert_same_network(other);
        self.0.is_subset(&other.0)
    }

    /// Whether no node is in both sets.
    pub fn is_disjoint(&self, other: &NodeSet) -> bool {
        self.assert_same_network(other);
        self.0.is_disjoint(&other.0)
    }
}

impl std::fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.ones()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(debug_assertions)]
    fn sets_of_two_networks_are_not_put_together() {
        let (three, four) = (NodeSet::full(3), NodeSet::full(4));
        let put_together: [fn(&NodeSet, &NodeSet); 5] = [
            |a, b| drop(a.union(b)),
            |a, b| drop(a.intersection(b)),
            |a, b| drop(a.difference(b)),
            |a, b| assert!(a.is_subset(b)),
            |a, b| assert!(!a.is_disjoint(b)),
        ];
        for put_together in put_together {
            assert!(std::panic::catch_unwind(|| put_together(&three, &four)).is_err());
            put_together(&three, &NodeSet::full(3));
        }
        assert!(std::panic::catch_unwind(|| three.contains(NodeId(3))).is_err());
    }
}
