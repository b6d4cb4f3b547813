//! Nodes that can be exchanged for one another, in classes: of each, only *how many* members are in a set matters.

use std::cmp::Ordering;
use std::ops::Index;

use super::node_set::NodeId;
use super::quorum::{Fbas, Requirement};
use super::sorting::{sort, sort_by, sort_by_key};

/// Nodes that can be exchanged for one another: same requirement, listed in the same quorum sets equally often.
/// Every permutation of the members maps the system onto itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeClass {
    /// What each member asks for.
    pub requirement: Requirement,
    /// The members, ascending.
    pub members: Vec<NodeId>,
}

impl NodeClass {
    /// The first member, which stands for all.
    pub fn first(&self) -> NodeId {
        self.members[0]
    }
}

/// A class of one [`Classes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassId(u32);

impl ClassId {
    /// Its position.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The classes of a system, in the order of their first members, and the class of each node.
#[derive(Debug)]
pub struct Classes {
    all: Vec<NodeClass>,
    /// Dead nodes have none.
    of_nodes: Vec<Option<ClassId>>,
}

impl Classes {
    /// The classes of a system whose members also have the same `colour`.
    pub fn new<C: Ord>(fbas: &Fbas, colour: impl Fn(NodeId) -> C) -> Self {
        let all = fbas.classes(colour);
        let mut of_nodes = vec![None; fbas.node_count()];
        for (index, class) in all.iter().enumerate() {
            let id = ClassId(index as u32);
            class.members.iter().for_each(|node| of_nodes[node.index()] = Some(id));
        }
        Classes { all, of_nodes }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// All of them, in order.
    pub fn ids(&self) -> impl Iterator<Item = ClassId> + Clone {
        (0..self.all.len() as u32).map(ClassId)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &NodeClass> + Clone {
        self.all.iter()
    }

    /// The class of a node; a dead node has none.
    pub fn of(&self, node: NodeId) -> Option<ClassId> {
        self.of_nodes[node.index()]
    }

    /// How many entries each class has in a list of nodes; ascending. Dead nodes do not count.
    pub fn tally(&self, nodes: impl IntoIterator<Item = NodeId>) -> Vec<(ClassId, usize)> {
        let mut classes: Vec<ClassId> = nodes.into_iter().filter_map(|node| self.of(node)).collect();
        sort(&mut classes);
        classes.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect()
    }
}

impl Index<ClassId> for Classes {
    type Output = NodeClass;

    fn index(&self, class: ClassId) -> &NodeClass {
        &self.all[class.index()]
    }
}

impl Fbas {
    /// The nodes in classes of exchangeable ones that also have the same `colour`; dead nodes are left out. Classes are
    /// in the order of their first members.
    pub fn classes<C: Ord>(&self, colour: impl Fn(NodeId) -> C) -> Vec<NodeClass> {
        self.classes_by(&|a, b| colour(a).cmp(&colour(b)))
    }

    fn classes_by(&self, by_colour: &dyn Fn(NodeId, NodeId) -> Ordering) -> Vec<NodeClass> {
        let compare = |a: NodeId, b: NodeId| {
            let by_requirement = self.requirement(a).cmp(&self.requirement(b));
            let by_listing = || self.quorum_sets_listing(a).cmp(self.quorum_sets_listing(b));
            by_requirement.then_with(by_listing).then_with(|| by_colour(a, b))
        };
        let mut nodes: Vec<NodeId> =
            self.nodes().filter(|&node| self.requirement(node) != Requirement::Dead).collect();
        sort_by(&mut nodes, |&a, &b| compare(a, b).then(a.cmp(&b)));
        let are_exchangeable = |&a: &NodeId, &b: &NodeId| self.has_exchange() && compare(a, b).is_eq();
        let mut classes: Vec<NodeClass> = nodes
            .chunk_by(are_exchangeable)
            .map(|members| NodeClass { requirement: self.requirement(members[0]), members: members.to_vec() })
            .collect();
        sort_by_key(&mut classes, |class| class.members[0]);
        classes
    }
}
